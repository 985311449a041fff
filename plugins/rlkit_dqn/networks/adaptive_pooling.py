"""Adaptive max-pooling: a grid of maxima of one size, whatever the image's."""

from __future__ import annotations

import keras

from rlkit import Tensor

POOL = "side of the grid of adaptive max-pooling before the dense layers, 6 in Schmidt and Schmied, 2021; null for none"


def pooled(x: Tensor, side: int) -> Tensor:
    """(B, height, width, channels) to (B, side, side, channels), symbolic or not: the maximum of each cell.

    Cell i of an axis of n reaches from ⌊i·n/side⌋ to ⌈(i+1)·n/side⌉, its end left out: cells overlap where n is no
    multiple of side, and repeat where it is smaller, as in PyTorch's AdaptiveMaxPool2d.
    """
    for axis in (1, 2):
        size = x.shape[axis]
        cells = [_slice(x, axis, i * size // side, -(-(i + 1) * size // side)) for i in range(side)]
        x = keras.ops.concatenate([keras.ops.max(cell, axis=axis, keepdims=True) for cell in cells], axis=axis)
    return x


def _slice(x: Tensor, axis: int, begin: int, end: int) -> Tensor:
    return x[:, begin:end] if axis == 1 else x[:, :, begin:end]
