"""When: every time in the film is decided here, purely."""
