"""Verdicts of a study whose seeds come in batches until they are decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from rlkit.comparing.looks import Looks
from rlkit.comparing.measures import Measure
from rlkit.comparing.scores import Scores, restricted
from rlkit.comparing.verdict import Verdict
from rlkit.statistics.sequential import sequential_p

Numbers = npt.NDArray[np.float64]


def held_together(
    verdicts: Sequence[Verdict],
    scores: Mapping[tuple[str, str], Scores],
    tasks: Sequence[str],
    horizons: Mapping[str, float],
    measure: Measure,
    looks: Looks,
) -> list[Verdict]:
    """The verdicts of each pair with p-values that hold however often one has looked, all pairs together (Bonferroni).

    Over several tasks only the verdict over all of them: a seed's scores are averaged over the tasks, each in units of
    its spread over the first batch, which no later look changes.
    """
    wanted = [verdict for verdict in verdicts if verdict.task is None or len(tasks) == 1]
    found = []
    for verdict in wanted:
        known = [[_by_seed(scores[name, task], horizons, measure) for task in tasks] for name in (verdict.a, verdict.b)]
        first = looks.batches()[0]
        units = [
            _spread([one[seed] for one in pair for seed in first if seed in one]) for pair in zip(*known, strict=True)
        ]
        ours, theirs = (_by_batch(one, units, looks) for one in known)
        both = [(x, y) for x, y in zip(ours, theirs, strict=True) if len(x) and len(y)]
        p = sequential_p([x for x, _ in both], [y for _, y in both], looks.count) if both else 1.0
        found.append(replace(verdict, p=p, adjusted_p=min(1.0, p * len(wanted)), in_looks=True))
    return [replace(verdict, more_seeds=None) if verdict.decided else verdict for verdict in found]


def _by_seed(one: Scores, horizons: Mapping[str, float], measure: Measure) -> dict[int, float]:
    values = restricted(one, horizons[one.task]) if measure.name == "time" else one.values
    return dict(zip(one.seeds, values.tolist(), strict=True))


def _spread(values: Sequence[float]) -> float:
    return float(np.std(values)) or 1.0 if len(values) else 1.0


def _by_batch(tasks: Sequence[Mapping[int, float]], units: Sequence[float], looks: Looks) -> list[Numbers]:
    """The scores of each batch's seeds, as far as all tasks have them."""
    return [
        np.array(
            [
                np.mean([task[seed] / unit for task, unit in zip(tasks, units, strict=True)])
                for seed in batch
                if all(seed in task for task in tasks)
            ]
        )
        for batch in looks.batches()
    ]
