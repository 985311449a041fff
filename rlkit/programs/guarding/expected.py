"""Whether what a method returned is what its contract asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import keras
import tensorflow as tf


class Misfit(NamedTuple):
    """What is wrong with a result."""

    text: str
    """What was found and what is allowed."""
    found: Any
    """The part of it that is wrong."""


def misfit(expected: Any, found: Any, what: str = "") -> Misfit | None:
    """What is wrong with a result, None if it fits.

    Args:
        expected: see `rlkit.contracts.returns`; also a function from what was found to what is wrong with it.
        found: the result.
        what: which part of it, for the message.
    """
    if expected is None:
        return None if found is None else refusal(found, "nothing is returned", what)
    if isinstance(expected, tf.TensorSpec):
        return _tensor_misfit(expected, found, what)
    if isinstance(expected, type):
        return _instance_misfit(expected, found, what)
    if isinstance(expected, tuple):
        return _bundle_misfit(expected, found, what)
    said: Misfit | None = expected(found)
    return said


def refusal(found: Any, allowed: str, what: str = "") -> Misfit:
    """Found and allowed, in words."""
    return Misfit(f"returned {f'{what} ' if what else ''}{shown(found)}; allowed: {allowed}", found)


def scalars_misfit(found: Any, what: str = "", required: tuple[str, ...] = (), dtype: str = "") -> Misfit | None:
    """What is wrong with a mapping from names to numbers; with a dtype, to tensors of it."""
    if not isinstance(found, Mapping):
        return refusal(found, "a dict from names to scalars", what)
    for name in required:
        if name not in found:
            return refusal(found, f"a dict with {name!r}", what)
    for name, value in found.items():
        inner = f"{what}[{name!r}]" if what else f"[{name!r}]"
        if dtype or not isinstance(value, (bool, int, float)):
            wrong = _tensor_misfit(tf.TensorSpec((), dtype or getattr(value, "dtype", tf.float32)), value, inner)
            if wrong:
                return wrong
    return None


def shown(found: Any) -> str:
    """In a few words: `float32 (2, 3)`, `None (a return is missing?)`, `int 3`."""
    if found is None:
        return "None (is a return missing?)"
    if is_tensor(found):
        return f"{tf.as_dtype(found.dtype).name} {_shape(tf.TensorShape(found.shape))}"
    if isinstance(found, tuple):
        return f"{type(found).__name__} ({', '.join(map(shown, found))})"
    if isinstance(found, Mapping):
        return f"{type(found).__name__} with {', '.join(map(repr, found)) or 'nothing in it'}"
    if isinstance(found, (bool, int, float, str)):
        return f"{type(found).__name__} {found!r}"
    if callable(found) and hasattr(found, "__name__"):
        return f"{'the class' if isinstance(found, type) else 'the function'} {found.__name__}"
    return type(found).__name__


def is_tensor(found: Any) -> bool:
    """Whether it has a shape and a dtype of TensorFlow's."""
    try:
        tf.as_dtype(found.dtype)
        return found.shape is not None
    except (AttributeError, TypeError):
        return False


def _tensor_misfit(spec: tf.TensorSpec, found: Any, what: str) -> Misfit | None:
    fits = is_tensor(found) and tf.as_dtype(found.dtype) == spec.dtype and spec.shape.is_compatible_with(found.shape)
    return None if fits else refusal(found, f"{spec.dtype.name} {_shape(spec.shape)}", what)


def _instance_misfit(cls: type, found: Any, what: str) -> Misfit | None:
    if not isinstance(found, cls):
        return refusal(found, f"an instance of {cls.__module__.partition('.')[0]}'s {cls.__name__}", what)
    if isinstance(found, keras.Layer) and not found.built and _has_variables(found):
        return refusal(found, f"its variables created ({type(found).__name__}.build was not called)", what)
    return None


def _has_variables(layer: Any) -> bool:
    return type(layer).build is not keras.Layer.build or bool(layer._layers)


def _bundle_misfit(expected: tuple[Any, ...], found: Any, what: str) -> Misfit | None:
    names: Any = getattr(expected, "_fields", None)
    if names is None:
        if not isinstance(found, tuple) or len(found) != len(expected):
            return refusal(found, f"a tuple of {len(expected)}", what)
        names = getattr(found, "_fields", range(len(expected)))
    elif getattr(found, "_fields", None) != names:
        return refusal(found, f"a {type(expected).__name__}({', '.join(names)})", what)
    defaults = getattr(expected, "_field_defaults", {})
    for name, wanted, value in zip(names, expected, found, strict=True):
        if isinstance(defaults.get(name), (int, float)) and isinstance(value, (int, float)):
            continue
        inner = f"{what}[{name}]" if isinstance(name, int) else f"{what}.{name}".removeprefix(".")
        wrong = misfit(wanted, value, inner)
        if wrong:
            return wrong
    return None


def _shape(shape: tf.TensorShape) -> str:
    return "of any shape" if shape.rank is None else str(tuple(shape))
