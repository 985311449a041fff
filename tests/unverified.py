"""Programs of parts that other tests verify: a second build takes as long as the first."""

from __future__ import annotations

from collections.abc import Callable


def unverified(verification: Callable[[], None]) -> None:
    """A `Verify` for tests that ask what programs do, not whether their parts are sound."""
