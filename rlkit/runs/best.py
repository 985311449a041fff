"""The best weights so far: by evaluation where there is one during training, else by the returns of training."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

WINDOW = 50
"""Episodes whose mean return is the score; half of them must have ended before there is one."""


class BestWeights:
    """Keeps a copy of the weights from when the mean return was highest, of an evaluation or of the last episodes."""

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
        recent = returns[-WINDOW:]
        self._keep_if_better(float(recent.sum()) / len(recent), len(returns) - 1, step, "training")

    def consider_evaluation(self, returns: tuple[float, ...], episode: int, step: int) -> None:
        """Keep the weights if they beat those kept; asked after each evaluation."""
        self._keep_if_better(float(np.mean(returns)), episode - 1, step, "evaluation")

    def _keep_if_better(self, score: float, episode: int, step: int, by: str) -> None:
        if score > self.score:
            self.score, self.variables = score, self._read()
            self.facts = {"episode": episode, "step": step, "score": score, "by": by}
