"""Observations as vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit import component

if TYPE_CHECKING:
    import gymnasium


@component
class Flatten:
    """An observation of any structure as one vector: arrays row by row, discrete ones one-hot, parts in order of keys.

    Float32, unless every part is uint8 or bool; such vectors keep that type. Dict, Tuple and MultiDiscrete
    observations are flattened in any case; this wrapper does the same to arrays, and before other wrappers.
    """

    def wrap(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """See `Wrapper.wrap`. Raises ValueError for text and other observations that have no fixed length."""
        from rlkit_gymnasium.observations import flattened

        return flattened(environment)
