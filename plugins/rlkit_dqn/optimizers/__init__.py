"""From gradients to new weights: Keras's optimisers."""
