"""MinAtar's random numbers, begun anew at less cost."""

from __future__ import annotations

from typing import Any

import gymnasium


def seed_in_place(environment: gymnasium.Env[Any, Any]) -> None:
    """Let an environment of MinAtar seed the generator it has: at each reset it would make another one.

    The numbers are the same. Making one takes 90 µs, several steps of a game, and a poor player's episode has ten.
    """
    made: Any = environment.unwrapped
    game = made.game
    game.env.random = game.random  # as after seeding: one generator for the rules and for what repeats actions
    made.seed = game.random.seed
