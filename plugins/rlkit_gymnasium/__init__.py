"""Gymnasium's environments."""

from __future__ import annotations

from collections.abc import Mapping

from rlkit import Environment, hookimpl
from rlkit_gymnasium.environment import GymnasiumEnvironment

RLKIT_API = 1


@hookimpl
def rlkit_environments() -> Mapping[str, type[Environment]]:
    """All that is registered with Gymnasium."""
    return {"gymnasium": GymnasiumEnvironment}
