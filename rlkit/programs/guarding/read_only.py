"""Variables that can be read, and not be assigned."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

import keras
import tensorflow as tf

from rlkit.contracts.tensor import Tensor, Variable

_WRITES = ("assign", "scatter_", "batch_scatter_", "load", "initialize")


class ReadOnlyError(TypeError):
    """Something was to be assigned that is for reading only."""


class ReadOnly:
    """A variable of TensorFlow's or Keras's as a tensor, with the variable's own attributes."""

    def __init__(self, variable: Variable, what: str) -> None:
        """`what` it is, for the message."""
        self._variable, self._what = variable, what

    def __getattr__(self, name: str) -> Any:
        if name.startswith(_WRITES):
            raise ReadOnlyError(f"{name} of {self._what}, which may be read only; assign to the other ones")
        found = getattr(self._variable, name)
        return ReadOnly(found, self._what) if isinstance(found, (tf.Variable, keras.Variable)) else found

    def __getitem__(self, key: Any) -> Tensor:
        return tf.convert_to_tensor(self)[key]

    def __len__(self) -> int:
        return len(tf.convert_to_tensor(self))

    def __iter__(self) -> Iterator[Tensor]:
        return iter(tf.unstack(self))

    def __tf_tensor__(self, dtype: Any = None, name: str | None = None) -> Tensor:
        """For whatever takes a tensor."""
        return tf.convert_to_tensor(self._variable, dtype, name=name)


def read_only(variables: Any, what: str) -> list[ReadOnly]:
    """Each of them, for reading."""
    return [ReadOnly(variable, what) for variable in variables]


def _define(name: str, operation: Callable[..., Tensor]) -> None:
    setattr(ReadOnly, f"__{name}__", lambda self, *other: operation(tf.convert_to_tensor(self), *other))


def _define_reflected(name: str, operation: Callable[..., Tensor]) -> None:
    setattr(ReadOnly, f"__r{name}__", lambda self, other: operation(other, tf.convert_to_tensor(self)))


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"):
    _define(_name, getattr(operator, _name))
    _define_reflected(_name, getattr(operator, _name))
for _name in ("neg", "abs", "lt", "le", "gt", "ge"):
    _define(_name, getattr(operator, _name))
