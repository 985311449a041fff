"""The optimizer: from gradients to new weights."""

from __future__ import annotations

from typing import Any, Protocol


class Optimizer(Protocol):
    """An optimiser, as parameters."""

    def build(self) -> Any:
        """A `keras.Optimizer`, not yet bound to variables; its owner calls `.build(variables)`."""
