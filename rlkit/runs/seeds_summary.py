"""What a person reads of a run of many seeds."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rlkit.runs.folder import shown_path
from rlkit.runs.result import Result
from rlkit.runs.summary import line, subject

if TYPE_CHECKING:
    from rlkit.experiment.experiment import Experiment


def seeds_header(experiment: Experiment, seeds: Sequence[int], jobs: int, out: Path) -> str:
    """What is about to run, and where it will be kept."""
    processes = f", {jobs} processes" if jobs > 1 else ""
    return f"{subject(experiment)}, {in_words(seeds)}, in {shown_path(out / experiment.name)}{processes}"


def seed_line(result: Result, seeds: Sequence[int]) -> str:
    """What came of one seed, in a line whose columns stand below those of the others."""
    width = max(len(str(seed)) for seed in seeds)
    parts = [f"seed {result.seed:>{width}}", f"{_verdict(result):<11}"]
    if result.status == "failed":
        return "  ".join([*parts, f"{result.stop_reason}  {result.folder.name}"])
    parts += [f"{result.episodes:>7,} episodes", f"{result.steps:>11,} steps"]
    parts += [f"evaluation {_mean(result.evaluation):>8.1f}" if result.evaluation else " " * 19]
    return "  ".join([*parts, f"{result.steps_per_second:>8,.0f} steps/s", result.folder.name])


def seeds_summary(seeds: Sequence[int], results: Sequence[Result], seconds: float) -> str:
    """What came of them all, as aligned lines."""
    return "\n".join(line(label, text) for label, text in _lines(seeds, results, seconds))


def in_words(seeds: Sequence[int]) -> str:
    """`seed 3`, `seeds 0 to 9`, `seeds 1, 4, 8` or `12 seeds`."""
    if len(seeds) == 1:
        return f"seed {seeds[0]}"
    if len(seeds) > 2 and list(seeds) == list(range(seeds[0], seeds[0] + len(seeds))):
        return f"seeds {seeds[0]} to {seeds[-1]}"
    return f"seeds {', '.join(map(str, seeds))}" if len(seeds) <= 8 else f"{len(seeds)} seeds"


def _lines(seeds: Sequence[int], results: Sequence[Result], seconds: float) -> Iterator[tuple[str, str]]:
    verdicts = [_verdict(result) for result in results]
    told = [f"{verdicts.count(verdict)} {verdict}" for verdict in dict.fromkeys(sorted(verdicts, key=_ORDER.index))]
    yield "seeds", f"{', '.join(told) or 'none ran'}; {seconds:,.1f} seconds in all"
    yield from _to_solve([result for result in results if result.status == "finished"])
    evaluations = [_mean(result.evaluation) for result in results if result.status == "finished" and result.evaluation]
    if evaluations:
        spread = f" ± {statistics.stdev(evaluations):.1f}" if len(evaluations) > 1 else ""
        over = f"mean and standard deviation over {len(evaluations)} seeds" if spread else "mean of one seed"
        yield "evaluation", f"{_mean(evaluations):.1f}{spread} ({over})"
    speeds = [result.steps_per_second for result in results if result.steps_per_second]
    if speeds:
        yield "speed", f"{statistics.median(speeds):,.0f} steps/s (median)"
    for result in results:
        for warning in result.warnings:
            yield "warning", f"seed {result.seed}: {warning}"
    for result in results:
        if result.status == "failed":
            yield "failed", f"seed {result.seed}: {result.stop_reason}"
            yield "folder", shown_path(result.folder)
    begun = {result.seed for result in results}
    left = [seed for seed in seeds if seed not in begun]
    if left:
        yield "not begun", in_words(left)


_ORDER = ("solved", "not solved", "interrupted", "failed")


def _to_solve(finished: Sequence[Result]) -> Iterator[tuple[str, str]]:
    """Median and quartiles of what the runs took to be solved.

    A run that its limits ended unsolved is censored: it would have taken longer than all that is known, and counts
    as longer than any that was solved. Others say nothing about it.
    """
    solved = [result for result in finished if result.solved]
    if not solved:
        return
    for label, counts in (
        ("episodes", [result.episodes if result.solved else math.inf for result in finished]),
        ("steps", [result.steps if result.solved else math.inf for result in finished]),
    ):
        lower, median, upper = (_number(_quantile(counts, share)) for share in (0.25, 0.5, 0.75))
        yield label, f"to solve: median {median}, quartiles {lower} and {upper}"
    censored = len(finished) - len(solved)
    if censored:
        yield (
            "",
            f"{censored} not solved {'counts' if censored == 1 else 'count'} as longer than any other (censored)",
        )


def _quantile(values: Sequence[float], share: float) -> float:
    """Linear between order statistics, as `numpy.quantile`; infinite where it would reach into what is infinite."""
    ordered, place = sorted(values), share * (len(values) - 1)
    below, part = ordered[math.floor(place)], place % 1
    return below if not part or math.isinf(below) else below + part * (ordered[math.floor(place) + 1] - below)


def _number(value: float) -> str:
    return f"{value:,.0f}" if math.isfinite(value) else "not reached"


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _verdict(result: Result) -> str:
    return ("solved" if result.solved else "not solved") if result.status == "finished" else result.status
