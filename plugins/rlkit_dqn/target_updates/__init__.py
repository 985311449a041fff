"""How a target network follows the online network."""
