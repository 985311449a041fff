"""What messages call a part."""

from __future__ import annotations

from rlkit.catalogue.discovery import discover


def name_of(component: object) -> str:
    """What an experiment file calls a component, or its class if no plugin offers it, or not yet."""
    try:
        catalogue = discover()
        return catalogue.shortest_name(catalogue.entry_of(component.__class__))
    except (LookupError, RuntimeError):
        return type(component).__name__


def part_name(component: object, kind: str) -> str:
    """Kind and name: that of the experiment file, or the component's class if no plugin offers it."""
    try:
        return f"{kind} {discover().entry_of(component.__class__).name!r}"
    except LookupError:
        return f"{kind} {type(component).__name__}"
