"""Recurrent cells as plain matrix products. Imported by `build`: the classes inherit from Keras.

Keras's recurrent layers loop in the graph, where gradients do not convert to LiteRT: these take one step a call.
"""

from __future__ import annotations

import inspect
from typing import Any

import keras
import tensorflow as tf

from rlkit import Nest, Noise, Tensor, apply
from rlkit_dqn.contracts.layer import Layer
from rlkit_dqn.layers.placing import placed
from rlkit_dqn.networks.dense import Dense

_FORGET_BIAS = 1.0
"""Added to the forget gate (Jozefowicz, Zaremba and Sutskever, 2015)."""


class _Cell(keras.layers.Layer):  # type: ignore[misc]
    """The products of a cell: of what it reads and of what it remembers, with a unit of each gate for each unit."""

    gates: int
    biased: bool
    """Whether what is remembered has a bias of its own."""
    parts: int
    """Tensors (B, units) of the state."""

    def __init__(self, units: int) -> None:
        super().__init__(name="cell")
        self.units = units
        self.reading = Dense(self.gates * units, name="reading")
        self.remembering = Dense(
            self.gates * units, use_bias=self.biased, kernel_initializer="orthogonal", name="remembering"
        )

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the weights for inputs (B, n)."""
        self.reading.build(input_shape)
        self.remembering.build((None, self.units))

    def call(self, x: Tensor, state: Nest = ()) -> tuple[Tensor, ...]:
        """(B, n) and the state before, a tuple of (B, units), to the state after; its first tensor is the output."""
        return self.step(self.reading(x), state)

    def step(self, read: Tensor, state: Nest) -> tuple[Tensor, ...]:
        """From the product of what is read, (B, gates · units)."""
        raise NotImplementedError


class GRU(_Cell):
    """Cho et al. (2014), the reset gate after the product as in cuDNN and Keras: the weights are Keras's.

    z = σ(W_z x + U_z h), r = σ(W_r x + U_r h), n = tanh(W_n x + r ⊙ U_n h), h' = z ⊙ h + (1 − z) ⊙ n, with a bias in
    each product.
    """

    gates, biased, parts = 3, True, 1

    def step(self, read: Tensor, state: Nest) -> tuple[Tensor, ...]:
        """See `_Cell.step`."""
        (h,) = state
        of_z, of_r, of_n = tf.split(read, 3, axis=-1)
        from_z, from_r, from_n = tf.split(self.remembering(h), 3, axis=-1)
        z, r = tf.sigmoid(of_z + from_z), tf.sigmoid(of_r + from_r)
        n = tf.tanh(of_n + r * from_n)
        return (n + z * (h - n),)


class LSTM(_Cell):
    """Hochreiter and Schmidhuber (1997), with forget gates (Gers et al., 2000).

    i = σ(W_i x + U_i h), f = σ(W_f x + U_f h + 1), g = tanh(W_g x + U_g h), o = σ(W_o x + U_o h), c' = f ⊙ c + i ⊙ g,
    h' = o ⊙ tanh(c'), with a bias in each; the state is (h, c).
    """

    gates, biased, parts = 4, False, 2

    def step(self, read: Tensor, state: Nest) -> tuple[Tensor, ...]:
        """See `_Cell.step`."""
        h, c = state
        i, f, g, o = tf.split(read + self.remembering(h), 4, axis=-1)
        after = tf.sigmoid(f + _FORGET_BIAS) * c + tf.sigmoid(i) * tf.tanh(g)
        return tf.sigmoid(o) * tf.tanh(after), after


CELLS = {"gru": GRU, "lstm": LSTM}


class RecurrentTorso(keras.layers.Layer):  # type: ignore[misc]
    """An encoder, a cell, and a linear layer if `units` are asked for."""

    def __init__(self, encoder: Any, cell: _Cell, read: int, layer: Layer, units: int | None) -> None:
        """`read` is the number of the encoder's features. Raises ValueError for an encoder with a state."""
        super().__init__(name="recurrent")
        if "state" in inspect.signature(encoder.call).parameters:
            raise ValueError("the encoder of network recurrent carries a state itself; its cell is the one that does")
        self.encoder, self.cell = encoder, cell
        self.last = None if units is None else placed(layer, cell.units, units, "output")
        cell.build((None, read))
        self.built = True

    def initial_state(self, rows: int) -> Nest:
        """Zeros: a tuple of (rows, units) float32, h first."""
        return tuple(tf.zeros((rows, self.cell.units)) for _ in range(self.cell.parts))

    def read(self, inputs: Nest, noise: Noise | None = None) -> Tensor:
        """What the cell makes of inputs alone: (B, …) each to (B, gates · units)."""
        before = []
        if isinstance(inputs, dict):
            action, reward = inputs["previous_action"], inputs["previous_reward"]
            before, inputs = [action, tf.reshape(reward, (-1, 1))], inputs["observation"]
        encoded, _ = apply(self.encoder, inputs, noise)
        return self.cell.reading(tf.concat([encoded, *before], -1) if before else encoded)

    def remember(self, read: Tensor, noise: Noise | None = None, state: Nest = ()) -> tuple[Tensor, Nest]:
        """What was read and the state before to features or outputs, and the state after."""
        after = self.cell.step(read, state)
        if self.last is None:
            return after[0], after
        return apply(self.last, after[0], noise)[0], after

    def call(self, inputs: Nest, noise: Noise | None = None, state: Nest = ()) -> tuple[Tensor, Nest]:
        """(B, …) each to features or outputs, and the state after."""
        return self.remember(self.read(inputs, noise), noise, state)
