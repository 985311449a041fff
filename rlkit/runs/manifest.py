"""run.json: what a run is and how it stands, for programs that read run folders."""

from __future__ import annotations

import dataclasses
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rlkit.caching.versions import versions
from rlkit.catalogue.plugins import source_digest
from rlkit.programs.backends.threads import threads

if TYPE_CHECKING:
    from rlkit.experiment.experiment import Experiment

FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class BackendChoice:
    """What runs a program, and why it is not the fastest; the reason is empty where it is."""

    backend: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The content of run.json, under the names of its fields; written at the start and again at the end."""

    format: int = FORMAT
    experiment: str
    seed: int
    status: str = "running"
    """`running`, `finished`, `interrupted` or `failed`."""
    stop_reason: str = ""
    solved: bool = False
    episodes: int = 0
    steps: int = 0
    """Environment steps."""
    updates: int = 0
    """Learning steps."""
    steps_per_second: float = 0.0
    """Environment steps over the seconds of training."""
    mean_return: float | None = None
    """Of the last 50 training episodes, or of all while there are fewer."""
    mean_evaluation: float | None = None
    """Mean return of the last evaluation."""
    seconds: Mapping[str, float] = field(
        default_factory=lambda: {"startup": 0.0, "training": 0.0, "evaluation": 0.0, "total": 0.0}
    )
    loop: str = ""
    backends: Mapping[str, BackendChoice] = field(default_factory=dict)
    """By program: `learner` and `selection`."""
    programs: str = ""
    """Where the programs came from, and whether they are kept, in words."""
    partial: bool = False
    """An episode was open when the run ended: its steps count, and it has no row."""
    warnings: tuple[str, ...] = ()
    metrics_interval: int = 0
    """Updates from one row of metrics.jsonl to the next."""
    versions: Mapping[str, str]
    plugins: tuple[Mapping[str, str], ...]
    """Those that the experiment uses: `plugin`, `distribution`, `version` and the `digest` of its source."""
    platform: Mapping[str, Any]
    weights: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By name (`final`, `best`): the file with its SHA-256, and where in the run it was saved."""
    policy: Mapping[str, str] = field(default_factory=dict)
    """The agent's LiteRT model: its file and SHA-256; empty where it does not run in LiteRT."""

    data: Mapping[str, Any] = field(default_factory=dict)
    """Of recorded data that was learned from: `name`, `rows` in the buffer, `of` so many, whether the run `collects`
    rows of its own, and what tells which data it was. Empty without data."""
    rows: Mapping[str, Any] = field(default_factory=dict)
    """The rows that were saved: the file with its SHA-256, `rows` and `environments`. Empty if they were not."""

    def to_dict(self) -> dict[str, Any]:
        """Plain data, in the order of the fields."""
        return dataclasses.asdict(self)


def manifest_of(experiment: Experiment) -> Manifest:
    """The manifest of a run that is about to start."""
    return Manifest(
        experiment=experiment.name,
        seed=experiment.seed,
        versions=versions(),
        plugins=plugins_used(experiment),
        platform={
            "system": platform.platform(),
            "machine": platform.machine(),
            "cpus": os.cpu_count(),
            "threads": threads(),
        },
    )


def plugins_used(experiment: Experiment) -> tuple[dict[str, str], ...]:
    """The plugins whose components the experiment uses, each once, by name."""
    plugins = {entry.plugin.name: entry.plugin for entry in experiment.entries}
    return tuple(
        {
            "plugin": name,
            "distribution": plugin.distribution,
            "version": plugin.version,
            "digest": plugin.digest,
        }
        for name, plugin in sorted(plugins.items())
    )


def imported_sources(experiment: Experiment) -> tuple[tuple[str, str], ...]:
    """The modules that the file names and that the environment imports, which belong to no plugin: name and digest."""
    return tuple((module, source_digest(module)) for module in getattr(experiment.environment, "imports", ()))
