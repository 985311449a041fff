"""The stop criterion: when training is over, and whether that counts as solved."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class EvaluationScore(NamedTuple):
    """One evaluation during or after training."""

    step: int
    """Environment steps trained so far."""
    returns: tuple[float, ...]
    """By episode."""


class History(NamedTuple):
    """What has happened so far, at an episode's end.

    In a run that takes no steps (`collects: false`) the episodes are the greedy ones of its evaluations, after each of
    which criteria are asked; `steps` stays 0.
    """

    returns: npt.NDArray[np.float64]
    """(episodes,) undiscounted sum of rewards of each episode that has ended."""
    lengths: npt.NDArray[np.int64]
    """(episodes,) environment steps of each."""
    steps: int
    """Environment steps."""
    updates: int
    """Learning steps."""
    seconds: float
    """Of training: start-up, compilation and evaluation left out."""
    evaluations: tuple[EvaluationScore, ...] = ()


class Stopped(NamedTuple):
    """A criterion that is met."""

    reason: str
    """For people: `mean return of the last 50 episodes is 226.1 > 225`."""
    solved: bool
    """Whether this means that the task was solved (a limit on time does not)."""


class Stop(Protocol):
    """A pure function of the run's history, asked at each episode's end (host code; NumPy). See `History` for runs
    without steps.

    An optional `describe(history) -> str` says in a few words how far it is, for the progress line:
    `mean of last 50: 123.4 of 225`. One with an attribute `by`, "step" or "episode", counts those of training, and is
    refused in a run without steps.
    """

    def met(self, history: History) -> Stopped | None:
        """Stopped if training should end now, else None."""
