"""Stochastic gradient descent."""

from __future__ import annotations

from typing import Any

import keras

from rlkit import Schedule, component, parameter
from rlkit_dqn.optimizers.norm_clipping import clipped
from rlkit_dqn.optimizers.settings import CLIP_NORM, CLIP_VALUE, LEARNING_RATE, check_settings, keras_settings


@component
class SGD:
    """Steps down the gradient, with momentum if wanted: v ← momentum · v − learning_rate · g; θ ← θ + v.

    Robbins and Monro (1951); momentum after Polyak (1964), or Nesterov (1983).
    """

    learning_rate: float | Schedule = parameter(default=0.01, doc=LEARNING_RATE, above=0, source="Keras 3")
    momentum: float = parameter(default=0.0, doc="share of the last step kept", at_least=0, below=1, source="Keras 3")
    nesterov: bool = parameter(default=False, doc="take the gradient's step after the momentum's", source="Keras 3")
    clip_norm: float | None = parameter(default=None, doc=CLIP_NORM, above=0)
    clip_value: float | None = parameter(default=None, doc=CLIP_VALUE, above=0)

    def __post_init__(self) -> None:
        check_settings(self.clip_norm, self.clip_value)

    def build(self) -> Any:
        """See `Optimizer.build`."""
        return clipped(keras.optimizers.SGD, self.clip_norm)(
            momentum=self.momentum,
            nesterov=self.nesterov,
            **keras_settings(self.learning_rate, self.clip_value),
        )
