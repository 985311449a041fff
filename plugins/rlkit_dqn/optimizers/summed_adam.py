"""Adam in few operations. Imports Keras: import it where an optimiser is built."""

from __future__ import annotations

import math

import keras

from rlkit import Tensor, Variable


class SummedAdam(keras.optimizers.Adam):  # type: ignore[misc]
    """`keras.optimizers.Adam`, whose variables hold discounted sums in place of running means.

    M = m / (1 − β₁) and V = v / (1 − β₂), so that M ← β₁·M + g and V ← β₂·V + g². What makes means of them are scalars.
    Nothing fuses operations in LiteRT, and each passes over the whole of a weight: ten do where Keras has twelve.
    """

    def update_step(self, gradient: Tensor, variable: Variable, learning_rate: Tensor) -> None:
        """See `keras.optimizers.Optimizer`."""
        index = self._get_variable_index(variable)
        mean, square = self._momentums[index], self._velocities[index]
        self.assign(mean, mean * self.beta_1 + gradient)
        self.assign(square, square * self.beta_2 + keras.ops.square(gradient))
        step = keras.ops.cast(self.iterations + 1, variable.dtype)
        started = [1.0 - keras.ops.power(keras.ops.cast(beta, variable.dtype), step) for beta in self._betas]
        shares = 1.0 - self.beta_1, math.sqrt(1.0 - self.beta_2)
        rate = learning_rate * keras.ops.sqrt(started[1]) / started[0] * (shares[0] / shares[1])
        self.assign_sub(variable, mean * rate / (keras.ops.sqrt(square) + self.epsilon / shares[1]))

    @property
    def _betas(self) -> tuple[float, float]:
        return self.beta_1, self.beta_2
