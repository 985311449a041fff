"""What a search makes better: one number of a run."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rlkit.experiment.errors import Problems
from rlkit.experiment.experiment import Experiment
from rlkit.runs.result import Result
from rlkit.tuning.tuning_file import Goal

MEASURES = {"time": "minimize", "final": "maximize", "area": "maximize"}
"""Each with its direction."""
BY = {"step": "environment steps", "episode": "episodes", "seconds": "seconds of training"}
_LIMITS = {
    "step": "limits.steps, or limits.episodes and limits.steps_per_episode",
    "episode": "limits.episodes",
    "seconds": "limits.seconds",
}
_LAST = 0.1
"""Share of a run's steps whose episodes make the final return."""


class Measure(NamedTuple):
    """A goal, and the limit that it counts with."""

    goal: Goal
    limit: float | None

    @property
    def better(self) -> str:
        """`minimize` or `maximize`."""
        return MEASURES[self.goal.measure]

    @property
    def words(self) -> str:
        """What the number is."""
        if self.goal.measure == "time":
            return f"{BY[self.goal.by]} until solved (a run that is not solved counts as its limit, {self.limit:,g})"
        if self.goal.measure == "area":
            return (
                f"mean return up to {self.limit:,g} {BY[self.goal.by]} (a run that ends before counts on with its "
                "final return)"
            )
        return "mean return over the last tenth of the steps"

    @property
    def label(self) -> str:
        """The same in short, for an axis."""
        named = {
            "time": f"{BY[self.goal.by]} until solved",
            "area": "mean return of the curve",
            "final": "final return",
        }
        return named[self.goal.measure]

    def score(self, result: Result) -> float | None:
        """Of one run that finished; None where it has none, as without an episode that ended."""
        if self.goal.measure == "time":
            return self._time(result)
        if not len(result.returns):
            return None
        final = _final(result)
        return final if self.goal.measure == "final" else self._area(result, final)

    def _time(self, result: Result) -> float:
        assert self.limit is not None
        took = {"step": result.steps, "episode": result.episodes, "seconds": result.seconds.get("training", 0.0)}
        return min(float(took[self.goal.by]), self.limit) if result.solved else self.limit

    def _area(self, result: Result, final: float) -> float:
        """The mean height of the curve whose value during an episode is that episode's return."""
        assert self.limit is not None
        widths = result.lengths.astype(np.float64) if self.goal.by == "step" else np.ones(len(result.returns))
        ends = np.minimum(np.cumsum(widths), self.limit)
        widths = np.diff(ends, prepend=0.0)
        return float((widths @ result.returns + (self.limit - ends[-1]) * final) / self.limit)


def measure_of(goal: Goal, experiment: Experiment, problems: Problems) -> Measure:
    """The measure, with the limit that all trials share.

    Notes a problem where it needs a limit that the experiment does not have.
    """
    limits = experiment.limits
    limit = {"step": limits.total, "episode": limits.episodes, "seconds": limits.seconds}[goal.by]
    if goal.measure == "area" and goal.by == "seconds":
        problems.add(goal.mark, "objective", "found an area by seconds, which no trial repeats; by step, or by episode")
    elif goal.measure != "final" and limit is None:
        why = "a run that is not solved counts as its limit" if goal.measure == "time" else "the curve must have an end"
        problems.add(goal.mark, "objective", f"needs {_LIMITS[goal.by]} (under set, or in the base): {why}")
    if goal.measure == "time" and not experiment.stop:
        problems.add(goal.mark, "objective", "found measure time, and the experiment has no stop that says when")
    return Measure(goal, None if limit is None else float(limit))


def _final(result: Result) -> float:
    ends = np.cumsum(result.lengths)
    last = result.returns[ends > ends[-1] * (1 - _LAST)]
    return float(last.mean())
