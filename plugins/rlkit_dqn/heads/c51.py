"""Categorical distributions of returns."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from rlkit import Call, Nest, ParameterError, Tensor, TensorSpec, component, parameter
from rlkit_dqn.contracts.head import Costs, Rows
from rlkit_dqn.contracts.layer import Layer
from rlkit_dqn.heads.categorical import projected_target
from rlkit_dqn.heads.distributions import DUELING, HIDDEN, distributions_model, taken
from rlkit_dqn.layers.dense import LAYER, DenseLayer

_LEAST = 1e-30
"""Probability, below which its logarithm counts for nothing; LiteRT's is infinite below 1.2e−38."""

LEAST_WIDTH = 2.0**-20
"""Between atoms, in units of the greatest of them or of 1: eight times float32's rounding."""
MOST_WIDTH = 1e30
"""Beyond it, products of returns are infinite in float32."""


@component
class C51Head:
    """A probability an action and atom: returns as a categorical distribution on evenly spaced values.

    The loss is the cross-entropy of the projected target p and the distribution q of the action taken, −Σ p log q
    (Bellemare, Dabney and Munos, 2017, "A distributional perspective on reinforcement learning"). The TD error, and so
    the priority, is the divergence KL(p ‖ q), as in Rainbow (Hessel et al., 2018): the loss without the target's
    entropy, least at 0. Returns beyond `low` and `high` count as these.
    """

    own_loss = True
    one_tensor = True

    atoms: int = parameter(
        default=51, doc="values of a distribution, evenly spaced", at_least=2, source="Bellemare et al., 2017"
    )
    low: float = parameter(default=-10.0, doc="least return", source="Bellemare et al., 2017, for clipped rewards")
    high: float = parameter(default=10.0, doc="greatest return", source="Bellemare et al., 2017, for clipped rewards")
    dueling: bool = parameter(default=False, doc=DUELING)
    hidden: tuple[int, ...] = parameter(
        default=(), doc=HIDDEN, at_least=1, source="Hessel et al., 2018: one of 512 in each stream"
    )
    layer: Layer = parameter(default=DenseLayer(), doc=LAYER)

    def __post_init__(self) -> None:
        if self.high <= self.low:
            raise ParameterError("high", f"found {self.high!r}; allowed: above low ({self.low!r})")
        width = (self.high - self.low) / (self.atoms - 1)
        if not LEAST_WIDTH * max(1.0, abs(self.low), abs(self.high)) <= width <= MOST_WIDTH:
            allowed = (
                f"atoms that float32 can tell apart and count with; {self.atoms} of them lie {width:.3g} apart here"
            )
            raise ParameterError("high", f"found {self.high!r} above low ({self.low!r}); allowed: {allowed}")

    def build(self, features: TensorSpec, actions: int) -> Any:
        """See `Head.build`: logits (B, n, atoms) float32."""
        return distributions_model(
            features, self.hidden, actions, self.atoms, dueling=self.dueling, layer=self.layer, name="c51"
        )

    def values(self, out: Nest) -> Tensor:
        """The distributions' means."""
        return tf.reduce_sum(tf.nn.softmax(out) * self._values(), axis=-1)

    def losses(self, rows: Rows, call: Call) -> Costs:
        """See `Head.losses`."""
        following = tf.nn.softmax(rows.next_out)
        target = tf.stop_gradient(projected_target(following, rows.backup, rows.reward, rows.discount, self._values()))
        cross_entropy = -tf.reduce_sum(target * tf.nn.log_softmax(taken(rows.out, rows.action)), axis=-1)
        entropy = -tf.reduce_sum(target * tf.math.log(tf.maximum(target, _LEAST)), axis=-1)
        return Costs(cross_entropy, cross_entropy - entropy)

    def _values(self) -> Tensor:
        """(atoms,) float32."""
        step = (self.high - self.low) / (self.atoms - 1)
        return tf.constant([self.low + step * place for place in range(self.atoms)])
