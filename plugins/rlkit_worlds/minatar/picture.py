"""A picture of a MinAtar board."""

from __future__ import annotations

import colorsys

import numpy as np
import numpy.typing as npt

CELL = 32
"""Pixels along a cell's side."""


def picture(board: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
    """A board (rows, columns, channels) as a picture, (32 · rows, 32 · columns, 3) uint8.

    Each channel has a colour of its own; where several hold, the last shows. Empty cells are black.
    """
    channels = board.shape[-1]
    colours = np.zeros((channels + 1, 3), np.uint8)
    for channel in range(channels):
        colours[channel + 1] = np.round(255 * np.array(colorsys.hsv_to_rgb(channel / channels, 0.6, 1.0)))
    last = np.max(board * np.arange(1, channels + 1), -1)
    pixels: npt.NDArray[np.uint8] = colours[last].repeat(CELL, 0).repeat(CELL, 1)
    return pixels
