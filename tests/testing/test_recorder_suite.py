from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rlkit import EpisodeEnded, RunEnded, RunView, component, parameter
from rlkit.testing import RecorderSuite

shared: list[Working] = []


@component
class Broken:
    """Does what `how` says."""

    how: str = parameter(default="", doc="what is wrong")

    def start(self, run: RunView) -> Any:
        if self.how == "one object for all runs":
            shared.append(Working(self.how, run))
            return shared[0]
        return object() if self.how == "hears nothing" else Working(self.how, run)


class Working:
    def __init__(self, how: str, run: RunView) -> None:
        self.how, self.run, self.last = how, run, None

    def episode_ended(self, event: EpisodeEnded) -> None:
        self.last = event
        if self.how == "writes where it stands":
            Path("returns.txt").write_text(str(event.episode_return))
        if self.how == "writes beside the folder":
            (self.run.folder.parent / "all.txt").write_text(str(event.episode_return))
        if self.how == "is never silent":
            print("episode", file=sys.stderr)

    def run_ended(self, event: RunEnded) -> None:
        if self.how == "needs an episode":
            print(self.last.step)


@pytest.mark.parametrize(
    ("how", "test", "words"),
    [
        ("needs an episode", "hears_a_run_without_raising", ("AttributeError", "in its run_ended", "test_recorder_s")),
        ("hears nothing", "hears_a_run_without_raising", ("recorder Broken hears nothing",)),
        ("writes where it stands", "writes_only_inside_the_run_folder", ("found here/returns.txt outside it",)),
        ("writes beside the folder", "writes_only_inside_the_run_folder", ("runs/conformance/all.txt",)),
        ("is never silent", "is_silent_when_asked_to_be", ("no output in a quiet run", "episode")),
    ],
)
def test_broken_recorder_is_told_what_is_wrong(
    how: str, test: str, words: tuple[str, ...], sentence: Callable[..., str]
) -> None:
    message = sentence(RecorderSuite, Broken(how=how), f"test_it_{test}")
    assert all(word in message for word in words), message


def test_runs_that_share_a_recorder_are_found(sentence: Callable[..., str]) -> None:
    message = sentence(RecorderSuite, Broken(how="one object for all runs"), "test_two_runs_do_not_meet")
    assert message.endswith("a working recorder of its own for every run; found the same object twice")
