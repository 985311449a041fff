"""A search runs each trial over its seeds, loses nothing, and goes on where it was stopped."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from rlkit.tuning.folder import made as made_folder
from rlkit.tuning.folder import opened, written
from rlkit.tuning.journal import Worker
from rlkit.tuning.running import Progress
from rlkit.tuning.search import TuningError
from tests.tuning.conftest import Killed

optuna = pytest.importorskip("optuna")


def trials(progress: Progress) -> list[tuple[int, str, float | None]]:
    return [(trial.number, trial.state.name, trial.value) for trial in progress.search.study.get_trials()]


def read(folder: Path) -> list[tuple[int, str, float | None]]:
    """As any program reads the journal with Optuna alone."""
    storage = optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(str(folder / "journal.log")))
    (name,) = optuna.get_all_study_names(storage)
    return [(t.number, t.state.name, t.value) for t in optuna.load_study(study_name=name, storage=storage).trials]


def test_each_trial_runs_with_every_seed_and_its_value_is_their_mean(elsewhere, tuning, searched, tmp_path):
    progress = searched(tuning(elsewhere), tmp_path / "toy")
    assert elsewhere.took == [(f"trial-{number:04d}", seed) for number in range(4) for seed in range(3)]
    for trial in progress.search.study.get_trials():
        assert trial.value == pytest.approx(100 * trial.params["agent.gamma"] + 1)
    assert progress.search.ranked()[0].params["agent.gamma"] == max(
        trial.params["agent.gamma"] for trial in progress.search.study.get_trials()
    )
    assert read(tmp_path / "toy") == trials(progress)


def test_a_search_that_is_done_runs_nothing_and_more_trials_go_on(elsewhere, tuning, searched, tmp_path):
    before = trials(searched(tuning(elsewhere), tmp_path / "toy"))
    elsewhere.took.clear()
    assert trials(searched(tuning(elsewhere), tmp_path / "toy")) == before
    assert not elsewhere.took
    after = trials(searched(tuning(elsewhere, ("trials: 4", "trials: 6")), tmp_path / "toy"))
    assert after[:4] == before and len(after) == 6 and len(elsewhere.took) == 6


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("noted", [False, True])
def test_a_search_that_was_killed_ends_as_one_that_ran_through(elsewhere, tuning, searched, tmp_path, jobs, noted):
    through = trials(searched(tuning(elsewhere), tmp_path / "through", jobs=jobs))
    finished = set[tuple[str, int]]()
    for kill_at in (0, 4, 3):
        elsewhere.took.clear()
        elsewhere.kill_at, elsewhere.kill_after_order = kill_at, noted
        with pytest.raises(Killed):
            searched(tuning(elsewhere), tmp_path / "killed", jobs=jobs)
        assert not finished & set(elsewhere.took)
        finished |= set(elsewhere.took if noted else elsewhere.took[:-1])
    elsewhere.took.clear()
    elsewhere.kill_at = -1
    assert trials(searched(tuning(elsewhere), tmp_path / "killed", jobs=jobs)) == through
    assert not finished & set(elsewhere.took)
    assert len(finished) + len(elsewhere.took) == 12


def test_a_line_that_was_half_written_is_forgotten(elsewhere, tuning, searched, tmp_path):
    elsewhere.kill_at = 4
    with pytest.raises(Killed):
        searched(tuning(elsewhere), tmp_path / "toy")
    with (tmp_path / "toy" / "journal.log").open("ab") as journal:
        journal.write(b'{"op_code":8,"worker_id":"')
    elsewhere.kill_at = -1
    assert [state for _, state, _ in trials(searched(tuning(elsewhere), tmp_path / "toy"))] == ["COMPLETE"] * 4


def test_a_lost_run_is_made_once_more_and_counted(elsewhere, tuning, searched, tmp_path):
    elsewhere.lose, said = {1}, []
    progress = searched(tuning(elsewhere), tmp_path / "toy", said=said)
    assert elsewhere.took[:4] == [("trial-0000", 0), ("trial-0000", 1), ("trial-0000", 1), ("trial-0000", 2)]
    assert said == ["trial 0, seed 1 was lost: its machine was lost; it is made once more"]
    assert [state for _, state, _ in trials(progress)] == ["COMPLETE"] * 4
    assert progress.search.study.get_trials()[0].user_attrs["deaths"] == 1


def test_a_trial_that_is_lost_twice_has_failed_and_the_search_goes_on(elsewhere, tuning, searched, tmp_path):
    elsewhere.lose, said = {1, 2}, []
    progress = searched(tuning(elsewhere), tmp_path / "toy", said=said)
    assert said[1] == "trial 0 failed: seed 1: its machine was lost"
    assert [state for _, state, _ in trials(progress)] == ["FAIL", "COMPLETE", "COMPLETE", "COMPLETE"]


def test_a_failed_trial_is_told_with_its_reason_and_ends_nothing(elsewhere, tuning, searched, tmp_path):
    elsewhere.fail, elsewhere.wrong, said = {0}, {1}, []
    progress = searched(tuning(elsewhere), tmp_path / "toy", said=said)
    assert said == [
        "trial 0 failed: seed 0: the environment broke",
        "trial 1 failed: seed 0: has no room for that",
    ]
    assert [state for _, state, _ in trials(progress)] == ["FAIL", "FAIL", "COMPLETE", "COMPLETE"]


def test_values_that_do_not_go_together_fail_their_trial_alone(elsewhere, tuning, searched, tmp_path):
    space = "space: {agent.batch_size: {choose: [8, 64]}, buffer.capacity: {choose: [64, 32]}}"
    changes = (("space: {agent.gamma: {low: 0.5, high: 1.0}}", space), ("pruner: none", "pruner: none\nsampler: grid"))
    said: list[str] = []
    progress = searched(tuning(elsewhere, *changes), tmp_path / "toy", said=said)
    states = {tuple(trial.params.values()): trial.state.name for trial in progress.search.study.get_trials()}
    assert states == {("8", "64"): "COMPLETE", ("8", "32"): "COMPLETE", ("64", "64"): "COMPLETE", ("64", "32"): "FAIL"}
    assert len(said) == 1 and "a trial failed: its values do not go together" in said[0]


def test_a_trial_that_is_surely_worse_is_stopped_between_its_seeds(elsewhere, tuning, searched, tmp_path):
    changes = (
        ("space: {agent.gamma: {low: 0.5, high: 1.0}}", "space: {agent.gamma: {choose: [0.9, 0.5]}}"),
        ("seeds: 3", "seeds: 8"),
        ("pruner: none", "sampler: {name: grid, seed: 1}"),
    )
    progress = searched(tuning(elsewhere, *changes), tmp_path / "toy")
    first, second = progress.search.study.get_trials()
    assert first.params["agent.gamma"] == "0.9", "the seed of the grid decides which comes first"
    assert second.state.name == "PRUNED"
    assert len(elsewhere.took) == 8 + 4  # the least that a signed-rank test tells of at 0.1: 1 in 16


def test_a_trial_of_a_living_process_is_left_alone(elsewhere, tuning, searched, tmp_path):
    folder = tmp_path / "toy"
    with made_folder(folder) as one:
        taken = opened(tuning(elsewhere), folder, one).next()
        progress = searched(tuning(elsewhere), folder)
        assert progress.search.others_at_work() == 1
        assert {name for name, _ in elsewhere.took} == {"trial-0001", "trial-0002", "trial-0003"}
    assert taken is not None and trials(progress)[0][1] == "RUNNING"
    progress = searched(tuning(elsewhere), folder)
    assert trials(progress)[0][1] == "COMPLETE" and not progress.search.others_at_work()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("high: 1.0", "high: 0.9", "differs in its space"),
        ("seeds: 3\n", "seeds: 4\n", "differs in its seeds"),
        ("limits.steps: 300", "limits.steps: 301", "differs in its base"),
        ("objective: final", "objective: area", "differs in its objective"),
    ],
)
def test_another_search_is_kept_out_of_the_folder(elsewhere, tuning, searched, tmp_path, old, new, told):
    with made_folder(tmp_path / "toy") as worker:
        opened(tuning(elsewhere), tmp_path / "toy", worker)
    with pytest.raises(TuningError, match=told):
        searched(tuning(elsewhere, (old, new)), tmp_path / "toy")


def test_a_journal_that_is_none_is_refused(elsewhere, tuning, searched, tmp_path):
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "journal.log").write_text("a diary\nof days\n", encoding="utf-8")
    with pytest.raises(TuningError, match=r"journal\.log cannot be used"):
        searched(tuning(elsewhere), tmp_path / "toy")


def test_the_kept_search_is_the_same_search(elsewhere, tuning, searched, tmp_path):
    from rlkit.tuning.checking import check_tuning
    from rlkit.tuning.identity import identity_of
    from rlkit.tuning.reading import read_tuning

    made = tuning(elsewhere, ("pruner: none", "pruner: {name: median, n_startup_trials: 2}"))
    with made_folder(tmp_path / "toy") as worker:
        opened(made, tmp_path / "toy", worker)
    kept = check_tuning(read_tuning(str(tmp_path / "toy")))
    assert identity_of(kept) == identity_of(made)
    assert (kept.file.trials, kept.file.test_seeds, kept.file.pruner.told()) == (
        4,
        (10, 11, 12, 13, 14),
        made.file.pruner.told(),
    )


def test_the_experiment_file_of_a_trial_is_that_experiment(elsewhere, tuning, searched, tmp_path):
    import rlkit

    progress = searched(tuning(elsewhere), tmp_path / "toy")
    file = written(progress.search.tuning, tmp_path / "toy", 2, tmp_path / "two.yaml")
    told = rlkit.load(str(file))
    assert told.agent.gamma == progress.search.study.get_trials()[2].params["agent.gamma"]
    with pytest.raises(TuningError, match="found --trial 4; trials of this search: 0 to 3"):
        written(progress.search.tuning, tmp_path / "toy", 4, None)


def test_nothing_of_what_optuna_logs_is_heard(elsewhere, tuning, searched, tmp_path, capfd, recwarn):
    changes: Any = (("pruner: none", "sampler: {name: cmaes}\npruner: {name: wilcoxon}"),)
    searched(tuning(elsewhere, *changes), tmp_path / "toy")
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "") and not recwarn.list
    assert logging.getLogger("optuna").level == logging.INFO


def test_a_worker_that_was_killed_is_known_to_be_dead(tmp_path):
    one, other = Worker(tmp_path), Worker(tmp_path)
    with one.at_work():
        assert other.lives(one.name) and one.lives(one.name)
    (tmp_path / ".workers" / "123-abc").write_text("", encoding="utf-8")
    assert not other.lives(one.name) and not other.lives("123-abc") and not other.lives(None)
    assert not other.lives("../123-abc")


def test_the_number_of_trials_shows_in_one_place(elsewhere, tuning, searched, tmp_path):
    from rlkit.tuning.table import counted, rows_of

    elsewhere.fail = {0}
    progress = searched(tuning(elsewhere), tmp_path / "toy")
    assert counted(progress.search) == "4 of 4 trials: 3 complete, 1 failed"
    head, *rows = rows_of(progress.search)
    assert head == ("trial", "final", "±", "gamma") and len(rows) == 3
    assert [float(row[1]) for row in rows] == sorted((float(row[1]) for row in rows), reverse=True)
    assert json.loads((tmp_path / "toy" / "trial-0001").glob("*/run.json").__next__().read_text())["seed"] in (0, 1, 2)


@pytest.mark.parametrize(
    ("sampler", "pruner"),
    [
        ("random", "hyperband"),
        ("qmc", "successive_halving"),
        ("cmaes", "{name: percentile, percentile: 50, n_startup_trials: 1}"),
        ("nsgaii", "{name: threshold, lower: 0}"),
        ("{name: tpe, n_startup_trials: 1, multivariate: true}", "{name: median, n_startup_trials: 1}"),
    ],
)
def test_samplers_and_pruners_by_name_do_their_work(elsewhere, tuning, searched, tmp_path, sampler, pruner):
    changes = ("pruner: none", f"sampler: {sampler}\npruner: {pruner}")
    told = trials(searched(tuning(elsewhere, changes), tmp_path / "toy"))
    assert len(told) == 4 and {state for _, state, _ in told} <= {"COMPLETE", "PRUNED"}
    assert told[0][1] == "COMPLETE"
