"""What a person reads of a search before it runs."""

from __future__ import annotations

from collections.abc import Iterator

from rlkit.experiment.resolved import flow
from rlkit.runs.seeds_summary import in_words
from rlkit.studies.plan_in_words import left_aligned
from rlkit.studies.probe import Estimate
from rlkit.studies.table import shown_seconds
from rlkit.tuning.checking import Tuning, told
from rlkit.tuning.search import most_trials


def header(tuning: Tuning, shown: str) -> str:
    """What is searched, and where it is kept."""
    file = tuning.file
    better = "least" if tuning.measure.direction == "minimize" else "greatest"
    lines = [
        f"{file.name}: {most_trials(tuning)} trials of {file.base}, {in_words(file.seeds)} each, in {shown}",
        f"objective   {better} {tuning.measure.words}, mean over the seeds",
        f"sampler     {flow(file.sampler.told())}, pruner {flow(file.pruner.told())}",
        *(f"note        {note}" for note in notes(tuning)),
    ]
    return "\n".join(lines)


def notes(tuning: Tuning) -> Iterator[str]:
    """What a person should know of what was asked for."""
    pruner, seeds = tuning.file.pruner, len(tuning.file.seeds)
    if pruner.name == "wilcoxon":
        given = pruner.parameters.get("p_threshold")
        threshold = float(given.value) if given is not None and isinstance(given.value, (int, float)) else 0.1
        needed = next((count for count in range(2, 1000) if 0.5**count < threshold), 1000)
        if seeds <= needed:
            yield (
                f"wilcoxon with p_threshold {threshold:g} can stop a trial after {needed} seeds at the soonest: with "
                f"{seeds} it never does"
            )
    if most_trials(tuning) < tuning.file.trials:
        yield f"the space has {most_trials(tuning)} points; all are tried"


def dry_run(tuning: Tuning, shown: str, estimate: Estimate | None, jobs: int) -> str:
    """The space and the runs, with what a trial of the base says of their time."""
    file = tuning.file
    rows = [("key", "is searched in", "in the base")]
    for one in tuning.space:
        rows.append((one.key, flow(one.told()), flow(told(tuning.base.resolved, one.key))))
    trials, test = most_trials(tuning), 2 * len(file.test_seeds)
    most = trials * len(file.seeds)
    lines = [header(tuning, shown), "", *left_aligned(rows), ""]
    lines.append(f"{most:,} runs at most for the search, and {test} for the test on {in_words(file.test_seeds)}")
    if estimate is not None and estimate.failed:
        lines.append(f"failed  the base: {estimate.failed}")
    elif estimate is not None and estimate.seconds is not None:
        # Each trial's programs are its own: every one of them has to start.
        seconds = (estimate.seconds * (most + test) + estimate.start_up * (trials + 2)) / jobs
        lines.append(
            f"{jobs} at the same time: about {shown_seconds(seconds)} on this machine, if runs took the base's"
        )
    return "\n".join(lines)
