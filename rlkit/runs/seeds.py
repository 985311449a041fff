"""One experiment with many seeds: each a run with a folder of its own, exactly as if it had been run alone."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rlkit.contracts.launcher import Launcher
from rlkit.experiment.experiment import Experiment
from rlkit.experiment.loading import as_told, with_seed
from rlkit.loops.reused_programs import ReusedPrograms
from rlkit.runs.atomic import WriteError
from rlkit.runs.folder import RunFolder, absolute
from rlkit.runs.interrupt import Presses
from rlkit.runs.launched import launched, local_launcher
from rlkit.runs.orders import OrderQueue, Wanted
from rlkit.runs.result import Result, RunFailed
from rlkit.runs.run import carry_out, check_before
from rlkit.runs.seed_list import SeedsError, checked
from rlkit.runs.seeds_summary import seed_line, seeds_header, seeds_summary
from rlkit.runs.settling import settle
from rlkit.runs.terminal import is_terminal, say


@dataclass(frozen=True, eq=False)
class SeedRuns:
    """What came of the seeds."""

    asked: tuple[int, ...]
    results: tuple[Result, ...]
    """Of the runs that began, in the order of `asked`. Fewer only after Ctrl-C."""
    interrupted: bool
    signal: int
    """The number of the signal that interrupted them; 0 if none did."""
    seconds: float
    """By the clock, all in all."""

    @property
    def failed(self) -> tuple[Result, ...]:
        """The runs that failed."""
        return tuple(result for result in self.results if result.status == "failed")


def run_seeds(
    experiment: Experiment,
    seeds: Iterable[int],
    *,
    jobs: int | None,
    launcher: Launcher | None = None,
    out: Path,
    quiet: bool,
    debug: bool,
) -> SeedRuns:
    """Run an experiment once for every seed. See `rlkit.api.run_seeds`.

    Raises:
        SeedsError: before anything ran.
        ExperimentError: before anything ran, or for what only building the parts can tell of the file.
        FolderError: a run folder cannot be made.
        LauncherError: the launcher can carry out nothing.
    """
    out = absolute(out)
    experiment = as_told(experiment)
    asked = checked(seeds)
    if jobs is not None and jobs < 1:
        raise SeedsError(f"found {jobs} jobs; at least 1 is needed")
    if launcher is None and (jobs or 1) > 1:
        launcher = local_launcher()
    jobs = min(jobs, len(asked)) if jobs else None
    check_before(experiment, out, copies=(jobs or 1) if getattr(launcher, "here", False) else 1)
    if not quiet:
        say(seeds_header(experiment, asked, jobs or 1, out))
    began, found, interrupted, presses = time.perf_counter(), {}, False, Presses()
    if launcher is not None:
        runs = _launched(experiment, asked, launcher, jobs, out, debug, presses)
    else:
        runs = _in_turn(experiment, asked, out, quiet, debug)
    with closing(runs):
        try:
            for result in runs:
                found[result.seed] = result
                interrupted = interrupted or result.status == "interrupted"
                if not quiet:
                    say(seed_line(result, asked))
        except KeyboardInterrupt:
            interrupted = True
    results = tuple(found[seed] for seed in asked if seed in found)
    number = presses.signal or next((result.signal for result in results if result.signal), 0)
    ended = SeedRuns(asked, results, interrupted or len(found) < len(asked), number, time.perf_counter() - began)
    if not quiet:
        say(seeds_summary(ended.asked, ended.results, ended.seconds))
    return ended


def _launched(
    experiment: Experiment,
    seeds: Sequence[int],
    launcher: Launcher,
    jobs: int | None,
    out: Path,
    debug: bool,
    presses: Presses,
) -> Generator[Result]:
    queue = OrderQueue()
    for seed in seeds:
        queue.add(Wanted(experiment, seed, out, debug))
    with closing(launched(queue, launcher, jobs, presses)) as ended:
        for settled in ended:
            yield settled.result


def _in_turn(experiment: Experiment, seeds: Sequence[int], out: Path, quiet: bool, debug: bool) -> Generator[Result]:
    """Run after run in this process, up to the first that is interrupted."""
    programs = ReusedPrograms()
    for seed in seeds:
        one = with_seed(experiment, seed)
        folder = RunFolder.create(out, experiment.name, seed)
        try:
            # A terminal has one live line for each run; elsewhere lines now and then would bury those of the seeds.
            result = carry_out(one, folder, quiet=quiet or not is_terminal(sys.stderr), debug=debug, programs=programs)
        except RunFailed as failed:
            result = failed.result
        except WriteError as error:
            result = settle(folder, one, "failed", str(error))
        except KeyboardInterrupt:
            result = settle(folder, one, "interrupted", "interrupted")
        yield result
        if result.status == "interrupted":
            return
