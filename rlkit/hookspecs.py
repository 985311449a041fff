"""All that a plugin can offer. Each hook returns a mapping from the name a YAML file uses to a component's class.

A kind is named after its contract: `type[TargetUpdate]` is the kind `target_update`. A plugin adds a kind of its
own by carrying a hook spec like these.
"""

from __future__ import annotations

from collections.abc import Mapping

import pluggy

from rlkit.contracts.agent import Agent
from rlkit.contracts.buffer import Buffer
from rlkit.contracts.compiled_environment import CompiledEnvironment
from rlkit.contracts.environment import Environment
from rlkit.contracts.exploration import Exploration
from rlkit.contracts.launcher import Launcher
from rlkit.contracts.network import Network
from rlkit.contracts.optimizer import Optimizer
from rlkit.contracts.recorded_data import RecordedData
from rlkit.contracts.recorder import Recorder
from rlkit.contracts.schedule import Schedule
from rlkit.contracts.stop import Stop
from rlkit.contracts.target_update import TargetUpdate

hookspec = pluggy.HookspecMarker("rlkit")
hookimpl = pluggy.HookimplMarker("rlkit")


@hookspec
def rlkit_agents() -> Mapping[str, type[Agent]]:  # type: ignore[empty-body]
    """Algorithms: what acts and learns, and the slots for its parts."""


@hookspec
def rlkit_environments() -> Mapping[str, type[Environment]]:  # type: ignore[empty-body]
    """Tasks."""


@hookspec
def rlkit_compiled_environments() -> Mapping[str, type[CompiledEnvironment]]:  # type: ignore[empty-body]
    """Tasks as graph code, named as Gymnasium names its own: `CartPole-v1`, `MinAtar/Breakout-v1`."""


@hookspec
def rlkit_networks() -> Mapping[str, type[Network]]:  # type: ignore[empty-body]
    """Architectures: from an observation to a row of numbers."""


@hookspec
def rlkit_buffers() -> Mapping[str, type[Buffer]]:  # type: ignore[empty-body]
    """Which of the stored steps are learned from."""


@hookspec
def rlkit_recorded_data() -> Mapping[str, type[RecordedData]]:  # type: ignore[empty-body]
    """Steps that were taken before, to be learned from."""


@hookspec
def rlkit_explorations() -> Mapping[str, type[Exploration]]:  # type: ignore[empty-body]
    """Policies that try actions: from action values to an action."""


@hookspec
def rlkit_target_updates() -> Mapping[str, type[TargetUpdate]]:  # type: ignore[empty-body]
    """How a target network follows the online network."""


@hookspec
def rlkit_optimizers() -> Mapping[str, type[Optimizer]]:  # type: ignore[empty-body]
    """From gradients to new weights."""


@hookspec
def rlkit_schedules() -> Mapping[str, type[Schedule]]:  # type: ignore[empty-body]
    """Numbers that change with progress."""


@hookspec
def rlkit_stops() -> Mapping[str, type[Stop]]:  # type: ignore[empty-body]
    """When training is over, and whether that counts as solved."""


@hookspec
def rlkit_recorders() -> Mapping[str, type[Recorder]]:  # type: ignore[empty-body]
    """What writes down or shows what happens."""


@hookspec
def rlkit_launchers() -> Mapping[str, type[Launcher]]:  # type: ignore[empty-body]
    """Where the runs of a study, or of many seeds, are carried out."""
