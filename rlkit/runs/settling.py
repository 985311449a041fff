"""A run's end as its folder tells it, and the end of a run whose own process was not left to write it down."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from rlkit.experiment.experiment import Experiment
from rlkit.runs.atomic import WriteError
from rlkit.runs.folder import RunFolder
from rlkit.runs.manifest import manifest_of
from rlkit.runs.reading import read_rows
from rlkit.runs.result import Result


def settle(folder: RunFolder, experiment: Experiment, status: str, reason: str) -> Result:
    """The result of a run that is over. Where nobody has written down its end, `status` and `reason` become it.

    Counts are then those of its rows: what came after the last whole episode is lost. A file system that refuses is
    forgiven: the result says what the folder could not be told.
    """
    folder.make_room()
    told = _manifest(folder.path) or manifest_of(experiment).to_dict()
    if told["status"] == "running":
        told |= {"status": status, "stop_reason": reason, "partial": True, **_counts(folder.path)}
        with contextlib.suppress(WriteError):
            folder.write_manifest(told)
            if status == "failed":
                folder.write_error(reason + "\n")
    return _result(folder.path, told)


def _manifest(folder: Path) -> dict[str, Any] | None:
    try:
        told = json.loads((folder / "run.json").read_bytes())
    except FileNotFoundError:
        return None
    assert isinstance(told, dict)
    return told


def _counts(folder: Path) -> dict[str, int]:
    steps = [row["step"] for row in _rows(folder, "episodes")]
    updates = [row["update"] for row in _rows(folder, "metrics")]
    return {"episodes": len(steps), "steps": steps[-1] if steps else 0, "updates": updates[-1] if updates else 0}


def _rows(folder: Path, name: str) -> list[dict[str, Any]]:
    path = folder / f"{name}.jsonl"
    return read_rows(path).rows if path.exists() else []


def _result(folder: Path, told: Mapping[str, Any]) -> Result:
    episodes, evaluations = _rows(folder, "episodes"), _rows(folder, "evaluation")
    return Result(
        folder=folder,
        seed=told["seed"],
        status=told["status"],
        stop_reason=told["stop_reason"],
        solved=told["solved"],
        episodes=told["episodes"],
        steps=told["steps"],
        updates=told["updates"],
        steps_per_second=told["steps_per_second"],
        seconds=told["seconds"],
        returns=np.array([row["return"] for row in episodes], np.float64),
        lengths=np.array([row["length"] for row in episodes], np.int64),
        terminated=np.array([row["terminated"] for row in episodes], np.bool_),
        truncated=np.array([row["truncated"] for row in episodes], np.bool_),
        evaluation=tuple(evaluations[-1]["returns"]) if evaluations else (),
        loop=told["loop"],
        backends={name: choice["backend"] for name, choice in told["backends"].items()},
        programs=told.get("programs", ""),
        warnings=tuple(told["warnings"]),
        data=told.get("data", {}),
        rows=told.get("rows", {}),
    )
