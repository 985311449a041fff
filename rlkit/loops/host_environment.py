"""A compiled environment as a Gymnasium environment, to be rendered, checked, and stepped from Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit.contracts.compiled_environment import CompiledEnvironment

if TYPE_CHECKING:
    import gymnasium


def as_gymnasium(environment: CompiledEnvironment, *, render_mode: str | None = None) -> gymnasium.Env[Any, Any]:
    """A Gymnasium environment of the same task."""
    raise NotImplementedError
