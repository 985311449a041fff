"""The command on a short run of CartPole; TensorFlow is imported once."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gymnasium
import imageio.v2 as imageio
import numpy as np
import pytest

from rlkit.cli.main import main
from rlkit.experiment.experiment import Experiment
from rlkit.runs import evaluating
from rlkit.runs.reading import read_rows
from rlkit.runs.weights import load_weights, save_weights

SHORT = ["--set", "limits.episodes=30", "--set", "evaluation.episodes=3", "--set", "evaluation.every=300"]
RECORDERS = ["--set", "recorders=[csv,{name: video, format: gif}]"]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of runs with one run, of seed 4, evaluated and filmed on its way."""
    folder = tmp_path_factory.mktemp("runs")
    assert main(["run", "cartpole_dqn", "--seed", "4", "--quiet", "--out", str(folder), *SHORT, *RECORDERS]) == 0
    return folder


@pytest.fixture(scope="module", autouse=True)
def _prepared_once() -> Iterator[None]:
    """Building and converting an agent takes seconds; each evaluation writes all of its variables anyway."""
    prepare, prepared = evaluating._prepared, {}

    def once(experiment: Experiment) -> Any:
        if experiment.seed not in prepared:
            prepared[experiment.seed] = prepare(experiment)
        return prepared[experiment.seed]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluating, "_prepared", once)
        yield


@pytest.fixture
def run(out: Path) -> Path:
    (found,) = (out / "cartpole_dqn").iterdir()
    return found


def evaluated(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["evaluate", *arguments, "--json"]) == 0
    content: dict[str, Any] = json.loads(capsys.readouterr().out)
    return content


def test_final_weights_repeat_the_runs_own_last_evaluation(
    out: Path, run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = evaluated(capsys, "last", "--out", str(out), "--episodes", "3", "--weights", "final")
    own = read_rows(run / "evaluation.jsonl").rows[-1]
    assert (found["returns"], found["lengths"]) == (own["returns"], own["lengths"])
    assert found["mean"] == pytest.approx(np.mean(own["returns"]))
    assert found["standard_deviation"] == pytest.approx(np.std(own["returns"]))
    assert (found["minimum"], found["maximum"]) == (min(own["returns"]), max(own["returns"]))
    assert (found["seed"], found["experiment"], found["weights"]["name"]) == (4, "cartpole_dqn", "final")


def test_best_weights_are_taken_unless_asked_otherwise_and_repeat_the_best_evaluation(
    out: Path, run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = evaluated(capsys, "cartpole_dqn", "--out", str(out), "--episodes", "3")
    best = max(read_rows(run / "evaluation.jsonl").rows, key=lambda row: sum(row["returns"]))
    assert found["weights"]["name"] == "best"
    assert found["returns"] == best["returns"]


def test_another_seed_plays_other_episodes(out: Path, run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = evaluated(capsys, str(run), "--episodes", "3")
    other = evaluated(capsys, str(run), "--episodes", "3", "--seed", "1000")
    assert other["seed"] == 1000
    assert other["lengths"] != own["lengths"]


def test_people_get_a_table_and_a_video_of_the_first_two_episodes(
    out: Path, run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unseen = evaluated(capsys, "last", "--out", str(out), "--episodes", "3")
    video = tmp_path / "agent.mp4"
    assert main(["evaluate", "last", "--out", str(out), "--episodes", "3", "--video", str(video)]) == 0
    title, weights, total, _, header, *rows, _, last = capsys.readouterr().out.splitlines()
    assert title == f"cartpole_dqn, run {run.name}: 3 greedy episodes, seed 4"
    assert weights.startswith("weights     best, saved at step ")
    assert total.startswith(f"return      mean {unseen['mean']:.2f}, standard deviation ")
    assert header.split() == ["episode", "return", "length"]
    assert [int(row.split()[2]) for row in rows] == unseen["lengths"]  # looking changes nothing
    assert last == f"video       {video}"
    with imageio.get_reader(video) as frames:
        assert frames.get_meta_data()["fps"] == gymnasium.spec("CartPole-v1").make().metadata["render_fps"]
        pictures = list(frames.iter_data())
    assert len(pictures) == sum(length + 1 for length in unseen["lengths"][:2])
    assert pictures[0].shape == (400, 600, 3)
    assert any((picture != pictures[0]).any() for picture in pictures)
    assert [path.name for path in tmp_path.iterdir()] == ["agent.mp4"]


@pytest.mark.filterwarnings("ignore:no fast renderer available")
def test_a_video_lies_where_it_was_asked_for_though_the_environment_leaves_the_working_folder(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    load = evaluating.load

    def leaving(*given: Any, **named: Any) -> Experiment:
        os.chdir(tmp_path / "elsewhere")
        return load(*given, **named)

    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(evaluating, "load", leaving)
    assert evaluated(capsys, str(run), "--episodes", "1", "--video", "agent.gif")["video"] == "agent.gif"
    assert (tmp_path / "agent.gif").exists()


def test_a_window_shows_the_episodes(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pygame = pytest.importorskip("pygame")
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    shown: list[Any] = []
    monkeypatch.setattr(pygame.display, "flip", lambda: shown.append(pygame.display.get_surface().get_size()))
    monkeypatch.setattr(pygame.time, "Clock", type("Clock", (), {"tick": lambda self, fps: None}))
    found = evaluated(capsys, "last", "--out", str(out), "--episodes", "1", "--render")
    assert shown == [(600, 400)] * (found["lengths"][0] + 1)


@pytest.mark.parametrize("display", ["offscreen", None])
def test_without_a_display_a_sentence_says_so(
    out: Path, display: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pygame = pytest.importorskip("pygame")
    monkeypatch.delenv("SDL_VIDEODRIVER", raising=False)
    if display is None:

        def no_display() -> None:
            raise pygame.error("No available video device")

        monkeypatch.setattr(pygame.display, "init", no_display)
    else:
        monkeypatch.setattr(pygame.display, "get_driver", lambda: display)
    assert main(["evaluate", "last", "--out", str(out), "--render"]) == 2
    assert "rlkit: error: " in (message := capsys.readouterr().err)
    assert "no window can be opened" in message or "there is no display" in message
    assert len(message.strip().splitlines()) == 1


def test_a_video_recorder_films_each_evaluation(run: Path) -> None:
    rows = read_rows(run / "evaluation.jsonl").rows
    assert len(rows) > 1
    videos = sorted((run / "videos").iterdir())
    assert [video.name for video in videos] == [f"step{row['step']:09d}.gif" for row in rows]
    with imageio.get_reader(videos[0]) as frames:
        assert 0 < len(frames) <= rows[0]["lengths"][0] + 1  # a GIF joins equal frames
    assert json.loads((run / "run.json").read_text())["warnings"] == []
    assert len((run / "progress.csv").read_text().splitlines()) == 31


def test_filming_changes_no_result_and_is_no_training_time(run: Path, tmp_path: Path) -> None:
    arguments = ["run", "cartpole_dqn", "--seed", "4", "--quiet", "--out", str(tmp_path), *SHORT]
    assert main([*arguments, "--set", "recorders=[]"]) == 0
    (plain,) = (tmp_path / "cartpole_dqn").iterdir()

    def rows(folder: Path) -> list[dict[str, Any]]:
        return [{**row, "seconds": 0} for row in read_rows(folder / "episodes.jsonl").rows]

    assert rows(plain) == rows(run)
    filmed = json.loads((run / "run.json").read_text())
    assert filmed["seconds"]["evaluation"] > filmed["seconds"]["training"]
    assert filmed["mean_return"] == pytest.approx(np.mean([row["return"] for row in rows(run)]))
    last = read_rows(run / "evaluation.jsonl").rows[-1]
    assert filmed["mean_evaluation"] == pytest.approx(np.mean(last["returns"]))


def test_a_recorder_that_needs_frames_is_refused_before_a_run_without_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Blind(gymnasium.Env[Any, Any]):
        observation_space = gymnasium.spaces.Box(-1, 1, (2,), np.float32)
        action_space = gymnasium.spaces.Discrete(2)

    gymnasium.register("RlkitBlind-v0", Blind)
    try:
        arguments = ["--set", "environment.id=RlkitBlind-v0", "--set", "recorders=[video]", "--out", str(tmp_path)]
        assert main(["run", "cartpole_dqn", *arguments]) == 2
    finally:
        del gymnasium.registry["RlkitBlind-v0"]
    assert "a recorder needs frames, and there are none: " in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_weights_of_another_agent_are_refused(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(run, copy)
    saved = load_weights(copy / "checkpoints" / "best.npz")
    first, *others = saved.variables
    save_weights(
        copy, "best", {first: np.zeros((3, 3)), **{name: saved.variables[name] for name in others}}, saved.facts
    )
    assert main(["evaluate", str(copy)]) == 2
    message = capsys.readouterr().err
    assert f"do not fit: they hold {first} of shape (3, 3), and the agent that its experiment.yaml makes" in message
    save_weights(copy, "best", {name: saved.variables[name] for name in others}, saved.facts)
    assert main(["evaluate", str(copy)]) == 2
    assert f"they hold no {first}, and" in capsys.readouterr().err


def test_damaged_or_missing_weights_are_told_in_a_sentence(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(run, copy)
    file = copy / "checkpoints" / "best.npz"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert main(["evaluate", str(copy)]) == 2
    assert "does not match the SHA-256" in capsys.readouterr().err
    told = json.loads((copy / "run.json").read_text())
    (copy / "run.json").write_text(json.dumps({**told, "weights": {"final": told["weights"]["final"]}}))
    assert main(["evaluate", str(copy), "--weights", "best"]) == 2
    assert "kept no best weights; it kept final" in capsys.readouterr().err
    (copy / "run.json").write_text(json.dumps({**told, "weights": {}, "status": "running"}))
    assert main(["evaluate", str(copy)]) == 2
    assert "has no weights: it is still running, or was killed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lst"], "did you mean 'last'?"),
        (["last", "--episodes", "0"], "found '0'; allowed: a whole number, at least 1"),
        (["last", "--video", "agent.avi"], "a video ends in .mp4 or .gif"),
        (["last", "--video", "nowhere/agent.gif"], "there is no folder nowhere"),
    ],
)
def test_what_cannot_be_done_exits_2(
    out: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", *arguments, "--out", str(out)]) == 2
    assert message in capsys.readouterr().err


def test_an_environment_that_fails_exits_1(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from gymnasium.envs.classic_control import CartPoleEnv

    def step(self: Any, action: Any) -> Any:
        raise OSError("the simulator went away")

    monkeypatch.setattr(CartPoleEnv, "step", step)
    assert main(["evaluate", str(run)]) == 1
    message = capsys.readouterr().err
    assert "environment CartPole-v1, episode 0, step 0: step raised OSError: the simulator went away" in message
    assert "Traceback" not in message
