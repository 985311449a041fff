"""The version of the contracts."""

RLKIT_API = 1
"""A plugin package may state the one it was written for as `RLKIT_API = 1`."""
