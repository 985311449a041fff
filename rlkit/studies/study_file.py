"""What a study file says, each value with its place."""

from __future__ import annotations

from dataclasses import dataclass, field

from rlkit.experiment.nodes import MapNode, Mark, Node


@dataclass(frozen=True)
class Change:
    """One value that differs from the base experiment."""

    key: str
    """Dotted, as `--set` takes it."""
    value: Node
    mark: Mark
    """Where the key stands."""


@dataclass(frozen=True)
class Variant:
    """One of the things that are compared."""

    name: str
    mark: Mark
    changes: tuple[Change, ...] = ()
    """Applied in their order."""
    source: str | None = None
    """Its own experiment, where it does not start from the study's base."""


@dataclass(frozen=True)
class Setting:
    """An environment: a name, and what it changes."""

    name: str
    mark: Mark
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Given:
    """An experiment that is written out whole, as study.yaml of a study's folder has them."""

    variant: str
    environment: str
    document: MapNode
    mark: Mark


@dataclass(frozen=True)
class StudyFile:
    """A study, before any of its experiments is checked."""

    name: str
    source: str
    """The file that was read, as the person named it."""
    base: str | None
    """An experiment file or the name of a shipped one."""
    base_mark: Mark
    common: tuple[Change, ...]
    """What all variants have."""
    variants: tuple[Variant, ...]
    """The first is what the others are compared with."""
    settings: tuple[Setting, ...]
    """Empty where all run on the base's own environment."""
    seeds: tuple[int, ...]
    given: tuple[Given, ...] = ()
    """Instead of all that."""
    compare: MapNode | None = None
    """Options of the comparison."""
    launcher: Node | None = None
    places: dict[str, Mark] = field(default_factory=dict)
    """Of the file's own keys."""
