"""Streams of terminals, of services and notebooks, and those that nobody can be reached by."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from rlkit.runs.terminal import columns, is_terminal, say


class Bare:
    """What some services put in place of a stream: it can be written, and that is all."""

    text = ""

    def write(self, text: str) -> int:
        self.text += text
        return len(text)


class Full(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")


def closed() -> io.StringIO:
    stream = io.StringIO()
    stream.close()
    return stream


@pytest.mark.parametrize("stream", [None, Bare(), closed(), io.StringIO()], ids=["none", "bare", "closed", "in memory"])
def test_what_does_not_say_that_it_is_a_terminal_is_none_and_has_eighty_columns(stream: object) -> None:
    assert not is_terminal(stream)
    assert columns(stream) == 80


def test_a_file_is_no_terminal(tmp_path: Path) -> None:
    with open(tmp_path / "log", "w") as file:
        assert (is_terminal(file), columns(file)) == (False, 80)


@pytest.mark.parametrize("stream", [None, Bare(), closed(), Full()], ids=["none", "bare", "closed", "full"])
def test_what_is_said_reaches_whom_it_can_and_raises_nothing(stream: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", stream)
    say("solved")
    assert getattr(stream, "text", "solved\n") == "solved\n"
