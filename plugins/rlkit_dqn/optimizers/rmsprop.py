"""RMSprop."""

from __future__ import annotations

from typing import Any

import keras

from rlkit import Schedule, component, parameter
from rlkit_dqn.optimizers.norm_clipping import clipped
from rlkit_dqn.optimizers.settings import CLIP_NORM, CLIP_VALUE, LEARNING_RATE, check_settings, keras_settings


@component
class RMSprop:
    """Steps divided by the root of a running mean of the squared gradient (Tieleman and Hinton, 2012).

    Mnih et al. (2015) used the centred form with learning rate 0.00025, rho and momentum 0.95, epsilon 0.01.
    """

    learning_rate: float | Schedule = parameter(default=0.001, doc=LEARNING_RATE, above=0, source="Keras 3")
    rho: float = parameter(default=0.9, doc="decay of the mean squared gradient", at_least=0, below=1, source="Keras 3")
    momentum: float = parameter(default=0.0, doc="share of the last step kept", at_least=0, below=1, source="Keras 3")
    epsilon: float = parameter(
        default=1e-7, doc="added to the mean squared gradient, under the root", above=0, source="Keras 3"
    )
    centered: bool = parameter(
        default=False, doc="divide by the standard deviation of the gradient instead", source="Keras 3"
    )
    clip_norm: float | None = parameter(default=None, doc=CLIP_NORM, above=0)
    clip_value: float | None = parameter(default=None, doc=CLIP_VALUE, above=0)

    def __post_init__(self) -> None:
        check_settings(self.clip_norm, self.clip_value)

    def build(self) -> Any:
        """See `Optimizer.build`."""
        return clipped(keras.optimizers.RMSprop, self.clip_norm)(
            rho=self.rho,
            momentum=self.momentum,
            epsilon=self.epsilon,
            centered=self.centered,
            **keras_settings(self.learning_rate, self.clip_value),
        )
