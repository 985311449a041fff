"""What the methods of a kind return, said in its contract, so that the core can check it when it traces them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

T = TypeVar("T")
_RETURNS = "__rlkit_returns__"


def returns(**methods: Callable[..., Any]) -> Callable[[T], T]:
    """Mark a kind's contract with what its methods return.

    `@returns(value=lambda td_error: tf.TensorSpec(td_error.shape, tf.float32))`: a function of the method's own
    arguments, called each time that the method is traced. It returns what the method must return, with a
    `tf.TensorSpec` for each tensor, in a named tuple or a plain one; a class where an instance of it is asked for; None
    where nothing is returned. A field of a named tuple may also be a Python number if its default is one.
    """

    def mark(contract: T) -> T:
        setattr(contract, _RETURNS, methods)
        return contract

    return mark


def returns_of(contract: object) -> Mapping[str, Callable[..., Any]]:
    """By method, what a contract says of what it returns; empty if it says nothing."""
    found: Mapping[str, Callable[..., Any]] = getattr(contract, _RETURNS, {})
    return found
