"""Runs, scores and studies whose numbers a test has chosen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rlkit.comparing.compared_run import ComparedRun
from rlkit.comparing.measures import Measure
from rlkit.comparing.runs import Gathered
from rlkit.comparing.scores import Scores
from rlkit.runs.reading import Episodes

TIME = Measure("time", "step", 1.0, 1)
FINAL = Measure("final", "step", None, 1)


def run(
    seed: int = 0,
    returns: Sequence[float] = (0.0, 1.0, 2.0, 3.0),
    *,
    variant: str = "a",
    task: str = "one",
    length: int = 10,
    seconds: float = 0.5,
    status: str = "finished",
    stop: Any = (),
    **manifest: Any,
) -> ComparedRun:
    """A run whose episodes all have one length."""
    count = len(returns)
    at, flags = np.arange(1, count + 1), np.zeros(count, bool)
    episodes = Episodes(
        at - 1, length * at, np.full(count, length), np.asarray(returns, float), flags, flags, seconds * at, {}, ""
    )
    told = {"status": status, "steps": length * count, "seed": seed, **manifest}
    resolved = {"name": variant, "seed": seed, "environment": {"id": task}, "stop": list(stop)}
    return ComparedRun(Path(f"{variant}-{task}-{seed}"), variant, task, seed, told, resolved, episodes)


def gathered(*runs: ComparedRun) -> Gathered:
    """All of them, in their order."""
    variants, tasks = dict.fromkeys(one.variant for one in runs), dict.fromkeys(one.task for one in runs)
    return Gathered("", runs, tuple(variants), tuple(tasks), {}, ())


def scores(variant: str, values: Any, seen: Any = True, *, task: str = "one", first: int = 0) -> Scores:
    """Scores of seeds from `first` on; times where some are not `seen`."""
    values = np.asarray(values, float)
    runs = tuple(run(first + place, variant=variant, task=task) for place in range(len(values)))
    return Scores(variant, task, runs, (), values, np.broadcast_to(np.asarray(seen, bool), values.shape).copy())
