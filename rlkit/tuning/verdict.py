"""Whether the winner beats the base on the test seeds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rlkit.runs.folder import RunFolder
from rlkit.runs.settling import settle
from rlkit.studies.folder import read_plan
from rlkit.studies.plan import Plan
from rlkit.tuning.search import Search


def verdict(search: Search, plan: Plan) -> Iterator[str]:
    """Lines for people."""
    scores: dict[str, dict[int, float]] = {"base": {}, "best": {}}
    experiments = {cell.variant: cell.experiment for cell in plan.cells}
    for state in read_plan(search.folder)[1]:
        if state.state == "finished" and state.folder:
            result = settle(RunFolder(search.folder / state.folder), experiments[state.variant], "finished", "")
            score = search.tuning.measure.score(result)
            if score is not None:
                scores[state.variant][state.seed] = score
    both = sorted(scores["base"].keys() & scores["best"].keys())
    base = np.array([scores["base"][seed] for seed in both])
    best = np.array([scores["best"][seed] for seed in both])
    draws = np.random.default_rng(0).integers(0, len(both), (10_000, len(both)))
    ratio = best[draws].mean(1) / base[draws].mean(1)
    low, high = np.quantile(ratio, [0.025, 0.975])
    yield f"verdict     ratio {best.mean() / base.mean():.3f} ({low:.3f} to {high:.3f}), {len(both)} seeds each"
