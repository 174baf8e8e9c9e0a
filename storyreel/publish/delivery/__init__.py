"""A finished file on its way out: to S3 and Google in resumable parts, by SFTP, and to any place that fsspec knows."""
