"""Small pure functions that graph code of components may use."""
