"""Who does the work: contracts, and one module a vendor."""
