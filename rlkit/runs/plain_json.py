"""JSON that any reader accepts: NumPy numbers made plain, NaN and infinities written as null."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Path):
        return value.as_posix()
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def _finite(value: Any) -> Any:
    """`value` with every number that is not finite replaced by None."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    if isinstance(value, (np.generic, np.ndarray)):
        return _finite(_plain(value))
    return value


_line = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_plain)
_page = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_plain, indent=2)


def json_line(row: Mapping[str, Any]) -> str:
    """One line, without its newline; floats read back as the same floats."""
    return _encode(_line, row)


def json_page(content: Mapping[str, Any]) -> str:
    """An indented document that ends with a newline."""
    return _encode(_page, content) + "\n"


def _encode(encoder: json.JSONEncoder, content: Mapping[str, Any]) -> str:
    try:
        return encoder.encode(content)
    except ValueError:  # the encoder refuses numbers that are not finite, and only then is the slow walk needed
        return encoder.encode(_finite(content))
