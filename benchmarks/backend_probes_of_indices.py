"""Probes of what writes and reads by index: scatter, gather and slices."""

from __future__ import annotations

import numpy as np
import tensorflow as tf
from backend_probes import INF, Probe, bools, floats, ints, longs

import rlkit

_TENS, _TWICE, _TWO = floats(10, 10, 10, 10), longs([1], [1]), floats(3, 4)
_TABLE = floats([1, 2], [3, 4], [5, 6])

SCATTER = [
    Probe(
        "tf.tensor_scatter_nd_update",
        "an index twice, updates 3 and 4 over 10",
        tf.tensor_scatter_nd_update,
        (_TENS, _TWICE, _TWO),
    ),
    Probe(
        "tf.tensor_scatter_nd_update",
        "an index twice, both updates 3",
        tf.tensor_scatter_nd_update,
        (_TENS, _TWICE, floats(3, 3)),
    ),
    Probe(
        "tf.tensor_scatter_nd_update",
        "an infinity overwritten by 3",
        tf.tensor_scatter_nd_update,
        (floats(INF, 1), longs([0]), floats(3)),
    ),
    Probe(
        "tf.tensor_scatter_nd_update",
        "−0 beside the place written",
        tf.tensor_scatter_nd_update,
        (floats(-0.0, 1), longs([1]), floats(3)),
    ),
    Probe(
        "tf.tensor_scatter_nd_update",
        "bool, an index twice, True then False",
        tf.tensor_scatter_nd_update,
        (bools(0, 0), _TWICE, bools(1, 0)),
    ),
    Probe("tf.tensor_scatter_nd_update", "index 4 of 4", tf.tensor_scatter_nd_update, (_TENS, longs([4]), floats(3))),
    Probe("tf.tensor_scatter_nd_update", "index −1", tf.tensor_scatter_nd_update, (_TENS, longs([-1]), floats(3))),
    Probe("rlkit.scatter", "an index twice, updates 3 and 4 over 10", rlkit.scatter, (_TENS, longs(1, 1), _TWO)),
    Probe("rlkit.scatter", "indices 4 of 4 and −1", rlkit.scatter, (_TENS, longs(4, -1), _TWO)),
    Probe("tf.tensor_scatter_nd_add", "an index twice", tf.tensor_scatter_nd_add, (_TENS, _TWICE, _TWO)),
    Probe("tf.tensor_scatter_nd_sub", "an index twice", tf.tensor_scatter_nd_sub, (_TENS, _TWICE, _TWO)),
    Probe("tf.tensor_scatter_nd_min", "an index twice", tf.tensor_scatter_nd_min, (_TENS, _TWICE, _TWO)),
    Probe("tf.tensor_scatter_nd_max", "an index twice", tf.tensor_scatter_nd_max, (_TENS, _TWICE, _TWO)),
    Probe(
        "tf.scatter_nd", "an index twice", lambda i, u: tf.scatter_nd(i, u, tf.constant([4], tf.int64)), (_TWICE, _TWO)
    ),
    Probe(
        "tf.scatter_nd",
        "index 4 of 4",
        lambda i, u: tf.scatter_nd(i, u, tf.constant([4], tf.int64)),
        (longs([4]), floats(3)),
    ),
    Probe(
        "tf.math.unsorted_segment_sum",
        "segments 1, 1, −1 of 3",
        lambda x, i: tf.math.unsorted_segment_sum(x, i, 3),
        (floats(3, 4, 5), ints(1, 1, -1)),
    ),
    Probe(
        "tf.math.unsorted_segment_max",
        "segments 1, 1 of 2: one empty",
        lambda x, i: tf.math.unsorted_segment_max(x, i, 2),
        (_TWO, ints(1, 1)),
    ),
    Probe(
        "tf.math.unsorted_segment_mean",
        "segments 1, 1 of 2: one empty",
        lambda x, i: tf.math.unsorted_segment_mean(x, i, 2),
        (_TWO, ints(1, 1)),
    ),
    Probe(
        "variable.scatter_nd_update",
        "an index twice",
        lambda i, u, v: v.scatter_nd_update(i, u) + 0.0,
        (_TWICE, _TWO),
        (_TENS,),
    ),
    Probe(
        "variable.scatter_nd_add",
        "an index twice",
        lambda i, u, v: v.scatter_nd_add(i, u) + 0.0,
        (_TWICE, _TWO),
        (_TENS,),
    ),
]

GATHER = [
    Probe("tf.gather", "index 3 of 3", tf.gather, (_TABLE, longs(0, 3))),
    Probe("tf.gather", "index −1", tf.gather, (_TABLE, longs(0, -1))),
    Probe("tf.gather, from a variable", "index 3 of 3", lambda i, v: tf.gather(v, i), (longs(0, 3),), (_TABLE,)),
    Probe(
        "tf.gather, batch_dims=1",
        "indices 1, 0, 1",
        lambda x, i: tf.gather(x, i, batch_dims=1),
        (_TABLE, ints(1, 0, 1)),
    ),
    Probe(
        "tf.gather, batch_dims=1",
        "index 2 of 2 in the first row",
        lambda x, i: tf.gather(x, i, batch_dims=1),
        (_TABLE, ints(2, 0, 1)),
    ),
    Probe("tf.gather_nd", "index (3, 0) of 3 rows", tf.gather_nd, (_TABLE, ints([0, 0], [3, 0]))),
    Probe("tf.gather_nd", "index (−1, 0)", tf.gather_nd, (_TABLE, ints([0, 0], [-1, 0]))),
    Probe("tf.one_hot", "classes 0, 3, −1 of 3", lambda i: tf.one_hot(i, 3), (ints(0, 3, -1),)),
    Probe("x[1:9], x[-9:2]", "a slice beyond both ends", lambda x: tf.concat([x[1:9], x[-9:2]], 0), (floats(1, 2, 3),)),
    Probe(
        "x[n:n + 2]",
        "begin from a tensor, n = 2 of 3",
        lambda x, n: tf.reduce_sum(x[n : n + 2]),
        (floats(1, 2, 3), np.array(2, np.int32)),
    ),
    Probe(
        "tf.slice of static size",
        "begin 2, size 2 of 3",
        lambda x, n: tf.slice(x, [n], [2]),
        (floats(1, 2, 3), np.array(2, np.int32)),
    ),
]
