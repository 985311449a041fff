"""Runs that belong to no study: which variant of which task each is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from rlkit.analysis.groups import Curve, grouped
from rlkit.comparing.compared_run import ComparedRun, read_compared
from rlkit.runs.finding import FoundRun, find, runs_in


def runs_at(name: str, out: Path, warnings: list[str]) -> list[FoundRun]:
    """One run, or all runs of a folder that holds some."""
    path = Path(name)
    if path.is_dir() and not (path / "run.json").exists():
        found = runs_in(path)
        warnings += [f"left out: {sentence}" for sentence in found.others if found.runs]
        if found.runs:
            return list(found.runs)[::-1]  # the oldest first: it is the base
    return [find(name, out)]


def grouped_runs(found: Sequence[FoundRun], folders: Mapping[Path, str]) -> list[ComparedRun]:
    """Runs without a study: a variant is an experiment but for its seed, environment and recorders.

    It is called by what it differs in; by the folder that was named, where each holds one variant and nothing else.

    Args:
        found: runs, in the order in which they were named.
        folders: by a run's own folder, the name of the folder of runs that it was found in.
    """
    runs = [read_compared(run, "", "") for run in found]
    curves = [_curve(run) for run in runs]
    names: dict[int, str] = {}
    for group in grouped(curves):
        names |= {id(curve): group.name for curve in group.curves}
    named = _by_folder([(names[id(curve)], folders.get(run.folder)) for run, curve in zip(runs, curves, strict=True)])
    names = {key: named.get(name, name) for key, name in names.items()}
    return [
        replace(run, variant=names[id(curve)], task=_task(run.resolved))
        for run, curve in zip(runs, curves, strict=True)
    ]


def _by_folder(pairs: Sequence[tuple[str, str | None]]) -> dict[str, str]:
    """Variants that can be called by a folder's name, none of which is called otherwise."""
    of_variant, of_folder = dict[str, set[str | None]](), dict[str | None, set[str]]()
    for variant, folder in pairs:
        of_variant.setdefault(variant, set()).add(folder)
        of_folder.setdefault(folder, set()).add(variant)
    one = all(len(found) == 1 for found in of_variant.values()) and all(len(held) == 1 for held in of_folder.values())
    if not one or None in of_folder or len(of_folder) < 2:
        return {}
    return {variant: str(folder) for variant, (folder,) in of_variant.items()}


def _curve(run: ComparedRun) -> Curve:
    """What groups are made of: what the environment is called tells the task, and all else of it the variant."""
    settings = dict(run.resolved)
    environment = settings.get("environment")
    if isinstance(environment, Mapping) and environment.get("id"):
        called = environment["id"]
        rest = {key: value for key, value in called.items() if key != "name"} if isinstance(called, Mapping) else {}
        settings["environment"] = {**environment, "id": rest}
    elif isinstance(environment, Mapping):
        settings["environment"] = {key: value for key, value in environment.items() if key != "name"}
    return Curve(str(run.manifest["experiment"]), run.seed, settings, np.empty(0), np.empty(0))


def _task(resolved: Mapping[str, Any]) -> str:
    environment = resolved.get("environment")
    while isinstance(environment, Mapping):  # the id of a compiled environment is a part with parameters
        environment = environment.get("id") or environment.get("name")
    return str(environment)
