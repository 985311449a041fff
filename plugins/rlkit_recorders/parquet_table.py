"""A table that grows, as a folder of whole Parquet files with the same columns."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq


class ParquetTable:
    """Rows are kept back, and written as part-00000.parquet, part-00001.parquet, …

    A Parquet file can be read only once its footer stands at its end, so that a single growing file would be lost with
    its process. A part appears whole or not at all. Readers take the columns of a folder from its first part: a column
    that comes up later is added to the parts before, without values.
    """

    def __init__(
        self, folder: Path, columns: Mapping[str, pa.DataType], constants: Mapping[str, Any], rows: int, seconds: float
    ) -> None:
        """A part is written once there are `rows` rows, or with the next one when the oldest is `seconds` old."""
        self._folder, self._columns, self._constants = folder, dict(columns), constants
        self._rows, self._seconds = rows, seconds
        self._kept: list[dict[str, Any]] = []
        self._oldest = 0.0
        self._parts = 0

    def append(self, own: Mapping[str, Any], further: Mapping[str, float]) -> None:
        """Add a row: `own` columns, and `further` float64 ones, of which one named like an own column is left out."""
        now = time.monotonic()
        if not self._kept:
            self._oldest = now
        self._kept.append({**further, **own})
        if len(self._kept) >= self._rows or now - self._oldest >= self._seconds:
            self._write()

    def close(self) -> None:
        """Write the rest; without any row at all, an empty part."""
        if self._kept or not self._parts:
            self._write()

    def _write(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        new = {name: pa.float64() for row in self._kept for name in row if name not in self._columns}
        self._columns |= new
        if new:
            for number in range(self._parts):
                self._add_columns(self._path(number), new)
        columns = {name: self._column(name, kind) for name, kind in self._columns.items()}
        _replace(self._path(self._parts), pa.table(columns))
        self._parts += 1
        self._kept.clear()

    def _column(self, name: str, kind: pa.DataType) -> pa.Array:
        if name in self._constants:
            return pa.array([self._constants[name]] * len(self._kept), kind)
        return pa.array([row.get(name) for row in self._kept], kind)

    def _add_columns(self, path: Path, new: Mapping[str, pa.DataType]) -> None:
        table = pq.ParquetFile(path).read()
        for name, kind in new.items():
            table = table.append_column(name, pa.nulls(table.num_rows, kind))
        _replace(path, table)

    def _path(self, number: int) -> Path:
        return self._folder / f"part-{number:05d}.parquet"


def _replace(path: Path, table: pa.Table) -> None:
    """Write a part beside its folder, where no reader looks, and move it in."""
    temporary = path.parent.with_name(f".{path.parent.name}.tmp")
    try:
        pq.write_table(table, temporary, compression="zstd")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
