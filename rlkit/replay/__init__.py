"""Stored steps: on the host, stacked frames once, joined for XLA."""
