"""A finished file on its way out: to any place that fsspec knows, and to S3 and its kin in resumable parts."""
