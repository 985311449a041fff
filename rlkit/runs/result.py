"""What came of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from rlkit.runs.history import GrowingHistory
    from rlkit.runs.manifest import Manifest


@dataclass(frozen=True, kw_only=True, eq=False)
class Result:
    """A run that is over. The run folder holds the same, and more."""

    folder: Path
    seed: int
    status: str
    """`finished`, `interrupted` or `failed`."""
    stop_reason: str
    """Why it ended, in words."""
    solved: bool
    """A stop criterion that counts as solving the task was met."""
    episodes: int
    steps: int
    """Environment steps."""
    updates: int
    """Learning steps."""
    steps_per_second: float
    """Environment steps over the seconds of training."""
    seconds: Mapping[str, float]
    """`startup`, `training`, `evaluation` and `total`."""
    returns: npt.NDArray[np.float64]
    """(episodes,) undiscounted sum of rewards."""
    lengths: npt.NDArray[np.int64]
    """(episodes,) environment steps."""
    terminated: npt.NDArray[np.bool_]
    """(episodes,) the task itself ended."""
    truncated: npt.NDArray[np.bool_]
    """(episodes,) cut from outside, by a time limit."""
    evaluation: tuple[float, ...]
    """Returns of the greedy episodes after training."""
    loop: str
    backends: Mapping[str, str]
    """What runs the `learner` and the `selection`: `litert`, `tensorflow`, …"""
    programs: str = ""
    """Where the programs came from (`kept from an earlier run`), or why they are not kept for the next one."""
    warnings: tuple[str, ...]
    """Sentences for people, recorders that were switched off among them."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """Of recorded data: `name`, `rows` taken, `of` so many, whether the run `collects`; empty without data."""
    rows: Mapping[str, Any] = field(default_factory=dict)
    """Of the rows that were saved: `file`, `sha256`, `rows`; empty if they were not."""
    signal: int = 0
    """The number of the signal that ended the run; 0 if none did, or another process was told of it."""


class RunFailed(Exception):
    """The environment or a component failed during a run. What was recorded before stays in the run folder."""

    def __init__(self, message: str, folder: Path, result: Result) -> None:
        super().__init__(message, folder, result)
        self.message = message
        """One paragraph for people: what failed, and where (environment or component, episode, step)."""
        self.folder = folder
        self.result = result

    def __str__(self) -> str:
        return self.message


def result_of(
    manifest: Manifest, history: GrowingHistory, evaluation: tuple[float, ...], folder: Path, by_signal: int
) -> Result:
    """What came of a run whose books are closed."""
    return Result(
        folder=folder,
        seed=manifest.seed,
        status=manifest.status,
        stop_reason=manifest.stop_reason,
        solved=manifest.solved,
        episodes=manifest.episodes,
        steps=manifest.steps,
        updates=manifest.updates,
        steps_per_second=manifest.steps_per_second,
        seconds=manifest.seconds,
        returns=history.returns,
        lengths=history.lengths,
        terminated=history.terminated,
        truncated=history.truncated,
        evaluation=evaluation,
        loop=manifest.loop,
        backends={name: choice.backend for name, choice in manifest.backends.items()},
        programs=manifest.programs,
        warnings=manifest.warnings,
        data=manifest.data,
        rows=manifest.rows,
        signal=by_signal,
    )
