"""Names for TensorFlow's untyped values, so that signatures can say what they mean."""

from typing import Any, TypeAlias

Tensor: TypeAlias = Any
"""A `tf.Tensor` in graph code; on the host a NumPy array or scalar of the same shape and dtype."""

Variable: TypeAlias = Any
"""A `tf.Variable` or a Keras variable."""

TensorSpec: TypeAlias = Any
"""A `tf.TensorSpec`: shape and dtype of a tensor that is not there yet."""

Nest: TypeAlias = Any
"""Tensors in nested tuples and dicts; `()` when there is nothing."""
