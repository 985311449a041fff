"""What the steps of a window are worth."""
