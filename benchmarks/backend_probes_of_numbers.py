"""Probes of arithmetic: overflow, rounding, division by zero, NaN and infinities, casts."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from backend_probes import INF, NAN, Probe, bools, floats, ints, longs

_SIGNED = (ints(7, -7, 7, -7), ints(3, 3, -3, -3))
_SIGNED_FLOATS = (floats(7, -7, 7, -7), floats(3, 3, -3, -3))


def _gradient(call: Any, x: tf.Tensor) -> tf.Tensor:
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = call(x)
    return tape.gradient(y, x)


INTEGERS = [
    Probe("int32 +, ·", "2³¹ − 1 twice", lambda x: tf.concat([x + x, x * x], 0), (ints(2**31 - 1),)),
    Probe("int64 +, ·", "2⁶³ − 1 twice", lambda x: tf.concat([x + x, x * x], 0), (longs(2**63 - 1),)),
    Probe("uint8 +", "200 + 100", lambda x, y: x + y, (np.array([200], np.uint8), np.array([100], np.uint8))),
    Probe("uint8 −", "1 − 2", lambda x, y: x - y, (np.array([1], np.uint8), np.array([2], np.uint8))),
    Probe("int32 abs, −x", "−2³¹", lambda x: tf.concat([abs(x), -x], 0), (ints(-(2**31)),)),
    Probe("int32 //", "7 and −7 by 3 and −3", lambda x, y: x // y, _SIGNED),
    Probe("int32 %", "7 and −7 by 3 and −3", lambda x, y: x % y, _SIGNED),
    Probe("int64 //", "−7 by 3", lambda x, y: x // y, (longs(-7), longs(3))),
    Probe("int64 %", "−7 by 3", lambda x, y: x % y, (longs(-7), longs(3))),
    Probe("tf.truncatediv", "−7 by 3", tf.truncatediv, (ints(-7), ints(3))),
    Probe("int32 //", "1 by 0", lambda x, y: x // y, (ints(1), ints(0))),
    Probe("int32 %", "1 by 0", lambda x, y: x % y, (ints(1), ints(0))),
    Probe(
        "int64 maximum, minimum",
        "2⁵³ and 2⁵³ + 1",
        lambda x, y: tf.concat([tf.maximum(x, y), tf.minimum(x, y)], 0),
        (longs(2**53), longs(2**53 + 1)),
    ),
    Probe("int64 reduce_sum", "2⁵³, 1, 1", tf.reduce_sum, (longs(2**53, 1, 1),)),
    Probe("int32 reduce_mean", "1, 2 and −1, −2", lambda x: tf.reduce_mean(x, 1), (ints([1, 2], [-1, -2]),)),
    Probe("tf.pow, int32", "2³¹ and (−3)³", tf.pow, (ints(2, -3), ints(31, 3))),
    Probe("tf.bitwise.right_shift", "−8 by 1", tf.bitwise.right_shift, (ints(-8), ints(1))),
    Probe("tf.bitwise.left_shift", "1 by 32", tf.bitwise.left_shift, (ints(1), ints(32))),
    Probe("tf.bitcast int64 to int32", "2³² + 7", lambda x: tf.bitcast(x, tf.int32), (longs(2**32 + 7),)),
]

CASTS = [
    Probe("cast float32 to int32", "1e10, −1e10", lambda x: tf.cast(x, tf.int32), (floats(1e10, -1e10),)),
    Probe("cast float32 to int32", "NaN, ∞, −∞", lambda x: tf.cast(x, tf.int32), (floats(NAN, INF, -INF),)),
    Probe("cast float32 to int64", "NaN, 1e20", lambda x: tf.cast(x, tf.int64), (floats(NAN, 1e20),)),
    Probe("cast float32 to uint8", "−1, 256, 300.7", lambda x: tf.cast(x, tf.uint8), (floats(-1, 256, 300.7),)),
    Probe("cast float32 to int32", "2.7, −2.7", lambda x: tf.cast(x, tf.int32), (floats(2.7, -2.7),)),
    Probe("cast int64 to int32", "2³² + 7", lambda x: tf.cast(x, tf.int32), (longs(2**32 + 7),)),
    Probe("cast int64 to float32", "2²⁴ + 1", lambda x: tf.cast(x, tf.float32) - 2.0**24, (longs(2**24 + 1),)),
    Probe("cast int32 to uint8", "−1, 256", lambda x: tf.cast(x, tf.uint8), (ints(-1, 256),)),
    Probe("cast to bool", "0, −0, 0.5, NaN", lambda x: tf.cast(x, tf.bool), (floats(0, -0.0, 0.5, NAN),)),
    Probe("cast bool to float32", "False, True", lambda x: tf.cast(x, tf.float32), (bools(0, 1),)),
    Probe("tf.round", "0.5, 1.5, 2.5, −0.5", tf.round, (floats(0.5, 1.5, 2.5, -0.5),)),
]

FLOATS = [
    Probe("float32 //", "7 and −7 by 3 and −3", lambda x, y: x // y, _SIGNED_FLOATS),
    Probe("float32 %", "7 and −7 by 3 and −3", lambda x, y: x % y, _SIGNED_FLOATS),
    Probe("float32 /", "1, −1 and 0 by 0", lambda x, y: x / y, (floats(1, -1, 0), floats(0, 0, 0))),
    Probe("float32 //", "1 and 0 by 0", lambda x, y: x // y, (floats(1, 0), floats(0, 0))),
    Probe("float32 %", "1 by 0", lambda x, y: x % y, (floats(1), floats(0))),
    Probe("tf.math.divide_no_nan", "1 by 0", tf.math.divide_no_nan, (floats(1), floats(0))),
    Probe(
        "tf.maximum, tf.minimum",
        "NaN and 1, 1 and NaN",
        lambda x, y: tf.concat([tf.maximum(x, y), tf.minimum(x, y)], 0),
        (floats(NAN, 1), floats(1, NAN)),
    ),
    Probe(
        "tf.reduce_max", "1, NaN, 3 and NaN, 1, 3", lambda x: tf.reduce_max(x, 1), (floats([1, NAN, 3], [NAN, 1, 3]),)
    ),
    Probe(
        "tf.reduce_min", "1, NaN, 3 and NaN, 1, 3", lambda x: tf.reduce_min(x, 1), (floats([1, NAN, 3], [NAN, 1, 3]),)
    ),
    Probe("tf.nn.relu", "NaN, −0", tf.nn.relu, (floats(NAN, -0.0),)),
    Probe(
        "tf.clip_by_value",
        "low 2 above high 1",
        tf.clip_by_value,
        (floats(0, 1.5, 3), np.array(2, np.float32), np.array(1, np.float32)),
    ),
    Probe("tf.clip_by_value", "NaN", lambda x: tf.clip_by_value(x, 0.0, 1.0), (floats(NAN),)),
    Probe("tf.pow", "(−8)^(1/3), 0⁰, 0⁻¹", tf.pow, (floats(-8, 0, 0), floats(1 / 3, 0, -1))),
    Probe("tf.sqrt, tf.math.rsqrt", "−1, 0", lambda x: tf.concat([tf.sqrt(x), tf.math.rsqrt(x)], 0), (floats(-1, 0),)),
    Probe("tf.math.log", "−1, 0, 1e−40", tf.math.log, (floats(-1, 0, 1e-40),)),
    Probe("tf.exp", "100, −200, −∞", tf.exp, (floats(100, -200, -INF),)),
    Probe(
        "tf.tanh, tf.sigmoid",
        "200, −200, NaN",
        lambda x: tf.concat([tf.tanh(x), tf.sigmoid(x)], 0),
        (floats(200, -200, NAN),),
    ),
    Probe("tf.math.softplus", "100, −100", tf.math.softplus, (floats(100, -100),)),
    Probe("tf.nn.softmax", "0, 1, −∞; and all −∞", tf.nn.softmax, (floats([0, 1, -INF], [-INF, -INF, -INF]),)),
    Probe("tf.nn.log_softmax", "0, 1000, −∞", tf.nn.log_softmax, (floats([0, 1000, -INF]),)),
    Probe(
        "tf.reduce_logsumexp",
        "−∞ twice; 1000, 1000",
        lambda x: tf.reduce_logsumexp(x, 1),
        (floats([-INF, -INF], [1000, 1000]),),
    ),
    Probe("tf.sign", "NaN, −0, −2", tf.sign, (floats(NAN, -0.0, -2),)),
    Probe("tf.math.is_nan", "NaN, ∞, 1", tf.math.is_nan, (floats(NAN, INF, 1),)),
    Probe("x != x", "NaN, 1", lambda x: x != x, (floats(NAN, 1),)),  # noqa: PLR0124
    Probe("tf.math.is_finite", "NaN, ∞, 1", tf.math.is_finite, (floats(NAN, INF, 1),)),
    Probe("x · 1", "a denormal, 1e−40", lambda x, y: x * y, (floats(1e-40), floats(1))),
    Probe("tf.floor, tf.math.ceil", "−0.5", lambda x: tf.concat([tf.floor(x), tf.math.ceil(x)], 0), (floats(-0.5),)),
    Probe(
        "gradient of tf.where(x > 0, log x, 0)",
        "0, 1",
        lambda x: _gradient(lambda y: tf.where(y > 0, tf.math.log(y), 0.0), x),
        (floats(0, 1),),
    ),
    Probe(
        "gradient of tf.maximum(x, 0)", "0, 1", lambda x: _gradient(lambda y: tf.maximum(y, 0.0), x), (floats(0, 1),)
    ),
    Probe("gradient of abs", "0, −1", lambda x: _gradient(tf.abs, x), (floats(0, -1),)),
    Probe("gradient of tf.reduce_max", "equal values", lambda x: _gradient(tf.reduce_max, x), (floats(2, 2, 1),)),
]
