"""The learning curve, as a picture in the run folder."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from typing import Any

from rlkit import EpisodeEnded, EvaluationEnded, RunEnded, RunView, component, parameter


@component
class LearningCurve:
    """learning_curve.png, drawn when the run ends: returns, their moving average, and the threshold if there is one.

    The threshold is that of the first stop criterion with a parameter of this name. A run that takes no steps has the
    greedy episodes of its evaluations instead.
    """

    window: int = parameter(default=20, doc="episodes in the moving average", at_least=1)

    def start(self, run: RunView) -> CurveDrawing:
        """The working recorder of one run."""
        return CurveDrawing(run, self.window)


class CurveDrawing:
    """Collects the returns of one run."""

    def __init__(self, run: RunView, window: int) -> None:
        self._run, self._window = run, window
        self._returns = array("d")
        self._steps = bool(run.resolved.get("collects", True))

    def episode_ended(self, event: EpisodeEnded) -> None:
        """Remember its return."""
        self._returns.append(event.episode_return)

    def evaluation_ended(self, event: EvaluationEnded) -> None:
        """Remember its returns, where there are no others."""
        if not self._steps:
            self._returns.extend(event.returns)

    def run_ended(self, event: RunEnded) -> None:
        """Draw, however the run ended."""
        from rlkit.analysis.learning_curve import draw  # brings NumPy, and matplotlib when it draws

        draw(
            self._run.folder / "learning_curve.png",
            self._returns,
            title=f"{self._run.experiment}, seed {self._run.seed}",
            window=self._window,
            threshold=threshold(self._run.resolved.get("stop")),
            solved_at=len(self._returns) if event.solved else None,
            kind="episode" if self._steps else "greedy episode",
        )


def threshold(stop: Any) -> float | None:
    """The threshold in a resolved experiment's `stop`, which is one criterion or a list of them."""
    for criterion in [stop] if isinstance(stop, Mapping) else stop or ():
        found = criterion.get("threshold") if isinstance(criterion, Mapping) else None
        if isinstance(found, (int, float)) and not isinstance(found, bool):
            return float(found)
    return None
