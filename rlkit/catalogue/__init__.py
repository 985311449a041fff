"""Finding plugins: what is installed, where it comes from, what it takes, and what is wrong with it."""
