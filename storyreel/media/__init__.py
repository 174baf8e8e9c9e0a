"""Material: pictures, voices, words and music as assets."""
