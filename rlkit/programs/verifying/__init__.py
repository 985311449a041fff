"""What a program must not hide: randomness and state of which the core does not know."""
