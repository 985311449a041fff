"""What variables begin with."""
