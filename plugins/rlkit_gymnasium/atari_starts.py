"""Environments of Atari games whose episodes begin otherwise. Imports Gymnasium."""

from __future__ import annotations

from typing import Any

import gymnasium

_NOOP = 0
"""The action that does nothing, in every game of the Arcade Learning Environment."""


class FireOnReset(gymnasium.Wrapper[Any, Any, Any, Any]):
    """Takes the action `fire` after each reset."""

    def __init__(self, environment: gymnasium.Env[Any, Any], fire: int) -> None:
        super().__init__(environment)
        self._fire = fire

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """See `gymnasium.Env.reset`."""
        super().reset(seed=seed, options=options)
        observation, _, terminated, truncated, info = super().step(self._fire)
        if terminated or truncated:
            # Without a seed: with the same one the same would happen again.
            return super().reset(options=options)
        return observation, info


class EpisodicLife(gymnasium.Wrapper[Any, Any, Any, Any]):
    """Ends an episode with each life, and goes on with the same game at the next reset."""

    def __init__(self, environment: gymnasium.Env[Any, Any]) -> None:
        super().__init__(environment)
        self._ale: Any = environment.unwrapped.ale  # type: ignore[attr-defined]
        self._lives = 0
        self._goes_on = False

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """See `gymnasium.Env.reset`. The seed is that of a new game; where the game goes on it is not used."""
        goes_on, self._goes_on = self._goes_on, False
        over = True
        if goes_on:
            observation, _, terminated, truncated, info = super().step(_NOOP)
            over = terminated or truncated
        if over:
            observation, info = super().reset(seed=seed, options=options)
        self._lives = self._ale.lives()
        return observation, info

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """See `gymnasium.Env.step`."""
        observation, reward, terminated, truncated, info = super().step(action)
        lives = self._ale.lives()
        # Some games (Qbert) show no life left for a few frames before they are over: that is no lost life.
        lost = 0 < lives < self._lives
        self._lives = lives
        self._goes_on = lost and not (terminated or truncated)
        return observation, reward, bool(terminated or lost), truncated, info
