"""JSON that any reader accepts: NumPy numbers made plain, NaN and infinities written as null."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import orjson


def _plain(value: Any) -> Any:
    if isinstance(value, (np.generic, np.ndarray)):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Path):
        return value.as_posix()
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def json_line(row: Mapping[str, Any]) -> bytes:
    """One line with its newline, UTF-8; floats read back as the same floats."""
    return _dumped(row, orjson.OPT_APPEND_NEWLINE)


def json_page(content: Mapping[str, Any]) -> str:
    """An indented document that ends with a newline."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS
    return _dumped(content, options).decode()


def _dumped(content: Mapping[str, Any], options: int) -> bytes:
    try:
        return orjson.dumps(content, _plain, options)
    except TypeError:  # a lone surrogate in a text, say in what a library's error says; or a number beyond 64 bits
        return orjson.dumps(_writable(content), _plain, options)


def _writable(value: Any) -> Any:
    """The same with texts that UTF-8 can hold, and integers that JSON's readers can."""
    if isinstance(value, str):
        return value.encode(errors="backslashreplace").decode()
    if isinstance(value, Mapping):
        return {_writable(key): _writable(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_writable(inner) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 63:
        return float(value)
    return value
