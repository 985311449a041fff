"""Statistics of few and noisy numbers: pure functions of NumPy, which know nothing of runs."""
