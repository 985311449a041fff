"""Rows that a run saved: `rows.npz`, a ring as it was at the run's end, and `rows.json`, which says what it is.

Nothing read here can run code: arrays are read without pickle, and only what the manifest describes is accepted.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rlkit.caching.array_files import UNREADABLE, ArraysError, map_member, members_of, write_arrays
from rlkit.contracts.demand import Sampling
from rlkit.contracts.recorded_data import Recorded
from rlkit.contracts.spaces import Spaces
from rlkit.experiment.regular_files import check_regular
from rlkit.replay.columns import MASKS, STEP_COLUMNS, step_columns
from rlkit.replay.file_digest import file_digest
from rlkit.replay.frame_ring import ring_for
from rlkit.replay.ring import Ring
from rlkit.replay.rows_manifest import FORMAT, RowsError, read_manifest, spaces_of, told_spaces

if TYPE_CHECKING:
    from io import BufferedRandom

FILE = "rows.npz"


def write_rows(file: BufferedRandom, ring: Ring, spaces: Spaces) -> dict[str, Any]:
    """Write what a ring holds into a file that can be read again; returns the manifest of it, for `rows.json`.

    Args:
        file: open for writing and reading.
        ring: of these spaces.
        spaces: of the environment.
    """
    described = write_arrays(file, ring.state())
    file.seek(0)
    return {
        "format": FORMAT,
        "file": FILE,
        "sha256": hashlib.file_digest(file, "sha256").hexdigest(),
        "rows": ring.stored,
        "environments": spaces.environments,
        "capacity": ring.capacity,
        "total": ring.total,
        "columns": {name: {"shape": list(shape), "dtype": dtype} for name, (shape, dtype) in ring.columns.items()},
        "spaces": told_spaces(spaces),
        "arrays": described,
    }


def open_rows(path: str | Path) -> SavedRows:
    """The rows that a run saved; their manifest is read, they are not.

    Args:
        path: `rows.npz`, or the folder that it lies in.

    Raises:
        ValueError: there is none, or its manifest is damaged.
    """
    path = Path(path)
    file = path / FILE if path.is_dir() else path
    if path.is_dir() and not file.exists():
        what = "the run did not save its rows (save_rows: true)" if (path / "run.json").exists() else "no run folder"
        raise RowsError(f"{path} has no {FILE}: {what}")
    if not file.exists():
        raise RowsError(f"{file}: no such file or folder")
    try:
        check_regular(file)
    except OSError as error:
        raise RowsError(f"cannot read {file}: {error.strerror}") from error
    return SavedRows(file, read_manifest(file))


class SavedRows:
    """An opened `rows.npz`: a `Recording`."""

    def __init__(self, path: Path, manifest: Mapping[str, Any]) -> None:
        self.path, self._manifest = path, manifest
        self.spaces = spaces_of(manifest, path.with_suffix(".json"))
        self.environments = self.spaces.environments
        self.rows: int = manifest["rows"]
        self.sha256: str = manifest["sha256"]
        self._ring: Ring | None = None
        if not 0 <= self.rows <= manifest["capacity"] or self.rows % self.environments:
            raise RowsError(f"{path.with_suffix('.json')} is no manifest of rows: it says {self.rows} rows")
        if not self.rows:
            raise RowsError(f"{path} holds no rows: the run that saved it took no step")

    @property
    def facts(self) -> dict[str, Any]:
        """See `Recording.facts`."""
        return {"file": str(self.path), "sha256": self._manifest["sha256"]}

    @property
    def origin(self) -> Mapping[str, Any]:
        """See `Recording`: experiment, seed and environment, as far as the manifest says."""
        return self._manifest.get("from", {})  # type: ignore[no-any-return]

    def verify(self) -> None:
        """See `Recording`: whether the file has the sum that its manifest states. Raises RowsError."""
        try:
            digest = file_digest(self.path)
        except OSError as error:
            raise RowsError(f"cannot read {self.path}: {error.strerror}") from error
        if digest != self._manifest["sha256"]:
            manifest = self.path.with_suffix(".json").name
            raise RowsError(f"{self.path} does not match the SHA-256 in {manifest}: it was damaged or replaced")

    def read(self, first: int, last: int) -> Recorded:
        """See `Recording.read`. The first call looks whether the file is whole."""
        ring = self._ring = self._ring or self._restored()
        names = tuple(name for name in (*STEP_COLUMNS, *MASKS) if name in ring.columns)
        oldest = ring.next_slot if ring.stored == ring.capacity else 0
        slots = (oldest + np.arange(first, last)) % ring.capacity
        try:
            columns = {name: array[:, 0] for name, array in ring.gather(slots, Sampling(1), names).columns.items()}
        except IndexError as error:
            raise RowsError(f"{self.path} holds rows that refer to frames which are not there") from error
        allowed = (columns.get(name) for name in MASKS)
        return Recorded(*(columns[name] for name in STEP_COLUMNS), *allowed)

    def _restored(self) -> Ring:
        """A ring as it was, as far as learning from single steps asks: not larger than what is stored in it."""
        manifest, spaces = self._manifest, self.spaces
        arrays = self._arrays()
        full = self.rows == manifest["capacity"]
        capacity = self.rows if full else self.rows + self.environments
        try:
            ring = ring_for(capacity, self.environments, step_columns(spaces, {}), spaces.observation)
            ring.restore(arrays)
            whole = ring.stored == self.rows and 0 <= ring.next_slot < ring.capacity
        except (KeyError, ValueError, IndexError, TypeError, MemoryError) as error:
            raise RowsError(f"{self.path} holds other arrays than a ring of its spaces: {error}") from error
        if not whole:
            raise RowsError(f"{self.path} holds {ring.stored} rows, and its manifest says {self.rows}")
        return ring

    def _arrays(self) -> dict[str, npt.NDArray[Any]]:
        path, described = self.path, self._manifest["arrays"]
        self.verify()
        try:
            with zipfile.ZipFile(path) as archive:
                members = members_of(archive, described)
            if members is None:
                raise RowsError(f"{path} holds other arrays than its manifest names")
            return {name: map_member(path, members[name], described[name]) for name in described}
        except OSError as error:
            raise RowsError(f"cannot read {path}: {error.strerror}") from error
        except ArraysError as error:
            raise RowsError(f"{path}: {error}") from None
        except RowsError:
            raise
        except UNREADABLE as error:
            raise RowsError(f"{path} is no npz file of rows: {error}") from error
