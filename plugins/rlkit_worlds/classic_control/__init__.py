"""Twins of Gymnasium's classic control tasks."""
