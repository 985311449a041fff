"""The runs that are compared: each a variant's, on a task, with a seed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any

import numpy as np

from rlkit.analysis.groups import Curve, grouped
from rlkit.comparing.errors import ComparisonError
from rlkit.comparing.looks import Looks
from rlkit.runs.curves import read_resolved
from rlkit.runs.finding import FoundRun, RunNotFound, find, read_run, runs_in
from rlkit.runs.reading import Episodes, RowsError, read_episodes
from rlkit.studies.folder import StudyError, read_plan, study_folder

_NO_RESULT = ("name", "seed", "recorders")
_WHOLE, _FLAGS = np.empty(0, np.int64), np.empty(0, bool)
_KINDS: Mapping[str, tuple[type, ...]] = {
    "status": (str,), "steps": (int, float), "episodes": (int,), "seconds": (Mapping,), "versions": (Mapping,),
    "platform": (Mapping,),
}  # fmt: skip
"""Of what is read of a run.json."""
_NO_EPISODES = Episodes(_WHOLE, _WHOLE, _WHOLE, np.empty(0), _FLAGS, _FLAGS, np.empty(0), {}, "")


@dataclass(frozen=True, eq=False)
class ComparedRun:
    """A run that is over, with its episodes."""

    folder: Path
    variant: str
    task: str
    seed: int
    manifest: Mapping[str, Any]
    resolved: Mapping[str, Any]
    episodes: Episodes

    @property
    def status(self) -> str:
        """`finished`, `failed`, `interrupted` or `running`."""
        return str(self.manifest.get("status"))


@dataclass(frozen=True)
class Gathered:
    """All that was named."""

    title: str
    runs: tuple[ComparedRun, ...]
    variants: tuple[str, ...]
    """In the order of the study, or of what was named; the first is the base."""
    tasks: tuple[str, ...]
    options: Mapping[str, Any]
    """Of the study's own comparison."""
    warnings: tuple[str, ...]
    looks: Looks | None = None
    """Where seeds came in until the question was answered."""


def gather(names: Sequence[str], out: Path) -> Gathered:
    """Read studies and runs.

    Args:
        names: folders of studies, of runs, or of runs below them; run ids, names of experiments below `out`.
        out: where to look for what is no path.

    Raises:
        ComparisonError: one cannot be read, or there is nothing to compare.
    """
    title, warnings, loose = "", list[str](), list[FoundRun]()
    studies: list[tuple[str, list[ComparedRun]]] = []
    options: dict[str, Any] = {}
    looks = None
    for name in names:
        folder = study_folder(name, out)
        try:
            if folder is not None:
                told, runs, notes = _of_study(folder)
                title, options, warnings = title or told["study"], {**told["compare"], **options}, warnings + notes
                looks = _looks(told)
                if looks is not None and len(names) > 1:
                    looks = None
                    warnings.append(
                        f"{told['study']} was run until it was decided; together with other runs its verdicts do not "
                        "know that it was looked at often, and err more often than they say"
                    )
                studies.append((told["study"] if told["study"] not in dict(studies) else str(folder), runs))
            else:
                loose += _runs_at(name, out, warnings)
        except (StudyError, RunNotFound) as error:
            raise ComparisonError(str(error)) from None
    try:
        runs = _once(_apart([*studies, ("runs", _grouped(loose))] if loose else studies), warnings)
    except RunNotFound as error:
        raise ComparisonError(str(error)) from None
    if not runs:
        raise ComparisonError("nothing to compare: none of these runs has begun")
    return Gathered(
        title=title,
        runs=tuple(runs),
        variants=tuple(dict.fromkeys(run.variant for run in runs)),
        tasks=tuple(dict.fromkeys(run.task for run in runs)),
        options=options,
        warnings=tuple(warnings),
        looks=looks,
    )


def _of_study(folder: Path) -> tuple[dict[str, Any], list[ComparedRun], list[str]]:
    told, states = read_plan(folder)
    runs, warnings = [], []
    for state in states:
        if state.folder is None or state.state == "waiting":
            continue
        try:
            runs.append(_read(read_run(folder / state.folder), state.variant, state.environment))
        except RunNotFound as error:
            if state.state == "finished":
                raise
            warnings.append(f"the run of {state.variant} with seed {state.seed} left nothing to read: {error}")
    # Where seeds come until the question is answered, those that wait are no longer needed.
    wanted = ("running", "interrupted") if told.get("batch") else ("waiting", "running", "interrupted")
    left = [state for state in states if state.state in wanted]
    if left:
        warnings.append(f"{len(left)} of the {len(states)} runs of the study are still to be made")
    order = [variant["name"] for variant in told["variants"]]
    runs.sort(key=lambda run: order.index(run.variant) if run.variant in order else len(order))
    return told, runs, warnings


def _apart(studies: Sequence[tuple[str, list[ComparedRun]]]) -> list[ComparedRun]:
    """The runs of all studies; variants that are different, but called alike, also get their study's name."""
    kinds: dict[tuple[str, str], set[str]] = {}
    for _, runs in studies:
        for run in runs:
            kinds.setdefault((run.variant, run.task), set()).add(_settings(run))
    two = {variant for (variant, _), found in kinds.items() if len(found) > 1} if len(studies) > 1 else set()
    return [
        _labelled(run, f"{study}/{run.variant}" if run.variant in two else run.variant, run.task)
        for study, runs in studies
        for run in runs
    ]


def _settings(run: ComparedRun) -> str:
    return json.dumps({key: run.resolved[key] for key in sorted(run.resolved) if key not in _NO_RESULT}, default=repr)


def _looks(told: Mapping[str, Any]) -> Looks | None:
    batch = told.get("batch")
    if not isinstance(batch, int) or batch < 1:
        return None
    return Looks(tuple(dict.fromkeys(run["seed"] for run in told["runs"])), batch)


def _runs_at(name: str, out: Path, warnings: list[str]) -> list[FoundRun]:
    """One run, or all runs of a folder that holds some."""
    path = Path(name)
    if path.is_dir() and not (path / "run.json").exists():
        found = runs_in(path)
        warnings += [f"left out: {sentence}" for sentence in found.others if found.runs]
        if found.runs:
            return list(found.runs)[::-1]  # the oldest first: it is the base
    return [find(name, out)]


def _grouped(found: Sequence[FoundRun]) -> list[ComparedRun]:
    """Runs without a study: a variant is an experiment but for its seed, environment and recorders."""
    runs = [_read(run, "", "") for run in found]
    curves = [_curve(run) for run in runs]
    names: dict[int, str] = {}
    for group in grouped(curves):
        names |= {id(curve): group.name for curve in group.curves}
    return [_labelled(run, names[id(curve)], _task(run.resolved)) for run, curve in zip(runs, curves, strict=True)]


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


def _labelled(run: ComparedRun, variant: str, task: str) -> ComparedRun:
    return ComparedRun(run.folder, variant, task, run.seed, run.manifest, run.resolved, run.episodes)


def _read(run: FoundRun, variant: str, task: str) -> ComparedRun:
    path = run.folder / "episodes.jsonl"
    try:
        episodes = read_episodes(path)
    except FileNotFoundError:
        if run.manifest.get("status") == "finished":
            raise ComparisonError(f"run {run.run_id} cannot be compared: it has no episodes.jsonl") from None
        episodes = _NO_EPISODES  # it died before it opened the file
    except (RowsError, OSError) as error:
        raise ComparisonError(f"run {run.run_id} cannot be compared: {error}") from None
    for key, kinds in _KINDS.items():
        if not isinstance(run.manifest.get(key), (*kinds, NoneType)):
            raise ComparisonError(f"run {run.run_id} cannot be compared: '{key}' in its run.json is foreign")
    if not isinstance((run.manifest.get("seconds") or {}).get("training"), (int, float, NoneType)):
        raise ComparisonError(f"run {run.run_id} cannot be compared: 'seconds' in its run.json is foreign")
    seed = run.manifest.get("seed", 0)
    return ComparedRun(run.folder, variant, task, seed, run.manifest, read_resolved(run), episodes)


def _once(runs: Sequence[ComparedRun], warnings: list[str]) -> list[ComparedRun]:
    """Each seed once: a run that was made again is the same run, and so is one that was named twice."""
    runs = list({run.folder.resolve(): run for run in runs}.values())
    found: dict[tuple[str, str, int], ComparedRun] = {}
    twice: dict[tuple[str, int], None] = {}
    for run in sorted(runs, key=lambda run: (run.status == "finished", run.folder.name)):
        key = run.variant, run.task, run.seed
        if key in found:
            twice[run.variant, run.seed] = None
        found[key] = run
    for variant, seed in twice:
        warnings.append(f"seed {seed} of {variant} was run more than once; of those that finished the newest counts")
    return [run for run in runs if found[run.variant, run.task, run.seed] is run]


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the second experiment that differ from the first's, by dotted key; null for what it lacks."""
    ours, theirs = dict(_leaves(one)), dict(_leaves(other))
    changed = {key: value for key, value in theirs.items() if key not in ours or not _same(ours[key], value)}
    return changed | {key: None for key in ours if key not in theirs}


def _leaves(value: Any, path: str = "") -> list[tuple[str, Any]]:
    if not isinstance(value, Mapping) or not value:
        return [(path, value)]
    return [
        leaf
        for key, inner in value.items()
        if path or key not in _NO_RESULT
        for leaf in _leaves(inner, f"{path}.{key}".strip("."))
    ]


def _same(one: Any, other: Any) -> bool:
    return json.dumps(one, default=repr) == json.dumps(other, default=repr)
