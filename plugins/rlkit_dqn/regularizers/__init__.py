"""Costs of action values beside the TD error: for learning from recorded data."""
