"""The name that was perhaps meant."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'epsilon_greedy'?` for the nearest known name, or nothing if none is near."""
    from difflib import get_close_matches

    from rlkit.catalogue.kinds import snake_case

    close = get_close_matches(snake_case(name).replace("-", "_"), list(known), n=1)
    return f"; did you mean '{close[0]}'?" if close else ""
