"""Curves and pictures of what was recorded."""
