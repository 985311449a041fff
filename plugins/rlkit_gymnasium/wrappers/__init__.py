"""Changes to environments, most of them Gymnasium's own wrappers."""
