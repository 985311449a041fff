"""When the episode program returns to the host, and what it says then."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rlkit.programs.program import Arrays


class Plan(NamedTuple):
    """When the program returns to the host, and what it logs. Numbers that may change without compiling again."""

    steps: int | None = None
    """Environment steps at which to end."""
    updates: int | None = None
    """Learning steps at which to end."""
    pause_every: int | None = None
    """Environment steps from one return to the next in any case."""
    metrics_interval: int = 1
    """Learning steps from one logged to the next."""


class Returned(NamedTuple):
    """What the program says when it returns, on the host. A list has an entry for each environment."""

    step: int
    update: int
    episode: list[int]
    """The number of the episode that is open, or has just ended, among those of its environment."""
    length: list[int]
    """Of that episode."""
    terminated: list[int]
    truncated: list[int]
    sound: list[int]
    """The observation and the return are finite."""
    fault: list[int]
    """See `rlkit.loops.compiled.faults`; one of learning stands for all environments."""
    action: list[int]
    """The last action, if it is discrete."""
    episode_return: list[float]
    reports: list[list[float]]
    metrics: npt.NDArray[np.float64]
    """(rows, 3 + metrics): update, step, episode, values; the row at fault comes last if not `finite`."""
    finite: bool
    """All metrics are finite."""
    variables: Arrays | None
    """The learner's, if they are few."""
