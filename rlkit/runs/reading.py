"""Reading a run's rows back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rlkit.contracts.events import EPISODE_KEYS
from rlkit.experiment.regular_files import read_bytes

if TYPE_CHECKING:
    import numpy.typing as npt


class RowsError(ValueError):
    """A file of rows that is damaged elsewhere than at its end."""


class RowsRead(NamedTuple):
    """The rows of one file."""

    rows: list[dict[str, Any]]
    torn: str
    """The unfinished last line, left by a process that was killed while writing; empty if there is none."""


class Episodes(NamedTuple):
    """episodes.jsonl as arrays, each (episodes,)."""

    episode: npt.NDArray[np.int64]
    step: npt.NDArray[np.int64]
    """Environment steps when the episode had ended."""
    length: npt.NDArray[np.int64]
    returns: npt.NDArray[np.float64]
    terminated: npt.NDArray[np.bool_]
    truncated: npt.NDArray[np.bool_]
    seconds: npt.NDArray[np.float64]
    reports: Mapping[str, npt.NDArray[np.float64]]
    """What components reported, by name; NaN where a row has none."""
    torn: str
    """The unfinished last line; empty if there is none."""


def read_rows(path: Path) -> RowsRead:
    """The rows of a .jsonl file of a run folder, in order.

    Raises:
        RowsError: a line before the last is no JSON object.
        OSError: the file cannot be read.
    """
    rows: list[dict[str, Any]] = []
    lines = read_bytes(path).splitlines(keepends=True)
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
        except ValueError:  # of JSON or of UTF-8
            row = None
        if isinstance(row, dict):
            rows.append(row)
        elif number == len(lines) and not line.endswith(b"\n"):
            return RowsRead(rows, line.decode(errors="replace"))
        else:
            raise RowsError(f"{path}:{number}: this line is no JSON object; the file was damaged after it was written")
    return RowsRead(rows, "")


def read_episodes(path: Path) -> Episodes:
    """episodes.jsonl as arrays. Raises RowsError for damaged or foreign rows, and OSError."""
    rows, torn = read_rows(path)
    for number, row in enumerate(rows, start=1):
        if missing := set(EPISODE_KEYS) - row.keys():
            raise RowsError(f"{path}:{number}: this row has no {', '.join(sorted(missing))}; it is no episode of a run")

    def column(key: str, dtype: type) -> npt.NDArray[Any]:
        if dtype is np.float64:
            return np.array([np.nan if row.get(key) is None else row[key] for row in rows], dtype)
        return np.array([row[key] for row in rows], dtype)

    names = dict.fromkeys(key for row in rows for key in row if key not in EPISODE_KEYS)
    try:
        return Episodes(
            episode=column("episode", np.int64),
            step=column("step", np.int64),
            length=column("length", np.int64),
            returns=column("return", np.float64),
            terminated=column("terminated", np.bool_),
            truncated=column("truncated", np.bool_),
            seconds=column("seconds", np.float64),
            reports={name: column(name, np.float64) for name in names},
            torn=torn,
        )
    except (TypeError, ValueError, OverflowError) as error:
        raise RowsError(f"{path}: a value has the wrong type: {error}") from error
