"""Worlds as graph code: twins of well-known environments, and small ones with known answers."""

from __future__ import annotations

from collections.abc import Mapping

from rlkit import CompiledEnvironment, Environment, hookimpl
from rlkit_worlds.classic_control.acrobot import Acrobot
from rlkit_worlds.classic_control.cartpole import CartPole
from rlkit_worlds.classic_control.mountain_car import MountainCar
from rlkit_worlds.classic_control.mountain_car_continuous import MountainCarContinuous
from rlkit_worlds.classic_control.pendulum import Pendulum
from rlkit_worlds.compiled import Compiled
from rlkit_worlds.minatar.asterix import Asterix, AsterixAllMoves
from rlkit_worlds.minatar.breakout import Breakout, BreakoutAllMoves
from rlkit_worlds.minatar.freeway import Freeway, FreewayAllMoves
from rlkit_worlds.minatar.seaquest import Seaquest
from rlkit_worlds.minatar.space_invaders import SpaceInvaders, SpaceInvadersAllMoves
from rlkit_worlds.probes.catch import Catch
from rlkit_worlds.probes.chain import Chain
from rlkit_worlds.probes.deep_sea import DeepSea
from rlkit_worlds.probes.grid_world import GridWorld
from rlkit_worlds.probes.t_maze import TMaze

RLKIT_API = 1


@hookimpl
def rlkit_environments() -> Mapping[str, type[Environment]]:
    """Where compiled worlds are chosen."""
    return {"compiled": Compiled}


@hookimpl
def rlkit_compiled_environments() -> Mapping[str, type[CompiledEnvironment]]:
    """The worlds."""
    return {
        "Acrobot-v1": Acrobot,
        "CartPole-v1": CartPole,
        "Catch-v0": Catch,
        "Chain-v0": Chain,
        "DeepSea-v0": DeepSea,
        "GridWorld-v0": GridWorld,
        "MountainCar-v0": MountainCar,
        "MountainCarContinuous-v0": MountainCarContinuous,
        "Pendulum-v1": Pendulum,
        "TMaze-v0": TMaze,
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
