"""The loops that train, and what they share: acting, learning, noise, state."""
