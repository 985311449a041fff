"""The best weights so far: by evaluation where there is one during training, else by the returns of training."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from rlkit.contracts.data import Progress

if TYPE_CHECKING:
    import numpy.typing as npt

    from rlkit.programs.program import Arrays

WINDOW = 50
"""Episodes whose mean return is the score; half of them must have ended before there is one."""


class BestWeights:
    """Keeps a copy of the weights from when the mean return was highest, of an evaluation or of the last episodes."""

    def __init__(self, read: Callable[[], Arrays]) -> None:
        self._read = read
        self.score = -math.inf
        self.variables: Arrays | None = None
        self.facts: dict[str, Any] = {}
        """`episode`, `step` and `update` at which they were kept, and their `score`."""

    def consider(self, returns: npt.NDArray[np.float64], progress: Progress, variables: Arrays | None = None) -> None:
        """Keep the weights if they beat those kept; asked at each episode's end. They are `variables`, or read."""
        if len(returns) < WINDOW // 2:
            return
        recent = returns[-WINDOW:].tolist()
        score = math.fsum(recent) / len(recent)  # of so few numbers sooner than by NumPy
        self._keep_if_better(score, len(returns) - 1, progress, "training", variables)

    def consider_evaluation(self, returns: tuple[float, ...], progress: Progress) -> None:
        """Keep the weights if they beat those kept; asked after each evaluation."""
        self._keep_if_better(float(np.mean(returns)), progress.episode - 1, progress, "evaluation")

    def _keep_if_better(
        self, score: float, episode: int, progress: Progress, by: str, variables: Arrays | None = None
    ) -> None:
        if score > self.score:
            self.score, self.variables = score, self._read() if variables is None else variables
            self.facts = {
                "episode": episode,
                "step": progress.step,
                "update": progress.update,
                "score": score,
                "by": by,
            }
