"""Whole steps of several environments, for tests of rings."""

from __future__ import annotations

from typing import Any

import numpy as np

from rlkit.replay.ring import Ring


def store(ring: Ring, environments: int, *values: Any) -> None:
    """A step of each environment; a single number is every environment's."""
    for index in range(environments):
        ring.put(index, *(value[index] if np.ndim(value) else value for value in values))
    ring.advance()
