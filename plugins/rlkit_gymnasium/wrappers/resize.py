"""Pictures of another size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit import component, parameter

if TYPE_CHECKING:
    import gymnasium


@component
class Resize:
    """A uint8 picture (height, width) or (height, width, 3) brought to another size, by the mean over pixel areas."""

    height: int = parameter(default=84, doc="pixels", at_least=1, source="Mnih et al., 2015")
    width: int = parameter(default=84, doc="pixels", at_least=1, source="Mnih et al., 2015")

    def wrap(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """See `Wrapper.wrap`. Raises ValueError for observations that are no pictures, or without OpenCV."""
        import numpy as np
        from gymnasium.spaces import Box
        from gymnasium.wrappers import ResizeObservation

        from rlkit_gymnasium.packages import require

        require("cv2", "the wrapper resize")
        space = environment.observation_space
        shape = space.shape if isinstance(space, Box) and space.dtype == np.uint8 else ()
        if not (len(shape) == 2 or (len(shape) == 3 and shape[2] == 3)):
            raise ValueError(f"it reads uint8 pictures (height, width) or (height, width, 3), not {space}")
        return ResizeObservation(environment, (self.height, self.width))
