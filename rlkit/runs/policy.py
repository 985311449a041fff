"""policy.tflite: the trained agent's program, for other programs to act with; they need LiteRT and NumPy alone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rlkit.loops.backends.litert import LiteRTBackend
from rlkit.runs.atomic import atomic_file

if TYPE_CHECKING:
    from rlkit.loops.program import Backend

FILE = "policy.tflite"


def save_policy(folder: Path, backend: Backend) -> Mapping[str, str]:
    """Write the learner's model beside the weights; returns the entry for run.json, empty if it is no LiteRT model.

    Raises:
        WriteError: the file system refused.
    """
    if not isinstance(backend, LiteRTBackend):
        return {}
    with atomic_file(folder / FILE) as file:
        file.write(backend.model)
    return {"file": FILE, "sha256": hashlib.sha256(backend.model).hexdigest()}
