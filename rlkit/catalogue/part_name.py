"""What messages call a part."""

from __future__ import annotations

from rlkit.catalogue.discovery import discover


def part_name(component: object, kind: str) -> str:
    """Kind and name: that of the experiment file, or the component's class if no plugin offers it."""
    try:
        return f"{kind} {discover().entry_of(component.__class__).name!r}"
    except LookupError:
        return f"{kind} {type(component).__name__}"
