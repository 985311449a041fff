"""Values that parts under guard return, noted while a function is traced, for those that contracts set bounds to."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import tensorflow as tf

from rlkit.contracts.returns import Within
from rlkit.faults.method import Method


class Noted(NamedTuple):
    """What a method returned."""

    method: Method
    within: Within
    returned: Any
    """All of it."""


_watches: list[list[Noted]] = []


@contextlib.contextmanager
def watching() -> Iterator[list[Noted]]:
    """Note meanwhile what is returned; otherwise nothing is worked out for it."""
    _watches.append([])
    try:
        yield _watches[-1]
    finally:
        _watches.pop()


def note(method: Method, bounds: Callable[..., Any], returned: Any, given: tuple[Any, ...], named: Any) -> None:
    """Note what a method returned, if anybody watches."""
    if not _watches:
        return
    graph = tf.compat.v1.get_default_graph()
    for within in bounds(returned, *given, **named):
        values = tf.convert_to_tensor(within.values)
        if getattr(values, "graph", graph) is graph:
            _watches[-1].append(Noted(method, within._replace(values=values), returned))
