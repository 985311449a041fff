"""However a run ends, its folder says how, keeps what there is, and the person is told in a sentence."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest

from rlkit.cli.main import main

EXPERIMENT = """\
name: ends
environment: {name: gymnasium, id: rlkit-tests/Ending-v0}
agent: {name: dqn, batch_size: 8}
buffer: {name: uniform, capacity: 500}
limits: {episodes: 6}
evaluation: {episodes: 1}
recorders: []
"""


class Odd(BaseException):
    """Of a kind that nobody expects."""


class Speechless(Exception):
    """Cannot say what happened."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


def leave() -> None:
    raise SystemExit(3)


def raising(error: BaseException) -> Callable[[], None]:
    def act() -> None:
        raise error

    return act


class Ending(gymnasium.Env[Any, Any]):
    """Ten steps an episode; in the third episode something happens."""

    observation_space = gymnasium.spaces.Box(-1, 1, (3,), np.float32)
    action_space = gymnasium.spaces.Discrete(2)
    happens: Callable[[], None] = staticmethod(lambda: None)
    made: Callable[[], None] = staticmethod(lambda: None)

    def __init__(self) -> None:
        self.episode = 0
        Ending.made()

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        self.episode, self.steps = self.episode + 1, 0
        return np.zeros(3, np.float32), {}

    def step(self, action: Any) -> Any:
        self.steps += 1
        if self.episode == 3 and self.steps == 5:
            Ending.happens()
        return np.zeros(3, np.float32), 1.0, self.steps >= 10, False, {}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, dict[str, Any], Path]]:
    """Run the command with what happens; its status, run.json, and the folder."""
    if "rlkit-tests/Ending-v0" not in gymnasium.registry:
        gymnasium.register("rlkit-tests/Ending-v0", Ending)
    file = tmp_path / "ends.yaml"
    file.write_text(EXPERIMENT)
    monkeypatch.chdir(tmp_path)

    def carry_out(happens: Callable[[], None], *more: str) -> tuple[int, dict[str, Any], Path]:
        monkeypatch.setattr(Ending, "happens", staticmethod(happens))
        status = main(["run", str(file), *more])
        (folder,) = (tmp_path / "runs" / "ends").iterdir()
        manifest = json.loads((folder / "run.json").read_bytes()) if (folder / "run.json").exists() else {}
        return status, manifest, folder

    return carry_out


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (raising(ValueError("no such room")), "step raised ValueError: no such room"),
        (leave, "SystemExit: 3"),
        (raising(MemoryError()), "MemoryError"),
        (raising(asyncio.CancelledError()), "CancelledError"),
        (raising(GeneratorExit()), "GeneratorExit"),
        (raising(Odd("a lone \udc80 surrogate")), "Odd: a lone"),
        (raising(ValueError("a lone \udc80 surrogate")), "a lone \\udc80 surrogate"),
        (raising(Speechless()), "Speechless"),
        (raising(BrokenPipeError(32, "Broken pipe")), "Broken pipe"),
        (raising(RecursionError("too deep")), "too deep"),
    ],
    ids=["ValueError", "exit", "memory", "cancelled", "generator", "odd", "surrogate", "speechless", "pipe", "depth"],
)
def test_whatever_is_raised_is_a_failed_run_with_its_rows_and_weights(
    happens: Callable[[], None], said: str, run: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    status, manifest, folder = run(happens)
    told = capsys.readouterr().err
    assert status == 1
    assert manifest["status"] == "failed"
    assert manifest["episodes"] == len((folder / "episodes.jsonl").read_text().splitlines()) == 2
    assert said.encode(errors="backslashreplace").decode() in manifest["stop_reason"]
    assert "rlkit: error: " in told
    assert "Traceback" not in told
    assert (folder / "error.txt").exists()
    assert (folder / "checkpoints" / "final.npz").exists()
    assert not (folder / ".reserve").exists()


def test_interrupt_keeps_everything_and_says_so(run: Callable[..., Any]) -> None:
    status, manifest, folder = run(raising(KeyboardInterrupt()))
    assert (status, manifest["status"], manifest["episodes"]) == (130, "interrupted", 2)
    assert (folder / "checkpoints" / "final.npz").exists()


@pytest.mark.parametrize("when", ["in a step", "when it is made"])
def test_a_changed_working_folder_changes_nothing(
    when: str, run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    if when != "in a step":
        monkeypatch.setattr(Ending, "made", staticmethod(lambda: os.chdir(elsewhere)))
    status, manifest, folder = run(lambda: os.chdir(elsewhere))
    assert (status, manifest["status"], manifest["episodes"]) == (0, "finished", 6)
    assert (folder / "checkpoints" / "final.npz").exists()
    assert not list(elsewhere.iterdir())


def test_a_folder_that_goes_away_is_named(
    run: Callable[..., Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def remove() -> None:
        for folder in (tmp_path / "runs" / "ends").iterdir():
            shutil.rmtree(folder)
            folder.mkdir()  # so that the test finds it

    status, manifest, _ = run(remove)
    told = capsys.readouterr()
    assert status == 0 or "cannot write" in told.err
    assert manifest["status"] == "finished"


def test_a_folder_that_is_gone_at_the_end_is_a_sentence(
    run: Callable[..., Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def remove() -> None:
        for folder in (tmp_path / "runs" / "ends").iterdir():
            shutil.rmtree(folder)
            folder.write_text("in its place")

    status, _, _ = run(remove)
    told = capsys.readouterr().err
    assert status == 1
    assert "cannot write" in told
    assert "Traceback" not in told
