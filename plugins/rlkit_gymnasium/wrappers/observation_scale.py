"""Observations on another scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit import component, parameter
from rlkit_gymnasium.elementwise import Numbers, box_of, check_length

if TYPE_CHECKING:
    import gymnasium


@component
class ObservationScale:
    """Each observation as (observation − subtract) / divide, float32; the bounds of its space move likewise.

    `subtract: low, divide: high − low` brings it to [0, 1], the middle and half the width to [−1, 1]. Pictures are best
    left as uint8, which take a quarter of the memory: image networks divide them themselves. The constants are the same
    in training and in evaluation, which those of running statistics are not.
    """

    subtract: Numbers = parameter(
        default=0.0, doc="taken off each observation: one number, or one for each place along the last axis"
    )
    divide: Numbers = parameter(
        doc="by which the rest is divided: one number, or one for each place along the last axis", above=0
    )

    def wrap(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """See `Wrapper.wrap`. Raises ValueError for observations that are not arrays, ParameterError for a list that
        does not fit them."""
        import numpy as np
        from gymnasium.spaces import Box
        from gymnasium.wrappers import TransformObservation

        space = box_of(environment)
        check_length("subtract", self.subtract, space)
        check_length("divide", self.divide, space)
        # Float32 holds uint8 exactly; what it would round is scaled first, so that a small difference of large numbers
        # survives.
        precise = np.result_type(space.dtype, np.float32)
        subtract, divide = np.asarray(self.subtract, precise), np.asarray(self.divide, precise)

        def scale(observation: Any) -> Any:
            with np.errstate(over="ignore", invalid="ignore"):  # what float32 does not hold is told as infinite
                return ((np.asarray(observation).astype(precise) - subtract) / divide).astype(np.float32)

        # The same arithmetic as that of observations, so that none is rounded out of its bounds.
        low, high = scale(space.low), scale(space.high)
        return TransformObservation(environment, scale, Box(low, high, dtype=np.float32))
