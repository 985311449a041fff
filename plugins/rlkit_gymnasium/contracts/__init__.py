"""The kind of part that this package adds."""
