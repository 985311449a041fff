"""What recorders are told. One immutable object an event; a recorder's handler bears the event's name in snake case.

Events are named tuples, which are sooner made than frozen dataclasses: one is made between any two episodes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

EPISODE_KEYS = ("episode", "step", "length", "return", "terminated", "truncated", "seconds")
"""Of every row of episodes.jsonl; what components report stands beside them."""


@dataclass(frozen=True, kw_only=True)
class RunView:
    """A run as recorders see it at its start."""

    experiment: str
    """The experiment's name."""
    run_id: str
    seed: int
    folder: Path
    """Where a recorder may write files of its own."""
    resolved: Mapping[str, Any]
    """The resolved experiment, as plain data."""
    quiet: bool = False
    """The person asked for no output but the summary."""
    terminal: bool = False
    """Standard error is a terminal: a line may be rewritten in place."""
    trial: bool = False
    """Episodes are made up and the folder is thrown away (`rlkit check --play`): write nothing anywhere else."""
    limits: Mapping[str, float]
    """The limits that were set: episodes, steps, updates, seconds, steps_per_episode."""
    record_episode: Callable[[Path], None] | None = None
    """Plays one greedy episode with the weights as they are, and writes its video (.mp4 or .gif) to a path.

    For recorders with the attribute `needs_frames = True`: before such a run starts, the core makes sure that the
    environment draws pictures. Training's random numbers and steps/s are not touched. None outside a run.
    """


class EpisodeEnded(NamedTuple):
    """An episode is over; its row stands in episodes.jsonl."""

    episode: int
    """From 0."""
    step: int
    """Environment steps so far, over all environments."""
    update: int
    length: int
    episode_return: float
    terminated: bool
    truncated: bool
    seconds: float
    """Of training so far."""
    reports: Mapping[str, float]
    """What components report (`epsilon`, …)."""
    describe: Callable[[], str] = str
    """Says `status`, of this episode even if it is asked later: few of the episodes are shown to anybody."""

    @property
    def status(self) -> str:
        """How far the stop criteria are, in words; empty if they do not say."""
        return self.describe()


class MetricsLogged(NamedTuple):
    """A learning step's metrics; every so many updates (`metrics_interval` in run.json)."""

    update: int
    step: int
    episode: int
    metrics: Mapping[str, float]


class EvaluationEnded(NamedTuple):
    """Greedy episodes in an environment of their own."""

    step: int
    episode: int
    update: int
    returns: tuple[float, ...]
    lengths: tuple[int, ...]
    seconds: float


class RunEnded(NamedTuple):
    """The last event, however the run ended."""

    status: str
    """`finished`, `interrupted` or `failed`."""
    reason: str
    solved: bool
    episodes: int
    steps: int
    updates: int
    seconds: float
    """Of training."""
