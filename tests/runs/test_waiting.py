"""What a person sees while something takes long."""

from __future__ import annotations

import io
import sys
import threading
import time

import pytest

from rlkit.runs import waiting as module
from rlkit.runs.waiting import waiting


class Stream(io.StringIO):
    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


class Broken(Stream):
    def write(self, text: str) -> int:
        raise OSError("nobody listens")


class Bare:
    """It takes text, and that is all."""

    text = ""

    def write(self, text: str) -> int:
        self.text += text
        return len(text)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", 0.02)
    monkeypatch.setattr(module, "_REDRAW_SECONDS", 0.02)
    monkeypatch.setattr(module, "_PRINTED_SECONDS", 0.06)


def seen(stream: Stream, monkeypatch: pytest.MonkeyPatch, *, seconds: float = 0.2, quiet: bool = False) -> str:
    monkeypatch.setattr(sys, "stderr", stream)
    with waiting(lambda: "step 7", quiet=quiet):
        time.sleep(seconds)
    return stream.getvalue()


def test_a_terminal_has_a_live_line_that_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    text = seen(Stream(terminal=True), monkeypatch)
    assert "\rstep 7  0 s" in text
    assert "\n" not in text
    assert text.endswith("\r" + " " * len("step 7  0 s") + "\r")


def test_elsewhere_lines_are_printed_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = seen(Stream(terminal=False), monkeypatch).splitlines()
    assert lines
    assert set(lines) == {"step 7  0 s"}


def test_what_is_over_soon_and_what_is_quiet_say_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert seen(Stream(terminal=True), monkeypatch, seconds=0.0) == ""
    assert seen(Stream(terminal=True), monkeypatch, quiet=True) == ""


def test_a_stream_that_cannot_be_written_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    seen(Broken(terminal=True), monkeypatch)
    monkeypatch.setattr(sys, "stderr", None)
    with waiting("anything"):
        pass


def test_a_stream_that_only_takes_text_is_told_once_and_raises_in_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[object] = []
    monkeypatch.setattr(threading, "excepthook", raised.append)
    monkeypatch.setattr(sys, "stderr", bare := Bare())
    with waiting("trying it out"):
        time.sleep(0.1)
    assert bare.text.startswith("trying it out  0 s\n")
    assert raised == []
