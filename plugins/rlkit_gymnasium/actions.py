"""Actions of a kind that agents are asked for. Imports Gymnasium."""

from __future__ import annotations

from typing import Any

import gymnasium
from gymnasium.spaces import Dict, MultiBinary, MultiDiscrete, Tuple


def check_actions(environment: gymnasium.Env[Any, Any]) -> None:
    """Raise ValueError for actions of several parts, in words that say how to number them."""
    space = environment.action_space
    if isinstance(space, (MultiDiscrete, MultiBinary, Tuple, Dict)):
        raise ValueError(
            f"action space {space} is not supported; if it consists of discrete choices, number their combinations "
            "with wrappers: [number_actions]"
        )
