"""What leaves the archive: CSV, JSON lines, Parquet, Excel."""
