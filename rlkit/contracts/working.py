"""From a component to its working part."""

from __future__ import annotations

from typing import Any

from rlkit.contracts.spaces import Spaces


def working(part: Any, spaces: Spaces) -> Any:
    """`part.build(spaces)` if the component has a `build`, else the component itself.

    For kinds whose contract has no `build` of its own (exploration, target_update, bootstrap, loss): such a component
    is its own working part unless it needs shapes, variables or other parts. Schedules are built by the core, wherever
    they stand.
    """
    build = getattr(part, "build", None)
    return part if build is None else build(spaces)
