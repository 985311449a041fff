"""Plain action values."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from rlkit import Call, Nest, Tensor, TensorSpec, component, parameter
from rlkit_dqn.contracts.head import Costs, Rows
from rlkit_dqn.contracts.layer import Layer
from rlkit_dqn.heads.dueling import DUELING
from rlkit_dqn.layers.dense import LAYER, DenseLayer


@component
class ValueHead:
    """One output an action: its value.

    td_error = r + discount · Σ_a' π(a'|s') Q⁻(s', a') − Q(s, a), no gradient through the target
    (Watkins and Dayan, 1992; Mnih et al., 2015).
    """

    one_tensor = True

    dueling: bool = parameter(default=False, doc=DUELING)
    hidden: tuple[int, ...] = parameter(
        default=(),
        doc="units of each dense layer with ReLU between the features and the values; of each stream where they duel",
        at_least=1,
        source="Wang et al., 2016: one of 512 in each stream",
    )
    layer: Layer = parameter(default=DenseLayer(), doc=LAYER)

    def build(self, features: TensorSpec, actions: int) -> Any:
        """See `Head.build`: (B, n) float32."""
        from rlkit_dqn.heads.dueling import last_layers
        from rlkit_dqn.layers.placing import model_of

        inputs = keras.Input(features.shape, dtype=features.dtype.name)
        outputs = last_layers(inputs, self.hidden, actions, dueling=self.dueling, layer=self.layer)
        return model_of(inputs, outputs, "value")

    def values(self, out: Nest) -> Tensor:
        """The outputs themselves."""
        return out

    def losses(self, rows: Rows, call: Call) -> Costs:
        """See `Head.losses`."""
        assert rows.loss is not None, "the agent gives one to a head that has none of its own"
        policy, bonus, next_bonus = rows.backup
        following = tf.reduce_sum(policy * (rows.next_out + next_bonus), axis=-1)
        target = rows.reward + bonus + rows.discount * following
        # A product with one-hot rows, because gathering along two axes has no gradient in LiteRT.
        prediction = tf.reduce_sum(rows.out * tf.one_hot(rows.action, rows.out.shape[-1]), axis=-1)
        td_error = tf.stop_gradient(target) - prediction
        return Costs(rows.loss.value(td_error), td_error)
