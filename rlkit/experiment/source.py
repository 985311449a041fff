"""From what a person types to the text of an experiment file."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

from rlkit.catalogue.nearest import did_you_mean
from rlkit.experiment.errors import ExperimentError, Problem
from rlkit.experiment.regular_files import check_regular, is_open_pipe
from rlkit.experiment.shipped import shipped
from rlkit.experiment.words import shown

LARGEST = 1 << 20
"""Bytes in an experiment file."""


def find(source: str) -> Path:
    """The file that `source` names.

    What holds a separator or ends in `.yaml` or `.yml` is a path; anything else is the name of a shipped
    experiment. A shipped name wins over a file of that very name, so that it means the same in every folder
    (`./NAME` is the file).

    Raises:
        ExperimentError: if there is no such file or experiment.
    """
    known = shipped()
    separators = [os.sep, os.altsep] if os.altsep else [os.sep]
    is_path = source.endswith((".yaml", ".yml")) or any(separator in source for separator in separators)
    if not is_path and source in known:
        return known[source]
    path = Path(source)
    try:
        if source and path.exists():
            return path
    except (OSError, ValueError) as error:
        raise _refuse(source, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    beside = [str(file) for file in path.parent.glob("*.y*ml")] if is_path and path.parent.is_dir() else []
    hint = did_you_mean(source, beside) or did_you_mean(path.stem, known)
    raise _refuse(source, f"no such file{hint or ';'} experiments that come with rlkit: {', '.join(known) or 'none'}")


def read_text(path: Path, source: str) -> str:
    """The text of an experiment file: UTF-8, with or without a byte-order mark, of at most 1 MiB.

    Raises:
        ExperimentError: if it cannot be read.
    """
    try:
        if not is_open_pipe(path):
            check_regular(path)
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        reason = "it is a folder; name the file in it" if path.is_dir() else error.strerror or str(error)
        raise _refuse(source, f"cannot be read: {reason}") from None
    if len(data) > LARGEST:
        raise _refuse(source, f"is larger than {LARGEST >> 20} MiB; an experiment file is a page of text")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _refuse(source, "found UTF-16; an experiment file is UTF-8", ":1:1")
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        column = len(data[: error.start].decode().rpartition("\n")[2]) + 1
        message = f"found the byte 0x{data[error.start]:02x}, which is not UTF-8"
        raise _refuse(source, message, f":{line}:{column}") from None


def _refuse(source: str, message: str, place: str = "") -> ExperimentError:
    return ExperimentError(Problem(shown(source) + place, "", message))
