"""What is seen: scenes and the prompts for their pictures."""
