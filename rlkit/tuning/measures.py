"""What a search makes better: one number of a run, as `rlkit compare` has it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, NamedTuple

from rlkit.comparing.compared_run import ComparedRun
from rlkit.comparing.measures import AXES, LATE, WINDOW, area, final, own_threshold, reaches
from rlkit.experiment.errors import Problems
from rlkit.experiment.experiment import Experiment
from rlkit.runs.finding import read_run
from rlkit.runs.reading import read_episodes
from rlkit.tuning.tuning_file import Goal

DIRECTIONS = {"time": "minimize", "final": "maximize", "area": "maximize"}
"""Of each measure."""
_LIMITS = {
    "step": "limits.steps, or limits.episodes and limits.steps_per_episode",
    "episode": "limits.episodes",
    "seconds": "limits.seconds",
}


class Measure(NamedTuple):
    """A goal, with what the experiment says of it."""

    name: str
    by: str
    limit: float | None
    """Where a run ends at the latest; None for a final return, which needs none."""
    threshold: float | None
    window: int

    @property
    def direction(self) -> str:
        """`minimize` or `maximize`."""
        return DIRECTIONS[self.name]

    @property
    def words(self) -> str:
        """What the number is."""
        if self.name == "time":
            return (
                f"{AXES[self.by]} until the mean return of {self.window} episodes is above {self.threshold:g} (a run "
                f"that does not get there counts as its limit, {self.limit:,g})"
            )
        if self.name == "area":
            return f"mean return up to {self.limit:,g} {AXES[self.by]} (a run that ends before counts on as it ended)"
        return f"mean return of the episodes that ended in the last {LATE * 100:.0f} % of a run's {AXES[self.by]}"

    @property
    def label(self) -> str:
        """The same in short, for an axis."""
        named = {"time": f"{AXES[self.by]} to a mean return of", "area": "mean return of the curve"}
        return f"{named['time']} {self.threshold:g}" if self.name == "time" else named.get(self.name, "final return")

    def options(self) -> dict[str, Any]:
        """What a comparison is told, so that it judges by the same."""
        threshold = {} if self.threshold is None else {"threshold": self.threshold}
        return {"measure": self.name, "by": self.by, "window": self.window, **threshold}

    def score(self, folder: Path) -> float | None:
        """Of a run that finished; None where it has none, as without an episode that ended.

        Raises:
            RunNotFound: there is no run in the folder.
            RowsError: its episodes cannot be read.
        """
        found = read_run(folder)
        run = ComparedRun(folder, "", "", 0, found.manifest, {}, read_episodes(folder / "episodes.jsonl"))
        if self.name == "time":
            assert self.limit is not None and self.threshold is not None
            reached = reaches(run, self.by, self.threshold, self.window)
            return min(reached.at, self.limit) if reached.seen else self.limit
        value = final(run, self.by) if self.name == "final" else area(run, self.by, self.window, self.limit or 1.0)
        return value if math.isfinite(value) else None


def measure_of(goal: Goal, experiment: Experiment, problems: Problems) -> Measure:
    """The measure, with the limit and the threshold that all trials share.

    Notes a problem where it needs something that neither the goal nor the experiment says.
    """
    limits, own = experiment.limits, own_threshold(experiment.resolved)
    limit = {"step": limits.total, "episode": limits.episodes, "seconds": limits.seconds}[goal.by]
    if goal.measure == "area" and goal.by == "seconds":
        problems.add(goal.mark, "objective", "found an area by seconds, which no trial repeats; by step, or by episode")
    elif goal.measure != "final" and limit is None:
        why = "a run that does not get there counts as its limit" if goal.measure == "time" else "its curve has no end"
        problems.add(goal.mark, "objective", f"needs {_LIMITS[goal.by]} (under set, or in the base): {why}")
    threshold = goal.threshold if goal.threshold is not None else own[0] if own else None
    if goal.measure == "time" and threshold is None:
        message = "the experiment has no stop criterion mean_return, so add the return: {measure: time, threshold: 195}"
        problems.add(goal.mark, "objective", message)
    window = goal.window or (own[1] if own else WINDOW)
    shared = None if goal.measure == "final" or limit is None else float(limit)
    return Measure(goal.measure, goal.by, shared, threshold if goal.measure == "time" else None, window)
