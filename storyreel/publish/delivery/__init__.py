"""A finished file on its way out: to S3, Google and Azure in parts, by SFTP, and to any place that fsspec knows."""
