"""What is wrong with a tuning file is told at its place before anything runs; what is right is understood."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rlkit.experiment.errors import ExperimentError
from rlkit.tuning.checking import Tuning, check_tuning
from rlkit.tuning.reading import read_tuning
from rlkit.tuning.search import most_trials
from rlkit.tuning.shipped import shipped_tunings
from rlkit.tuning.tuning_file import Range

pytest.importorskip("optuna")

LINES = {
    "base": "cartpole_dqn_compiled",
    "set": "{limits.steps: 1000}",
    "space": "{optimizer.learning_rate: {low: 1e-4, high: 1e-2, log: true}}",
    "trials": "3",
    "seeds": "2",
    "test_seeds": "10-12",
    "objective": "time",
}


def checked(folder: Path, **changes: str | None) -> Tuning:
    path = folder / "toy.yaml"
    lines = {**LINES, **changes}
    path.write_text("".join(f"{key}: {value}\n" for key, value in lines.items() if value is not None), encoding="utf-8")
    return check_tuning(read_tuning(str(path)))


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("sampler", "tpee", "toy.yaml:8:10: sampler: found 'tpee'; did you mean 'tpe'? allowed: tpe, random"),
        ("sampler", "{name: tpe, n_startup: 4}", "has no parameter 'n_startup'; did you mean 'n_startup_trials'?"),
        ("sampler", "{name: tpe, seed: true}", "sampler.seed: found true; allowed: int"),
        ("sampler", "{name: grid}", "space.optimizer.learning_rate: the sampler grid tries every point; give a step"),
        ("sampler", "3", "toy.yaml:8:10: sampler: found 3; allowed: a name, or a map with name and parameters"),
        ("pruner", "{name: wilcoxon, p_threshold: 2}", "pruner 'wilcoxon': p_threshold must be between 0 and 1"),
        ("pruner", "percentile", "pruner 'percentile' needs 'percentile' (float)"),
        ("launcher", "lokal", "found launcher 'lokal'; did you mean 'local'?"),
        ("samplers", "tpe", "toy.yaml:8:1: samplers: found the key 'samplers'; did you mean 'sampler'?"),
        ("trials", "0", "toy.yaml:4:9: trials: found 0; allowed: how many sets of values are tried"),
        ("trials", None, "trials: is missing"),
        ("seeds", None, "seeds: is missing; write how many (10), or which (0-9)"),
        ("test_seeds", "1-4", "toy.yaml:6:1: test_seeds: found 1 among seeds too; the winner was chosen on those"),
        ("base", "cartpol_dqn", "did you mean 'cartpole_dqn'?"),
        ("base", None, "base: is missing; allowed: an experiment file"),
        ("objective", "{measure: tine}", "objective.measure: found the text 'tine'; did you mean 'time'?"),
        ("objective", "{measure: time, by: steps}", "objective.by: found the text 'steps'; did you mean 'step'?"),
        ("objective", "{measure: time, window: 0}", "objective.window: found 0; allowed: a whole number, at least 1"),
        ("objective", "{measure: time, treshold: 9}", "found 'treshold'; did you mean 'threshold'?"),
        ("objective", "{measure: area, by: seconds}", "found an area by seconds, which no trial repeats"),
        ("objective", None, "objective.measure: is missing; allowed: time, final, area"),
        ("set", "{limits.episodes: null, limits.seconds: 9}", "objective: needs limits.steps, or limits.episodes and"),
        (
            "set",
            "{limits.steps: 9, stop: []}",
            "objective: the experiment has no stop criterion mean_return, so add the return",
        ),
        ("set", "{agent.gama: 0.9}", "toy.yaml:2:7: agent.gama: 'dqn' has no parameter 'gama'; did you mean 'gamma'?"),
        ("tune", "a/b", "toy.yaml:8:7: tune: found 'a/b'; allowed: up to 80 letters"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, key: str, value: str | None, told: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        checked(tmp_path, **{key: value})
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("space", "told"),
    [
        (
            "{agent.gama: {low: 0.5, high: 0.9}}",
            "toy.yaml:3:9: agent.gama: 'dqn' has no parameter 'gama'; did you mean",
        ),
        ("{agent.gamma: {low: 0.5, high: 1.5}}", "toy.yaml:3:39: agent.gamma: found 1.5; allowed: at least 0"),
        ("{agent.gamma: {low: -1, high: 1}}", "toy.yaml:3:28: agent.gamma: found -1; allowed: at least 0"),
        ("{agent.batch_size: {choose: [32, none, 0]}}", "toy.yaml:3:41: agent.batch_size: found the text 'none'"),
        (
            "{agent.batch_size: {choose: [32, none, 0]}}",
            "toy.yaml:3:47: agent.batch_size: found 0; allowed: at least 1",
        ),
        (
            "{optimizer: {choose: [adam, {name: adan}]}}",
            "toy.yaml:3:43: optimizer: found optimizer 'adan'; did you mean 'adam'?",
        ),
        ("{agent.gamma: {low: 0.9, high: 0.5}}", "toy.yaml:3:39: space.agent.gamma.high: found 0.5 beside low: 0.9"),
        ("{agent.gamma: {low: 0, high: 0.5, log: true}}", "found 0 beside log: true; a logarithm needs more than 0"),
        ("{agent.gamma: {low: 0.1, high: 0.5, log: 1}}", "space.agent.gamma.log: found 1; allowed: true or false"),
        ("{agent.gamma: {low: 0, high: 0.5, step: 0.3}}", "found 0.3, which does not lead from 0 to 0.5"),
        ("{agent.batch_size: {low: 8, high: 9, step: 0.5}}", "found 0.5; the parameter is a whole number"),
        ("{agent.gamma: {low: 0}}", "toy.yaml:3:9: space.agent.gamma: found no high; allowed: {low: 1e-4"),
        ("{agent.gamma: {low: 0, hihg: 1}}", "space.agent.gamma.hihg: found 'hihg'; did you mean 'high'?"),
        ("{agent.gamma: {lo: 0, hi: 1}}", "found a map with 'lo', 'hi'; did you mean 'low'?"),
        ("{agent.gamma: 0.9}", "space.agent.gamma: found 0.9; allowed: {low: 1e-4, high: 1e-2, log: true}"),
        ("{agent.gamma: {choose: [0.9]}}", "space.agent.gamma.choose: found a list; allowed: a list of at least two"),
        ("{agent.gamma: {choose: [0.9, 0.9]}}", "space.agent.gamma.choose: found 0.9 twice"),
        ("{limits.steps: {low: 1, high: 9}}", "'limits.steps' decides what is measured; write it under set"),
        ("{seed: {low: 1, high: 9}}", "space.seed: 'seed' is set for each run; the search has seeds and test_seeds"),
        ("[]", "toy.yaml:3:8: space: found an empty list; allowed: {low:"),
    ],
)
def test_what_is_wrong_with_a_space_is_told(tmp_path: Path, space: str, told: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        checked(tmp_path, space=space)
    assert told in str(caught.value)


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ExperimentError) as caught:
        checked(
            tmp_path,
            space="{agent.gamma: {low: 0.5, high: 1.5}, agent.batch_size: {choose: [0, 8]}}",
            sampler="tpee",
        )
    assert len(caught.value.problems) == 3


def test_a_file_that_is_not_there_is_answered_with_the_nearest() -> None:
    with pytest.raises(ExperimentError, match="did you mean 'cartpole'"):
        read_tuning("cartpol")


def test_whether_a_range_is_of_whole_numbers_follows_from_the_parameter(tmp_path: Path) -> None:
    space = (
        "{agent.gamma: {low: 0, high: 1}, agent.batch_size: {low: 8, high: 1e2}, network.hidden.0: {low: 8, high: 16}}"
    )
    ranges = [one for one in checked(tmp_path, space=space).space if isinstance(one, Range)]
    assert [one.whole for one in ranges] == [False, True, True]


def test_a_whole_part_is_set_before_what_lies_within_it(tmp_path: Path) -> None:
    space = "{optimizer.learning_rate: {low: 0.1, high: 0.2}, optimizer: {choose: [sgd, {name: adam, beta_1: 0.5}]}}"
    tuning = checked(tmp_path, space=space)
    made = tuning.experiment({"optimizer.learning_rate": 0.15, "optimizer": "{name: adam, beta_1: 0.5}"}, "trial")
    told = made.resolved["optimizer"]
    assert (told["name"], told["beta_1"], told["learning_rate"]) == ("adam", 0.5, 0.15)


def test_a_grid_has_as_many_trials_as_points(tmp_path: Path) -> None:
    space = "{agent.gamma: {low: 0.5, high: 0.9, step: 0.1}, agent.batch_size: {choose: [8, 16]}}"
    assert most_trials(checked(tmp_path, space=space, sampler="grid", trials="99")) == 10
    assert most_trials(checked(tmp_path, space=space, sampler="grid", trials="4")) == 4


@pytest.mark.parametrize(
    "sampler", ["tpe", "random", "cmaes", "qmc", "nsgaii", "{name: tpe, multivariate: true, seed: 3}"]
)
def test_samplers_are_chosen_by_name(tmp_path: Path, sampler: str) -> None:
    assert checked(tmp_path, sampler=sampler).file.sampler.name in sampler


@pytest.mark.parametrize("pruner", ["none", "median", "{name: percentile, percentile: 25}", "hyperband"])
def test_pruners_are_chosen_by_name(tmp_path: Path, pruner: str) -> None:
    assert checked(tmp_path, pruner=pruner).file.pruner.name in pruner


def test_every_shipped_tuning_can_begin() -> None:
    assert shipped_tunings()
    for path in shipped_tunings().values():
        assert check_tuning(read_tuning(str(path))).space


def test_the_pages_example_can_begin(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "tuning.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "page.yaml").write_text(text, encoding="utf-8")
    assert len(check_tuning(read_tuning(str(tmp_path / "page.yaml"))).space) == 5
