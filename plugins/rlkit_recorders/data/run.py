"""Rows that a run saved."""

from __future__ import annotations

import os
from pathlib import Path

from rlkit import ParameterError, Recording, Spaces, component, parameter


@component
class RunData:
    """The rows that a run with `save_rows: true` left: what its buffer held at its end."""

    path: str = parameter(
        doc="a run's folder, its rows.npz, or an experiment's folder (`runs/cartpole_record`), whose newest run with "
        "saved rows counts"
    )

    sha256: str | None = parameter(
        default=None,
        doc="SHA-256 of the rows, as their rows.json states it, without which they are refused; the experiment.yaml "
        "that a run keeps has it",
    )

    def __post_init__(self) -> None:
        # An environment may leave the working folder before the rows are read.
        object.__setattr__(self, "_path", Path(os.path.abspath(os.path.expanduser(self.path))))

    def open(self, spaces: Spaces) -> Recording:
        """See `RecordedData.open`. Raises ParameterError about the path."""
        from rlkit import open_rows, other_spaces  # they bring NumPy, which plugins are found without

        folders = _newest_first(vars(self)["_path"])
        try:
            rows = open_rows(folders[0])
            if self.sha256 is not None:
                rows = next((found for found in map(open_rows, folders) if found.sha256 == self.sha256), rows)
        except (ValueError, OSError) as error:
            raise ParameterError("path", str(error)) from error
        if self.sha256 not in (None, rows.sha256):
            raise ParameterError(
                "sha256",
                f"found other rows: those of {rows.path} have {rows.sha256}, and {self.sha256} is asked for; allowed: "
                "the path of those that have it, or null for what lies there now",
            )
        if other := other_spaces(rows.spaces, spaces):
            raise ParameterError("path", f"{rows.path}: {other}")
        return rows


def _newest_first(path: Path) -> list[Path]:
    """The path itself, or of an experiment's folder its runs with rows; run ids sort by age."""
    if not path.is_dir() or (path / "run.json").exists() or (path / "rows.npz").exists():
        return [path]
    runs = sorted((folder for folder in path.iterdir() if (folder / "rows.npz").exists()), reverse=True)
    return runs or [path]
