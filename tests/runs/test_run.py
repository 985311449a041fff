"""What a person is told while a run goes on."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import rlkit
from rlkit.runs import run as module


def test_an_evaluation_is_told_as_one_while_it_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    @contextlib.contextmanager
    def waiting(words: Callable[[], str] | str, *, quiet: bool) -> Iterator[None]:
        yield
        told.append(words if isinstance(words, str) else words())

    monkeypatch.setattr(module, "waiting", waiting)
    changes = ["limits.episodes=1", "evaluation.episodes=2", "recorders=[]"]
    rlkit.run(rlkit.load("cartpole_dqn", changes), out=tmp_path)
    assert told == ["preparing the programs", "greedy episode 2/2  step 0"]
