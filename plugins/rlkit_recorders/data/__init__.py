"""What a run recorded, to be learned from."""
