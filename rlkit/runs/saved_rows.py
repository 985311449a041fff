"""The rows that a run leaves: `rows.npz`, and `rows.json`, which says what they are and has their SHA-256."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rlkit.experiment.experiment import Experiment
from rlkit.replay.saved_rows import FILE, write_rows
from rlkit.runs.atomic import atomic_file, write_atomically
from rlkit.runs.plain_json import json_page

if TYPE_CHECKING:
    from rlkit.replay.ring import Ring


def keep_rows(folder: Path, ring: Ring, experiment: Experiment) -> Mapping[str, Any]:
    """Save what a ring holds; the entry for run.json. The rows are written first, what they are after them.

    Raises:
        WriteError: the file system refused.
    """
    path = folder / FILE
    with atomic_file(path) as file:
        manifest = write_rows(file, ring, experiment.spaces)
    origin = {"experiment": experiment.name, "seed": experiment.seed, "environment": experiment.resolved["environment"]}
    write_atomically(path.with_suffix(".json"), json_page({**manifest, "from": origin}))
    return {name: manifest[name] for name in ("file", "sha256", "rows", "environments")}
