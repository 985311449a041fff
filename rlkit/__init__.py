"""rlkit: reinforcement-learning experiments assembled from plugins. What anyone may import, on one screen."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

RLKIT_API = 1
"""The version of the contracts. A plugin package may state the one it was written for as `RLKIT_API = 1`."""

if TYPE_CHECKING:
    from rlkit.api import load as load
    from rlkit.api import run as run
    from rlkit.api import run_seeds as run_seeds
    from rlkit.catalogue.hooks import hookimpl as hookimpl
    from rlkit.catalogue.hooks import hookspec as hookspec
    from rlkit.contracts.agent import Agent as Agent
    from rlkit.contracts.agent import Learner as Learner
    from rlkit.contracts.buffer import Added as Added
    from rlkit.contracts.buffer import Buffer as Buffer
    from rlkit.contracts.buffer import Selected as Selected
    from rlkit.contracts.buffer import Selection as Selection
    from rlkit.contracts.buffer import Storage as Storage
    from rlkit.contracts.buffer import Stored as Stored
    from rlkit.contracts.buffer import Surprise as Surprise
    from rlkit.contracts.compiled_environment import CompiledEnvironment as CompiledEnvironment
    from rlkit.contracts.compiled_environment import Transition as Transition
    from rlkit.contracts.component import ParameterError as ParameterError
    from rlkit.contracts.component import component as component
    from rlkit.contracts.component import parameter as parameter
    from rlkit.contracts.data import Act as Act
    from rlkit.contracts.data import Call as Call
    from rlkit.contracts.data import Learned as Learned
    from rlkit.contracts.data import Progress as Progress
    from rlkit.contracts.data import Sample as Sample
    from rlkit.contracts.data import Seen as Seen
    from rlkit.contracts.data import Step as Step
    from rlkit.contracts.demand import Due as Due
    from rlkit.contracts.demand import Sampling as Sampling
    from rlkit.contracts.environment import Environment as Environment
    from rlkit.contracts.events import EpisodeEnded as EpisodeEnded
    from rlkit.contracts.events import EvaluationEnded as EvaluationEnded
    from rlkit.contracts.events import MetricsLogged as MetricsLogged
    from rlkit.contracts.events import RunEnded as RunEnded
    from rlkit.contracts.events import RunView as RunView
    from rlkit.contracts.exploration import Exploration as Exploration
    from rlkit.contracts.network import Network as Network
    from rlkit.contracts.noise import Noise as Noise
    from rlkit.contracts.optimizer import Optimizer as Optimizer
    from rlkit.contracts.recorder import Recorder as Recorder
    from rlkit.contracts.returns import returns as returns
    from rlkit.contracts.schedule import Schedule as Schedule
    from rlkit.contracts.spaces import Array as Array
    from rlkit.contracts.spaces import Discrete as Discrete
    from rlkit.contracts.spaces import Spaces as Spaces
    from rlkit.contracts.stop import History as History
    from rlkit.contracts.stop import Stop as Stop
    from rlkit.contracts.stop import Stopped as Stopped
    from rlkit.contracts.target_update import TargetUpdate as TargetUpdate
    from rlkit.contracts.tensor import Nest as Nest
    from rlkit.contracts.tensor import Tensor as Tensor
    from rlkit.contracts.tensor import TensorSpec as TensorSpec
    from rlkit.contracts.tensor import Variable as Variable
    from rlkit.contracts.working import working as working
    from rlkit.experiment.errors import ExperimentError as ExperimentError
    from rlkit.experiment.experiment import Experiment as Experiment
    from rlkit.maths.actions import any_action as any_action
    from rlkit.maths.actions import greedy as greedy
    from rlkit.maths.actions import masked as masked
    from rlkit.maths.apply import apply as apply
    from rlkit.maths.apply import output_spec as output_spec
    from rlkit.maths.n_step import NStep as NStep
    from rlkit.maths.n_step import n_step as n_step
    from rlkit.maths.relu import relu as relu
    from rlkit.maths.scatter import scatter as scatter
    from rlkit.maths.value_of import value_of as value_of
    from rlkit.runs.result import Result as Result
    from rlkit.runs.result import RunFailed as RunFailed
    from rlkit.worlds.gymnasium_ids import register_with_gymnasium as register_with_gymnasium
    from rlkit.worlds.host_environment import as_gymnasium as as_gymnasium

_HOMES = {
    "rlkit.contracts.agent": ("Agent", "Learner"),
    "rlkit.contracts.buffer": ("Added", "Buffer", "Selected", "Selection", "Storage", "Stored", "Surprise"),
    "rlkit.contracts.data": ("Act", "Call", "Learned", "Progress", "Sample", "Seen", "Step"),
    "rlkit.contracts.demand": ("Due", "Sampling"),
    "rlkit.maths.actions": ("any_action", "greedy", "masked"),
    "rlkit.maths.apply": ("apply", "output_spec"),
    "rlkit.maths.n_step": ("NStep", "n_step"),
    "rlkit.maths.relu": ("relu",),
    "rlkit.maths.scatter": ("scatter",),
    "rlkit.maths.value_of": ("value_of",),
    "rlkit.api": ("load", "run", "run_seeds"),
    "rlkit.catalogue.hooks": ("hookimpl", "hookspec"),
    "rlkit.contracts.compiled_environment": ("CompiledEnvironment", "Transition"),
    "rlkit.contracts.component": ("ParameterError", "component", "parameter"),
    "rlkit.contracts.environment": ("Environment",),
    "rlkit.contracts.events": ("EpisodeEnded", "EvaluationEnded", "MetricsLogged", "RunEnded", "RunView"),
    "rlkit.contracts.exploration": ("Exploration",),
    "rlkit.contracts.network": ("Network",),
    "rlkit.contracts.noise": ("Noise",),
    "rlkit.contracts.optimizer": ("Optimizer",),
    "rlkit.contracts.recorder": ("Recorder",),
    "rlkit.contracts.returns": ("returns",),
    "rlkit.contracts.schedule": ("Schedule",),
    "rlkit.contracts.spaces": ("Array", "Discrete", "Spaces"),
    "rlkit.contracts.stop": ("History", "Stop", "Stopped"),
    "rlkit.contracts.target_update": ("TargetUpdate",),
    "rlkit.contracts.tensor": ("Nest", "Tensor", "TensorSpec", "Variable"),
    "rlkit.contracts.working": ("working",),
    "rlkit.experiment.errors": ("ExperimentError",),
    "rlkit.experiment.experiment": ("Experiment",),
    "rlkit.worlds.gymnasium_ids": ("register_with_gymnasium",),
    "rlkit.worlds.host_environment": ("as_gymnasium",),
    "rlkit.runs.result": ("Result", "RunFailed"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}
__all__ = ["RLKIT_API", *sorted(_HOME)]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    """Import a name's home at its first use, so that `rlkit --help` need not import NumPy, nor a plugin TensorFlow."""
    if name not in _HOME:
        raise AttributeError(f"module 'rlkit' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
