"""The ways in, each a page of composition."""
