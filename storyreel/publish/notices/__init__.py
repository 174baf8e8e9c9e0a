"""Telling somebody who is away that a film is ready or has failed: by a signed webhook, by e-mail, on the desktop."""
