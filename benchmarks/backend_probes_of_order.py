"""Probes of order, of control and of shapes: ties, NaN, sums in order, assignments, loops, many or no elements."""

from __future__ import annotations

import numpy as np
import tensorflow as tf
from backend_probes import INF, NAN, Probe, floats, ints, longs

_TIES = floats([1, 3, 3, 0], [2, 2, 2, 2])
_WITH_NAN = floats(1, NAN, 3, 2)
_MANY = np.arange(24, dtype=np.float32).reshape(1, 2, 1, 3, 1, 4)
_ROWS = np.random.default_rng(0).normal(size=(8, 3)).astype(np.float32)
_KERNEL = np.random.default_rng(1).normal(size=(3, 5)).astype(np.float32)


def _assigned_then_read(x: tf.Tensor, variable: tf.Variable) -> tf.Tensor:
    before = variable + 0.0
    variable.assign(x)
    between = variable + 0.0
    variable.assign_add(x)
    return tf.stack([before, between, variable + 0.0])


def _read_lazily(x: tf.Tensor, variable: tf.Variable) -> tf.Tensor:
    read = tf.identity(variable)
    variable.assign(x)
    return tf.stack([read, tf.identity(variable)])


def _assigned_in_branch(x: tf.Tensor, variable: tf.Variable) -> tf.Tensor:
    tf.cond(x[0] > 0, lambda: variable.assign(x), lambda: variable.assign(-x))
    return variable + 0.0


ORDER = [
    Probe("tf.argmax", "equal values", lambda x: tf.argmax(x, 1), (_TIES,)),
    Probe("tf.argmin", "equal values", lambda x: tf.argmin(x, 1), (_TIES,)),
    Probe("tf.argmax", "NaN in the middle", tf.argmax, (_WITH_NAN,)),
    Probe("tf.argmax", "NaN in front", tf.argmax, (floats(NAN, 1, 3),)),
    Probe("tf.math.top_k, indices", "equal values", lambda x: tf.math.top_k(x, 3)[1], (_TIES,)),
    Probe("tf.math.top_k, indices", "a NaN", lambda x: tf.math.top_k(x, 2)[1], (_WITH_NAN,)),
    Probe("tf.sort", "a NaN", tf.sort, (_WITH_NAN,)),
    Probe("tf.argsort, stable", "equal values", lambda x: tf.argsort(x, stable=True), (_TIES,)),
    Probe("tf.searchsorted", "equal values, left", tf.searchsorted, (floats(1, 2, 2, 3), floats(2, 4))),
    Probe("tf.argmax", "no columns", lambda x: tf.argmax(x, 1), (np.zeros((2, 0), np.float32),)),
    Probe(
        "tf.cumsum, exclusive and reverse",
        "1, 2, 3",
        lambda x: tf.cumsum(x, exclusive=True, reverse=True),
        (floats(1, 2, 3),),
    ),
    Probe("tf.cumsum", "a large value before small ones", tf.cumsum, (floats(2**24, 1, 1, 1),)),
    Probe("tf.cumsum, int64", "2⁵³, 1, 1", tf.cumsum, (longs(2**53, 1, 1),)),
    Probe("tf.math.cumprod", "1, 2, 3", tf.math.cumprod, (floats(1, 2, 3),)),
]

CONTROL = [
    Probe(
        "variable.assign",
        "read before, between and after two assignments",
        _assigned_then_read,
        (floats(1, 2),),
        (floats(5, 6),),
    ),
    Probe("tf.identity of a variable", "read, then assigned", _read_lazily, (floats(1, 2),), (floats(5, 6),)),
    Probe("tf.cond", "a variable assigned in a branch", _assigned_in_branch, (floats(-1, 2),), (floats(5, 6),)),
    Probe(
        "tf.while_loop",
        "no turns",
        lambda x, n: tf.while_loop(lambda i, y: i < n, lambda i, y: (i + 1, y * 2), (0, x))[1],
        (floats(1, 2), np.array(0, np.int32)),
    ),
    Probe(
        "tf.random.stateless_uniform",
        "seed (1, 2)",
        lambda seed: tf.random.stateless_uniform((2,), seed),
        (ints(1, 2),),
    ),
    Probe("tf.range", "from 0 to 1 by 0.3", lambda limit: tf.range(0.0, limit, 0.3), (np.array(1, np.float32),)),
    Probe("tf.linspace", "5 from 0 to 1", lambda stop: tf.linspace(0.0, stop, 5), (np.array(1, np.float32),)),
]

SHAPES = [
    Probe(
        "tf.reduce_sum, reduce_max, reduce_mean",
        "no elements",
        lambda x: tf.stack([tf.reduce_sum(x), tf.reduce_max(x), tf.reduce_mean(x)]),
        (np.zeros(0, np.float32),),
    ),
    Probe("tf.concat", "one part empty", lambda x, y: tf.concat([x, y], 0), (np.zeros(0, np.float32), floats(1))),
    Probe(
        "+ broadcast",
        "six dimensions",
        lambda x, y: tf.reduce_sum(x + y, [0, 1, 2, 3, 4]),
        (_MANY, np.ones((1, 1, 5, 1, 2, 1), np.float32)),
    ),
    Probe(
        "tf.where broadcast",
        "six dimensions",
        lambda x, y: tf.reduce_sum(tf.where(x > 3, x, y), [0, 1, 2, 3, 4]),
        (_MANY, np.ones((1, 1, 5, 1, 2, 1), np.float32)),
    ),
    Probe("tf.transpose", "six dimensions reversed", lambda x: tf.reshape(tf.transpose(x), [-1])[:5], (_MANY,)),
    Probe("tf.matmul", "∞ · 0 in a sum", tf.matmul, (floats([INF, 1]), floats([0], [1]))),
    Probe(
        "tf.nn.relu(x @ kernel), the least",
        "a product without a bias, kernel a variable",
        lambda x, kernel: tf.reduce_min(tf.nn.relu(x @ kernel)),
        (_ROWS,),
        (_KERNEL,),
    ),
]
