"""The compiled loop's variables are read in one call, and stay what they were at that moment."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from rlkit.loops.compiled.backend import CompiledBackend
from rlkit.programs.program import Program

VALUES = {
    "kernel": np.arange(6, dtype=np.float32).reshape(2, 3),
    "count": np.array(7, np.int64),
    "bias": np.array([0.5, -0.5], np.float32),
    "seen": np.zeros((0, 4), np.float32),
    "mask": np.array([True, False, True]),
}


def backend_of(values):
    return CompiledBackend(
        Program("test", (), {name: tf.Variable(one) for name, one in values.items()}, None), debug=False
    )


def test_every_variable_is_read_with_its_type_and_shape():
    read = backend_of(VALUES).read()
    assert list(read) == list(VALUES) and len(read) == len(VALUES)
    for name, value in VALUES.items():
        assert read[name].dtype == value.dtype and read[name].shape == value.shape
        np.testing.assert_array_equal(read[name], value)


def test_what_was_read_is_not_changed_by_later_writing():
    backend = backend_of(VALUES)
    before = backend.read()
    backend.write({name: np.zeros_like(value) for name, value in VALUES.items()})
    np.testing.assert_array_equal(before["kernel"], VALUES["kernel"])
    assert not backend.read()["kernel"].any()


def test_a_program_without_variables_reads_as_none():
    assert dict(backend_of({}).read()) == {}
