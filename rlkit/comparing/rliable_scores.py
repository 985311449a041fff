"""Scores as rliable takes them: by variant, an array of runs and tasks."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from rlkit.comparing.comparison import Comparison
from rlkit.comparing.scores import normalised, restricted


def write_scores(path: Path, comparison: Comparison) -> list[str]:
    """Write `{variant: (runs, tasks) float64}`; returns what a reader must know.

    Times are turned round, since rliable takes more for better, and a run that never got there has the horizon's. Where
    tasks have unequal numbers of runs, the first of each are taken: rliable wants equal lengths.

    Raises:
        OSError: the file cannot be written.
    """
    arrays, notes = {}, list(_notes(comparison))
    for variant in comparison.gathered.variants:
        columns = []
        for scores in comparison.of(variant):
            if comparison.measure.name == "time":
                columns.append(-restricted(scores, comparison.horizons[scores.task]))
            elif comparison.options.normalize:
                columns.append(normalised(scores, comparison.options.normalize))
            else:
                columns.append(scores.values)
        runs = min(map(len, columns))
        arrays[variant] = np.stack([column[:runs] for column in columns], axis=1)
    with zipfile.ZipFile(path, "w") as archive:  # numpy.savez takes no variant that is called `file`
        for variant, array in arrays.items():
            with archive.open(f"{variant}.npy", "w") as file:
                np.lib.format.write_array(file, array, allow_pickle=False)
    return notes


def _notes(comparison: Comparison) -> Iterator[str]:
    if comparison.measure.name == "time":
        yield "rliable takes more for better: times are written with a minus"
        lost = sum(
            int(np.sum(~one.seen & (one.values < comparison.horizons[one.task]))) for one in comparison.scores.values()
        )
        if lost:
            yield f"{lost} runs ended before the others' horizon without getting there, and are written as ending there"
    for variant in comparison.gathered.variants:
        counts = {len(scores.values) for scores in comparison.of(variant)}
        if len(counts) > 1:
            few = min(counts)
            yield f"{variant}: tasks have {few} to {max(counts)} runs; the first {few} of each are written"
