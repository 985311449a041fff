"""Rewards of the agent's own, for what it has seldom seen."""
