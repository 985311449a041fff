"""Adam in few operations. Imports Keras: import it where an optimiser is built."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import keras

from rlkit import Tensor, Variable

_LARGE = 10_000
"""Elements of a variable that is stepped alone; beside one, smaller ones are stepped together."""
_JOINED_AT_ONCE = 5
"""Parts of a concatenation that LiteRT's fast kernels take."""


class SummedAdam(keras.optimizers.Optimizer):  # type: ignore[misc]
    """Adam as `keras.optimizers.Adam` has it, to float32 accuracy, remembering discounted sums in place of means.

    M = m / (1 − β₁) and V = v / (1 − β₂), so that M ← β₁·M + g and V ← β₂·V + g²; what makes means of them are scalars.
    Nothing fuses operations in LiteRT, where each passes over the whole of a weight: ten do where Keras has twelve.
    Small weights beside large ones are one vector, since a call of an operation takes as long on ten numbers as on a
    thousand.
    """

    def __init__(self, *, beta_1: float, beta_2: float, epsilon: float, **settings: Any) -> None:
        super().__init__(name="adam", **settings)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon

    def build(self, variables: Sequence[Variable]) -> None:
        """See `keras.optimizers.Optimizer`."""
        if self.built:
            return
        super().build(variables)
        places = range(len(variables))
        small = [place for place in places if math.prod(variables[place].shape) < _LARGE]
        if len(small) == len(variables):  # little to gain in LiteRT, and XLA, which fuses operations, would lose
            small = []
        self._groups = [[place] for place in places if place not in small] + ([small] if small else [])
        self._sums = [self._sums_of([variables[place] for place in group]) for group in self._groups]

    def _sums_of(self, variables: Sequence[Variable]) -> tuple[Variable, Variable]:
        """M and V of variables that are stepped together."""
        alone = len(variables) == 1
        shape = variables[0].shape if alone else (sum(math.prod(variable.shape) for variable in variables),)
        name = variables[0].name if alone else "small"
        of_gradients, of_squares = (self.add_variable(shape, name=f"{name}_{sums}") for sums in ("sum", "square_sum"))
        return of_gradients, of_squares

    def _backend_update_step(
        self, gradients: Sequence[Tensor], variables: Sequence[Variable], learning_rate: Tensor
    ) -> None:
        """Keras calls this with all gradients, clipped, of those variables that have one."""
        given = {self._get_variable_index(each): gradient for each, gradient in zip(variables, gradients, strict=True)}
        step = keras.ops.cast(self.iterations + 1, "float32")
        started_1, started_2 = (1.0 - keras.ops.power(float(beta), step) for beta in (self.beta_1, self.beta_2))
        share, root_share = 1.0 - self.beta_1, math.sqrt(1.0 - self.beta_2)
        rate = learning_rate * keras.ops.sqrt(started_2) / started_1 * (share / root_share)
        for group, (sums, square_sums) in zip(self._groups, self._sums, strict=True):
            stepped = [self._trainable_variables[place] for place in group]
            # A variable without a gradient never had one, so zeros leave it where it is.
            gradient = _joined([given.get(place, keras.ops.zeros_like(stepped[i])) for i, place in enumerate(group)])
            self.assign(sums, sums * self.beta_1 + gradient)
            self.assign(square_sums, square_sums * self.beta_2 + keras.ops.square(gradient))
            change = sums * rate / (keras.ops.sqrt(square_sums) + self.epsilon / root_share)
            _subtract(change, stepped, self.assign_sub)


def _joined(parts: Sequence[Tensor]) -> Tensor:
    """All numbers of several tensors as one vector; a single tensor as it is."""
    if len(parts) == 1:
        return parts[0]
    rows = [keras.ops.reshape(part, (-1,)) for part in parts]
    while len(rows) > 1:
        rows = [
            keras.ops.concatenate(rows[first : first + _JOINED_AT_ONCE])
            for first in range(0, len(rows), _JOINED_AT_ONCE)
        ]
    return rows[0]


def _subtract(change: Tensor, variables: Sequence[Variable], assign_sub: Any) -> None:
    """Of each variable its part of what `_joined` made."""
    if len(variables) == 1:
        assign_sub(variables[0], change)
        return
    first = 0
    for variable in variables:
        size = math.prod(variable.shape)
        assign_sub(variable, keras.ops.reshape(change[first : first + size], variable.shape))
        first += size
