"""MiniGrid's observation without its text."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from rlkit import component, parameter

if TYPE_CHECKING:
    import gymnasium


@component
class MiniGridImage:
    """What the agent sees in MiniGrid: (7, 7, 3) uint8 codes of object, colour and state, no mission, no direction.

    The agent stands always at the same place of its view and faces the same way.
    """

    one_hot: bool = parameter(
        default=False, doc="codes as bool planes: (7, 7, 20), 11 objects, 6 colours, 3 states; codes are no brightness"
    )

    def wrap(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """See `Wrapper.wrap`. Raises ValueError for what is not MiniGrid's."""
        import numpy as np
        from gymnasium.spaces import Box
        from gymnasium.wrappers import TransformObservation

        from rlkit_gymnasium.packages import require

        require("minigrid", "the wrapper minigrid_image")
        wrappers: Any = import_module("minigrid.wrappers")
        if not isinstance(environment.unwrapped, import_module("minigrid.minigrid_env").MiniGridEnv):
            raise ValueError("it serves MiniGrid's environments alone")
        if not self.one_hot:
            return cast("gymnasium.Env[Any, Any]", wrappers.ImgObsWrapper(environment))
        image = wrappers.ImgObsWrapper(wrappers.OneHotPartialObsWrapper(environment))
        shape = image.observation_space.shape
        planes = Box(np.zeros(shape, np.bool_), np.ones(shape, np.bool_), dtype=np.bool_)  # type: ignore[arg-type]
        return TransformObservation(image, lambda codes: codes.astype(np.bool_), planes)
