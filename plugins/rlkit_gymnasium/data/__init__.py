"""Recorded data of Gymnasium's environments."""
