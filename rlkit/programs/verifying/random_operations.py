"""Operations that draw numbers by themselves: their results follow from no seed of the run."""

from __future__ import annotations

import re
from typing import Any

from rlkit.programs.verifying.error import HiddenRandomnessError
from rlkit.programs.verifying.graphs import operations_in
from rlkit.programs.verifying.places import author_place

_DRAWING = re.compile(r"Random|Multinomial|TruncatedNormal|ParameterizedTruncatedNormal|Rng|\w+CandidateSampler")
_BY_GENERATOR = re.compile(r"Stateful(Uniform|StandardNormal|TruncatedNormal|Random)")


def check_random_operations(name: str, traced: Any, noise: str = "call.noise") -> None:
    """Refuse a function whose graph draws numbers.

    Args:
        name: of the function, for the message.
        traced: a concrete TensorFlow function.
        noise: what its author should draw from.

    Raises:
        HiddenRandomnessError: it names the operation, and where it was made.
    """
    for operation in operations_in(traced.graph):
        if draws(operation):
            raise HiddenRandomnessError(
                f"{name}: {author_place(operation.traceback) or 'it'} draws by TensorFlow's operation "
                f"{operation.type}, whose numbers do not follow from the run's seed; draw from {noise}"
            )


def draws(operation: Any) -> bool:
    """Whether an operation is one of those that keep a generator of their own, or that of TensorFlow."""
    if not operation.op_def.is_stateful:
        return False
    return bool(_DRAWING.match(operation.type) or _BY_GENERATOR.match(operation.type))
