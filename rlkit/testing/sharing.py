"""What the tests of one suite class share: building and tracing a component takes most of their time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class _Kept:
    """Of one suite class and its component; of another one, once its tests begin."""

    def __init__(self) -> None:
        self.owner: tuple[type, Any] = (object, None)
        self.values: dict[str, Any] = {}


_KEPT = _Kept()


def shared(suite: Any, name: str, make: Callable[[], T]) -> T:
    """`make()`, or what it gave an earlier test of the same suite class and component under this name.

    Nothing outlives the tests of a class: those of another one, or of another component, begin with nothing.
    """
    owner = (type(suite), suite.component)
    if _KEPT.owner[0] is not owner[0] or _KEPT.owner[1] is not owner[1]:
        _KEPT.owner, _KEPT.values = owner, {}
    if name not in _KEPT.values:
        _KEPT.values[name] = make()
    found: T = _KEPT.values[name]
    return found
