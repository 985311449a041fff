"""The winner of a search, as an experiment file and beside the base on other seeds."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from rlkit.experiment.nodes import MapNode, Mark, Scalar, Written
from rlkit.experiment.resolved import to_yaml
from rlkit.runs.atomic import write_atomically
from rlkit.studies.folder import StudyFolder
from rlkit.studies.plan import Plan, plan_of
from rlkit.studies.plan_file import RunState, StudyError
from rlkit.studies.running import Progress, run_study
from rlkit.studies.study_file import Given, StudyFile
from rlkit.tuning.checking import Tuning, named
from rlkit.tuning.search import Search, values_of

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

BASE, BEST = "base", "best"
"""The variants of the test."""


class TestedElsewhere(Exception):
    """Another process tests the winner."""


def experiment_file(tuning: Tuning, trial: FrozenTrial, name: str) -> str:
    """A trial's experiment, every value written out."""
    experiment = tuning.experiment(values_of(tuning, trial.params), name)
    value = "" if trial.value is None else f", {trial.value:,.6g} in {tuning.measure.words}"
    seeds = f" (mean of {len(tuning.file.seeds)} seeds)" if trial.state.name == "COMPLETE" else ""
    head = f"# Trial {trial.number} of the search {tuning.file.name}: {trial.state.name.lower()}{value}{seeds}.\n"
    return head + to_yaml(experiment.resolved)


def write_best(search: Search, trial: FrozenTrial) -> Path:
    """best.yaml in the tuning's folder.

    Raises:
        WriteError: it cannot be written.
    """
    file = search.folder / "best.yaml"
    write_atomically(file, experiment_file(search.tuning, trial, f"{search.tuning.file.name}_best"))
    return file


def plan_of_test(tuning: Tuning, trial: FrozenTrial) -> Plan:
    """The base and the winner with the test seeds: a study, whose folder is the tuning's own."""
    winner = tuning.experiment(values_of(tuning, trial.params), BEST)
    mark = Mark(tuning.file.source)
    given = (
        Given(BASE, "", named(tuning.base.document, BASE), mark),
        Given(BEST, "", winner.document, mark),
    )
    study = StudyFile(
        name=tuning.file.name,
        source=tuning.file.base,
        base=None,
        base_mark=mark,
        common=(),
        variants=(),
        settings=(),
        seeds=tuning.file.test_seeds,
        given=given,
        compare=_compare(tuning, mark),
    )
    return plan_of(study, catalogue=tuning.base.catalogue)


def _compare(tuning: Tuning, mark: Mark) -> MapNode:
    """Whoever compares the test judges by what was searched for."""
    told = tuning.measure.options()
    return MapNode(mark, {key: Written(mark, Scalar(mark, value)) for key, value in told.items()})


def is_base(tuning: Tuning, trial: FrozenTrial) -> bool:
    """Whether the winner is the base itself."""
    winner = tuning.experiment(values_of(tuning, trial.params), tuning.base.name)
    return dict(winner.resolved) == dict(tuning.base.resolved)


def run_test(
    search: Search,
    plan: Plan,
    *,
    jobs: int | None,
    debug: bool,
    again: bool,
    told: Callable[[Progress, RunState], None],
) -> Progress:
    """Run what is left of the test.

    Raises:
        TestedElsewhere: another process runs it.
        StudyError: plan.json cannot be used.
        FolderError: a run folder cannot be made.
        WriteError: plan.json cannot be written.
    """
    folder = StudyFolder(search.folder)
    with ExitStack() as stack:
        try:
            stack.enter_context(folder.held())
        except StudyError as error:
            raise TestedElsewhere from error
        folder.take_up(plan, again=again)
        return run_study(plan, folder, search.tuning.launcher, jobs=jobs, debug=debug, told=told)
