"""The environment that repeats actions. Imports Gymnasium."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np


class Sticky(gymnasium.Wrapper[Any, Any, Any, Any]):
    """Repeats the action before with some probability.

    Gymnasium's own `StickyAction` draws from the environment's generator, which not every environment seeds in `reset`
    (MinAtar's do not); this one has its own, seeded there.
    """

    def __init__(self, environment: gymnasium.Env[Any, Any], probability: float) -> None:
        super().__init__(environment)
        self._probability = probability
        self._random = np.random.default_rng()
        self._before: Any = None

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """See `gymnasium.Env.reset`."""
        if seed is not None:
            # A word of its own beside the seed: the environment may draw from a generator made of the seed alone.
            self._random = np.random.default_rng((seed, 0x5713C4))
        self._before = None
        return super().reset(seed=seed, options=options)

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """See `gymnasium.Env.step`."""
        if self._before is None or self._random.random() >= self._probability:
            self._before = action
        return super().step(self._before)
