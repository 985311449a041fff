"""What a study is going to run: every experiment checked, before anything runs."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rlkit.catalogue.catalogue import Catalogue
from rlkit.catalogue.discovery import discover
from rlkit.experiment.errors import ExperimentError, Problem, Problems
from rlkit.experiment.experiment import Experiment
from rlkit.experiment.loading import checked
from rlkit.experiment.no_result import NO_RESULT
from rlkit.experiment.nodes import MapNode, Mark, Scalar, Written, plain
from rlkit.experiment.overrides import assign
from rlkit.experiment.own_keys import LARGEST_SEED
from rlkit.loops.choice import task_of
from rlkit.runs.manifest import imported_sources, plugins_used
from rlkit.studies.based_file import base_document
from rlkit.studies.study_file import Change, Given, Setting, StudyFile, Variant

RESERVED = ("study.yaml", "plan.json", "report.html", "comparison.json")
"""What lies in a study's folder beside the variants'."""


@dataclass(frozen=True)
class Cell:
    """A variant in an environment: one experiment, to be run with each seed."""

    variant: str
    environment: str
    experiment: Experiment
    changes: Mapping[str, Any]
    """By dotted key, what the variant changes, as it is written."""


@dataclass(frozen=True)
class PlannedRun:
    """A cell with a seed."""

    cell: Cell
    seed: int

    @property
    def digest(self) -> str:
        """SHA-256 over all that determines its result: the resolved experiment, the seed, the plugins' sources."""
        return _digest(self.cell.experiment, self.seed)


@dataclass(frozen=True)
class Plan:
    """A study's experiments, variant by variant."""

    study: StudyFile
    cells: tuple[Cell, ...]
    seeds: tuple[int, ...]

    @property
    def base(self) -> str:
        """The variant that the others are compared with."""
        return self.cells[0].variant

    @property
    def variants(self) -> tuple[str, ...]:
        """Their names, in the file's order."""
        return tuple(dict.fromkeys(cell.variant for cell in self.cells))

    @property
    def environments(self) -> tuple[str, ...]:
        """Their names, in the file's order."""
        return tuple(dict.fromkeys(cell.environment for cell in self.cells))

    def runs(self) -> Iterator[PlannedRun]:
        """Seed by seed, so that a study that ends early has as many seeds of each variant."""
        for seed in self.seeds:
            yield from (PlannedRun(cell, seed) for cell in self.cells)


def plan_of(study: StudyFile, seeds: tuple[int, ...] | None = None, catalogue: Catalogue | None = None) -> Plan:
    """Check every experiment of a study.

    Args:
        study: what its file says.
        seeds: instead of the file's.
        catalogue: what is installed; by default what discovery finds.

    Raises:
        ExperimentError: with every problem of every variant, each once and at its place.
    """
    catalogue = catalogue or discover()
    found: dict[Problem, list[Variant | None]] = {}
    cells: list[Cell] = []
    combinations = list(_combinations(study))
    for variant, setting, given in combinations:
        try:
            cells.append(_cell(study, variant, setting, given, catalogue))
        except ExperimentError as error:
            for problem in error.problems:
                found.setdefault(problem, []).append(variant)
    if found:
        raise ExperimentError(*(_told(one, variants, len(combinations)) for one, variants in found.items()))
    _refuse_same(study, cells)
    _refuse_reserved(study, cells)
    return Plan(study, tuple(cells), study.seeds if seeds is None else seeds)


def _told(problem: Problem, variants: list[Variant | None], among: int) -> Problem:
    """With the first variant that has it, where others have not and its place is in another file than the variant."""
    first = variants[0]
    if first is None or len(variants) == among or problem.where.startswith(f"{first.mark.source}:"):
        return problem
    return replace(problem, message=f"{problem.message}; so it is in the variant '{first.name}' ({first.mark})")


def _combinations(study: StudyFile) -> Iterator[tuple[Variant | None, Setting | None, Given | None]]:
    if study.given:
        yield from ((None, None, given) for given in study.given)
        return
    for variant in study.variants or (None,):
        yield from ((variant, setting, None) for setting in study.settings or (None,))


def _cell(
    study: StudyFile, variant: Variant | None, setting: Setting | None, given: Given | None, catalogue: Catalogue
) -> Cell:
    problems = Problems()
    changes: tuple[Change, ...] = ()
    if given is not None:
        document, source, name, environment = given.document, study.source, given.variant, given.environment
    else:
        source = (variant.source if variant else None) or study.base or ""
        document = base_document(source, variant.mark if variant and variant.source else study.base_mark, problems)
        changes = variant.changes if variant else ()
        for change in (*study.common, *(setting.changes if setting else ()), *changes):
            document = assign(document, change.key, change.value, change.mark, problems)
        name = variant.name if variant else _own_name(document)
        environment = setting.name if setting else ""
        document = _named(document, f"{name}-{environment}" if environment else name)
    experiment = checked(document, source, catalogue, problems)
    environment = environment or _file_name(task_of(experiment))
    return Cell(name, environment, experiment, {change.key: plain(change.value) for change in changes})


def _own_name(document: MapNode) -> str:
    written = document.entries.get("name")
    value = written.value.value if written and isinstance(written.value, Scalar) else None
    return value if isinstance(value, str) else "base"


def _file_name(task: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", task).strip("-.") or "environment"


def _named(document: MapNode, name: str) -> MapNode:
    """Under which its folder lies. What is wrong with a name is told of the study's own keys."""
    mark = document.entries["name"].key if "name" in document.entries else Mark(document.mark.source)
    return document.with_entry("name", Written(mark, Scalar(mark, name)))


def _refuse_same(study: StudyFile, cells: list[Cell]) -> None:
    """Two variants of one experiment would be compared with themselves."""
    seen: dict[str, Cell] = {}
    marks = {variant.name: variant.mark for variant in study.variants}
    problems = []
    for cell in cells:
        digest = _digest(cell.experiment, LARGEST_SEED)
        if digest in seen and seen[digest].variant != cell.variant:
            mark = marks.get(cell.variant, Mark(study.source))
            message = f"is the very experiment that '{seen[digest].variant}' is; change something, or leave it out"
            problems.append(Problem(str(mark), f"variants.{cell.variant}", message))
        elif digest in seen:
            mark = next((s.mark for s in study.settings if s.name == cell.environment), Mark(study.source))
            message = f"is the very environment that '{seen[digest].environment}' is"
            problems.append(Problem(str(mark), f"environments.{cell.environment}", message))
        seen.setdefault(digest, cell)
    if problems:
        raise ExperimentError(*dict.fromkeys(problems))


def _refuse_reserved(study: StudyFile, cells: list[Cell]) -> None:
    """A variant's folder lies beside the files of the study."""
    marks = {variant.name: variant.mark for variant in study.variants}
    names = dict.fromkeys(cell.variant for cell in cells if cell.variant.lower() in RESERVED)
    if names:
        message = "found the name of a file that lies in the study's folder; give the variant another"
        raise ExperimentError(
            *(Problem(str(marks.get(name, Mark(study.source))), f"variants.{name}", message) for name in names)
        )


def _digest(experiment: Experiment, seed: int) -> str:
    resolved = {key: value for key, value in experiment.resolved.items() if key not in NO_RESULT}
    plugins = [(plugin["plugin"], plugin["digest"]) for plugin in plugins_used(experiment)]
    imported = imported_sources(experiment)
    told = json.dumps([resolved, seed, plugins, *([imported] if imported else [])], sort_keys=True, default=repr)
    return hashlib.sha256(told.encode()).hexdigest()
