"""The compiled loop: whole episodes, environment, replay and learning included, as one XLA program."""
