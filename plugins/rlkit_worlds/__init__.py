"""Worlds as graph code: twins of well-known environments, and small ones with known answers."""

from __future__ import annotations

from collections.abc import Mapping

from rlkit import CompiledEnvironment, Environment, hookimpl
from rlkit_worlds.classic_control.cartpole import CartPole
from rlkit_worlds.compiled import Compiled
from rlkit_worlds.minatar.asterix import Asterix, AsterixAllMoves
from rlkit_worlds.minatar.breakout import Breakout, BreakoutAllMoves
from rlkit_worlds.minatar.freeway import Freeway, FreewayAllMoves
from rlkit_worlds.minatar.seaquest import Seaquest
from rlkit_worlds.minatar.space_invaders import SpaceInvaders, SpaceInvadersAllMoves

RLKIT_API = 1


@hookimpl
def rlkit_environments() -> Mapping[str, type[Environment]]:
    """Where compiled worlds are chosen."""
    return {"compiled": Compiled}


@hookimpl
def rlkit_compiled_environments() -> Mapping[str, type[CompiledEnvironment]]:
    """The worlds."""
    return {
        "CartPole-v1": CartPole,
        "MinAtar/Asterix-v0": AsterixAllMoves,
        "MinAtar/Asterix-v1": Asterix,
        "MinAtar/Breakout-v0": BreakoutAllMoves,
        "MinAtar/Breakout-v1": Breakout,
        "MinAtar/Freeway-v0": FreewayAllMoves,
        "MinAtar/Freeway-v1": Freeway,
        "MinAtar/Seaquest-v0": Seaquest,
        "MinAtar/Seaquest-v1": Seaquest,
        "MinAtar/SpaceInvaders-v0": SpaceInvadersAllMoves,
        "MinAtar/SpaceInvaders-v1": SpaceInvaders,
    }
