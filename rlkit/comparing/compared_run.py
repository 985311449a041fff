"""One run that is compared: its folder read, and what of it no run has written refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any

import numpy as np

from rlkit.comparing.errors import ComparisonError
from rlkit.runs.curves import read_resolved
from rlkit.runs.finding import FoundRun
from rlkit.runs.reading import Episodes, RowsError, read_episodes
from rlkit.runs.statuses import STATUSES

_WHOLE, _FLAGS = np.empty(0, np.int64), np.empty(0, bool)
_KINDS: Mapping[str, tuple[type, ...]] = {
    "status": (str,), "steps": (int, float), "episodes": (int,), "seconds": (Mapping,), "versions": (Mapping,),
    "platform": (Mapping,),
}  # fmt: skip
"""Of what is read of a run.json."""
_NO_EPISODES = Episodes(_WHOLE, _WHOLE, _WHOLE, np.empty(0), _FLAGS, _FLAGS, np.empty(0), {}, "")


@dataclass(frozen=True, eq=False)
class ComparedRun:
    """A run that is over, with its episodes."""

    folder: Path
    variant: str
    task: str
    seed: int
    manifest: Mapping[str, Any]
    resolved: Mapping[str, Any]
    episodes: Episodes

    @property
    def status(self) -> str:
        """`finished`, `failed`, `interrupted` or `running`."""
        return str(self.manifest.get("status"))


def read_compared(run: FoundRun, variant: str, task: str) -> ComparedRun:
    """Read a run that was found.

    Raises:
        ComparisonError: what lies there cannot be compared.
    """
    path = run.folder / "episodes.jsonl"
    try:
        episodes = read_episodes(path)
    except FileNotFoundError:
        if run.manifest.get("status") == "finished":
            raise ComparisonError(f"run {run.run_id} cannot be compared: it has no episodes.jsonl") from None
        episodes = _NO_EPISODES  # it died before it opened the file
    except (RowsError, OSError) as error:
        raise ComparisonError(f"run {run.run_id} cannot be compared: {error}") from None
    if run.manifest.get("status") not in STATUSES:
        raise ComparisonError(f"run {run.run_id} cannot be compared: 'status' in its run.json is foreign")
    for key, kinds in _KINDS.items():
        if not isinstance(run.manifest.get(key), (*kinds, NoneType)):
            raise ComparisonError(f"run {run.run_id} cannot be compared: '{key}' in its run.json is foreign")
    if not isinstance((run.manifest.get("seconds") or {}).get("training"), (int, float, NoneType)):
        raise ComparisonError(f"run {run.run_id} cannot be compared: 'seconds' in its run.json is foreign")
    told = run.manifest.get("episodes")
    if run.manifest.get("status") == "finished" and isinstance(told, int) and len(episodes.step) < told:
        message = f"{path} has {len(episodes.step):,} of the {told:,} episodes that its run.json tells of"
        raise ComparisonError(f"run {run.run_id} cannot be compared: {message}")
    seed = run.manifest.get("seed", 0)
    return ComparedRun(run.folder, variant, task, seed, run.manifest, read_resolved(run), episodes)
