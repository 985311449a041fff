"""The loss: how much a TD error costs."""

from __future__ import annotations

from typing import Protocol

from rlkit import Tensor


class Loss(Protocol):
    """A function of the TD error, as parameters. With state of its own it has `build(spaces)`."""

    def value(self, td_error: Tensor) -> Tensor:
        """Elementwise, float32 (B,) to (B,); least at 0, with a gradient (graph code)."""
