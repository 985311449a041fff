"""Operations that draw numbers or read the clock: their results follow from no seed of the run."""

from __future__ import annotations

import re
from typing import Any

from rlkit.programs.verifying.error import HiddenRandomnessError
from rlkit.programs.verifying.graphs import operations_in
from rlkit.programs.verifying.places import author_place

_DRAWING = re.compile(r"Random|Multinomial|TruncatedNormal|ParameterizedTruncatedNormal|Rng|\w+CandidateSampler")
_CLOCK = "Timestamp"
_BY_GENERATOR = re.compile(r"Stateful(Uniform|StandardNormal|TruncatedNormal|Random)")


def check_random_operations(name: str, traced: Any, noise: str = "call.noise") -> None:
    """Refuse a function whose graph draws numbers, or reads the clock.

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
        if operation.type == _CLOCK:
            raise HiddenRandomnessError(
                f"{name}: {author_place(operation.traceback) or 'it'} reads the clock by TensorFlow's operation "
                f"{operation.type}, which shows something else in every run; count by call.progress"
            )


def draws(operation: Any) -> bool:
    """Whether an operation is one of those that keep a generator of their own, or that of TensorFlow."""
    if not operation.op_def.is_stateful:
        return False
    return bool(_DRAWING.match(operation.type) or _BY_GENERATOR.match(operation.type))
