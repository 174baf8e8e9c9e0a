"""Pixels and sound: a timeline becomes a film."""
