from __future__ import annotations

import io
import re
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from rlkit import EpisodeEnded, EvaluationEnded, ParameterError, RunEnded, RunView
from rlkit_recorders.progress import EvaluationLines, LiveLine, PrintedLines, ProgressLine

ENDED = RunEnded(status="finished", reason="", solved=True, episodes=1, steps=4, updates=1, seconds=0.1)


def run(**changes: Any) -> RunView:
    values: dict[str, Any] = {"experiment": "cartpole", "run_id": "1", "seed": 0, "folder": Path(), "resolved": {}}
    return RunView(**{**values, "limits": {"episodes": 2000}, **changes})


def episode(number: int, episode_return: float = 20.0, **changes: Any) -> EpisodeEnded:
    values: dict[str, Any] = {
        "episode": number,
        "step": 20 * (number + 1),
        "update": number,
        "length": 20,
        "episode_return": episode_return,
        "terminated": True,
        "truncated": False,
        "seconds": 0.01 * (number + 1),
        "reports": {"epsilon": 0.995},
        "describe": lambda: "mean of last 50: 20.0 of 225",
    }
    return EpisodeEnded(**{**values, **changes})


def stream(encoding: str = "utf-8") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True)


def written(target: io.TextIOWrapper) -> str:
    buffer = target.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode(target.encoding)


def test_without_a_terminal_a_line_is_printed_every_hundred_episodes(capsys: pytest.CaptureFixture[str]) -> None:
    working = ProgressLine().start(run())
    assert isinstance(working, PrintedLines)
    for number in range(250):
        working.episode_ended(episode(number, float(number)))
    working.run_ended(ENDED)
    captured = capsys.readouterr()
    lines = captured.err.splitlines()
    assert captured.out == ""
    assert "\r" not in captured.err
    assert [line.split("  ")[0] for line in lines] == ["episode 100/2,000", "episode 200/2,000", "episode 250/2,000"]
    assert lines[1].split("  ")[1:5] == [
        "step 4,000",
        "return 199",
        "mean of last 100: 149.5",
        "mean of last 50: 20.0 of 225",
    ]
    assert lines[1].endswith("2,000 steps/s")
    assert "return 249" in lines[2]


class Bare:
    """A stream of a service's: it takes text, and that is all."""

    text = ""

    def write(self, text: str) -> int:
        self.text += text
        return len(text)


@pytest.mark.parametrize("terminal", [False, True])
def test_a_stream_that_only_takes_text_serves(terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", bare := Bare())
    working: Any = ProgressLine(every=1).start(run(terminal=terminal))
    working.episode_ended(episode(0))
    working.run_ended(ENDED)
    assert "return 20" in bare.text and "epsilon 0.995" in bare.text
    assert bare.text.endswith("\n")


def test_where_there_is_no_stream_it_takes_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", None)
    assert ProgressLine().start(run()) is None


def test_the_last_episode_is_not_printed_twice(capsys: pytest.CaptureFixture[str]) -> None:
    working = ProgressLine(every=10).start(run())
    assert isinstance(working, PrintedLines)
    for number in range(20):
        working.episode_ended(episode(number))
    working.run_ended(ENDED)
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_a_run_without_an_episode_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    for terminal in (False, True):
        working = ProgressLine().start(run(terminal=terminal))
        assert working is not None
        working.run_ended(ENDED)
    assert capsys.readouterr().err == ""


def test_quiet_is_quiet() -> None:
    assert ProgressLine().start(run(quiet=True, terminal=True)) is None


def test_a_terminal_gets_one_line_redrawn_at_most_ten_times_a_second() -> None:
    target = stream()
    working = LiveLine(run(terminal=True), target)
    began = time.monotonic()
    for number in range(20_000):
        working.episode_ended(episode(number))
    working.run_ended(ENDED)
    seconds = time.monotonic() - began
    text = written(target)
    assert 2 <= text.count("\r") <= 10 * seconds + 2
    assert text.count("\n") == 1
    assert text.endswith("\n")


def test_the_live_line_ends_with_the_last_episode_and_fits_the_terminal() -> None:
    target = stream()
    working = LiveLine(run(terminal=True), target)
    working.episode_ended(episode(0, describe=lambda: "a very long status " * 10))
    working.episode_ended(episode(292, 431.0, step=117_222, seconds=7.3))
    working.run_ended(ENDED)
    first, last = written(target).removeprefix("\r").split("\r")
    assert len(first) == 79
    assert len(last.rstrip("\n")) == 79  # the first line is covered
    assert (
        last.strip()
        == ("episode 293  step 117,222  return 431  mean of last 50: 20.0 of 225  ε 0.995  16,058/s")[:79].strip()
    )


@pytest.mark.parametrize(("encoding", "said"), [("utf-8", "ε 0.995"), ("ascii", "epsilon 0.995")])
def test_epsilon_is_spelt_out_where_the_letter_cannot_be_written(encoding: str, said: str) -> None:
    target = stream(encoding)
    PrintedLines(run(), 1, target).episode_ended(episode(0))
    assert said in written(target)


def test_without_a_limit_or_a_status_neither_is_shown() -> None:
    target = stream()
    PrintedLines(run(limits={}), 1, target).episode_ended(episode(0, describe=str, reports={}, seconds=0.0))
    assert re.fullmatch(r"episode 1  step 20  return 20  mean of last 1: 20\.0\n", written(target))


def test_every_is_at_least_one() -> None:
    with pytest.raises(ParameterError, match="every"):
        ProgressLine(every=0)


def test_a_run_without_steps_has_a_line_for_each_evaluation(capsys: pytest.CaptureFixture[str]) -> None:
    working = ProgressLine().start(run(resolved={"collects": False}, limits={"updates": 2000}, terminal=True))
    assert isinstance(working, EvaluationLines)
    working.evaluation_ended(EvaluationEnded(0, 0, 1000, (10.0, 21.0), (10, 21), 0.1))
    EvaluationLines(run(limits={}), sys.stderr).evaluation_ended(EvaluationEnded(0, 0, 5, (3.0,), (3,), 0.1))
    assert capsys.readouterr().err.splitlines() == [
        "update 1,000/2,000  mean of 2 greedy episodes: 15.5",
        "update 5  mean of 1 greedy episode: 3.0",
    ]
