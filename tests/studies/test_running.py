"""A study runs what is left of its plan, and keeps how each run stands."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rlkit
from rlkit import Ended, Interrupts, Order, Orders
from rlkit.studies.folder import StudyFolder
from rlkit.studies.plan import Plan, plan_of
from rlkit.studies.plan_file import StudyError, read_plan
from rlkit.studies.reading import read_study
from rlkit.studies.running import Progress, run_study

TEXT = """
base: cartpole_dqn_compiled
set: {limits.steps: 300, recorders: [], evaluation.episodes: 0, stop: []}
variants: {a: {}, b: {agent.gamma: 0.9}}
seeds: 2
"""


class Elsewhere:
    """Brings back a run that was made before, for every order; the first are lost."""

    def __init__(self, made: Path, lost: int = 0) -> None:
        self.made, self.lost, self.took = made, lost, list[Order]()

    def launch(self, orders: Orders, jobs: int | None, interrupts: Interrupts) -> Iterator[Ended]:
        """See `rlkit.Launcher`."""
        before = None
        while not interrupts.count and (order := orders.take(before)) is not None:
            self.took.append(order)
            before = order
            if len(self.took) <= self.lost:
                yield Ended(order, "its machine was lost", died=True)
            else:
                shutil.copytree(self.made, order.folder, dirs_exist_ok=True)
                yield Ended(order)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real run."""
    experiment = rlkit.load("cartpole_dqn", ["limits.steps=40", "recorders=[]", "evaluation.episodes=0", "stop=[]"])
    return rlkit.run(experiment, out=tmp_path_factory.mktemp("runs")).folder


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "toy.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def run(plan: Plan, out: Path, launcher: Elsewhere, *, again: bool = False) -> Progress:
    folder = StudyFolder(out)
    with folder.held():
        folder.take_up(plan, again=again)
        return run_study(plan, folder, launcher, jobs=1, debug=False, told=lambda *_: None)


def states(out: Path) -> list[tuple[str, int, str, int]]:
    return [(run.variant, run.seed, run.state, run.attempts) for run in read_plan(out)[1]]


def test_everything_runs_once_and_what_is_done_is_not_run_again(text: Path, made: Path, tmp_path: Path) -> None:
    plan, launcher = plan_of(read_study(str(text))), Elsewhere(made)
    run(plan, tmp_path / "toy", launcher)
    assert states(tmp_path / "toy") == [(variant, seed, "finished", 1) for seed in (0, 1) for variant in ("a", "b")]
    assert [order.seed for order in launcher.took] == [0, 1, 0, 1]  # a's programs are ready for its next seed
    again = Elsewhere(made)
    run(plan, tmp_path / "toy", again)
    assert not again.took
    more = plan_of(read_study(str(text)), seeds=(1, 2))
    run(more, tmp_path / "toy", again)
    assert [order.seed for order in again.took] == [2, 2]
    back = Elsewhere(made)
    run(plan, tmp_path / "toy", back)
    assert not back.took  # the seeds between were kept


def test_the_resolved_study_is_the_same_study(text: Path, made: Path, tmp_path: Path) -> None:
    plan = plan_of(read_study(str(text)))
    run(plan, tmp_path / "toy", Elsewhere(made))
    resolved = plan_of(read_study(str(tmp_path / "toy")))
    assert [planned.digest for planned in resolved.runs()] == [planned.digest for planned in plan.runs()]
    assert [cell.experiment.name for cell in resolved.cells] == [cell.experiment.name for cell in plan.cells]


def test_a_lost_run_is_made_once_more_and_then_has_failed(text: Path, made: Path, tmp_path: Path) -> None:
    plan = plan_of(read_study(str(text)))
    run(plan, tmp_path / "once", Elsewhere(made, lost=1))
    assert states(tmp_path / "once")[0] == ("a", 0, "finished", 2)
    run(plan, tmp_path / "twice", Elsewhere(made, lost=2))
    assert states(tmp_path / "twice")[0] == ("a", 0, "failed", 2)
    assert read_plan(tmp_path / "twice")[1][0].reason == "its machine was lost"
    left = Elsewhere(made)
    run(plan, tmp_path / "twice", left)
    assert not left.took
    run(plan, tmp_path / "twice", left, again=True)
    assert states(tmp_path / "twice")[0] == ("a", 0, "finished", 1)


def test_a_changed_experiment_is_run_anew_and_the_old_run_is_kept(text: Path, made: Path, tmp_path: Path) -> None:
    run(plan_of(read_study(str(text))), tmp_path / "toy", Elsewhere(made))
    changed = text.with_name("changed.yaml")
    changed.write_text(TEXT.replace("0.9}", "0.8}"), encoding="utf-8")
    launcher = Elsewhere(made)
    run(plan_of(read_study(str(changed), name="toy")), tmp_path / "toy", launcher)
    assert {order.folder.parent.name for order in launcher.took} == {"b"}
    assert len(json.loads((tmp_path / "toy" / "plan.json").read_bytes())["others"]) == 2


def test_a_run_that_was_left_running_counts_as_its_own_folder_tells(text: Path, made: Path, tmp_path: Path) -> None:
    plan, out = plan_of(read_study(str(text))), tmp_path / "toy"
    run(plan, out, Elsewhere(made))
    told = json.loads((out / "plan.json").read_bytes())
    for row in told["runs"][:2]:
        row["state"] = "running"
    lost = out / told["runs"][1]["folder"] / "run.json"
    lost.write_text(json.dumps({**json.loads(lost.read_bytes()), "status": "running"}), encoding="utf-8")
    (out / "plan.json").write_text(json.dumps(told), encoding="utf-8")
    launcher = Elsewhere(made)
    run(plan, out, launcher)
    assert [(order.folder.parent.name, order.seed) for order in launcher.took] == [("b", 0)]


def test_a_finished_run_that_has_lost_its_episodes_is_made_again(text: Path, made: Path, tmp_path: Path) -> None:
    plan, launcher = plan_of(read_study(str(text))), Elsewhere(made)
    run(plan, tmp_path / "toy", launcher)
    first, second, *_ = (tmp_path / "toy" / str(state.folder) for state in read_plan(tmp_path / "toy")[1])
    (first / "episodes.jsonl").unlink()
    rows = (second / "episodes.jsonl").read_text().splitlines(keepends=True)
    (second / "episodes.jsonl").write_text("".join(rows[:-1]))
    launcher.took.clear()
    run(plan, tmp_path / "toy", launcher)
    assert len(launcher.took) == 2
    assert [state for _, _, state, _ in states(tmp_path / "toy")] == ["finished"] * 4


@pytest.mark.parametrize("batches", [(2, 2, 2), (None, None, None), (2, None, None), (None, 2, 2)])
def test_more_seeds_after_the_last_look_are_remembered(
    batches: tuple[int | None, ...], text: Path, made: Path, tmp_path: Path
) -> None:
    for count, batch in zip((2, 4, 4), batches, strict=True):
        folder = StudyFolder(tmp_path / "toy")
        folder.batch = batch
        plan = plan_of(read_study(str(text)), tuple(range(count)))
        with folder.held():
            folder.take_up(plan, again=False)
            run_study(plan, folder, Elsewhere(made), jobs=1, debug=False, told=lambda *_: None)
    assert read_plan(tmp_path / "toy")[0]["extended"] == [2]


def test_looks_hold_for_a_later_plan_that_does_not_ask_for_them(text: Path, made: Path, tmp_path: Path) -> None:
    for batch in (2, None):
        folder = StudyFolder(tmp_path / "toy")
        folder.batch = batch
        plan = plan_of(read_study(str(text)), tuple(range(4)))
        with folder.held():
            folder.take_up(plan, again=False)
            run_study(plan, folder, Elsewhere(made), jobs=1, debug=False, told=lambda *_: None)
    told = read_plan(tmp_path / "toy")[0]
    assert (told["batch"], told["extended"]) == (2, [])


def test_an_environments_own_module_belongs_to_what_determines_a_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RLKIT_ALLOW_IMPORTS", "1")
    monkeypatch.syspath_prepend(str(tmp_path))
    module = tmp_path / "poles_of_my_own.py"
    text = "import gymnasium\nif 'MyPole-v0' not in gymnasium.registry:\n    gymnasium.register('MyPole-v0', %s)\n"
    module.write_text(text % "'gymnasium.envs.classic_control:CartPoleEnv', max_episode_steps=50")
    (tmp_path / "toy.yaml").write_text(
        "base: cartpole_dqn\nset: {environment: {name: gymnasium, id: 'poles_of_my_own:MyPole-v0'}}\nseeds: 1\n"
    )

    def digest() -> str:
        (run,) = plan_of(read_study(str(tmp_path / "toy.yaml"))).runs()
        return run.digest

    before = digest()
    assert digest() == before
    module.write_text(module.read_text() + "# another\n")
    assert digest() != before


def test_two_programs_do_not_run_one_study(text: Path, made: Path, tmp_path: Path) -> None:
    folder = StudyFolder(tmp_path / "toy")
    with folder.held(), pytest.raises(StudyError, match=r"another program \(process \d+\) runs the study"):
        run(plan_of(read_study(str(text))), tmp_path / "toy", Elsewhere(made))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "is damaged: it is no JSON"),
        ("[]", "does not describe a study"),
        ('{"format": 2, "runs": []}', "has format 2; this version of rlkit reads format 1"),
        ('{"format": 1, "runs": [{"seed": 1}]}', "is damaged: a run in it lacks a key"),
    ],
)
def test_a_plan_that_cannot_be_read_is_refused(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "plan.json").write_text(content, encoding="utf-8")
    with pytest.raises(StudyError, match=told):
        read_plan(tmp_path)


def test_a_plan_names_no_folder_outside_its_own(text: Path, made: Path, tmp_path: Path) -> None:
    run(plan_of(read_study(str(text))), tmp_path / "toy", Elsewhere(made))
    file = tmp_path / "toy" / "plan.json"
    told: dict[str, Any] = json.loads(file.read_bytes())
    told["runs"][0]["folder"] = "../elsewhere"
    file.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(StudyError, match="is foreign"):
        read_plan(tmp_path / "toy")
