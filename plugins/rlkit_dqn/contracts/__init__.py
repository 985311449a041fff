"""The kinds that value-based agents add."""
