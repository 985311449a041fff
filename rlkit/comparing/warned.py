"""What a reader must know before believing a comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from rlkit.comparing.measures import AXES, Measure
from rlkit.comparing.runs import Gathered
from rlkit.comparing.scores import Scores

FEW = 10
"""Runs of a variant: with fewer, intervals are wide and hold less often than they say (`docs/comparing.md`)."""
_UNEQUAL = 1.1
_STATUSES = {"failed": "failed", "interrupted": "did not come to an end", "running": "had no end yet"}


def warnings_of(
    gathered: Gathered,
    scores: Mapping[tuple[str, str], Scores],
    measure: Measure,
    horizons: Mapping[str, float],
) -> Iterator[str]:
    """Sentences, the most important first."""
    yield from gathered.warnings
    yield from _alone(gathered, scores)
    yield from _left_out(scores)
    counts = [len(one.runs) for one in scores.values() if one.runs]
    if counts and min(counts) < FEW:
        seeds = (
            f"{min(counts)} seeds of a variant are few" if min(counts) > 1 else "a single seed of a variant is little"
        )
        yield f"{seeds}: another {min(counts)} may say otherwise; take {FEW} or more"
    if len(gathered.variants) > 2:
        yield (
            f"the best of {len(gathered.variants)} variants, chosen by these very seeds, looks better than it is; "
            "run it once more with other seeds before you report it"
        )
    for (variant, task), one in scores.items():
        if not one.runs and not one.left_out:
            yield f"{variant} has no run on {task}"
    if measure.name == "final":
        yield from _unequal(gathered, scores)
        yield from _solved(scores)
    if measure.name == "time":
        yield from _lost(scores, measure, horizons)
    if measure.by == "seconds":
        yield "seconds depend on the machine and on what else it did; steps do not"


def _alone(gathered: Gathered, scores: Mapping[tuple[str, str], Scores]) -> Iterator[str]:
    counting = [name for name in gathered.variants if any(scores[name, task].runs for task in gathered.tasks)]
    if not counting:
        yield "no variant has a run that counts: there is nothing to compare"
        return
    if len(counting) == 1:
        yield f"{counting[0]} is the only variant with runs that count: there is nothing to compare it with"
        return
    on = {name: {task for task in gathered.tasks if scores[name, task].runs} for name in gathered.variants}
    base, *others = gathered.variants
    for name in others:
        if on[base] and on[name] and not on[base] & on[name]:
            yield f"{name} and {base} have no task in common, and cannot be compared"


def _solved(scores: Mapping[tuple[str, str], Scores]) -> Iterator[str]:
    runs = [run for one in scores.values() for run in one.runs]
    solved = sum(bool(run.manifest.get("solved")) for run in runs)
    if solved:
        yield (
            f"{solved} of {len(runs)} runs ended as soon as they had solved their task, all of them near its "
            "threshold: the measures time and area tell them apart, and how they end does not"
        )


def _lost(scores: Mapping[tuple[str, str], Scores], measure: Measure, horizons: Mapping[str, float]) -> Iterator[str]:
    for task, until in horizons.items():
        here = [one for one in scores.values() if one.task == task and one.runs]
        if here and not any(np.any(one.seen & (one.values <= until)) for one in here):
            yield (
                f"no run on {task} got there within {until:,.0f} {AXES[measure.by]}: only longer runs or another "
                "threshold can tell them apart"
            )
            return
    for one in scores.values():
        lost = int(np.sum(~one.seen & (one.values < horizons[one.task])))
        if lost:
            yield (
                f"{lost} of {len(one.runs)} runs of {one.variant} on {one.task} ended before {horizons[one.task]:,.0f} "
                f"{AXES[measure.by]} without getting there; the others' later course stands for theirs, which holds "
                "only if how far a run went has nothing to do with how good it was"
            )


def _left_out(scores: Mapping[tuple[str, str], Scores]) -> Iterator[str]:
    for one in scores.values():
        for status, what in _STATUSES.items():
            count = sum(run.status == status for run in one.left_out)
            if count:
                runs, word = ("run", "counts") if count == 1 else ("runs", "count")
                yield f"{count} {runs} of {one.variant} on {one.task} {what} and {word} for nothing"
        empty = sum(run.status == "finished" for run in one.left_out)
        if empty:
            what, has, counts = ("run", "has", "counts") if empty == 1 else ("runs", "have", "count")
            yield (
                f"{empty} {what} of {one.variant} on {one.task} {has} no whole episode, or a return that is no number, "
                f"and {counts} for nothing"
            )


def _unequal(gathered: Gathered, scores: Mapping[tuple[str, str], Scores]) -> Iterator[str]:
    for task in gathered.tasks:
        lengths = {
            one.variant: max(int(run.episodes.step[-1]) for run in one.runs)
            for one in scores.values()
            if one.task == task and one.runs
        }
        if lengths and max(lengths.values()) > _UNEQUAL * min(lengths.values()):
            most, least = max(lengths, key=lengths.__getitem__), min(lengths, key=lengths.__getitem__)
            yield (
                f"runs on {task} are of unequal length: {most} has up to {lengths[most]:,} steps, {least} up to "
                f"{lengths[least]:,}; what they end with is no fair comparison unless they had ended by themselves"
            )
