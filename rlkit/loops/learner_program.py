"""The learner's program: act (exploring and greedy), learn, report and begin, sharing weights and optimiser slots."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.contracts.agent import Learner
from rlkit.contracts.data import Sample, Step
from rlkit.contracts.spaces import Spaces
from rlkit.contracts.tensor import Tensor, TensorSpec
from rlkit.loops.examples import (
    example_any,
    example_array,
    example_noise,
    example_progress,
    example_slots,
    with_ends,
)
from rlkit.loops.noise import TracedNoise
from rlkit.loops.prepared import MEMORY, LearnerShapes
from rlkit.loops.program import PROGRESS, GraphFunction, Outputs, Program, as_progress, with_noise
from rlkit.loops.reports import report_function
from rlkit.loops.ring import EXTRA, STEP_COLUMNS, Columns, step_columns
from rlkit.loops.state import variables_of
from rlkit.loops.tried_actions import as_actions, tried_actions


@dataclass(frozen=True)
class LearnerProgram(LearnerShapes):
    """The program, traced in this process, and what a loop must know of its shapes."""

    program: Program


def learner_program(learner: Learner, spaces: Spaces) -> LearnerProgram:
    """Trace a learner into a program."""
    extras: dict[str, TensorSpec] = {}
    act, memory = _act(learner, spaces, "act", extras)
    greedy, greedy_memory = _act(learner, spaces._replace(environments=1), "act_greedy", {})
    columns = step_columns(spaces, {key: (tuple(spec.shape), spec.dtype.name) for key, spec in extras.items()})
    metrics: list[str] = []
    learn = _learn(learner, columns, metrics)
    report, reports = report_function(learner, "learner")
    begin = [GraphFunction("begin", _begin(learner.begin), ())] if hasattr(learner, "begin") else []

    def example(spec: TensorSpec, rng: np.random.Generator, turn: int) -> npt.NDArray[Any]:
        name, shape = spec.name, tuple(spec.shape)
        if name == "progress":
            return example_progress(turn)
        if name in ("uniforms", "integers"):
            return example_noise(spec, rng, turn)
        if name in ("observation", "next_observation"):
            return example_array(spaces.observation, shape, rng, turn)
        if name == "action":
            return example_array(spaces.action, shape, rng, turn + 1)  # not at the ends when the noise is
        if name == "slots":
            return example_slots(shape[0], shape[0], rng, turn)
        if name == "weight":
            return with_ends(rng.random(shape, np.float32), 0.0, 1.0, rng, turn + 3)
        return example_any(spec, rng)

    # `begin` comes first, as in a run: what it copies is compared by what the others then do.
    functions = (*begin, *tried_actions(learner, spaces, act, example), act, greedy, learn, *report)
    program = Program("learner", functions, variables_of(learner, "learner"), example)
    return LearnerProgram(program, columns, tuple(metrics), reports, memory, greedy_memory)


def _act(
    learner: Learner, spaces: Spaces, name: str, extras: dict[str, TensorSpec]
) -> tuple[GraphFunction, tuple[npt.NDArray[Any], ...]]:
    environments = spaces.environments
    start = learner.initial_memory(environments)
    leaves = tuple(np.asarray(leaf) for leaf in tf.nest.flatten(start))

    def body(noise: TracedNoise, observation: Tensor, first: Tensor, progress: Tensor, **memory: Tensor) -> Outputs:
        carried = tf.nest.pack_sequence_as(start, [memory[f"{MEMORY}{index:03d}"] for index in range(len(leaves))])
        now = as_progress(progress)
        chosen = learner.act(observation, first, carried, noise, now, explore=name == "act")
        after = tf.nest.flatten(chosen.memory)
        extras.update((key, tf.TensorSpec(value.shape[1:], value.dtype)) for key, value in chosen.extras.items())
        return {
            "action": as_actions(chosen.action, spaces),
            **{f"{MEMORY}{index:03d}": value for index, value in enumerate(after)},
            **({f"{EXTRA}{key}": value for key, value in chosen.extras.items()} if name == "act" else {}),
        }

    observation = spaces.observation
    inputs = (
        tf.TensorSpec((environments, *observation.shape), observation.dtype, name="observation"),
        tf.TensorSpec((environments,), tf.bool, name="first"),
        PROGRESS,
        *(tf.TensorSpec(leaf.shape, leaf.dtype, name=f"{MEMORY}{index:03d}") for index, leaf in enumerate(leaves)),
    )
    return with_noise(name, body, inputs), leaves


def _learn(learner: Learner, columns: Columns, metrics: list[str]) -> GraphFunction:
    size, length = learner.sampling

    def body(
        noise: TracedNoise, valid: Tensor, slots: Tensor, weight: Tensor, progress: Tensor, **given: Tensor
    ) -> Outputs:
        extras = {name.removeprefix(EXTRA): given[name] for name in columns if name.startswith(EXTRA)}
        steps = Step(**{name: given[name] for name in STEP_COLUMNS}, extras=extras)
        learned = learner.learn(Sample(steps, valid, slots, weight), noise, as_progress(progress))
        metrics[:] = sorted(learned.metrics)
        values = [tf.cast(learned.metrics[name], tf.float32) for name in metrics]
        return {"metrics": tf.stack(values), "priority": tf.ensure_shape(learned.priority, (size,))}

    inputs = (
        *(tf.TensorSpec((size, length, *shape), dtype, name=name) for name, (shape, dtype) in columns.items()),
        tf.TensorSpec((size, length), tf.bool, name="valid"),
        tf.TensorSpec((size,), tf.int64, name="slots"),
        tf.TensorSpec((size,), tf.float32, name="weight"),
        PROGRESS,
    )
    return with_noise("learn", body, inputs)


def _begin(begin: Callable[[], None]) -> Callable[[], Outputs]:
    def call() -> Outputs:
        begin()
        return {"begun": tf.constant(True)}

    return call
