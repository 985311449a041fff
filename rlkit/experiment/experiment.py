"""A checked experiment: every part made, every value typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rlkit.contracts.agent import Agent
from rlkit.contracts.component import component, parameter
from rlkit.contracts.environment import Environment
from rlkit.contracts.recorded_data import RecordedData
from rlkit.contracts.recorder import Recorder
from rlkit.contracts.spaces import Spaces
from rlkit.contracts.stop import Stop

if TYPE_CHECKING:
    from rlkit.catalogue.catalogue import Catalogue, Entry
    from rlkit.experiment.nodes import MapNode


@component
class Limits:
    """The safety net: what ends a run whatever its stop criteria say. Reaching one never counts as solved."""

    episodes: int | None = parameter(default=None, doc="episodes at most", at_least=1)
    steps: int | None = parameter(default=None, doc="environment steps at most, over all environments", at_least=1)
    updates: int | None = parameter(default=None, doc="learning steps at most", at_least=1)
    seconds: float | None = parameter(
        default=None, doc="seconds of training at most; as many again for all evaluations", above=0
    )
    steps_per_episode: int | None = parameter(
        default=None,
        doc="environment steps an episode at most; one that is cut is truncated and bootstraps",
        at_least=1,
    )

    @property
    def total(self) -> int | None:
        """Environment steps in all at most, as far as steps and episodes are limited; None if they are not."""
        episodes = None
        if self.episodes is not None and self.steps_per_episode is not None:
            episodes = self.episodes * self.steps_per_episode
        return min((count for count in (self.steps, episodes) if count is not None), default=None)


@component
class EvaluationPlan:
    """Greedy episodes, in an environment of their own: after training, and during it if `every` says so."""

    episodes: int = parameter(default=2, doc="greedy episodes at each evaluation; 0 for none", at_least=0)
    every: int | None = parameter(
        default=None,
        doc="environment steps (with collects: false, updates) from one evaluation to the next; null for none during "
        "training",
        at_least=1,
    )


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """All that determines a result."""

    name: str
    seed: int
    environment: Environment
    agent: Agent
    """With its slots filled."""
    stop: tuple[Stop, ...]
    limits: Limits
    evaluation: EvaluationPlan
    recorders: tuple[Recorder, ...]
    data: RecordedData | None
    """Recorded steps that are the first rows of the agent's buffer."""
    data_facts: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """Which data that is: `Recording.facts` when the experiment was checked."""
    collects: bool
    """Whether steps are taken to be learned from; else the data is all there is."""
    save_rows: bool
    """Whether the rows that are stored at the run's end are kept in its folder."""
    spaces: Spaces
    """Of the environment, read when the experiment was checked."""
    source: str
    """The file that was read, as the person named it."""
    entries: tuple[Entry, ...]
    """The catalogue's entry of each component used, for provenance."""
    catalogue: Catalogue
    document: MapNode = field(repr=False, compare=False)
    """What was read, overrides applied, with places: `override` starts from it."""
    checked: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """`resolved` as it was when the experiment was checked; it differs where parts were replaced in Python."""

    @cached_property
    def resolved(self) -> Mapping[str, Any]:
        """Plain data: the file with overrides applied and every default written out.

        Raises ValueError for a part that was put there in Python and that no experiment file can hold.
        """
        from rlkit.experiment.telling import tell

        return tell(self)

    @property
    def kept(self) -> Mapping[str, Any]:
        """`resolved` as a run keeps it: with the sum of its data, if that has one, so that no other is taken for it."""
        data, digest = self.resolved["data"], self.data_facts.get("sha256")
        if not isinstance(data, Mapping) or "sha256" not in data or not isinstance(digest, str):
            return self.resolved
        return {**self.resolved, "data": {**data, "sha256": digest}}

    def override(self, *assignments: str) -> Experiment:
        """The experiment with `KEY=VALUE` overrides applied and checked again, as `--set` does.

        Raises ExperimentError.
        """
        from rlkit.experiment.loading import reload

        return reload(self, assignments)
