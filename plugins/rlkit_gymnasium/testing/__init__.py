"""The conformance suite of the kind that this package adds, for authors of wrappers."""

from __future__ import annotations

from rlkit_gymnasium.testing.wrappers import WrapperSuite

__all__ = ["WrapperSuite"]
