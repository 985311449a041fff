"""Experiment files: YAML read safely, checked against what is installed, every problem at its place."""
