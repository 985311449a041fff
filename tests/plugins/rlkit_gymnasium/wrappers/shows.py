"""A small environment of any spaces, that shows what it is given and remembers what it was told."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from gymnasium.spaces import Box, Dict, Discrete, MultiDiscrete

CHOICES = "rlkit_tests/Choices-v0"
MASKED = "rlkit_tests/Masked-v0"


class Shows(gymnasium.Env[Any, Any]):
    """`shown` at each step, the same `mask` with it, and the actions that came in as `taken`."""

    def __init__(self, observes: Any = None, shown: Any = 0, accepts: Any = None, mask: Any = None) -> None:
        self.observation_space = Discrete(2) if observes is None else observes
        self.action_space = Discrete(2) if accepts is None else accepts
        self.shown, self.info = shown, {} if mask is None else {"action_mask": mask}
        self.taken: list[Any] = []

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        return self.shown, self.info

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        self.taken.append(action)
        return self.shown, 1.0, False, False, self.info


class Choices(gymnasium.Env[Any, Any]):
    """Rewarded is the one combination [2, 1] of two choices; what is shown is the last one taken."""

    observation_space = Box(0, 2, (2,), np.float32)

    def __init__(self, mask: Any = None) -> None:
        self.action_space = MultiDiscrete([3, 2])
        self.info = {} if mask is None else {"action_mask": tuple(np.array(part, np.int8) for part in mask)}

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        self.count = 0
        return np.zeros(2, np.float32), self.info

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        self.count += 1
        return np.asarray(action, np.float32), float(tuple(action) == (2, 1)), self.count == 5, False, self.info


class Masked(gymnasium.Env[Any, Any]):
    """Forbids the action that was taken last, by a part of its observation, unless `mask` says otherwise."""

    observation_space = Dict(action_mask=Box(0, 1, (3,), np.uint8), share=Box(0, 1, (2,), np.float32))
    action_space = Discrete(3)
    mask: Any = None

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        self.count = 0
        return self._shown(0), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        self.count += 1
        return self._shown(int(action)), 1.0, self.count == 5, False, {}

    def _shown(self, last: int) -> dict[str, Any]:
        mask = (np.arange(3) != last).astype(np.uint8) if self.mask is None else self.mask
        return {"action_mask": mask, "share": np.full(2, last / 2, np.float32)}


def register_masked() -> None:
    """Make `MASKED` known to Gymnasium, once."""
    if MASKED not in gymnasium.registry:
        gymnasium.register(MASKED, Masked)


def register_choices() -> None:
    """Make `CHOICES` known to Gymnasium, once."""
    if CHOICES not in gymnasium.registry:
        gymnasium.register(CHOICES, Choices)
