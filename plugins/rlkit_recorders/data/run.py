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

    def __post_init__(self) -> None:
        # An environment may leave the working folder before the rows are read.
        object.__setattr__(self, "_path", Path(os.path.abspath(os.path.expanduser(self.path))))

    def open(self, spaces: Spaces) -> Recording:
        """See `RecordedData.open`. Raises ParameterError about the path."""
        from rlkit import open_rows, other_spaces  # they bring NumPy, which plugins are found without

        try:
            rows = open_rows(_newest(vars(self)["_path"]))
        except (ValueError, OSError) as error:
            raise ParameterError("path", str(error)) from error
        if other := other_spaces(rows.spaces, spaces):
            raise ParameterError("path", f"{rows.path}: {other}")
        return rows


def _newest(path: Path) -> Path:
    """The path itself, or of an experiment's folder its newest run with rows; run ids sort by age."""
    if not path.is_dir() or (path / "run.json").exists() or (path / "rows.npz").exists():
        return path
    runs = sorted(folder for folder in path.iterdir() if (folder / "rows.npz").exists())
    return runs[-1] if runs else path
