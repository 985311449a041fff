"""When training is over."""
