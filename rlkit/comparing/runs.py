"""The runs that are compared: each a variant's, on a task, with a seed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rlkit.comparing.compared_run import ComparedRun, read_compared
from rlkit.comparing.differences import differences
from rlkit.comparing.errors import ComparisonError
from rlkit.comparing.looks import Looks
from rlkit.comparing.loose_runs import grouped_runs, runs_at
from rlkit.experiment.no_result import NO_RESULT
from rlkit.experiment.words import listed
from rlkit.runs.finding import FoundRun, RunNotFound, read_run
from rlkit.studies.plan_file import StudyError, read_plan, study_folder


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
    folders: dict[Path, str] = {}
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
                at = runs_at(name, out, warnings)
                loose += at
                folders |= {
                    run.folder: Path(name).resolve().name for run in at if run.folder.resolve() != Path(name).resolve()
                }
        except (StudyError, RunNotFound) as error:
            raise ComparisonError(str(error)) from None
    warnings += _unlike(studies)
    try:
        runs = _once(_apart([*studies, ("runs", grouped_runs(loose, folders))] if loose else studies), warnings)
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
            runs.append(read_compared(read_run(folder / state.folder), state.variant, state.environment))
        except RunNotFound as error:
            if state.state == "finished":
                raise
            warnings.append(f"the run of {state.variant} with seed {state.seed} left nothing to read: {error}")
    # Where seeds come until the question is answered, those that wait are no longer needed.
    wanted = ("running", "interrupted") if told.get("batch") else ("waiting", "running", "interrupted")
    left = [state for state in states if state.state in wanted]
    if left:
        warnings.append(f"{len(left)} of the {len(states)} runs of the study are still to be made")
    if told.get("extended"):
        warnings.append(
            f"the study was looked at with {listed(map(str, told['extended']))} seeds, and then run with more; its "
            "verdicts do not know that, and err more often than they say if what was seen is why there are more"
        )
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
        replace(run, variant=f"{study}/{run.variant}") if run.variant in two else run
        for study, runs in studies
        for run in runs
    ]


def _unlike(studies: Sequence[tuple[str, list[ComparedRun]]]) -> list[str]:
    """Warnings of variants that are called alike in two studies, on different tasks, and differ in more than that."""
    first: dict[str, tuple[str, ComparedRun]] = {}
    told: dict[str, None] = {}
    for study, runs in studies:
        for run in runs:
            before, other = first.setdefault(run.variant, (study, run))
            if before == study or other.task == run.task:
                continue
            apart = sorted(
                key for key in differences(other.resolved, run.resolved) if key.split(".")[0] != "environment"
            )
            if apart:
                some = ", ".join(apart[:5]) + (" and others" if len(apart) > 5 else "")
                told[f"{run.variant} of {study} is taken for {run.variant} of {before}, and differs in {some}"] = None
    return list(told)


def _settings(run: ComparedRun) -> str:
    return json.dumps({key: run.resolved[key] for key in sorted(run.resolved) if key not in NO_RESULT}, default=repr)


def _looks(told: Mapping[str, Any]) -> Looks | None:
    batch = told.get("batch")
    if not isinstance(batch, int) or batch < 1:
        return None
    return Looks(tuple(dict.fromkeys(run["seed"] for run in told["runs"])), batch)


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
