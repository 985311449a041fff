"""Parts for rlkit that ask for the whole reach of its contracts."""

from __future__ import annotations

from outside_parts.advantage_actor_critic import AdvantageActorCritic
from outside_parts.corridor import Corridor
from outside_parts.counting import UpperConfidence
from outside_parts.proportional import Proportional
from outside_parts.quantiles import Quantiles
from outside_parts.value_differences import ValueDifferences
from rlkit import hookimpl

RLKIT_API = 1


@hookimpl
def rlkit_agents():
    return {"advantage_actor_critic": AdvantageActorCritic}


@hookimpl
def rlkit_compiled_environments():
    return {"Corridor-v0": Corridor}


@hookimpl
def rlkit_explorations():
    return {"upper_confidence": UpperConfidence, "value_differences": ValueDifferences}


@hookimpl
def rlkit_buffers():
    return {"proportional": Proportional}


@hookimpl
def rlkit_heads():
    return {"quantiles": Quantiles}
