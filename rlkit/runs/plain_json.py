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
    return orjson.dumps(row, _plain, orjson.OPT_APPEND_NEWLINE)


def json_page(content: Mapping[str, Any]) -> str:
    """An indented document that ends with a newline."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS
    return orjson.dumps(content, _plain, options).decode()
