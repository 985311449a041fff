"""The trained agent alone as a LiteRT model: what was trained as one XLA program acts without TensorFlow."""

from __future__ import annotations

import dataclasses

import numpy as np

from rlkit.programs.backends.comparison import disagreement
from rlkit.programs.backends.conversion import convert
from rlkit.programs.backends.litert import LiteRTBackend, NotConvertibleError
from rlkit.programs.backends.tensorflow import TensorFlowBackend
from rlkit.programs.program import Program

GREEDY = "act_greedy"


def policy_model(program: Program) -> bytes:
    """A learner's greedy actions, with signatures that read and write all its variables, which are zero in it.

    So the model follows from the program alone, whatever was learned. It is compared with TensorFlow first; the
    program's variables are left as they were.

    Raises:
        NotConvertibleError: if LiteRT cannot run it, or does not agree with TensorFlow.
    """
    greedy = dataclasses.replace(program, functions=tuple(one for one in program.functions if one.name == GREEDY))
    reference = TensorFlowBackend(greedy, "graph")
    values = reference.read()
    try:
        reference.write({name: np.zeros_like(value) for name, value in values.items()})
        model = convert(greedy)
    finally:
        reference.write(values)
    try:
        problem = disagreement(LiteRTBackend(model, greedy, reference.used), reference, greedy)
    except RuntimeError as error:  # LiteRT may find out only when it runs
        raise NotConvertibleError(f"LiteRT failed: {str(error).strip().splitlines()[0][:200]}") from error
    if problem is not None:
        raise NotConvertibleError(f"LiteRT's result differs from TensorFlow's: {problem}")
    return model
