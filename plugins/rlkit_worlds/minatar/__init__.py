"""Twins of the MinAtar games."""
