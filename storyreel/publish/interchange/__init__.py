"""A film's timeline for other programs, and their re-cut of it taken back as edits."""
