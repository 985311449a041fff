"""How large an observation becomes once it is an array, asked before the array is made."""

from __future__ import annotations

from typing import Any

import gymnasium
from gymnasium.spaces import Box, MultiBinary
from gymnasium.spaces.utils import flatdim

_MOST = 1 << 27
"""Numbers in an observation: 512 MiB of float32, for a single step."""


def check_size(environment: gymnasium.Env[Any, Any]) -> None:
    """Raise ValueError for an observation that would be one-hot or flattened, and holds nothing or cannot be kept."""
    space = environment.observation_space
    if isinstance(space, (Box, MultiBinary)):
        return
    try:
        count = int(flatdim(space))
    except (NotImplementedError, ValueError):  # no fixed number of values: told of where it is flattened
        return
    if not count:
        raise ValueError(f"the observation, {space}, holds no value; at least 1 is needed")
    if count > _MOST:
        raise ValueError(
            f"an observation of {type(space).__name__} becomes {count:,} numbers, one-hot where it is discrete, "
            f"which take {4 * count / 2**30:,.1f} GiB; allowed: at most {_MOST:,}"
        )
