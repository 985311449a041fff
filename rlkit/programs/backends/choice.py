"""Which backend runs a program: LiteRT where it converts and agrees with TensorFlow, else TensorFlow, compiled."""

from __future__ import annotations

from rlkit.programs.backends.comparison import disagreement
from rlkit.programs.backends.conversion import convert
from rlkit.programs.backends.litert import LiteRTBackend, NotConvertibleError
from rlkit.programs.backends.tensorflow import TensorFlowBackend
from rlkit.programs.program import Program
from rlkit.programs.ready import Chosen
from rlkit.programs.state import UnreachableStateError


def choose(program: Program, *, debug: bool = False) -> Chosen:
    """The backend for a program. Follows from what converts and from shapes, never from timing.

    Every candidate is compared with TensorFlow's graph functions first: outputs and variables, call by call.

    Raises:
        UnreachableStateError: if the program uses a variable that the core cannot find.
    """
    if debug:
        return Chosen(TensorFlowBackend(program, "eager"), "--debug: graph code runs eagerly")
    reference = TensorFlowBackend(program, "graph")
    try:
        lite = LiteRTBackend(convert(program), program, reference.used)
        problem = disagreement(lite, reference, program)
        if problem is None:
            return Chosen(lite, "")
        reason = f"LiteRT's result differs from TensorFlow's: {problem}"
    except NotConvertibleError as error:
        reason = str(error)
    except UnreachableStateError:
        raise
    except (RuntimeError, ValueError) as error:  # LiteRT may find out only when it runs, or lacks a variable's type
        reason = f"LiteRT failed: {str(error).strip().splitlines()[0][:200]}"
    try:
        compiled = TensorFlowBackend(program, "xla")
        problem = disagreement(compiled, reference, program)
    except Exception as error:  # XLA raises many types for an operation that it lacks
        problem = f"{type(error).__name__}: {str(error).strip().splitlines()[0][:200]}"
    if problem is None:
        return Chosen(compiled, reason)
    return Chosen(reference, f"{reason}; XLA: {problem}")
