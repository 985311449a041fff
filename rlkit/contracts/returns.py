"""What the methods of a kind return, said in its contract, so that the core can check it when it traces them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from rlkit.contracts.tensor import Tensor

T = TypeVar("T")
_RETURNS, _BOUNDS = "__rlkit_returns__", "__rlkit_bounds__"


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


class Within(NamedTuple):
    """Numbers that follow from what a method returned, and what they may be."""

    what: str
    """In words, for a message: `the sum of a row of policy`."""
    values: Tensor
    """Of any shape."""
    low: float
    high: float


def bounds(**methods: Callable[..., Sequence[Within]]) -> Callable[[T], T]:
    """Mark a kind's contract with bounds of what its methods return while learning.

    `@bounds(chance=lambda found, seen, call: [Within("a chance", found, 0.0, 1.0)])`: graph code, a function of what
    the method returned and of the method's own arguments. Before the first step learning is tried on examples, and
    these are looked at; they cost nothing in a run.
    """

    def mark(contract: T) -> T:
        setattr(contract, _BOUNDS, methods)
        return contract

    return mark


def bounds_of(contract: object) -> Mapping[str, Callable[..., Sequence[Within]]]:
    """By method, the bounds of what it returns; empty if a contract sets none."""
    found: Mapping[str, Callable[..., Sequence[Within]]] = getattr(contract, _BOUNDS, {})
    return found
