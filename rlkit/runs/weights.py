"""Weights in a run folder: `checkpoints/<name>.npz`, and beside it `<name>.json` with its SHA-256.

Nothing read here can run code: arrays are read without pickle, and only what the manifest describes is accepted.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rlkit.caching.array_files import UNREADABLE, ArraysError, members_of, read_member, write_arrays
from rlkit.experiment.regular_files import read_bytes
from rlkit.runs.atomic import atomic_file, write_atomically
from rlkit.runs.plain_json import json_page

if TYPE_CHECKING:
    import numpy.typing as npt

FORMAT = 1


class WeightsError(ValueError):
    """Weights that are damaged, foreign or hostile; its text is a sentence for people."""


class Weights(NamedTuple):
    """Weights as they were saved."""

    variables: dict[str, npt.NDArray[Any]]
    facts: dict[str, Any]
    """What was said of them when they were saved: `step`, `episode`, `score`, …"""


def save_weights(
    folder: Path, name: str, variables: Mapping[str, npt.NDArray[Any]], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """Save variables of a run folder as `checkpoints/<name>.npz`; equal variables give equal bytes.

    The arrays are written first, their manifest after them. A crash in between leaves a manifest with another
    SHA-256, which `load_weights` notices.

    Args:
        folder: the run folder.
        name: `final` or `best`; what was saved under that name before is replaced.
        variables: arrays of numbers by their variable's name, in the learner's order.
        facts: plain data to keep beside them.

    Returns:
        The entry for run.json: `file`, `sha256` and the facts.

    Raises:
        WriteError: the file system refused.
        ValueError: a variable whose dtype an npz file cannot hold without pickle.
    """
    checkpoints = folder / "checkpoints"
    checkpoints.mkdir(exist_ok=True)
    path = checkpoints / f"{name}.npz"
    with atomic_file(path) as file:
        described = write_arrays(file, variables)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    manifest = {"format": FORMAT, "file": path.name, "sha256": digest, "variables": described, "facts": dict(facts)}
    write_atomically(path.with_suffix(".json"), json_page(manifest))
    return {"file": f"checkpoints/{path.name}", "sha256": digest, **facts}


def load_weights(path: Path) -> Weights:
    """The weights in an npz file that `save_weights` wrote.

    Raises:
        WeightsError: the file or its manifest is missing, damaged, of another moment or not of this making.
    """
    manifest = _manifest(path)
    try:
        content = read_bytes(path)
    except OSError as error:
        raise WeightsError(f"cannot read {path}: {error.strerror}") from error
    if hashlib.sha256(content).hexdigest() != manifest["sha256"]:
        raise WeightsError(
            f"{path} does not match the SHA-256 in {path.with_suffix('.json').name}: "
            "it was damaged, or the run was killed while it was replacing it"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = members_of(archive, manifest["variables"])
            if members is None:
                raise ArraysError("it holds other arrays than its manifest names")
            variables = {
                variable: read_member(archive, members[variable], described)
                for variable, described in manifest["variables"].items()
            }
    except ArraysError as error:
        raise WeightsError(f"{path}: {error}") from None
    except UNREADABLE as error:
        raise WeightsError(f"{path} is no npz file of weights: {error}") from error
    return Weights(variables, manifest["facts"])


def _manifest(path: Path) -> dict[str, Any]:
    file = path.with_suffix(".json")
    try:
        manifest = json.loads(read_bytes(file))
    except OSError as error:
        raise WeightsError(f"cannot read {file}, the manifest of {path.name}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise WeightsError(f"{file} is no manifest of weights: {error}") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("format"), int):
        raise WeightsError(f"{file} is no manifest of weights")
    if manifest["format"] != FORMAT:
        raise WeightsError(f"{file} has format {manifest['format']}; this version of rlkit reads format {FORMAT}")
    if not all(isinstance(manifest.get(key), kind) for key, kind in _PARTS.items()):
        raise WeightsError(f"{file} is no manifest of weights")
    return manifest


_PARTS = {"sha256": str, "variables": dict, "facts": dict}
