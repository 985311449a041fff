"""Which part keeps the gradient from the weights."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from rlkit import Call, Tensor, part_error
from rlkit_dqn.contracts.head import Head, Rows

_ALLOWED = "allowed: what TensorFlow can differentiate"


def no_gradient(head: Head, rows: Rows, td_error: Tensor, call: Call) -> Exception:
    """What to raise where no weight has a gradient: it names the loss or the head that cuts it."""
    if rows.loss is not None and not _flows(rows.loss.value, td_error):
        return part_error(rows.loss, "value", f"lets no gradient through to td_error; {_ALLOWED}")
    if not _flows(lambda out: head.losses(rows._replace(out=out), call).losses, rows.out):
        return part_error(head, "losses", f"lets no gradient through to rows.out; {_ALLOWED}")
    return part_error(head, "build", f"its layers let no gradient through to any weight; {_ALLOWED}")


def _flows(function: Any, given: Any) -> bool:
    """Whether what a function returns has a gradient with respect to what it is given, a nest."""
    given = tf.nest.map_structure(tf.stop_gradient, given)
    with tf.GradientTape() as tape:
        for leaf in tf.nest.flatten(given):
            tape.watch(leaf)
        found = function(given)
    return any(gradient is not None for gradient in tape.gradient(found, tf.nest.flatten(given)))
