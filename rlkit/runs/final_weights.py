"""The weights that a run leaves: the final ones, and the best."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rlkit.runs.best import BestWeights
from rlkit.runs.run_warnings import RunWarnings
from rlkit.runs.weights import save_weights

if TYPE_CHECKING:
    from rlkit.programs.program import Arrays


def keep_weights(
    folder: Path,
    read: Callable[[], Arrays],
    best: BestWeights,
    *,
    episode: int,
    step: int,
    update: int,
    warnings: RunWarnings,
) -> Mapping[str, Mapping[str, Any]]:
    """Write both, as far as they can be; the entries for run.json, by name.

    Args:
        folder: of the run.
        read: the variables as they are.
        best: those that were kept.
        episode: the last one that ended, -1 for none.
        step: environment steps so far.
        update: learning steps so far.
        warnings: where what could not be kept is told, and numbers that are none.
    """
    saved: dict[str, Mapping[str, Any]] = {}
    with warnings.kept("the final weights"):
        variables = read()
        broken = [name for name, value in variables.items() if not _finite(value)]
        if broken:
            more = f" and {len(broken) - 1} more variables" if len(broken) > 1 else ""
            warnings.add(f"the final weights hold numbers that are not finite, in {broken[0]}{more}")
        saved["final"] = save_weights(folder, "final", variables, {"episode": episode, "step": step, "update": update})
    if best.variables is not None:
        with warnings.kept("the best weights"):
            saved["best"] = save_weights(folder, "best", best.variables, best.facts)
    return saved


def _finite(value: Any) -> bool:
    array = np.asarray(value)
    return array.dtype.kind != "f" or bool(np.isfinite(array).all())
