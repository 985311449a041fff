"""From Python code to a TensorFlow graph; AutoGraph rewrites only code that cannot be traced as it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import tensorflow as tf

from rlkit.contracts.tensor import TensorSpec
from rlkit.faults.authors import one_line
from rlkit.faults.part_error import PartError, part_error_in


def trace(call: Callable[..., Any], specs: Mapping[str, TensorSpec]) -> Any:
    """A concrete TensorFlow function of a Python function that takes its inputs as keywords.

    AutoGraph makes graph operations of Python's `if`, `while` and `for` on tensors, and for that it parses and rewrites
    every function that is called, which takes longer than to trace them. Without it TensorFlow raises an error where
    Python asks a tensor for its truth or its elements, so code that can be traced as it stands means the same either
    way; other code is traced again with it.

    Args:
        call: it may be traced twice.
        specs: of its inputs, by name.

    Raises:
        Exception: whatever the code raises when it is traced with AutoGraph; a PartError as it was raised.
    """
    try:
        return tf.function(call, autograph=False).get_concrete_function(**specs)
    except Exception as error:
        plain = part_error_in(error)
    try:
        return tf.function(call).get_concrete_function(**specs)
    except Exception as error:
        told = part_error_in(error)  # AutoGraph raises an error of its own in its place
        if told is None or told is error:
            raise
        told = plain if plain is not None and _same(plain, told) else told  # its traceback has the author's lines
        raise told from told.__cause__


def _same(one: PartError, other: PartError) -> bool:
    if one.__cause__ is None or other.__cause__ is None:
        return str(one) == str(other)
    return one_line(one.__cause__) == one_line(other.__cause__)
