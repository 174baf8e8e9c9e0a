"""The Jupyter face."""
