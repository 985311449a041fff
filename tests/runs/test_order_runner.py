"""Carrying out what was ordered."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

import rlkit
from rlkit import Order, Problem
from rlkit.experiment.resolved import to_yaml
from rlkit.runs import order_runner


def test_what_is_wrong_with_the_file_is_answered_as_such_and_can_be_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        class Local(Exception):
            """Of a class that the other process cannot import."""

        from rlkit.experiment.errors import ExperimentError
        from rlkit.experiment.errors import Problem as Found

        raise ExperimentError(Found("toy.yaml:4:1", "optimizer", "its value at step 0 is -1", Local()))

    monkeypatch.setattr(order_runner, "carry_out", refuse)
    order = Order(to_yaml(rlkit.load("cartpole_dqn").resolved), "toy.yaml", 0, tmp_path)
    ended = pickle.loads(pickle.dumps(order_runner.order_runner()(order)))
    assert ended.problems == (Problem("toy.yaml:4:1", "optimizer", "its value at step 0 is -1"),)
    assert not ended.died
