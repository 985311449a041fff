"""The ring of the compiled loop: the last steps, a row of words and a row of bytes each, in `tf.Variable`s."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import tensorflow as tf

from rlkit.contracts.buffer import Columns
from rlkit.contracts.demand import Sampling
from rlkit.contracts.tensor import Tensor, Variable

_ENDS = ("terminated", "truncated")


class _Column(NamedTuple):
    """Where an entry of a step lies in a row."""

    name: str
    shape: tuple[int, ...]
    dtype: tf.DType
    begin: int
    end: int
    """In words or bytes."""


class Windows(NamedTuple):
    """Windows of consecutive steps, gathered from a ring; T is `before + length`."""

    columns: dict[str, Tensor]
    """(B, T, …) each."""
    valid: Tensor
    """(B, T) bool, see `rlkit.Sample`."""


class GraphRing:
    """Steps of every environment, the oldest overwritten first; slots are numbered as `rlkit.Storage` says.

    A step is one row in an array of 32-bit words, and one in an array of bytes if it has entries of many bytes, such
    as images: so that storing a step and gathering a sample are one operation each, whatever a step consists of.
    """

    def __init__(self, capacity: int, columns: Columns, environments: int = 1) -> None:
        """`capacity` is a multiple of the environments."""
        self.capacity, self._environments = capacity, environments
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
        """Write a step of each environment, (environments, …) each; `step` is the first one's number, int64, from 0."""
        slots = (step % self.capacity + tf.range(self._environments, dtype=tf.int64))[:, None]
        for variable, columns in self._groups():
            row = tf.concat([_packed(values[column.name], column, variable.dtype) for column in columns], -1)
            variable.scatter_nd_update(slots, row)

    def ended(self, slots: Tensor) -> Tensor:
        """Whether the steps at `slots` (A,) int64 are the last ones of their episodes: (A,) bool."""
        rows = tf.gather(self.words, tf.cast(slots, tf.int32))
        ends = (column for column in self._words if column.name in _ENDS)
        return tf.reduce_any([_unpacked(rows[..., column.begin : column.end], column) for column in ends], axis=0)

    def gather(self, slots: Tensor, sampling: Sampling, newest: Tensor, names: Sequence[str]) -> Windows:
        """Windows around `slots` (B,) int64, as the sampling asks, with the columns asked for.

        Args:
            slots: of stored steps.
            sampling: static.
            newest: int64 scalar, the number of the newest stored step.
            names: of columns; others cost nothing.
        """
        before, length = sampling.before, sampling.length
        offset = tf.range(-before, length, dtype=tf.int64)
        steps = (slots[:, None] + self._environments * offset) % self.capacity
        alone = length == 1 and not before
        flags = () if alone or sampling.across_ends else _ENDS
        found: dict[str, Tensor] = {}
        for variable, columns in self._groups():
            rows = tf.gather(variable, tf.cast(steps, tf.int32))
            for column in columns:
                if column.name in names or column.name in flags:
                    found[column.name] = _unpacked(rows[..., column.begin : column.end], column)
        valid = tf.ones(steps.shape, tf.bool)
        if not alone:
            rows, newest = self.capacity // self._environments, newest // self._environments
            ahead = (newest - slots // self._environments) % rows  # steps between a slot and its newest one
            behind = tf.minimum(newest, rows - 1) - ahead  # and between the oldest one and the slot
            valid = (offset[None] <= ahead[:, None]) & (-offset[None] <= behind[:, None])
        if flags:
            ends = tf.cast(found["terminated"] | found["truncated"], tf.int32)
            # An end lies between a step and the slot: of the steps from the slot on, before it; of those before, at it.
            onwards = tf.cumsum(ends[:, before:], axis=1, exclusive=True)
            backwards = tf.cumsum(ends[:, :before], axis=1, reverse=True)
            valid &= tf.concat([backwards, onwards], axis=1) == 0
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
    """(environments, …) to (environments, width), bit for bit."""
    value = tf.cast(value, column.dtype)
    if column.dtype == tf.bool:
        value = tf.cast(value, kept)
    elif column.dtype.size < kept.size:
        value = tf.cast(tf.bitcast(value, tf.uint16) if column.dtype.is_floating else value, tf.int32)
    return tf.reshape(value if value.dtype == kept else tf.bitcast(value, kept), (-1, column.end - column.begin))


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
