"""Components as graph functions that share variables."""
