"""What a reader must know before believing a comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rlkit.comparing.measures import Measure
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
    budgets: Mapping[str, float],
) -> Iterator[str]:
    """Sentences, the most important first."""
    yield from _left_out(scores)
    counts = [len(one.runs) for one in scores.values() if one.runs]
    if counts and min(counts) < FEW:
        seeds = f"{min(counts)} seed{'s' if min(counts) > 1 else ''}"
        yield f"{seeds} of a variant are few: another {min(counts)} may say otherwise; take {FEW} or more"
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
    if measure.by == "seconds":
        yield "seconds depend on the machine and on what else it did; steps do not"


def _left_out(scores: Mapping[tuple[str, str], Scores]) -> Iterator[str]:
    for one in scores.values():
        for status, what in _STATUSES.items():
            count = sum(run.status == status for run in one.left_out)
            if count:
                runs, word = ("run", "counts") if count == 1 else ("runs", "count")
                yield f"{count} {runs} of {one.variant} on {one.task} {what} and {word} for nothing"
        empty = sum(run.status == "finished" for run in one.left_out)
        if empty:
            yield f"{empty} of {one.variant} on {one.task} ended without a whole episode and count for nothing"


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
