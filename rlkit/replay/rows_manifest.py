"""`rows.json`: what saved rows are, and of which spaces."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from rlkit.contracts.spaces import Array, Discrete, Spaces
from rlkit.experiment.regular_files import read_bytes
from rlkit.replay.rows_form import check_form, no_constant, unique

FORMAT = 1


class RowsError(ValueError):
    """Rows that are missing, damaged, foreign or hostile; its text is a sentence for people."""


def read_manifest(file: Path) -> dict[str, Any]:
    """What `rows.json` beside `rows.npz` says. Raises RowsError."""
    path = file.with_suffix(".json")
    try:
        manifest = json.loads(read_bytes(path), object_pairs_hook=unique, parse_constant=no_constant)
    except OSError as error:
        raise RowsError(f"cannot read {path}, the manifest of {file.name}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise RowsError(f"{path} is no manifest of rows: {error}") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("format"), int):
        raise RowsError(f"{path} is no manifest of rows")
    if manifest["format"] != FORMAT:
        raise RowsError(f"{path} has format {manifest['format']}; this version of rlkit reads format {FORMAT}")
    try:
        check_form(manifest)
    except (ValueError, RecursionError) as error:
        raise RowsError(f"{path} is no manifest of rows: {error}") from error
    return manifest


def told_spaces(spaces: Spaces) -> dict[str, Any]:
    """Spaces as plain data, bounds aside, which the rows themselves keep to."""
    action = spaces.action
    choices = {"n": action.n, "start": action.start, "masked": action.masked} if isinstance(action, Discrete) else {}
    return {
        "observation": _told_array(spaces.observation),
        "action": choices or _told_array(action),
        "environments": spaces.environments,
    }


def _told_array(array: Any) -> dict[str, Any]:
    parts = [[key, _told_array(part)] for key, part in array.parts]
    return {"shape": list(array.shape), "dtype": array.dtype, "stack": array.stack, "parts": parts}


def spaces_of(manifest: Mapping[str, Any], path: Path) -> Spaces:
    """The spaces that a manifest tells; `path` is its own. Raises RowsError."""
    try:
        told = manifest["spaces"]
        action = told["action"]
        choices = "n" in action
        spaces = Spaces(
            _array(told["observation"]),
            Discrete(action["n"], action["start"], action["masked"]) if choices else _array(action),
            told["environments"],
        )
        if spaces.environments < 1 or spaces.environments != manifest["environments"]:
            raise ValueError(f"it says {spaces.environments} environments")
        spaces.check()
        return spaces
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RowsError(f"{path} is no manifest of rows: its spaces are none ({error})") from error


def _array(told: Any) -> Array:
    shape, stack = tuple(told["shape"]), told["stack"]
    if stack < 1 or (stack > 1 and shape[:1] != (stack,)) or math.prod(shape) < 1:
        raise ValueError(f"shape {shape} with a stack of {stack}")
    dtype = np.dtype(told["dtype"])
    if dtype.kind not in "biuf":
        raise ValueError(f"dtype {dtype}")
    return Array(shape, str(dtype), stack=stack, parts=tuple((key, _array(part)) for key, part in told["parts"]))
