"""What is kept of each step. No TensorFlow."""

from __future__ import annotations

import math

import numpy as np

from rlkit.contracts.buffer import Columns
from rlkit.contracts.spaces import Discrete, Spaces

STEP_COLUMNS = ("observation", "action", "reward", "terminated", "truncated", "next_observation")
ALLOWED = "allowed"
MASKS = (ALLOWED, "next_allowed")
"""Kept too where the environment has a mask, after those."""
EXTRA = "extra_"
"""Before the names of what an agent stores with a step beside those."""


def step_columns(spaces: Spaces, extras: Columns) -> Columns:
    """`STEP_COLUMNS`, then `MASKS` if there are any, then the agent's extras, each preceded by `EXTRA`."""
    observation, action = spaces.observation, spaces.action
    actions = action.n if isinstance(action, Discrete) and action.masked else 0
    return {
        "observation": (observation.shape, observation.dtype),
        "action": action_column(spaces),
        "reward": ((), "float32"),
        "terminated": ((), "bool"),
        "truncated": ((), "bool"),
        "next_observation": (observation.shape, observation.dtype),
        **(dict.fromkeys(MASKS, ((actions,), "bool")) if actions else {}),
        **{f"{EXTRA}{name}": extra for name, extra in sorted(extras.items())},
    }


def action_column(spaces: Spaces) -> tuple[tuple[int, ...], str]:
    """Shape and dtype of an action."""
    action = spaces.action
    return ((), "int32") if isinstance(action, Discrete) else (action.shape, action.dtype)


def bytes_needed(capacity: int, columns: Columns, stack: int = 1) -> int:
    """What a ring takes once it is full; a stack of so many frames is stored as one (`FrameRing`)."""
    sizes = {name: math.prod(shape) * np.dtype(dtype).itemsize for name, (shape, dtype) in columns.items()}
    if stack > 1:
        sizes["observation"] //= stack
        sizes.pop("next_observation", None)
    return capacity * sum(sizes.values())
