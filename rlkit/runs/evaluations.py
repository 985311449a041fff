"""The evaluations of a run so far, and the time that there is for further ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rlkit.contracts.data import Progress
from rlkit.contracts.stop import EvaluationScore, History
from rlkit.runs.history import GrowingHistory

if TYPE_CHECKING:
    from rlkit.loops.evaluating import Evaluated, EvaluationCourse

LEFT_OUT = "evaluations were left out, since those before had taken as long as training may, limits.seconds"


class Evaluations:
    """Greedy episodes; all of them together may take as long as training, `limits.seconds`."""

    def __init__(self, most: float | None, asked: Callable[[], bool]) -> None:
        """`most`: seconds. `asked` says whether somebody wants the run to end: greedy episodes end then."""
        self._most, self._asked = most, asked
        self._played = GrowingHistory()
        self.scores: tuple[EvaluationScore, ...] = ()

    def is_time(self, taken: float) -> bool:
        """Whether there is time for another, where those before have `taken` so many seconds."""
        return self._most is None or taken < self._most

    def course(self, taken: float) -> EvaluationCourse:
        """Of greedy episodes that begin now."""
        from rlkit.loops.evaluating import EvaluationCourse

        return EvaluationCourse(None if self._most is None else self._most - taken, self._asked)

    def add(self, found: Evaluated, step: int) -> None:
        """Count one that is over, `step` environment steps into training."""
        self.scores = (*self.scores, EvaluationScore(step, found.returns))
        for episode_return, length in zip(found.returns, found.lengths, strict=True):
            self._played.append(episode_return, length, terminated=False, truncated=False)

    def history(self, progress: Progress, seconds: float) -> History:
        """What stop criteria see after an evaluation in a run that takes no steps: its greedy episodes."""
        return self._played.view(progress.step, progress.update, seconds, self.scores)

    @property
    def last(self) -> tuple[float, ...]:
        """The returns of the last one; empty if there is none."""
        return self.scores[-1].returns if self.scores else ()

    @property
    def mean(self) -> float | None:
        """Of the last one."""
        return sum(self.last) / len(self.last) if self.last else None
