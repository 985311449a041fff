"""The Python API: load an experiment, override parts of it, run it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rlkit.experiment.experiment import Experiment
    from rlkit.runs.result import Result


def load(source: str | Path, overrides: Sequence[str] = (), *, seed: int | None = None) -> Experiment:
    """Read and check an experiment.

    Args:
        source: a YAML file, or the name of an experiment that is shipped (`cartpole_dqn`).
        overrides: `buffer.capacity=10000`, as the command's `--set` takes them.
        seed: instead of the file's.

    Raises:
        ExperimentError: with every problem found, each at its place.
    """
    from rlkit.experiment.loading import load as load_experiment

    return load_experiment(str(source), overrides, seed=seed)


def run(experiment: Experiment, *, out: str | Path = "runs", quiet: bool = True, debug: bool = False) -> Result:
    """Run an experiment to its end and return what came of it.

    Args:
        experiment: from `load`.
        out: the run folder is made under `out/<experiment>/`.
        quiet: print nothing; False prints what the command prints.
        debug: run all graph code eagerly, for breakpoints.

    Raises:
        RunFailed: if the environment or a component failed; what was recorded stays in the run folder.
        ExperimentError: a part was put there in Python that no experiment file can hold.
    """
    from rlkit.runs.run import run as run_experiment

    return run_experiment(experiment, out=Path(out), quiet=quiet, debug=debug)


def run_seeds(
    experiment: Experiment,
    seeds: Iterable[int],
    *,
    jobs: int | None = None,
    launcher: str | None = None,
    out: str | Path = "runs",
    quiet: bool = True,
    debug: bool = False,
) -> list[Result]:
    """Run an experiment once for every seed, exactly as so many single runs, and return their results in this order.

    A run that fails ends no other: its result has the status `failed`, and the reason as `stop_reason`. After Ctrl-C
    the results are those of the runs that had begun.

    Args:
        experiment: from `load`; its own seed plays no part.
        seeds: `range(10)`, say; each once.
        jobs: spread over so many processes, a core each; with 1, or None and no launcher, the runs follow one another
            in this process, where only the first has to be traced and compiled. Processes are spawned: a script that
            asks for them needs the usual `if __name__ == "__main__":`.
        launcher: where runs are carried out, as the command's `--launcher` says it, `"{name: ray, address: auto}"` for
            one. With `jobs` None as many run at the same time as it has room for.
        out: each run has a folder under `out/<experiment>/`.
        quiet: print nothing; False prints what the command prints.
        debug: run all graph code eagerly, for breakpoints.

    Raises:
        LauncherError: the launcher can carry out nothing.
        ValueError: the seeds or the jobs make no sense.
        ExperimentError: a part was put there in Python that no experiment file can hold, or the values of a schedule
            are out of range.
    """
    from rlkit.experiment.launchers import launcher_from
    from rlkit.runs.seeds import run_seeds as run_experiment

    chosen = None if launcher is None else launcher_from(launcher)
    ended = run_experiment(experiment, seeds, jobs=jobs, launcher=chosen, out=Path(out), quiet=quiet, debug=debug)
    return list(ended.results)
