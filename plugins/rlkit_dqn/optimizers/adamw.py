"""AdamW."""

from __future__ import annotations

from typing import Any

import keras

from rlkit import Schedule, component, parameter
from rlkit_dqn.optimizers.norm_clipping import clipped
from rlkit_dqn.optimizers.settings import CLIP_NORM, CLIP_VALUE, LEARNING_RATE, check_settings, keras_settings


@component
class AdamW:
    """Adam with weight decay apart from the gradient: θ ← θ − learning_rate · weight_decay · θ before each step.

    Loshchilov and Hutter (2019), "Decoupled Weight Decay Regularization". All weights decay, biases included.
    """

    learning_rate: float | Schedule = parameter(default=0.001, doc=LEARNING_RATE, above=0, source="Keras 3")
    weight_decay: float | Schedule = parameter(
        default=0.004,
        doc="share of a weight lost, times the learning rate; a schedule must count updates (by: update)",
        at_least=0,
        source="Keras 3",
    )
    beta_1: float = parameter(
        default=0.9, doc="decay of the mean gradient", at_least=0, below=1, source="Kingma and Ba, 2015"
    )
    beta_2: float = parameter(
        default=0.999, doc="decay of the mean squared gradient", at_least=0, below=1, source="Kingma and Ba, 2015"
    )
    epsilon: float = parameter(
        default=1e-7, doc="added to the root of the mean squared gradient, as in Adam", above=0, source="Keras 3"
    )
    clip_norm: float | None = parameter(default=None, doc=CLIP_NORM, above=0)
    clip_value: float | None = parameter(default=None, doc=CLIP_VALUE, above=0)

    def __post_init__(self) -> None:
        check_settings(self.clip_norm, self.clip_value)

    def build(self) -> Any:
        """See `Optimizer.build`."""
        settings = {
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
            **keras_settings(self.learning_rate, self.clip_value),
        }
        if isinstance(self.weight_decay, (int, float)):
            return clipped(keras.optimizers.AdamW, self.clip_norm)(weight_decay=self.weight_decay, **settings)
        from rlkit_dqn.optimizers.scheduled_adamw import ScheduledAdamW

        return clipped(ScheduledAdamW, self.clip_norm)(self.weight_decay, **settings)
