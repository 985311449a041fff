"""Which of the stored steps are learned from."""
