"""Writing rows: the last update of an index wins, with the same bits in every backend."""

import numpy as np
import pytest
import tensorflow as tf

from rlkit import scatter
from rlkit.programs.backends.conversion import convert
from rlkit.programs.backends.litert import LiteRTBackend
from rlkit.programs.backends.tensorflow import TensorFlowBackend
from rlkit.programs.program import GraphFunction, Program

ROWS, UPDATES = 9, 12
DTYPES = ["float32", "int32", "int64", "bool", "uint8"]
BACKENDS = ["eager", "graph", "xla", "litert"]


def bound(backend, shape, dtype, index_dtype, rows=ROWS, updates=UPDATES):
    """The function in a backend, of arrays to an array."""
    specs = (
        tf.TensorSpec((rows, *shape), dtype, name="values"),
        tf.TensorSpec((updates,), index_dtype, name="indices"),
        tf.TensorSpec((updates, *shape), dtype, name="updates"),
    )
    function = GraphFunction("f", specs, call=lambda values, indices, updates: {"y": scatter(values, indices, updates)})
    program = Program("test", (function,), {}, lambda spec, rng, turn: None)
    if backend == "litert":
        made = LiteRTBackend(convert(program), program, lambda _: frozenset(function.specs()))
    else:
        made = TensorFlowBackend(program, backend)
    call = made.function("f")
    return lambda *given, made=made: call(*given)[0]


def expected(values, indices, updates):
    written = values.copy()
    for index, update in zip(indices, updates, strict=True):
        if 0 <= index < len(values):
            written[index] = update
    return written


def drawn(rng, dtype, shape):
    if dtype == "bool":
        return rng.random(shape) < 0.5
    if dtype.startswith("float"):
        special = np.array([np.nan, np.inf, -np.inf, -0.0, 0.0, 1e-42, 3e38, -1.5, 0.1], dtype)
        return rng.choice(special, shape)
    limits = np.iinfo(dtype)
    return rng.integers(limits.min, limits.max, shape, dtype, endpoint=True)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("shape", "dtype", "index_dtype"),
    [*(((), dtype, "int64") for dtype in DTYPES), ((2, 3), "float32", "int32"), ((3,), "bool", "int64")],
)
def test_the_last_update_wins_bit_by_bit(backend, shape, dtype, index_dtype):
    rng = np.random.default_rng(0)
    call = bound(backend, shape, dtype, index_dtype)
    for turn in range(20):
        values, updates = drawn(rng, dtype, (ROWS, *shape)), drawn(rng, dtype, (UPDATES, *shape))
        low, high = ((0, ROWS), (2, 4), (-2, ROWS + 2))[turn % 3]
        indices = rng.integers(low, high, UPDATES).astype(index_dtype)
        found = call(values, indices, updates)
        assert found.dtype == dtype
        assert found.tobytes() == expected(values, indices, updates).tobytes()


@pytest.mark.parametrize("backend", BACKENDS)
def test_indices_far_outside_are_left_out(backend):
    values, updates = np.arange(3, dtype=np.float32), np.array([7, 8, 9, 10], np.float32)
    indices = np.array([1, 2**32 + 1, -(2**32) + 2, -1], np.int64)
    found = bound(backend, (), "float32", "int64", rows=3, updates=4)(values, indices, updates)
    assert found.tolist() == [0, 7, 2]


def test_nothing_to_write_leaves_the_values():
    assert scatter(tf.range(3), tf.zeros(0, tf.int64), tf.zeros(0, tf.int32)).numpy().tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("values", "indices", "updates", "message"),
    [
        (tf.zeros(3), tf.zeros(2), tf.zeros(2), "indices are float32; allowed are int32 and int64"),
        (tf.zeros(3), [[0]], tf.zeros(1), r"indices have shape \(1, 1\); allowed is \(K,\), K static"),
        (tf.zeros((3, 2)), [0, 1], tf.zeros(2), r"updates of shape \(2,\) .*; allowed is \(2, 2\)"),
        (tf.zeros(3, tf.float16), [0], tf.zeros(1, tf.float16), "values are float16; allowed are float32"),
    ],
)
def test_what_does_not_fit_is_told(values, indices, updates, message):
    with pytest.raises((TypeError, ValueError), match=message):
        scatter(values, indices, updates)
