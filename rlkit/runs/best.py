"""The best weights so far, by the returns of training."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

WINDOW = 50
"""Episodes whose mean return is the score; half of them must have ended before there is one."""


class BestWeights:
    """Keeps a copy of the weights from when the mean return of the last episodes was highest."""

    def __init__(self, read: Callable[[], Mapping[str, npt.NDArray[Any]]]) -> None:
        self._read = read
        self.score = -math.inf
        self.variables: Mapping[str, npt.NDArray[Any]] | None = None
        self.facts: dict[str, Any] = {}
        """`episode` and `step` at which they were kept, and their `score`."""

    def consider(self, returns: npt.NDArray[np.float64], step: int) -> None:
        """Keep the weights if they beat those kept; asked at each episode's end."""
        if len(returns) < WINDOW // 2:
            return
        score = float(returns[-WINDOW:].mean())
        if score > self.score:
            self.score, self.variables = score, self._read()
            self.facts = {"episode": len(returns) - 1, "step": step, "score": score}
