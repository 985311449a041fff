"""Environments on the host: reset by seed, checked at every step; compiled ones as Gymnasium's."""
