"""Observations within bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit import ParameterError, component, parameter
from rlkit_gymnasium.elementwise import Numbers, box_of, check_length

if TYPE_CHECKING:
    import gymnasium


@component
class ObservationClip:
    """Elements below `low` become `low`, above `high` `high`; float32. NaN stays, and ends the run as a failure."""

    low: Numbers = parameter(doc="least: one number, or one for each place along the last axis")
    high: Numbers = parameter(doc="greatest: one number, or one for each place along the last axis")

    def __post_init__(self) -> None:
        lows, highs = (given if isinstance(given, tuple) else (given,) for given in (self.low, self.high))
        for name, given in (("low", lows), ("high", highs)):
            if not given:
                raise ParameterError(name, "found an empty list; allowed: at least one number")
        if len(lows) != len(highs) and 1 not in (len(lows), len(highs)):
            raise ParameterError("high", f"found a list of {len(highs)}; allowed: as many as low has ({len(lows)})")
        most = max(len(lows), len(highs))
        for low, high in zip(lows * (most // len(lows)), highs * (most // len(highs)), strict=True):
            if low >= high:
                raise ParameterError("high", f"found {high!r}; allowed: above low ({low!r})")

    def wrap(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """See `Wrapper.wrap`. Raises ValueError for observations that are not arrays, ParameterError for a list that
        does not fit them."""
        import numpy as np
        from gymnasium.spaces import Box
        from gymnasium.wrappers import TransformObservation

        space = box_of(environment)
        check_length("low", self.low, space)
        check_length("high", self.high, space)
        low, high = np.asarray(self.low, np.float32), np.asarray(self.high, np.float32)

        def clip(observation: Any) -> Any:
            with np.errstate(over="ignore"):  # beyond float32's range is infinite, and then at a bound
                return np.clip(np.asarray(observation).astype(np.float32), low, high)

        return TransformObservation(environment, clip, Box(clip(space.low), clip(space.high), dtype=np.float32))
