"""What agents remember at an episode's start, built twice and compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from rlkit.catalogue.part_name import part_name
from rlkit.contracts.agent import Agent
from rlkit.faults.method import method_of
from rlkit.programs.ready import LearnerShapes
from rlkit.programs.state import layers_of
from rlkit.programs.verifying.error import HiddenRandomnessError
from rlkit.programs.verifying.owners import owner_of


def compare_memory(agent: Agent, first: tuple[Any, LearnerShapes], second: tuple[Any, LearnerShapes]) -> None:
    """Refuse an agent that begins its episodes with another memory when it is built again.

    Args:
        agent: to name it.
        first: a working agent, and what is known of it.
        second: another one, built anew.

    Raises:
        HiddenRandomnessError: it names the agent, or the network from which it has its memory.
    """
    (one, known), (other, found) = first, second
    if _equal((*known.memory, *known.greedy_memory), (*found.memory, *found.greedy_memory)):
        return
    for layer, again in zip(layers_of(one), layers_of(other), strict=False):
        if hasattr(layer, "initial_state") and not _equal(_state(layer, 0), _state(again, 1)):
            method = method_of(f"network {type(layer).__name__}", type(layer), "initial_state")
            raise _refused(owner_of(method.file, method.first) or method)
    raise _refused(method_of(part_name(agent, "agent"), type(one), "initial_memory"))


def _state(layer: Any, seed: int) -> list[Any]:
    keras.utils.set_random_seed(seed)
    return [np.asarray(leaf) for leaf in tf.nest.flatten(layer.initial_state(1))]


def _refused(method: Any) -> HiddenRandomnessError:
    return HiddenRandomnessError(
        f"{method}: returned other numbers when it was built again; allowed: the same in every run, since it is asked "
        "once for all episodes; draw from call.noise in act, where seen.first says that an episode begins"
    )


def _equal(one: Sequence[Any], other: Sequence[Any]) -> bool:
    return len(one) == len(other) and all(map(np.array_equal, one, other))
