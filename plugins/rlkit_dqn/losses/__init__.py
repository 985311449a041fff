"""How much a TD error costs."""
