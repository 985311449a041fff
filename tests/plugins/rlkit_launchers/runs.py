"""Runs for launchers to carry out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import rlkit
from rlkit.experiment.experiment import Experiment
from rlkit.runs.orders import OrderQueue, Wanted


def brief() -> Experiment:
    """An experiment of a few steps."""
    return rlkit.load("cartpole_dqn", ["name=brief", "limits.episodes=3", "evaluation.episodes=0", "recorders=[]"])


def endless() -> Experiment:
    """One that goes on until somebody ends it; three minutes at most."""
    limits = "limits={steps_per_episode: 100, seconds: 180}"
    return rlkit.load("cartpole_dqn", ["name=endless", "stop.threshold=1000000", limits, "recorders=[]"])


def queue_of(out: Path, *experiments: Experiment) -> OrderQueue:
    """A run of each, with the seeds 0, 1, 2, …"""
    queue = OrderQueue()
    for seed, experiment in enumerate(experiments):
        queue.add(Wanted(experiment, seed, out))
    return queue


def when(condition: Callable[[], bool], act: Callable[[], object], seconds: float = 120.0) -> None:
    """Do something as soon as something holds, while the test goes on."""

    def watch() -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                return
            time.sleep(0.05)
        act()

    threading.Thread(target=watch, daemon=True).start()


def goes_on(folder: Path, count: int = 1) -> Callable[[], bool]:
    """Whether so many runs below a folder have rows."""

    def found() -> bool:
        return sum(path.stat().st_size > 0 for path in folder.rglob("episodes.jsonl")) >= count

    return found
