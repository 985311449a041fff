"""What of an experiment changes nothing of what comes of it."""

NO_RESULT = ("name", "seed", "recorders")
"""Keys; the seed, which does, is told apart by whoever asks."""
