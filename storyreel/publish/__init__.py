"""Out: bundles, interchange and delivery."""
