"""Whether what a compiled environment's graph code gives has the shapes and dtypes that its contract says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tensorflow as tf

from rlkit.catalogue.part_name import part_name
from rlkit.contracts.compiled_environment import CompiledEnvironment
from rlkit.contracts.spaces import Discrete, Spaces
from rlkit.contracts.tensor import Nest, Tensor, TensorSpec
from rlkit.faults.method import method_of
from rlkit.faults.part_error import PartError
from rlkit.replay.columns import ALLOWED


def spec_of(tensor: Tensor) -> TensorSpec:
    """Shape and dtype of a tensor in a graph."""
    return tf.TensorSpec(tensor.shape, tensor.dtype)


def check_state(environment: CompiledEnvironment, state: Nest) -> None:
    """Raise PartError unless every part of the state that `reset` returned, as specs, has a fixed shape."""
    for spec in tf.nest.flatten(state):
        if not spec.shape.is_fully_defined():
            raise _broken(environment, "reset", "a state of fixed shapes", _shown(spec))
    if not tf.nest.flatten(state):
        raise _broken(environment, "reset", "a state", "an empty one")


def check_seen(environment: CompiledEnvironment, spaces: Spaces, seen: Mapping[str, TensorSpec]) -> None:
    """Raise PartError unless `observe`, and `allowed` if there is one, returned what `spaces` says."""
    space, observation = spaces.observation, seen["observation"]
    if tuple(observation.shape) != space.shape or observation.dtype.name != space.dtype:
        raise _broken(environment, "observe", f"{space.dtype} {list(space.shape)}, as spaces() says", observation)
    mask = seen.get(ALLOWED)
    actions = spaces.action.n if isinstance(spaces.action, Discrete) else 0
    if mask is not None and (tuple(mask.shape) != (actions,) or mask.dtype.name != "bool"):
        raise _broken(environment, "allowed", f"bool [{actions}], an entry an action", mask)


def check_transition(environment: CompiledEnvironment, state: Nest, after: Nest, outcome: list[TensorSpec]) -> None:
    """Raise PartError unless `step` returned a state like `reset`'s, and reward, terminated, truncated as scalars."""
    try:
        tf.nest.assert_same_structure(state, after)
    except (TypeError, ValueError) as error:
        raise _broken(environment, "step", f"a state of reset's structure, {_shown(state)}", after) from error
    for before, new in zip(tf.nest.flatten(state), tf.nest.flatten(after), strict=True):
        if before.shape != new.shape or before.dtype != new.dtype:
            raise _broken(environment, "step", f"the same state as reset's, {_shown(before)}", new)
    for name, dtype, spec in zip(
        ("reward", "terminated", "truncated"), ("float32", "bool", "bool"), outcome, strict=True
    ):
        if spec.shape != () or spec.dtype.name != dtype:
            raise _broken(environment, "step", f"{name}, {dtype} []", spec)


def _broken(environment: CompiledEnvironment, name: str, asked: str, found: Any) -> PartError:
    method = method_of(part_name(environment, "compiled_environment"), type(environment), name)
    return method.refused(f"the contract asks for {asked}; found {_shown(found)}")


def _shown(found: Any) -> str:
    if isinstance(found, str):
        return found
    return str(tf.nest.map_structure(lambda spec: f"{spec.dtype.name} {spec.shape}", found)).replace("'", "")
