"""storyreel makes films with AI: a title becomes a narrated film, and an editable timeline."""

__version__ = "0.1.0"
