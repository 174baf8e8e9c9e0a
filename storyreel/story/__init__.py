"""What is said: the story and its chapters."""
