"""The command end to end, on CartPole with small limits.

Where a process of its own is not the point, the command is called within this one: TensorFlow is imported once.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.envs.classic_control import CartPoleEnv

from rlkit.cli.main import main
from rlkit.runs.reading import read_episodes, read_rows
from rlkit.runs.weights import load_weights

SMALL = ["cartpole_dqn", "--set", "limits.episodes=12", "--set", "evaluation.episodes=1"]
COMMAND = [sys.executable, "-m", "rlkit", "run"]


class Failing(gymnasium.Env[Any, Any]):
    """Raises in its third episode, at the second step."""

    observation_space = CartPoleEnv().observation_space  # with programs that other tests have converted
    action_space = gymnasium.spaces.Discrete(2)
    episode, length = 0, 0

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        self.episode, self.length = self.episode + 1, 0
        return np.zeros(4, np.float32), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        self.length += 1
        if (self.episode, self.length) == (3, 2):
            raise OSError("the simulator went away")
        return np.zeros(4, np.float32), 1.0, self.length == 5, False, {}


@pytest.fixture(scope="module", autouse=True)
def _failing() -> Iterator[None]:
    gymnasium.register("RlkitFailing-v0", Failing)
    yield
    del gymnasium.registry["RlkitFailing-v0"]


def only(folder: Path) -> Path:
    """The one run below a folder of runs."""
    (experiment,) = folder.iterdir()
    (run,) = experiment.iterdir()
    return run


def rows(run: Path) -> list[dict[str, Any]]:
    """The episodes' rows without their time."""
    return [
        {key: value for key, value in row.items() if key != "seconds"} for row in read_rows(run / "episodes.jsonl").rows
    ]


def manifest(run: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((run / "run.json").read_text())
    return content


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], str, Path]:
    """A run in a process of its own, its standard error a terminal: the process, what the terminal saw, the run."""
    import pty

    out = tmp_path_factory.mktemp("runs")
    ours, theirs = pty.openpty()
    seen: list[bytes] = []

    def read() -> None:
        while True:
            try:
                seen.append(os.read(ours, 4096))
            except OSError:  # the other end is closed
                return

    reader = threading.Thread(target=read)
    reader.start()
    done = subprocess.run(
        [*COMMAND, *SMALL, "--out", str(out)], stdout=subprocess.PIPE, stderr=theirs, text=True, check=False
    )
    os.close(theirs)
    reader.join()
    os.close(ours)
    return done, b"".join(seen).decode(), only(out)


def test_a_run_to_its_limit_exits_0_and_says_that_it_did_not_solve(
    finished: tuple[subprocess.CompletedProcess[str], str, Path],
) -> None:
    done, _, run = finished
    assert done.returncode == 0
    first, second, third, *_ = done.stdout.splitlines()
    assert first == f"cartpole_dqn: dqn on CartPole-v1, seed 1, in {run}"
    assert re.fullmatch(r"not solved +.*12 episodes", second)
    assert third.strip().startswith("12 episodes, ")
    assert done.stdout.splitlines()[-1].split() == ["picture", str(run / "learning_curve.png")]


def test_a_terminal_shows_one_live_line_and_nothing_else(
    finished: tuple[subprocess.CompletedProcess[str], str, Path],
) -> None:
    _, seen, _ = finished
    drawn = seen.removeprefix("\r").removesuffix("\r\n").split("\r")
    # On a slow machine the line says first what takes long, and is then wiped.
    drawn = [line for line in drawn if line.strip() and not line.startswith("preparing the programs")]
    assert all(line.startswith("episode ") for line in drawn), seen
    assert drawn[-1].startswith("episode 12  step ")  # 80 columns: the short form
    assert "\n" not in "".join(drawn)


def test_the_run_folder_holds_what_is_documented(
    finished: tuple[subprocess.CompletedProcess[str], str, Path],
) -> None:
    _, _, run = finished
    assert {path.name for path in run.iterdir()} == {
        "run.json",
        "experiment.yaml",
        "episodes.jsonl",
        "metrics.jsonl",
        "evaluation.jsonl",
        "checkpoints",
        "learning_curve.png",
        "policy.tflite",
    }
    episodes = read_episodes(run / "episodes.jsonl")
    about = manifest(run)
    assert (about["status"], about["solved"], about["episodes"], about["steps"]) == (
        "finished",
        False,
        12,
        int(episodes.length.sum()),
    )
    assert episodes.step.tolist() == np.cumsum(episodes.length).tolist()
    assert np.allclose(episodes.reports["epsilon"], 0.995 ** np.arange(12), atol=1e-6)
    assert about["seconds"]["training"] > 0
    # Seconds are rounded to milliseconds, of which twelve short episodes take only a few.
    assert about["steps"] / about["steps_per_second"] == pytest.approx(about["seconds"]["training"], abs=0.0006)
    assert set(about["backends"]) == {"learner", "selection"}
    assert {plugin["plugin"] for plugin in about["plugins"]} == {"rlkit_dqn", "rlkit_gymnasium", "rlkit_recorders"}
    assert all(re.fullmatch(r"[0-9a-f]{64}", plugin["digest"]) for plugin in about["plugins"])
    (evaluation,) = read_rows(run / "evaluation.jsonl").rows
    assert len(evaluation["returns"]) == 1


def test_the_final_weights_are_those_that_the_manifest_names(
    finished: tuple[subprocess.CompletedProcess[str], str, Path],
) -> None:
    _, _, run = finished
    final = manifest(run)["weights"]["final"]
    weights = load_weights(run / final["file"])
    assert weights.facts["step"] == manifest(run)["steps"]
    assert all(np.isfinite(value).all() for value in weights.variables.values())
    assert weights.variables


def test_the_same_seed_gives_the_same_rows_and_weights_and_the_resolved_file_is_enough(
    finished: tuple[subprocess.CompletedProcess[str], str, Path], tmp_path: Path
) -> None:
    _, _, run = finished
    assert main(["run", str(run / "experiment.yaml"), "--quiet", "--out", str(tmp_path)]) == 0
    again = only(tmp_path)
    assert rows(again) == rows(run)
    assert (again / "experiment.yaml").read_text() == (run / "experiment.yaml").read_text()
    assert manifest(again)["weights"]["final"]["sha256"] == manifest(run)["weights"]["final"]["sha256"]


def test_a_solved_run_says_so_and_quiet_says_little_and_another_seed_differs(
    finished: tuple[subprocess.CompletedProcess[str], str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["run", *SMALL, "--seed", "2", "--set", "stop.threshold=1", "--quiet", "--out", str(tmp_path)]
    assert main(arguments) == 0
    captured = capsys.readouterr()
    run = only(tmp_path)
    assert captured.err == ""
    assert captured.out.startswith("solved      mean return")
    assert captured.out.splitlines()[-1] == f"folder      {run}"
    labels = [line.split(" ")[0] for line in captured.out.splitlines()]
    assert [label for label in labels if label] == ["solved", "warning", "folder"]
    assert "nothing was learned" in captured.out
    assert manifest(run)["solved"] is True
    assert manifest(run)["seed"] == 2
    assert len(rows(run)) == manifest(run)["episodes"] == 1
    assert rows(run) != rows(finished[2])[:1]


def test_ctrl_c_stops_cleanly_keeps_everything_and_exits_130(tmp_path: Path) -> None:
    endless = ["cartpole_dqn", "--set", "stop.threshold=1000000", "--set", "limits={episodes: 1000000, seconds: 180}"]
    recorders = ["--set", "recorders=[{name: progress, every: 5}]"]
    process = subprocess.Popen(
        [*COMMAND, *endless, *recorders, "--out", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert process.stderr.readline().startswith("episode 5/")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    run = only(tmp_path)
    about, episodes = manifest(run), read_episodes(run / "episodes.jsonl")
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "\ninterrupted " in out
    assert about["status"] == "interrupted"
    assert about["episodes"] == len(episodes.length) >= 5
    assert 0 <= about["steps"] - episodes.length.sum() < 500
    assert episodes.torn == ""
    assert load_weights(run / about["weights"]["final"]["file"]).facts["step"] == about["steps"]


def test_an_environment_that_fails_exits_1_and_keeps_what_was_recorded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", *SMALL, "--set", "environment.id=RlkitFailing-v0", "--out", str(tmp_path)]) == 1
    captured = capsys.readouterr()
    run = only(tmp_path)
    message = captured.err.splitlines()[-2]
    for part in ("RlkitFailing-v0", "episode 2", "step 1", "OSError", "the simulator went away"):
        assert part in captured.err
    assert "Traceback" not in captured.err
    assert str(run) in captured.err.splitlines()[-1]
    assert manifest(run)["status"] == "failed"
    assert manifest(run)["stop_reason"] in message
    assert [row["length"] for row in rows(run)] == [5, 5]
    error = (run / "error.txt").read_text()
    own, everything = error.split("Traceback (most recent call last)", 1)
    assert 'raise OSError("the simulator went away")' in own
    assert "OSError: the simulator went away" in everything


def test_a_place_where_no_run_can_be_kept_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "runs").write_text("")
    assert main(["run", *SMALL, "--out", str(tmp_path / "runs")]) == 2
    assert capsys.readouterr().err == (
        f"rlkit: error: cannot make a run folder in {tmp_path / 'runs'}: {tmp_path / 'runs'} is a file\n"
    )


def test_a_ring_that_no_memory_could_hold_exits_2_before_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", *SMALL, "--set", "buffer.capacity=100000000000", "--out", str(tmp_path)]) == 2
    assert re.search(r"needs [\d.]+ GiB of memory, and ", capsys.readouterr().err)
    assert list(tmp_path.iterdir()) == []


def test_an_experiment_that_is_wrong_exits_2_without_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "cartpole_dqn", "--set", "agent.gama=0.9", "--out", str(tmp_path)]) == 2
    assert "gamma" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_help_explains_by_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--help"]) == 0
    text = capsys.readouterr().out
    for part in ("--seed N", "--set KEY=VALUE", "--out DIR", "rlkit run cartpole_dqn --seed 3", "exit status"):
        assert part in text
