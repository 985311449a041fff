"""What an offline run of wandb's holds. The format is LevelDB's log: blocks of 32 KiB with pieces of records."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_BLOCK = 32 * 1024
_LAST = (1, 4)
"""Kinds of pieces that end a record: a whole one, and the last of several."""


def records(folder: Path) -> Iterator[Any]:
    """The records of the only run in a run folder, as wandb's own messages."""
    from wandb.proto.wandb_internal_pb2 import Record

    (file,) = folder.glob("wandb/offline-run-*/*.wandb")
    data, at, record = file.read_bytes(), 7, b""  # the file begins with seven bytes of its own
    while at + 7 <= len(data):
        if _BLOCK - at % _BLOCK < 7:  # no room for the head of a piece
            at += _BLOCK - at % _BLOCK
            continue
        _, length, kind = struct.unpack("<IHB", data[at : at + 7])
        if not kind or at + 7 + length > len(data):
            return
        record += data[at + 7 : at + 7 + length]
        at += 7 + length
        if kind in _LAST:
            yield Record.FromString(record)
            record = b""
