"""Programs between processes, and between runs of one process."""
