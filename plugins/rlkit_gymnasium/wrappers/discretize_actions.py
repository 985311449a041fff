"""Continuous actions as a grid of discrete ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit import ParameterError, component, parameter

if TYPE_CHECKING:
    import gymnasium


@component
class DiscretizeActions:
    """A Box of actions as the points of a grid, numbered row by row: the last dimension changes fastest.

    Points are evenly spaced from the least to the greatest value, both included: with `bins: 5` those of a torque in
    [−2, 2] are −2, −1, 0, 1, 2. Even numbers leave out the middle. There are at most 10,000 points in all.
    """

    keeps_observations = True

    bins: int | tuple[int, ...] = parameter(
        doc="points along each dimension: one number for all, or a list with one for each", at_least=2
    )

    def wrap(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """See `Wrapper.wrap`. Raises ValueError for actions that are no Box of floats, or have an infinite bound,
        ParameterError for too many points, or a list of another length than the action."""
        import numpy as np
        from gymnasium.spaces import Box, Discrete
        from gymnasium.wrappers import TransformAction

        from rlkit_gymnasium.counting import combinations, digits

        space = environment.action_space
        if not (isinstance(space, Box) and np.issubdtype(space.dtype, np.floating)):
            raise ValueError(f"it reads actions that are a Box of floats, and the action is {space}")
        if not (np.isfinite(space.low).all() and np.isfinite(space.high).all()):
            raise ValueError(f"a grid needs finite bounds, and the action is {space}")
        low, high = space.low.reshape(-1), space.high.reshape(-1)
        sizes = self.bins if isinstance(self.bins, tuple) else (self.bins,) * low.size
        if len(sizes) != low.size:
            allowed = f"one number, or {low.size}, one for each dimension of the action"
            raise ParameterError("bins", f"found a list of {len(sizes)}; allowed: {allowed}")
        try:
            count = combinations(sizes, f"a grid of {' × '.join(map(str, sizes))}", "points")
        except ValueError as error:
            raise ParameterError("bins", str(error)) from None
        # By dimension, in float64: an action's bounds may be as far apart as float32 reaches.
        points = [
            np.linspace(start, end, size, dtype=np.float64).astype(space.dtype)
            for start, end, size in zip(low.astype(np.float64), high.astype(np.float64), sizes, strict=True)
        ]
        shape, dtype = space.shape, space.dtype

        def point(number: Any) -> Any:
            place = zip(points, digits(int(number), sizes), strict=True)
            return np.array([along[digit] for along, digit in place], dtype).reshape(shape)

        return TransformAction(environment, point, Discrete(count))
