"""Several heads on one network."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from rlkit import Call, Nest, ParameterError, Tensor, TensorSpec, component, name_of, parameter
from rlkit_dqn.contracts.head import Costs, Head, Rows
from rlkit_dqn.heads.value import ValueHead

_MASK = "members"


@component
class EnsembleHead:
    """K heads on one network, drawn apart, each learning from its own targets; the value is the mean over them.

    Osband et al. (2016), "Deep exploration via bootstrapped DQN". Each step is stored with a mask of the members that
    learn from it, each with probability `p`. A row costs the sum over its members, and the gradient that flows into
    the network is divided by K. With `prior_scale` a fixed random function, of the same form and read without gradient,
    is added to each member's outputs, in its targets, too: Osband, Aslanides and Cassirer (2018), "Randomized prior
    functions for deep reinforcement learning". It reads the network's features: where the network has hidden layers,
    it changes with them.
    """

    members: int = parameter(default=10, doc="K, heads", at_least=2, source="Osband et al., 2016")
    head: Head = parameter(default=ValueHead(), doc="what each member is: value, c51 or quantile, or another such one")
    p: float = parameter(
        default=1.0,
        doc="probability with which a member learns from a step; 1 stores no masks",
        above=0,
        at_most=1,
        source="Osband et al., 2016, on Atari",
    )
    prior_scale: float = parameter(
        default=0.0, doc="weight of the random function that is added to a member; 0 for none", at_least=0
    )

    def __post_init__(self) -> None:
        if not getattr(self.head, "one_tensor", False):
            raise ParameterError(
                "head",
                f"found {name_of(self.head)}, which does not say `one_tensor`: its layers give more than that; "
                "allowed: c51, quantile or value",
            )

    def check_recorded(self) -> None:
        """Raise ParameterError where masks are stored with each step, which others did not."""
        if self.p != 1:
            raise ParameterError(
                "p",
                f"found {self.p:g}, with which each step is stored with a mask of the members that learn from it, and "
                "recorded data has none; allowed beside data: 1",
            )

    @property
    def own_loss(self) -> bool:
        """See `Head`: as its members."""
        return bool(getattr(self.head, "own_loss", False))

    def build(self, features: TensorSpec, actions: int) -> Any:
        """See `Head.build`: (B, K, …), what the members give."""
        from rlkit_dqn.heads.members import Members

        return Members(self, features, actions)

    def values(self, out: Nest) -> Tensor:
        """The mean over the members."""
        return tf.reduce_mean(self.member_values(out), axis=1)

    def member_values(self, out: Nest) -> Tensor:
        """See `Head`."""
        values = self.head.values(folded(out))
        return tf.reshape(values, (-1, self.members, values.shape[-1]))

    def kept(self, environments: int, call: Call) -> dict[str, Tensor]:
        """See `Head`: (environments, K) float32, 1 for a member that learns from the step."""
        if self.p == 1.0:
            return {}
        drawn = call.noise.uniform((environments, self.members))
        return {_MASK: tf.cast(drawn < self.p, tf.float32)}

    def losses(self, rows: Rows, call: Call) -> Costs:
        """See `Head.losses`. The TD error is the mean of its size over the members that learn from a row."""
        count, members = rows.reward.shape[0], self.members
        each = Rows(
            out=folded(rows.out),
            action=repeated(rows.action, members),
            reward=repeated(rows.reward, members),
            discount=repeated(rows.discount, members),
            next_out=folded(rows.next_out),
            backup=type(rows.backup)(*(_of_all(part, count, members) for part in rows.backup)),
            loss=rows.loss,
        )
        losses, td_error = (tf.reshape(found, (count, members)) for found in self.head.losses(each, call))
        mask = rows.kept.get(_MASK)
        if mask is None:
            return Costs(tf.reduce_sum(losses, axis=1), tf.reduce_mean(tf.abs(td_error), axis=1))
        learning = tf.maximum(tf.reduce_sum(mask, axis=1), 1.0)
        surprise = tf.reduce_sum(mask * tf.abs(td_error), axis=1) / learning
        return Costs(tf.reduce_sum(mask * losses, axis=1), surprise)


def folded(out: Tensor) -> Tensor:
    """(B, K, …) to (B · K, …)."""
    return tf.reshape(out, (-1, *out.shape[2:]))


def repeated(column: Tensor, count: int) -> Tensor:
    """(B, …) to (B · count, …), each row so many times in a row."""
    rest = column.shape[1:]
    each = tf.tile(tf.expand_dims(column, 1), (1, count, *[1] * len(rest)))
    return tf.reshape(each, (-1, *rest))


def _of_all(part: Tensor | float, rows: int, members: int) -> Tensor | float:
    """A part of a backup, for each member: a number, (B, …) for all members alike, or (B · K, …) as it is."""
    if isinstance(part, (int, float)) or not part.shape.rank or part.shape[0] != rows:
        return part
    return repeated(part, members)
