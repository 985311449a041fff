"""What dense layers are: plain, noisy, spectrally normalised."""
