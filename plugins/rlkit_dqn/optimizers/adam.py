"""Adam."""

from __future__ import annotations

from typing import Any

import keras

from rlkit import Schedule, component, parameter
from rlkit_dqn.optimizers.norm_clipping import clipped
from rlkit_dqn.optimizers.settings import CLIP_NORM, CLIP_VALUE, LEARNING_RATE, check_settings, keras_settings


@component
class Adam:
    """Steps by running means of the gradient and of its square (Kingma and Ba, 2015).

    θ ← θ − learning_rate · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + epsilon) at step t, m and v the running means: the form
    at the end of the paper's section 2, whose epsilon is not corrected for the means' start at 0.
    """

    learning_rate: float | Schedule = parameter(
        default=0.001, doc=LEARNING_RATE, above=0, source="Kingma and Ba, 2015; reference notebook"
    )
    beta_1: float = parameter(
        default=0.9, doc="decay of the mean gradient", at_least=0, below=1, source="Kingma and Ba, 2015"
    )
    beta_2: float = parameter(
        default=0.999, doc="decay of the mean squared gradient", at_least=0, below=1, source="Kingma and Ba, 2015"
    )
    epsilon: float = parameter(default=1e-7, doc="added to √v", above=0, source="Keras 3 (Kingma and Ba, 2015: 1e-8)")
    clip_norm: float | None = parameter(default=None, doc=CLIP_NORM, above=0)
    clip_value: float | None = parameter(default=None, doc=CLIP_VALUE, above=0)

    def __post_init__(self) -> None:
        check_settings(self.clip_norm, self.clip_value)

    def build(self) -> Any:
        """See `Optimizer.build`."""
        return clipped(keras.optimizers.Adam, self.clip_norm)(
            beta_1=self.beta_1,
            beta_2=self.beta_2,
            epsilon=self.epsilon,
            **keras_settings(self.learning_rate, self.clip_value),
        )
