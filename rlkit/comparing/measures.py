"""What a run is judged by: how soon it reaches a return, how it ends, or all of its way."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rlkit.comparing.compared_run import ComparedRun
from rlkit.comparing.errors import ComparisonError
from rlkit.runs.reading import Episodes

Numbers = npt.NDArray[np.float64]
MEASURES = ("time", "final", "area")
AXES = {"step": "environment steps", "episode": "episodes", "seconds": "seconds of training"}
WINDOW = 50
"""Episodes in a mean where an experiment has no stop criterion that says."""
LATE = 0.1
"""Of a run's steps: the episodes that ended in this last part are its end."""


class Reached(NamedTuple):
    """When a run reached the threshold, or until when it had not."""

    at: float
    seen: bool


@dataclass(frozen=True)
class Measure:
    """How runs are judged."""

    name: str
    by: str
    threshold: float | None
    window: int

    @property
    def better(self) -> str:
        """Whether the lower or the higher is the better."""
        return "lower" if self.name == "time" else "higher"

    @property
    def unit(self) -> str:
        """Of a score."""
        return AXES[self.by] if self.name == "time" else "return"

    @property
    def words(self) -> str:
        """What it is, for people."""
        if self.name == "time":
            return f"{AXES[self.by]} until the mean return of {self.window} episodes is above {self.threshold:g}"
        if self.name == "final":
            return f"mean return of the episodes that ended in the last {LATE * 100:.0f} % of a run's {AXES[self.by]}"
        return f"mean return over {AXES[self.by]}, as a moving average of {self.window} episodes"

    def told(self) -> dict[str, Any]:
        """For the document."""
        return {
            "name": self.name,
            "by": self.by,
            "threshold": self.threshold,
            "window": self.window,
            "better": self.better,
            "unit": self.unit,
            "words": self.words,
        }


def measure_for(
    runs: Sequence[ComparedRun], name: str | None, by: str, threshold: float | None, window: int | None
) -> Measure:
    """The measure that was asked for, by its name or by a threshold.

    Else the time to the threshold of the runs' own criterion, if any reached it, and the final return if none did.

    Raises:
        ComparisonError: the time was asked for, and there is no threshold.
    """
    own = _own_threshold(runs)
    asked = threshold is not None
    threshold = own[0] if threshold is None and own else threshold
    window = window or (own[1] if own else WINDOW)
    if name is None and asked:
        name = "time"
    if name is None:
        reached = threshold is not None and any(reaches(run, by, threshold, window).seen for run in runs)
        name = "time" if reached else "final"
    if name == "time" and threshold is None:
        raise ComparisonError(
            "the time to a threshold was asked for, and the runs have no stop criterion mean_return in common; "
            "say which return: --threshold 195"
        )
    return Measure(name, by, threshold, window)


def _own_threshold(runs: Sequence[ComparedRun]) -> tuple[float, int] | None:
    """Of the stop criterion `mean_return`, where all runs have the same."""
    found = {own_threshold(run.resolved) for run in runs}
    return found.pop() if len(found) == 1 else None


def own_threshold(resolved: Mapping[str, Any]) -> tuple[float, int] | None:
    """Threshold and window of the stop criterion `mean_return`, if the experiment has one."""
    stops = resolved.get("stop") or []
    for stop in stops if isinstance(stops, list) else [stops]:
        if isinstance(stop, Mapping) and stop.get("name") == "mean_return":
            threshold, window = stop.get("threshold"), stop.get("window", WINDOW)
            if isinstance(threshold, (int, float)) and isinstance(window, int) and window >= 1:
                return float(threshold), window
    return None


def axis(episodes: Episodes, by: str) -> Numbers:
    """Where on the axis each episode ended, (episodes,)."""
    found = {"step": episodes.step, "episode": np.arange(1, len(episodes.step) + 1), "seconds": episodes.seconds}
    return found[by].astype(np.float64)


def smoothed(returns: Numbers, window: int) -> Numbers:
    """Means of the last `window` returns, of all while there are fewer: (episodes,) to (episodes,)."""
    sums = np.concatenate([np.zeros(1), np.cumsum(returns)])
    ends = np.arange(1, len(returns) + 1)
    starts = np.maximum(ends - window, 0)
    return np.asarray((sums[ends] - sums[starts]) / (ends - starts))


def reaches(run: ComparedRun, by: str, threshold: float, window: int) -> Reached:
    """As the stop criterion `mean_return` has it: the mean is above the threshold."""
    x = axis(run.episodes, by)
    above = np.flatnonzero(smoothed(run.episodes.returns, window) > threshold)
    if len(above):
        return Reached(float(x[above[0]]), True)
    return Reached(_end(run, by), False)


def _end(run: ComparedRun, by: str) -> float:
    """How far the run went; an episode that was open at its end counts."""
    x = axis(run.episodes, by)
    last = float(x[-1]) if len(x) else 0.0
    if by == "step":
        return max(last, float(run.manifest.get("steps") or 0))
    if by == "seconds":
        return max(last, float((run.manifest.get("seconds") or {}).get("training") or 0.0))
    return last


def final(run: ComparedRun, by: str = "step") -> float:
    """The last episode's return where none ended so late; NaN for a run without episodes."""
    x = axis(run.episodes, by)
    if not len(x):
        return math.nan
    late = x > (1.0 - LATE) * _end(run, by)
    return float(run.episodes.returns[late].mean()) if late.any() else float(run.episodes.returns[-1])


def area(run: ComparedRun, by: str, window: int, budget: float) -> float:
    """The mean of the learning curve from 0 to the budget: before its first episode as then, after its end as there."""
    if not len(run.episodes.step):
        return math.nan
    x, y = axis(run.episodes, by), smoothed(run.episodes.returns, window)
    edges = np.concatenate([np.zeros(1), np.minimum(x, budget), np.array([budget])])
    levels = np.concatenate([y[:1], y])
    return float(np.sum(np.diff(edges) * levels) / budget) if budget > 0 else float(y[0])


def budget_of(runs: Sequence[ComparedRun], by: str) -> float:
    """How far all runs went, those aside that ended because they had solved their task."""
    unsolved = [_end(run, by) for run in runs if not run.manifest.get("solved")]
    ends = unsolved or [_end(run, by) for run in runs]
    return min(unsolved) if unsolved else max(ends)
