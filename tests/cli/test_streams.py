"""Streams of commands: whoever listens, they can be written."""

from __future__ import annotations

import pytest

from rlkit.cli.streams import Listened, listened_streams


class Bare:
    """What a service may put in place of a stream: it takes text, and that is all."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text
        return len(text)


class Full:
    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")


def test_a_stream_that_only_takes_text_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    output, errors = Bare(), Bare()
    monkeypatch.setattr("sys.stdout", output)
    monkeypatch.setattr("sys.stderr", errors)
    with listened_streams():
        print("solved", flush=True)
    assert (output.text, errors.text) == ("solved\n", "")


def test_a_stream_that_cannot_be_written_falls_silent_and_says_why() -> None:
    listened = Listened(Full())
    assert listened.write("solved") == 6
    assert listened.write("folder") == 6
    assert isinstance(listened.error, OSError)
    assert not listened.isatty()
