"""What a film is made from."""
