"""policy.tflite: the trained agent's program, for other programs to act with; they need LiteRT and NumPy alone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rlkit.programs.backends.litert import NotConvertibleError
from rlkit.runs.atomic import atomic_file

if TYPE_CHECKING:
    from rlkit.programs.program import Backend

FILE = "policy.tflite"


def save_policy(folder: Path, backend: Backend) -> Mapping[str, str]:
    """Write the learner's model beside the weights; returns the entry for run.json.

    After the compiled loop that is a model of its greedy actions, converted now; the entry has a `reason` if LiteRT
    cannot run them. It is empty if the stepwise loop called the learner in TensorFlow.

    Raises:
        WriteError: the file system refused.
    """
    try:
        model = backend.policy()
    except NotConvertibleError as error:
        return {"reason": str(error)}
    if model is None:
        return {}
    with atomic_file(folder / FILE) as file:
        file.write(model)
    return {"file": FILE, "sha256": hashlib.sha256(model).hexdigest()}
