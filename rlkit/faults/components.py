"""Where a component's code lies."""

from __future__ import annotations

import inspect


def place_of(component: type) -> str:
    """The `file:line` at which a component's class begins; empty if its source is not to be had."""
    try:
        return f"{inspect.getsourcefile(component)}:{inspect.getsourcelines(component)[1]}"
    except (OSError, TypeError):
        return ""
