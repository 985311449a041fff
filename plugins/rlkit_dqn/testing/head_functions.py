"""A head and its last layers as graph functions."""

from __future__ import annotations

from types import SimpleNamespace

import tensorflow as tf

from rlkit import Call, Tensor, TensorSpec, apply
from rlkit.testing import GraphFunction, with_call
from rlkit.testing.verdict import demand, shown
from rlkit_dqn.contracts.bootstrap import Backup
from rlkit_dqn.contracts.head import Rows, has_members, own_loss
from rlkit_dqn.contracts.loss import Loss
from rlkit_dqn.losses.squared_error import SquaredError

FEATURES = 5
_LOSS = SquaredError()


def values_function(part: SimpleNamespace, rows: int, *, noisy: bool = True) -> GraphFunction:
    """Output `values`, and `members` of a head that has some, of `part.head` on what `part.last` makes of features."""

    def values(call: Call, features: Tensor) -> dict[str, Tensor]:
        out, _ = apply(part.last, features, call.noise if noisy else None)
        of_members = {"members": part.head.member_values(out)} if has_members(part.head) else {}
        return {"values": part.head.values(out), **of_members}

    return with_call("values", values, (_floats("features", rows, FEATURES),))


def losses_function(
    part: SimpleNamespace, rows: int, actions: int, *, step: float = 0.0, loss: Loss = _LOSS
) -> GraphFunction:
    """Outputs `losses` and `td_error`, and what their gradient reaches: features (`slope`), next ones (`next_slope`)
    and whether all trainable variables (`reached`), which move a `step` along it.
    """

    def losses(
        call: Call,
        features: Tensor,
        next_features: Tensor,
        policy: Tensor,
        bonus: Tensor,
        next_bonus: Tensor,
        **given: Tensor,
    ) -> dict[str, Tensor]:
        weights = part.last.trainable_variables
        with tf.GradientTape() as tape:
            tape.watch((features, next_features))
            out, next_out = (apply(part.last, row, call.noise)[0] for row in (features, next_features))
            backup = Backup(policy, bonus, next_bonus)
            chosen = None if own_loss(part.head) else loss
            costs = part.head.losses(Rows(out=out, next_out=next_out, backup=backup, loss=chosen, **given), call)
            pair = isinstance(costs, tuple) and len(costs) == 2
            demand(pair, f"{type(part.head).__name__}.losses", "Costs, losses and TD errors", shown(costs))
        slope, next_slope, *slopes = tape.gradient(costs[0], [features, next_features, *weights])
        for weight, by in zip(weights, slopes, strict=True):
            if by is not None:
                weight.assign(weight - step * by)
        nothing = tf.zeros_like(features)
        return {
            "losses": costs[0],
            "td_error": costs[1],
            "slope": nothing if slope is None else slope,
            "next_slope": nothing if next_slope is None else next_slope,
            "reached": tf.constant(all(by is not None for by in slopes)),
        }

    specs = (
        _floats("features", rows, FEATURES),
        tf.TensorSpec((rows,), tf.int32, name="action"),
        _floats("reward", rows),
        _floats("discount", rows),
        _floats("next_features", rows, FEATURES),
        _floats("policy", rows, actions),
        _floats("bonus", rows),
        _floats("next_bonus", rows, actions),
    )
    return with_call("losses", losses, specs)


def _floats(name: str, *shape: int) -> TensorSpec:
    return tf.TensorSpec(shape, tf.float32, name=name)
