"""Small worlds with known answers."""
