"""Arrays of numbers in npz files, written so that equal arrays give equal bytes, and read without trusting the file.

Nothing read here can run code: there is no pickle, and only what a description says is accepted.
"""

from __future__ import annotations

import io
import math
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

UNREADABLE = (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError, struct.error)
"""What reading a damaged file raises, beside OSError; `ArraysError` is a ValueError."""

_LOCAL_HEADER = 30
"""Bytes of a zip member's own header, before its name and extra field (APPNOTE.TXT, section 4.3.7)."""


class ArraysError(ValueError):
    """An array that is not what its description says, or no array of numbers; its text is a sentence for people."""


def write_arrays(file: IO[bytes], arrays: Mapping[str, npt.ArrayLike]) -> dict[str, dict[str, Any]]:
    """Write arrays as an npz file that is not compressed; returns their shapes and dtypes by name.

    Raises:
        ArraysError: an array whose dtype an npz file cannot hold without pickle.
    """
    described = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, value in arrays.items():
            array = np.asarray(value)
            if array.dtype.kind not in "biufc":
                raise ArraysError(f"variable {name} has dtype {array.dtype}, which an npz file cannot hold")
            described[name] = {"shape": list(array.shape), "dtype": str(array.dtype)}
            # A member that is opened by its name has no date, which would give every file other bytes.
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
    return described


def members_of(archive: zipfile.ZipFile, described: Mapping[str, Any]) -> dict[str, zipfile.ZipInfo] | None:
    """The archive's members by array; None if it holds others than those that are described, or another order."""
    infos = archive.infolist()
    if [info.filename for info in infos] != [f"{name}.npy" for name in described]:
        return None
    return dict(zip(described, infos, strict=True))


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, described: Any) -> npt.NDArray[Any]:
    """One array, copied. Raises ArraysError, or one of `UNREADABLE`."""
    _check_stored(info)
    member = io.BytesIO(archive.read(info))
    dtype, shape, order = _header(member, info.filename, described)
    data = member.getbuffer()[member.tell() :]
    _check_size(info.filename, len(data), dtype, shape)
    return np.frombuffer(data, dtype).reshape(shape, order=order).copy()


def map_member(path: Path, info: zipfile.ZipInfo, described: Any) -> npt.NDArray[Any]:
    """One array, mapped from the file: what is not looked at takes no memory. Raises as `read_member`."""
    _check_stored(info)
    with open(path, "rb") as file:
        file.seek(info.header_offset)
        name, extra = struct.unpack("<HH", file.read(_LOCAL_HEADER)[26:30])
        begin = file.seek(info.header_offset + _LOCAL_HEADER + name + extra)
        dtype, shape, order = _header(file, info.filename, described)
        offset = file.tell()
        size = file.seek(0, 2)
    length = begin + info.file_size - offset
    _check_size(info.filename, min(length, size - offset), dtype, shape)
    if not length:  # which cannot be mapped
        return np.zeros(shape, dtype)
    return np.memmap(path, dtype, "r", offset, shape, order)


def _check_stored(info: zipfile.ZipInfo) -> None:
    if info.compress_type != zipfile.ZIP_STORED:
        raise ArraysError(f"{info.filename} is compressed, which rlkit never does")


def _header(member: IO[bytes], name: str, described: Any) -> tuple[np.dtype[Any], tuple[int, ...], Any]:
    version = np.lib.format.read_magic(member)
    if version == (1, 0):
        shape, fortran_order, dtype = np.lib.format.read_array_header_1_0(member)
    else:
        shape, fortran_order, dtype = np.lib.format.read_array_header_2_0(member)
    if {"shape": list(shape), "dtype": str(dtype)} != described:
        raise ArraysError(f"{name} holds {dtype} {shape}, and its manifest says {described}")
    if dtype.hasobject or dtype.kind not in "biufc":
        raise ArraysError(f"{name} holds {dtype}, which is no number")
    return dtype, shape, "F" if fortran_order else "C"


def _check_size(name: str, found: int, dtype: np.dtype[Any], shape: tuple[int, ...]) -> None:
    if found != math.prod(shape) * dtype.itemsize:
        raise ArraysError(f"{name} holds {found} bytes, and its shape {shape} asks for another number")
