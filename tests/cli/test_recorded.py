"""Learning from recorded data, by the command: rows are saved, learned from alone or first, and refused where wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from rlkit import open_rows
from rlkit.cli.main import main
from rlkit.runs.reading import read_rows
from tests.replay.test_saved_rows import with_arrays

DQN = ["cartpole_dqn", "--set", "evaluation.episodes=1", "--set", "recorders=[]", "--set", "stop=[]"]
ALONE = ["--set", "collects=false", "--set", "limits={updates: 150, steps_per_episode: 1000}"]


def run_in(out, *arguments):
    """The status, and the run's folder."""
    status = main(["run", *DQN, "--out", str(out), *arguments])
    (folder,) = (out / "cartpole_dqn").iterdir()
    return status, folder, json.loads((folder / "run.json").read_text())


def data(path):
    return ["--set", f"data={{name: run, path: {path}}}"]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A run of 300 steps that saved its rows."""
    status, folder, told = run_in(
        tmp_path_factory.mktemp("recorded"), "--set", "limits.steps=300", "--set", "save_rows=true"
    )
    assert status == 0
    assert told["rows"] == {
        "file": "rows.npz",
        "sha256": json.loads((folder / "rows.json").read_text())["sha256"],
        "rows": 300,
        "environments": 1,
    }
    return folder


def test_saved_rows_are_the_steps_that_were_taken(recorded):
    rows = open_rows(recorded)
    read = rows.read(0, 300)
    episodes = read_rows(recorded / "episodes.jsonl").rows
    ends = np.flatnonzero(read.terminated | read.truncated)
    assert ends.tolist() == [episode["step"] - 1 for episode in episodes]
    follows = np.setdiff1d(np.arange(299), ends)
    np.testing.assert_array_equal(read.next_observation[follows], read.observation[follows + 1])
    assert json.loads((recorded / "rows.json").read_text())["from"]["environment"]["id"] == "CartPole-v1"


def test_nothing_but_recorded_rows_is_learned_from(recorded, tmp_path, capsys):
    status, folder, told = run_in(tmp_path, *data(recorded), *ALONE, "--set", "evaluation.every=60")
    assert status == 0
    assert (told["steps"], told["episodes"], told["updates"], told["loop"]) == (0, 0, 150, "stepwise")
    assert told["data"] == {
        "name": "run",
        "rows": 300,
        "of": 300,
        "collects": False,
        "file": str(recorded / "rows.npz"),
        "sha256": json.loads((recorded / "rows.json").read_text())["sha256"],
    }
    evaluations = read_rows(folder / "evaluation.jsonl").rows
    assert [row["update"] for row in evaluations] == [60, 120, 150]
    assert not read_rows(folder / "episodes.jsonl").rows
    assert [row["update"] for row in read_rows(folder / "metrics.jsonl").rows] == list(range(15, 151, 15))
    assert told["weights"]["best"]["by"] == "evaluation"
    said = capsys.readouterr().out
    assert "learned from 300 recorded rows alone; no step was taken" in " ".join(said.split())
    assert "updates/s" in said
    assert main(["evaluate", str(folder), "--episodes", "1", "--weights", "final"]) == 0
    assert "weights     final, saved at update 150" in capsys.readouterr().out


def test_the_same_seed_learns_the_same(recorded, tmp_path):
    weights = [
        run_in(tmp_path / name, *data(recorded), *ALONE)[2]["weights"]["final"]["sha256"] for name in ("one", "other")
    ]
    assert weights[0] == weights[1]


def test_stop_criteria_are_asked_after_evaluations(recorded, tmp_path):
    stop = "stop={name: mean_return, window: 2, threshold: 1}"
    _, _, told = run_in(tmp_path, *data(recorded), *ALONE, "--set", "evaluation.every=50", "--set", stop)
    assert (told["solved"], told["updates"]) == (True, 50)
    assert "mean return of the last 1 episodes is" in told["stop_reason"]


def test_recorded_rows_are_the_buffer_s_first(recorded, tmp_path, capsys):
    """Learning begins with the first step, since as many rows as it asks for are there."""
    more = ["--set", "limits.steps=5", "--set", "save_rows=true"]
    status, folder, told = run_in(tmp_path, *data(recorded.parent), *more)
    assert status == 0 and told["updates"] == 2 and told["steps"] == 5
    assert (told["data"]["rows"], told["data"]["of"], told["data"]["collects"]) == (300, 300, True)
    assert "300 recorded rows were the first in the buffer" in " ".join(capsys.readouterr().out.split())
    before, now = open_rows(recorded).read(0, 300), open_rows(folder).read(0, 305)
    np.testing.assert_array_equal(now.observation[:300], before.observation)
    assert now.truncated[299] or now.terminated[299]  # nothing follows the last recorded row


def test_rows_of_another_environment_are_warned_of(recorded, tmp_path):
    """At the line of the data; and the run keeps it."""
    wrapped = ["--set", "environment.wrappers=[{name: reward_scale, factor: 0.5}]"]
    words = "with wrappers: none, where this experiment has \\[{name: reward_scale, factor: 0.5}\\]"
    with pytest.warns(UserWarning, match=f"--set 'data=.*: data: the rows were recorded in another env.*{words}"):
        assert main(["check", *DQN, *data(recorded), *ALONE, *wrapped]) == 0
    with pytest.warns(UserWarning, match=words):
        _, _, told = run_in(tmp_path, *data(recorded), *ALONE, *wrapped)
    assert [warning for warning in told["warnings"] if "data: the rows were recorded in another env" in warning]


def test_a_compiled_environment_is_hosted(recorded, tmp_path, capsys):
    world = ["--set", "environment={name: compiled, id: CartPole-v1}"]
    assert main(["check", *DQN, *data(recorded), *world]) == 0
    assert "stepwise: it learns from recorded data, which the ring of a compiled" in capsys.readouterr().out
    assert main(["check", *DQN, "--set", "save_rows=true", *world]) == 0
    assert "stepwise: its rows are saved" in capsys.readouterr().out
    assert run_in(tmp_path, *data(recorded), *ALONE, *world)[0] == 0


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--set", "collects=false"], "found false without data, so there is nothing to learn from"),
        (["DATA", "--set", "collects=false"], "limits: found no limits.updates; without steps"),
        (
            ["DATA", *ALONE, "--set", "buffer.capacity=299"],
            "found 299; allowed: at least 300, the rows of data",
        ),
        (
            ["DATA", *ALONE, "--set", "agent.learning_starts=301"],
            "learning begins with 301 stored steps; allowed: at most 300",
        ),
        (["DATA", "--set", "environment.id=Acrobot-v1"], "found observations that are a float32 array of shape (4,)"),
        (
            ["DATA", "--set", "environment.id=Acrobot-v1"],
            "allowed: a float32 array of shape (6,), as the environment has",
        ),
        (
            ["DATA", *ALONE, "--set", "environment.wrappers=[normalize_observations]"],
            "found normalization, whose running statistics are counted while the agent acts",
        ),
        (
            ["DATA", *ALONE, "--set", "agent.gamma={name: linear, start: 0.9, end: 0.99}"],
            "'linear' goes with the steps of the run, and none is taken (collects: false)",
        ),
        (
            ["DATA", *ALONE, "--set", "agent.gamma={name: linear, start: 0.9, end: 0.99, over: 9, by: episode}"],
            "agent.gamma.by: 'linear' counts episodes and would stand still, since no step is taken (collects: false); "
            "allowed: by: update",
        ),
        (
            ["DATA", *ALONE, "--set", "optimizer.learning_rate={name: exponential, start: 0.01, decay: 0.9}"],
            "optimizer.learning_rate.by: 'exponential' counts steps and would stand still",
        ),
        (["DATA", *ALONE, "--set", "limits.steps=9"], "limits.steps=9: found 9, which is never reached, since no step"),
        (["DATA", *ALONE, "--set", "limits.episodes=9"], "found 9, which is never reached, since no step is taken"),
        (
            ["DATA", *ALONE, "--set", "stop={name: max_steps, steps: 9}"],
            "'max_steps' goes by steps and would never be met",
        ),
        (
            ["DATA", *ALONE, "--set", "bootstrap=expected_sarsa"],
            "exploration: 'epsilon_greedy' goes by episodes and would stand still, since no step is taken (collects: "
            "false), and targets follow what it does",
        ),
        (
            ["DATA", *ALONE, "--set", "head={name: ensemble, p: 0.5}", "--set", "exploration=bootstrapped"],
            "head.p: found 0.5, with which each step is stored with a mask of the members that learn from it",
        ),
        (
            ["--set", "data={name: run, path: /nowhere/rows.npz}"],
            "/nowhere/rows.npz: no such file or folder",
        ),
        (["--set", "data={name: runn, path: a}"], "did you mean 'run'?"),
        (["--set", "data=run"], "'run' needs 'path' (str)"),
        (["--set", "collects=maybe"], "found the text 'maybe'; allowed: bool"),
    ],
)
def test_what_does_not_fit_is_told(recorded, capsys, given, words):
    arguments = [part for one in given for part in (data(recorded) if one == "DATA" else [one])]
    assert main(["check", *DQN, *arguments]) == 2
    assert words in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    "given",
    [
        ["--set", "agent.gamma={name: linear, start: 0.9, end: 0.99, over: 9, by: update}"],
        ["--set", "bootstrap=expected_sarsa", "--set", "exploration={name: epsilon_greedy, start: 0.1, end: 0.1}"],
        ["--set", "bootstrap=sarsa"],
    ],
)
def test_what_does_not_wait_for_steps_fits(recorded, given):
    assert main(["check", *DQN, *data(recorded), *ALONE, *given]) == 0


def test_an_agent_that_learns_from_its_own_rollouts_is_refused(recorded, capsys):
    assert main(["check", "cartpole_pqn", *data(recorded)]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "agent: learns from rollouts of its own steps, which recorded data is not; allowed beside data" in told


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows, _: rows.write_bytes(rows.read_bytes()[:-50]), "does not match the SHA-256 in rows.json"),
        (with_arrays(reward=np.full(300, np.nan, np.float32)), "'run': row 0: reward: found nan; allowed: finite"),
        (with_arrays(action=np.full(300, 2, np.int32)), "'run': row 0: action: found 2; allowed: 0 to 1"),
        (with_arrays(reward=np.full(300, None, object)), "reward.npy holds object, which is no number"),
    ],
    ids=["cut", "NaN", "action", "pickled"],
)
def test_damaged_rows_end_a_run_before_it_begins(recorded, tmp_path, capsys, change, words):
    for name in ("rows.npz", "rows.json"):
        shutil.copy(recorded / name, tmp_path)
    change(tmp_path / "rows.npz", tmp_path / "rows.json")
    out = tmp_path / "runs"
    assert main(["run", *DQN, *data(tmp_path), *ALONE, "--out", str(out)]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert words in told and "data" in told and "Traceback" not in told


def test_an_agent_that_stores_its_state_is_refused(recorded, capsys):
    world = ["--set", "environment=gymnasium", "--set", "environment.id=CartPole-v1"]
    assert main(["check", "tmaze_r2d2", *world, *data(recorded)]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "agent: agent r2d2 stores the network's state with each of its own steps, which recorded data lacks" in told


def test_check_tries_learning_from_data_alone(recorded, capsys):
    assert main(["check", *DQN, *data(recorded), *ALONE, "--play"]) == 0
    assert "learned 100 times from 300 recorded rows" in capsys.readouterr().out


def test_of_a_run_without_steps_evaluations_are_drawn_by_update_and_nothing_by_step(recorded, tmp_path, capsys):
    _, folder, _ = run_in(
        tmp_path,
        *data(recorded),
        *ALONE,
        "--set",
        "evaluation.every=60",
        "--set",
        "recorders=[learning_curve, progress]",
    )
    assert (folder / "learning_curve.png").exists()
    picture = tmp_path / "plot.svg"
    assert main(["plot", str(folder), "--y", "evaluation", "--x", "update", "-o", str(picture)]) == 0
    assert picture.exists() and Path(picture).stat().st_size > 0
    for asked, missing in (([], "--y return"), (["--x", "update"], "--y return"), (["--y", "loss"], "--x step")):
        assert main(["plot", str(folder), *asked, "-o", str(picture)]) == 2
        told = " ".join(capsys.readouterr().err.split())
        assert (
            f"took no steps (collects: false), so there is no {missing}; by --x update it has --y evaluation, " in told
        )
        assert "loss" in told


def test_returns_are_not_drawn_by_update(recorded, tmp_path, capsys):
    assert main(["plot", str(recorded), "--x", "update", "-o", str(tmp_path / "plot.svg")]) == 2
    assert "episodes are not recorded by update" in capsys.readouterr().err


def test_a_bonus_that_counts_while_acting_is_refused_without_steps(recorded, capsys):
    assert main(["check", *DQN, *ALONE, *data(recorded), "--set", "bonus=hash_counts"]) == 2
    assert "'hash_counts' counts what is met while the agent acts, and no step is taken" in capsys.readouterr().err


def test_a_rollout_is_not_saved(capsys):
    assert main(["check", "cartpole_pqn", "--set", "save_rows=true"]) == 2
    assert "save_rows=true: found true, and 'pqn' stores no more than its last rollout" in capsys.readouterr().err


def test_the_kept_file_knows_its_data(recorded, tmp_path, capsys):
    """It repeats the run, and tells if other rows lie where they lay."""
    moved = tmp_path / "moved"
    shutil.copytree(recorded, moved)
    _, folder, told = run_in(tmp_path / "out", *ALONE, *data(moved))
    kept = folder / "experiment.yaml"
    assert told["data"]["sha256"] in kept.read_text()
    assert main(["check", str(kept)]) == 0
    with_arrays(reward=np.zeros(300, np.float32))(moved / "rows.npz", moved / "rows.json")
    assert main(["check", str(kept)]) == 2
    assert f"data.sha256: found other rows: those of {moved}/rows.npz have" in capsys.readouterr().err
    assert main(["check", str(kept), "--set", "data.sha256=null"]) == 0


def test_check_looks_whether_rows_are_whole(recorded, tmp_path, capsys):
    for name in ("rows.npz", "rows.json"):
        shutil.copy(recorded / name, tmp_path)
    assert main(["check", *DQN, *data(tmp_path)]) == 0
    with (tmp_path / "rows.npz").open("r+b") as file:
        file.seek(2000)
        file.write(b"damage")
    assert main(["check", *DQN, *data(tmp_path)]) == 2
    assert "rows.npz does not match the SHA-256 in rows.json" in capsys.readouterr().err


def test_a_run_is_evaluated_when_its_data_is_gone(recorded, tmp_path):
    moved = tmp_path / "moved"
    shutil.copytree(recorded, moved)
    status, folder, _ = run_in(tmp_path / "out", *ALONE, *data(moved))
    assert status == 0
    shutil.rmtree(moved)
    assert main(["evaluate", str(folder), "--episodes", "1"]) == 0
