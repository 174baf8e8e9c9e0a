"""The crew that needs no key and no network: it writes, paints, speaks and scores."""
