"""What a tuning file says, each value with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from rlkit.experiment.nodes import Mark, Node, Scalar, plain
from rlkit.experiment.resolved import flow
from rlkit.studies.study_file import Change

Value: TypeAlias = int | float | str
"""As Optuna keeps it: a number, or the text of a choice."""


@dataclass(frozen=True)
class Range:
    """A number between two ends, both of them included."""

    key: str
    mark: Mark
    low: Scalar
    high: Scalar
    log: bool
    step: float | None
    whole: bool = False
    """Whether it is a whole number; known once the experiment has been checked with it."""

    def ends(self) -> tuple[Node, ...]:
        """What is checked before anything runs."""
        return self.low, self.high

    def node(self, value: Value) -> Node:
        """A sampled value as the experiment's tree takes it."""
        return Scalar(self.mark, value)

    def told(self) -> Mapping[str, Any]:
        """As a tuning file has it."""
        step = {} if self.step is None else {"step": self.step}
        return {"low": self.low.value, "high": self.high.value, **({"log": True} if self.log else {}), **step}


@dataclass(frozen=True)
class Choice:
    """One of some values, of any kind: a number, a text, a list, a whole part."""

    key: str
    mark: Mark
    choices: Mapping[str, Node]
    """By the text that stands for them in the journal: the value as YAML on one line."""

    def ends(self) -> tuple[Node, ...]:
        """What is checked before anything runs."""
        return tuple(self.choices.values())

    def node(self, value: Value) -> Node:
        """A sampled value as the experiment's tree takes it."""
        return self.choices[str(value)]

    def told(self) -> Mapping[str, Any]:
        """As a tuning file has it."""
        return {"choose": [plain(node) for node in self.choices.values()]}


Dimension: TypeAlias = Range | Choice


@dataclass(frozen=True)
class Named:
    """A sampler or a pruner: its name, and the parameters that are written."""

    name: str
    mark: Mark
    parameters: Mapping[str, Scalar] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """As a tuning file has it."""
        return {"name": self.name, **{key: node.value for key, node in self.parameters.items()}}


@dataclass(frozen=True)
class Goal:
    """What is to become better."""

    measure: str
    by: str
    mark: Mark
    threshold: float | None = None
    """Of the mean return, for the measure `time`; the experiment's own where it is None."""
    window: int | None = None
    """Episodes in that mean."""


@dataclass(frozen=True)
class TuningFile:
    """A search, before any experiment is checked."""

    name: str
    source: str
    """The file that was read, as the person named it."""
    base: str
    """An experiment file or the name of a shipped one."""
    base_mark: Mark
    """Where it is named."""
    common: tuple[Change, ...]
    """What all trials and the base have."""
    space: tuple[Dimension, ...]
    trials: int
    seeds: tuple[int, ...]
    test_seeds: tuple[int, ...]
    goal: Goal
    sampler: Named
    pruner: Named
    launcher: Node | None


def text_of(node: Node) -> str:
    """A choice as YAML on one line."""
    return flow(plain(node))
