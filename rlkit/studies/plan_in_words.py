"""What a person reads of a study before it runs."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence

from rlkit.experiment.resolved import flow
from rlkit.runs.seeds_summary import in_words
from rlkit.studies.folder import StudyFolder
from rlkit.studies.plan import Cell, Plan
from rlkit.studies.probe import Estimate, total
from rlkit.studies.table import shown_seconds


def header(plan: Plan, folder: StudyFolder, shown: str) -> str:
    """What is about to run, what is done already, and where it is kept."""
    states = Counter(state.state for state in folder.runs.values())
    lines = [f"{plan.study.name}: {_size(plan)}, in {shown}"]
    if states["finished"]:
        lines.append(f"{states['finished']} of {len(folder.runs)} runs are done already")
    if states["failed"]:
        lines.append(f"{states['failed']} failed before and are left alone; --again runs them once more")
    if folder.others:
        lines.append(f"{len(folder.others)} runs of earlier plans are not part of this one; they are kept")
    return "\n".join(lines)


def dry_run(
    plan: Plan, folder: StudyFolder, shown: str, found: Mapping[tuple[str, str], Estimate], jobs: int | None
) -> str:
    """The plan: a row an experiment, with what a trial says of its time."""
    done = folder.done(plan)
    rows: list[tuple[str, ...]] = [("variant", "environment", "runs", "done", "a run takes", "changes")]
    for cell in plan.cells:
        key = cell.variant, cell.environment
        rows.append((*key, str(len(plan.seeds)), str(done[key]), _time(found.get(key)), _changes(cell, plan.cells[0])))
    lines = [f"{plan.study.name}: {_size(plan)}, in {shown}", "", *left_aligned(rows), ""]
    places = jobs or (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    waiting = {
        (cell.variant, cell.environment): len(plan.seeds) - done[cell.variant, cell.environment] for cell in plan.cells
    }
    seconds = total(plan, found, waiting, places)
    count = sum(waiting.values())
    if not count:
        lines.append("nothing is left to run")
    elif seconds is None:
        lines.append(
            f"{count} runs, {places} at the same time; nothing limits the steps of one, so how long is unknown"
        )
    else:
        lines.append(f"{count} runs, {places} at the same time: about {shown_seconds(seconds)} on this machine")
    lines += [f"failed  {', '.join(key)}: {estimate.failed}" for key, estimate in found.items() if estimate.failed]
    return "\n".join(lines)


def _size(plan: Plan) -> str:
    variants, environments = len(plan.variants), len(plan.environments)
    parts = [f"{variants} variant{'s' if variants > 1 else ''}"]
    if environments > 1:
        parts.append(f"{environments} environments")
    return " × ".join([*parts, in_words(plan.seeds)]) + f" = {len(plan.cells) * len(plan.seeds)} runs"


def _time(estimate: Estimate | None) -> str:
    if estimate is None:
        return "not tried"
    if estimate.failed:
        return "failed"
    if estimate.seconds is None:
        return "no limit"
    return f"{'about' if estimate.ended else 'at most'} {shown_seconds(estimate.seconds)}"


def _changes(cell: Cell, first: Cell) -> str:
    """What a variant changes, as it is written; or, where that is shorter, in what it is not as the first one."""
    own = [f"{key}={flow(value)}" for key, value in cell.changes.items()]
    known = first.changes
    other = [f"{key}={flow(value)}" for key, value in cell.changes.items() if key not in known or known[key] != value]
    other += [f"{key} as in the base" for key in known if key not in cell.changes]
    return ", ".join(other if cell.variant != first.variant and len(other) < len(own) else own) or "-"


def left_aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """The rows as lines, every column to the left."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
