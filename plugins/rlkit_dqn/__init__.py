"""The DQN family: agents, their parts, and the kinds of part (head, layer, loss, regularizer, …) that it adds."""

from __future__ import annotations

from collections.abc import Mapping

from rlkit import (
    Agent,
    Buffer,
    Exploration,
    Network,
    Optimizer,
    Schedule,
    Stop,
    TargetUpdate,
    hookimpl,
    hookspec,
)
from rlkit_dqn.agents.dqn import DQN
from rlkit_dqn.agents.pqn import PQN
from rlkit_dqn.agents.r2d2 import R2D2
from rlkit_dqn.bonuses.hash_counts import HashCounts
from rlkit_dqn.bonuses.random_network import RandomNetwork
from rlkit_dqn.bootstraps.averaged import AveragedBootstrap
from rlkit_dqn.bootstraps.clipped_double import ClippedDouble
from rlkit_dqn.bootstraps.double import DoubleBootstrap
from rlkit_dqn.bootstraps.expected_sarsa import ExpectedSarsa
from rlkit_dqn.bootstraps.max import MaxBootstrap
from rlkit_dqn.bootstraps.munchausen import MunchausenBootstrap
from rlkit_dqn.bootstraps.sarsa import Sarsa
from rlkit_dqn.bootstraps.soft import SoftBootstrap
from rlkit_dqn.buffers.prioritized import PrioritizedBuffer
from rlkit_dqn.buffers.rank_prioritized import RankPrioritizedBuffer
from rlkit_dqn.buffers.uniform import UniformBuffer
from rlkit_dqn.contracts.bonus import Bonus
from rlkit_dqn.contracts.bootstrap import Bootstrap
from rlkit_dqn.contracts.head import Head
from rlkit_dqn.contracts.layer import Layer
from rlkit_dqn.contracts.loss import Loss
from rlkit_dqn.contracts.regularizer import Regularizer
from rlkit_dqn.contracts.returns import Returns
from rlkit_dqn.explorations.boltzmann import Boltzmann
from rlkit_dqn.explorations.bootstrapped import Bootstrapped
from rlkit_dqn.explorations.count_ucb import CountUCB
from rlkit_dqn.explorations.ensemble_ucb import EnsembleUCB
from rlkit_dqn.explorations.epsilon_greedy import EpsilonGreedy
from rlkit_dqn.explorations.ez_greedy import EZGreedy
from rlkit_dqn.explorations.greedy import Greedy
from rlkit_dqn.explorations.vdbe import VDBE
from rlkit_dqn.heads.c51 import C51Head
from rlkit_dqn.heads.ensemble import EnsembleHead
from rlkit_dqn.heads.fqf import FQFHead
from rlkit_dqn.heads.iqn import IQNHead
from rlkit_dqn.heads.quantile import QuantileHead
from rlkit_dqn.heads.value import ValueHead
from rlkit_dqn.layers.dense import DenseLayer
from rlkit_dqn.layers.noisy import NoisyLayer
from rlkit_dqn.layers.spectral import SpectralLayer
from rlkit_dqn.losses.huber import Huber
from rlkit_dqn.losses.squared_error import SquaredError
from rlkit_dqn.networks.conv import ConvolutionalNetwork
from rlkit_dqn.networks.impala import ImpalaNetwork
from rlkit_dqn.networks.minatar import MinAtarNetwork
from rlkit_dqn.networks.mlp import MLP
from rlkit_dqn.networks.multi import MultiNetwork
from rlkit_dqn.networks.recurrent import RecurrentNetwork
from rlkit_dqn.optimizers.adam import Adam
from rlkit_dqn.optimizers.adamw import AdamW
from rlkit_dqn.optimizers.rmsprop import RMSprop
from rlkit_dqn.optimizers.sgd import SGD
from rlkit_dqn.regularizers.behavior_cloning import BehaviorCloning
from rlkit_dqn.regularizers.cql import ConservativeQ
from rlkit_dqn.returns.n_step import NStepReturns
from rlkit_dqn.returns.peng import PengReturns
from rlkit_dqn.returns.tree_backup import TreeBackupReturns
from rlkit_dqn.returns.watkins import WatkinsReturns
from rlkit_dqn.schedules.constant import Constant
from rlkit_dqn.schedules.exponential import Exponential
from rlkit_dqn.schedules.linear import Linear
from rlkit_dqn.stops.max_seconds import MaxSeconds
from rlkit_dqn.stops.max_steps import MaxSteps
from rlkit_dqn.stops.mean_return import MeanReturn
from rlkit_dqn.stops.no_improvement import NoImprovement
from rlkit_dqn.target_updates.hard import HardUpdate
from rlkit_dqn.target_updates.none import NoTargetNetwork
from rlkit_dqn.target_updates.soft import SoftUpdate

RLKIT_API = 1


@hookimpl
def rlkit_agents() -> Mapping[str, type[Agent]]:
    """Algorithms."""
    return {"dqn": DQN, "pqn": PQN, "r2d2": R2D2}


@hookimpl
def rlkit_networks() -> Mapping[str, type[Network]]:
    """Architectures."""
    return {
        "conv": ConvolutionalNetwork,
        "impala": ImpalaNetwork,
        "minatar": MinAtarNetwork,
        "mlp": MLP,
        "multi": MultiNetwork,
        "recurrent": RecurrentNetwork,
    }


@hookimpl
def rlkit_buffers() -> Mapping[str, type[Buffer]]:
    """Which steps are kept and learned from."""
    return {"prioritized": PrioritizedBuffer, "rank_prioritized": RankPrioritizedBuffer, "uniform": UniformBuffer}


@hookimpl
def rlkit_explorations() -> Mapping[str, type[Exploration]]:
    """Policies that try actions."""
    return {
        "boltzmann": Boltzmann,
        "bootstrapped": Bootstrapped,
        "count_ucb": CountUCB,
        "ensemble_ucb": EnsembleUCB,
        "epsilon_greedy": EpsilonGreedy,
        "ez_greedy": EZGreedy,
        "greedy": Greedy,
        "vdbe": VDBE,
    }


@hookimpl
def rlkit_target_updates() -> Mapping[str, type[TargetUpdate]]:
    """How the target network follows."""
    return {"hard": HardUpdate, "none": NoTargetNetwork, "soft": SoftUpdate}


@hookimpl
def rlkit_optimizers() -> Mapping[str, type[Optimizer]]:
    """Keras's optimisers."""
    return {"adam": Adam, "adamw": AdamW, "rmsprop": RMSprop, "sgd": SGD}


@hookimpl
def rlkit_schedules() -> Mapping[str, type[Schedule]]:
    """Numbers that change with progress."""
    return {"constant": Constant, "exponential": Exponential, "linear": Linear}


@hookimpl
def rlkit_stops() -> Mapping[str, type[Stop]]:
    """When training is over."""
    return {
        "max_seconds": MaxSeconds,
        "max_steps": MaxSteps,
        "mean_return": MeanReturn,
        "no_improvement": NoImprovement,
    }


# The kinds below are this package's own: each function is both the hook's specification, whose return type names the
# contract, and this package's own implementation of it.


@hookspec
@hookimpl
def rlkit_heads() -> Mapping[str, type[Head]]:
    """What a network's outputs mean: action values, distributions."""
    return {
        "c51": C51Head,
        "ensemble": EnsembleHead,
        "fqf": FQFHead,
        "iqn": IQNHead,
        "quantile": QuantileHead,
        "value": ValueHead,
    }


@hookspec
@hookimpl
def rlkit_bootstraps() -> Mapping[str, type[Bootstrap]]:
    """Which of the next step's action values a target is built on."""
    return {
        "averaged": AveragedBootstrap,
        "clipped_double": ClippedDouble,
        "double": DoubleBootstrap,
        "expected_sarsa": ExpectedSarsa,
        "max": MaxBootstrap,
        "munchausen": MunchausenBootstrap,
        "sarsa": Sarsa,
        "soft": SoftBootstrap,
    }


@hookspec
@hookimpl
def rlkit_layers() -> Mapping[str, type[Layer]]:
    """What dense layers are."""
    return {"dense": DenseLayer, "noisy": NoisyLayer, "spectral": SpectralLayer}


@hookspec
@hookimpl
def rlkit_losses() -> Mapping[str, type[Loss]]:
    """How much a TD error costs."""
    return {"huber": Huber, "squared_error": SquaredError}


@hookspec
@hookimpl
def rlkit_regularizers() -> Mapping[str, type[Regularizer]]:
    """What action values cost beside their TD errors."""
    return {"behavior_cloning": BehaviorCloning, "cql": ConservativeQ}


@hookspec
@hookimpl
def rlkit_bonuses() -> Mapping[str, type[Bonus]]:
    """Rewards of the agent's own, for what it has seldom seen."""
    return {"hash_counts": HashCounts, "random_network": RandomNetwork}


@hookspec
@hookimpl
def rlkit_returns() -> Mapping[str, type[Returns]]:
    """How far a target follows the recorded steps of a window."""
    return {
        "n_step": NStepReturns,
        "peng": PengReturns,
        "tree_backup": TreeBackupReturns,
        "watkins": WatkinsReturns,
    }
