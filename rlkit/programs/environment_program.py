"""A compiled environment as pure functions over the parts of its state: reset, observe and step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from rlkit.contracts.compiled_environment import CompiledEnvironment, spaces_of
from rlkit.contracts.spaces import Discrete, Spaces
from rlkit.contracts.tensor import Nest, Tensor
from rlkit.experiment.plain_data.environments import check_compiled
from rlkit.noise.traced import TracedNoise
from rlkit.programs.functions import with_noise
from rlkit.programs.guarding.components import Guards
from rlkit.programs.program import GraphFunction, Outputs, Program
from rlkit.programs.state import audit
from rlkit.programs.transition_check import check_seen, check_state, check_transition, spec_of
from rlkit.programs.verifying.owners import forget_owners
from rlkit.programs.verifying.random_operations import check_random_operations
from rlkit.programs.verifying.second_trace import compare
from rlkit.replay.columns import ALLOWED, action_column

PART = "state_"
"""How the names of a state's parts begin, where they are inputs or outputs."""


@dataclass(frozen=True)
class EnvironmentProgram:
    """Traced, and found to give what the contract and `spaces` say."""

    spaces: Spaces
    state: Nest
    """The structure of a state, as specs."""
    reset: GraphFunction
    """To the state's parts and what is seen of it: `observation`, and `allowed` where there is a mask."""
    observe: GraphFunction
    """From the state's parts to what is seen of it."""
    step: GraphFunction
    """From the state's parts and `action` to those of the next, what is seen of it, and `reward`, `terminated`,
    `truncated`."""

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of the state's parts."""
        return tuple(named(self.state))


def environment_program(environment: CompiledEnvironment) -> EnvironmentProgram:
    """Trace an environment.

    Raises:
        PartError: if it raises, or if shapes, dtypes or structures are not what the contract and `spaces` say.
        HiddenRandomnessError: if the environment draws past its noise.
        UnreachableStateError: if it keeps something in a variable.
    """
    check_compiled(environment)
    forget_owners()
    environment = Guards().component(environment, "compiled_environment")
    spaces, found = spaces_of(environment), dict[str, Any]()

    def reset(noise: TracedNoise) -> Outputs:
        state = tf.nest.map_structure(tf.convert_to_tensor, environment.reset(noise))
        found["state"] = tf.nest.map_structure(spec_of, state)
        return named(state) | seen(state)

    def step(noise: TracedNoise, action: Tensor, **parts: Tensor) -> Outputs:
        after, *outcome = environment.step(packed(parts), action, noise)
        after = tf.nest.map_structure(tf.convert_to_tensor, after)
        reward, terminated, truncated = (tf.convert_to_tensor(value) for value in outcome)
        found["after"] = tf.nest.map_structure(spec_of, after)
        found["outcome"] = [spec_of(value) for value in (reward, terminated, truncated)]
        signals = {"reward": reward, "terminated": terminated, "truncated": truncated}
        return named(after) | signals | seen(after)

    def observe(**parts: Tensor) -> Outputs:
        return seen(packed(parts))

    def seen(state: Nest) -> Outputs:
        shown = {"observation": tf.convert_to_tensor(environment.observe(state))}
        if isinstance(spaces.action, Discrete) and spaces.action.masked:
            shown[ALLOWED] = tf.convert_to_tensor(environment.allowed(state))  # type: ignore[attr-defined]
        found["seen"] = {name: spec_of(value) for name, value in shown.items()}
        return shown

    def packed(parts: dict[str, Tensor]) -> Nest:
        return tf.nest.pack_sequence_as(found["state"], [parts[name] for name in sorted(parts)])

    begin = with_noise("reset", reset, ())
    check_state(environment, found["state"])
    check_seen(environment, spaces, found["seen"])
    specs = tuple(tf.TensorSpec(part.shape, part.dtype, name=name) for name, part in named(found["state"]).items())
    shape, dtype = action_column(spaces)
    try:
        advance = with_noise("step", step, (*specs, tf.TensorSpec(shape, dtype, name="action")))
    except Exception:
        if "outcome" in found:  # `observe` failed, maybe on a state that is not its own
            check_transition(environment, found["state"], found["after"], found["outcome"])
        raise
    check_transition(environment, found["state"], found["after"], found["outcome"])
    functions = (begin, GraphFunction("observe", specs, call=observe), advance)
    for function in functions:
        name = f"environment.{function.name}"
        check_random_operations(name, function.traced, noise="noise")
        audit(name, function.traced, {})
    return EnvironmentProgram(spaces, found["state"], *functions)


def check_environment_again(environment: CompiledEnvironment, first: EnvironmentProgram) -> None:
    """Trace an environment once more, and compare.

    Raises:
        HiddenRandomnessError: it is another then.
    """
    second = environment_program(environment)
    one, other = (Program("environment", (found.reset, found.observe, found.step), {}) for found in (first, second))
    compare(one, other, ())


def named(state: Nest) -> Outputs:
    """A state's parts by name."""
    return {f"{PART}{index:03d}": part for index, part in enumerate(tf.nest.flatten(state))}
