"""Remembering: results on disk, keyed by what made them; media by content; paid calls in a ledger."""
