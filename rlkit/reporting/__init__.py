"""A comparison of runs as one page and as pictures, drawn from its document (docs/reports.md) and nothing else."""
