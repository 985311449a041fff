"""What is kept of each step. No TensorFlow."""

from __future__ import annotations

import math

import numpy as np

from rlkit.contracts.buffer import Columns
from rlkit.contracts.spaces import Array, Discrete, Spaces
from rlkit.replay.packing import packing_of

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


def bytes_needed(capacity: int, columns: Columns, observation: Array | None = None) -> int:
    """What so many rows take; in a ring (with its `observation`) each frame of stacks and parts is stored once."""
    sizes = {name: math.prod(shape) * np.dtype(dtype).itemsize for name, (shape, dtype) in columns.items()}
    packing = None if observation is None else packing_of(observation)
    if observation is not None and "observation" in sizes and (observation.stack > 1 or packing):
        sizes["observation"] = packing.size if packing else sizes["observation"] // observation.stack
        sizes.pop("next_observation", None)
    return capacity * sum(sizes.values())
