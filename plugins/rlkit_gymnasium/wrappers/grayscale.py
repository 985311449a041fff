"""Pictures in shades of grey."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit import component

if TYPE_CHECKING:
    import gymnasium


@component
class Grayscale:
    """The brightness of an RGB picture (height, width, 3): uint8 (height, width)."""

    def wrap(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """See `Wrapper.wrap`. Raises ValueError for observations that are no RGB pictures."""
        import numpy as np
        from gymnasium.spaces import Box
        from gymnasium.wrappers import GrayscaleObservation

        space = environment.observation_space
        if not (isinstance(space, Box) and space.dtype == np.uint8 and len(space.shape) == 3 and space.shape[2] == 3):
            raise ValueError(f"it reads uint8 pictures (height, width, 3), and the observation is {space}")
        return GrayscaleObservation(environment)
