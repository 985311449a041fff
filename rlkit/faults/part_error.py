"""A part that is wrong. No TensorFlow."""

from __future__ import annotations

from collections.abc import Iterator


class PartError(ValueError):
    """A component raised while it was built or traced, or returned what its contract does not allow.

    The message says all there is to say in one line: kind and name, method, the author's file and line, what is wrong.
    """


def part_error_in(error: BaseException) -> PartError | None:
    """The one from which an error arose: AutoGraph and Keras raise errors of their own in its place."""
    return next((found for found in reversed(list(_contexts(error))) if isinstance(found, PartError)), None)


def _contexts(error: BaseException) -> Iterator[BaseException]:
    """An error and what was being handled when it was raised, though it may suppress that."""
    seen, current = set[int](), error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__  # type: ignore[assignment]
