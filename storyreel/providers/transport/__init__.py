"""One place from which every vendor is asked."""
