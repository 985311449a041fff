"""Pictures of simple shapes, drawn with NumPy alone, their edges smoothed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Colour = tuple[int, int, int]
Point = tuple[float, float]
BLACK, GREY, RED, BLUE, WOOD = (40, 40, 40), (150, 150, 150), (200, 60, 50), (70, 100, 190), (202, 152, 101)


class Picture:
    """White, 300 pixels high and 400 wide, in coordinates of the world: x to the right, y upwards."""

    HEIGHT, WIDTH = 300, 400

    def __init__(self, *, centre: Point, width: float) -> None:
        """`width` of the world, around `centre`, fills the picture's width."""
        self._pixel = width / self.WIDTH
        self._x = centre[0] + (np.arange(self.WIDTH) - (self.WIDTH - 1) / 2)[None, :] * self._pixel
        self._y = centre[1] - (np.arange(self.HEIGHT) - (self.HEIGHT - 1) / 2)[:, None] * self._pixel
        self._colours = np.full((self.HEIGHT, self.WIDTH, 3), 255.0)

    @property
    def pixels(self) -> npt.NDArray[np.uint8]:
        """(height, width, 3) uint8, a new array."""
        pixels: npt.NDArray[np.uint8] = np.rint(self._colours).astype(np.uint8)
        return pixels

    def circle(self, centre: Point, radius: float, colour: Colour) -> None:
        """A disc."""
        self._paint(np.hypot(self._x - centre[0], self._y - centre[1]) - radius, colour)

    def line(self, start: Point, end: Point, thickness: float, colour: Colour) -> None:
        """A stroke with round ends."""
        along = (end[0] - start[0], end[1] - start[1])
        length = max(along[0] ** 2 + along[1] ** 2, 1e-12)
        share = np.clip(((self._x - start[0]) * along[0] + (self._y - start[1]) * along[1]) / length, 0.0, 1.0)
        beside = np.hypot(self._x - start[0] - share * along[0], self._y - start[1] - share * along[1])
        self._paint(beside - thickness / 2, colour)

    def polygon(self, corners: Sequence[Point], colour: Colour) -> None:
        """A convex polygon, its corners counter-clockwise."""
        outside: Any = -np.inf
        for (x, y), (next_x, next_y) in zip(corners, [*corners[1:], corners[0]], strict=True):
            across = (next_y - y, x - next_x)
            distance = ((self._x - x) * across[0] + (self._y - y) * across[1]) / np.hypot(*across)
            outside = np.maximum(outside, distance)
        self._paint(outside, colour)

    def ground(self, height: Callable[[Any], Any], colour: Colour) -> None:
        """All that lies under a curve, the height at x."""
        self._paint(self._y - height(self._x), colour)

    def _paint(self, distance: Any, colour: Colour) -> None:
        """Colour what lies inside a shape's edge, that is, at negative distances; half a pixel either way blends."""
        touched = distance < self._pixel / 2
        cover = np.minimum(0.5 - distance[touched] / self._pixel, 1.0)[:, None]
        self._colours[touched] += cover * (np.array(colour, np.float64) - self._colours[touched])
