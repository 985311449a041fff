"""The ring of the compiled loop: the last steps, a row of words and a row of bytes each, in `tf.Variable`s."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import tensorflow as tf

from rlkit.contracts.tensor import Tensor, Variable
from rlkit.replay.ring import Columns


class _Column(NamedTuple):
    """Where an entry of a step lies in a row."""

    name: str
    shape: tuple[int, ...]
    dtype: tf.DType
    begin: int
    end: int
    """In words or bytes."""


class Windows(NamedTuple):
    """Windows of T consecutive steps, gathered from a ring."""

    columns: dict[str, Tensor]
    """(B, T, …) each."""
    valid: Tensor
    """(B, T) bool: False past an episode's end or the newest stored step."""


class GraphRing:
    """Steps of one environment, the oldest overwritten first.

    A step is one row in an array of 32-bit words, and one in an array of bytes if it has entries of many bytes, such
    as images: so that storing a step and gathering a sample are one operation each, whatever a step consists of.
    """

    def __init__(self, capacity: int, columns: Columns) -> None:
        self.capacity = capacity
        self._words: list[_Column] = []
        self._bytes: list[_Column] = []
        for name, (shape, dtype_name) in columns.items():
            dtype, count = tf.as_dtype(dtype_name), math.prod(shape)
            group, size = (self._bytes, count) if _in_bytes(dtype, count) else (self._words, count * _words_of(dtype))
            begin = group[-1].end if group else 0
            group.append(_Column(name, shape, dtype, begin, begin + size))
        self.words: Variable = tf.Variable(tf.zeros((capacity, self._words[-1].end), tf.uint32), trainable=False)
        self.bytes: Variable | None = None
        if self._bytes:
            self.bytes = tf.Variable(tf.zeros((capacity, self._bytes[-1].end), tf.uint8), trainable=False)

    def store(self, step: Tensor, values: Mapping[str, Tensor]) -> None:
        """Write the step of this number (int64 scalar, from 0); values of a single environment (1, …)."""
        slot = tf.reshape(step % self.capacity, (1, 1))
        for variable, columns in self._groups():
            row = tf.concat([_packed(values[column.name], column, variable.dtype) for column in columns], -1)
            variable.scatter_nd_update(slot, row)

    def gather(self, slots: Tensor, length: int, newest: Tensor, names: Sequence[str]) -> Windows:
        """Windows of `length` steps that begin at `slots` (B,) int64, with the columns asked for.

        Args:
            slots: of stored steps.
            length: static.
            newest: int64 scalar, the number of the newest stored step.
            names: of columns; others cost nothing.
        """
        steps = (slots[:, None] + tf.range(length, dtype=tf.int64)) % self.capacity
        found: dict[str, Tensor] = {}
        flags = () if length == 1 else ("terminated", "truncated")
        for variable, columns in self._groups():
            rows = tf.gather(variable, tf.cast(steps, tf.int32))
            for column in columns:
                if column.name in names or column.name in flags:
                    found[column.name] = _unpacked(rows[..., column.begin : column.end], column)
        valid = tf.ones(steps.shape, tf.bool)
        if length > 1:
            ends = found["terminated"] | found["truncated"]
            inside = tf.cumsum(tf.cast(ends, tf.int32), axis=1, exclusive=True) == 0
            ahead = (newest - slots) % self.capacity  # steps between a slot and the newest one
            valid = inside & (tf.range(length, dtype=tf.int64)[None] <= ahead[:, None])
        return Windows({name: found[name] for name in names}, valid)

    def _groups(self) -> list[tuple[Variable, list[_Column]]]:
        groups = [(self.words, self._words)]
        return [*groups, (self.bytes, self._bytes)] if self.bytes is not None else groups


def _in_bytes(dtype: tf.DType, count: int) -> bool:
    """Whether an entry is kept in bytes: one that takes a byte each, unless it is a flag or so."""
    return dtype.size == 1 and count > 4


def _words_of(dtype: tf.DType) -> int:
    return max(1, int(dtype.size) // 4)


def _packed(value: Tensor, column: _Column, kept: tf.DType) -> Tensor:
    """(1, …) to (1, width), bit for bit."""
    value = tf.cast(value, column.dtype)
    if column.dtype == tf.bool:
        value = tf.cast(value, kept)
    elif column.dtype.size < kept.size:
        value = tf.cast(tf.bitcast(value, tf.uint16) if column.dtype.is_floating else value, tf.int32)
    return tf.reshape(value if value.dtype == kept else tf.bitcast(value, kept), (1, column.end - column.begin))


def _unpacked(rows: Tensor, column: _Column) -> Tensor:
    """(…, width) to (…, *shape)."""
    lead = rows.shape[:-1]
    if column.dtype == tf.bool:
        return tf.reshape(tf.cast(rows, tf.bool), (*lead, *column.shape))
    if column.dtype.size > rows.dtype.size:
        rows = tf.reshape(rows, (*lead, -1, column.dtype.size // rows.dtype.size))
    elif column.dtype.size < rows.dtype.size:
        rows = tf.cast(tf.bitcast(rows, tf.int32), tf.uint16 if column.dtype.is_floating else column.dtype)
    return tf.reshape(rows if rows.dtype == column.dtype else tf.bitcast(rows, column.dtype), (*lead, *column.shape))
