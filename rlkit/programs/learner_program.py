"""The learner's program: act (exploring and greedy), learn, report and begin, sharing weights and optimiser slots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from rlkit.contracts.agent import Learner
from rlkit.contracts.buffer import Columns
from rlkit.contracts.data import Call, Sample, Step
from rlkit.contracts.demand import Sampling
from rlkit.contracts.spaces import Spaces
from rlkit.contracts.tensor import Tensor, TensorSpec
from rlkit.programs.examples import (
    example_allowed,
    example_any,
    example_array,
    example_noise,
    example_progress,
    example_slots,
    example_valid,
    with_ends,
)
from rlkit.programs.functions import with_call
from rlkit.programs.guarding.guard import guarded_as
from rlkit.programs.program import GraphFunction, Outputs, Program
from rlkit.programs.ready import MEMORY, LearnerShapes
from rlkit.programs.reports import report_function
from rlkit.programs.seeing import all_allowed, as_actions, seen_from, seen_inputs
from rlkit.programs.state import parts_of, variables_of
from rlkit.programs.tried_actions import tried_actions
from rlkit.replay.columns import ALLOWED, EXTRA, MASKS, STEP_COLUMNS, step_columns


@dataclass(frozen=True)
class LearnerProgram(LearnerShapes):
    """The program, traced in this process, and what a loop must know of its shapes."""

    program: Program


def learner_program(learner: Learner, spaces: Spaces, sampling: Sampling) -> LearnerProgram:
    """Trace a learner into a program."""
    extras: dict[str, TensorSpec] = {}
    act, memory = _act(learner, spaces, "act", extras)
    greedy, greedy_memory = _act(learner, spaces._replace(environments=1), "act_greedy", {})
    columns = step_columns(spaces, {key: (tuple(spec.shape), spec.dtype.name) for key, spec in extras.items()})
    metrics: list[str] = []
    learn = _learn(learner, columns, rows_of(sampling, spaces), sampling.before + sampling.length, spaces, metrics)
    report, reports = report_function(learner, "learner")
    beginning = _beginning(learner)
    begin = [with_call("begin", _begin(beginning))] if beginning else []

    def example(spec: TensorSpec, rng: np.random.Generator, turn: int) -> npt.NDArray[Any]:
        name, shape = spec.name, tuple(spec.shape)
        if name == "progress":
            return example_progress(turn)
        if name in ("uniforms", "integers"):
            return example_noise(spec, rng, turn)
        if name in ("observation", "next_observation"):
            return example_array(spaces.observation, shape, rng, turn)
        if name in ("action", "previous_action"):
            return example_array(spaces.action, shape, rng, turn + 1)  # not at the ends when the noise is
        if name in MASKS:
            return example_allowed(shape, rng)
        if name == "valid" and sampling.order == "rollout":
            return np.ones(shape, bool)
        if name == "valid":
            return example_valid(shape, sampling.before, rng)
        if name == "slots":
            return example_slots(shape[0], shape[0], rng, turn)
        if name == "weight":
            return with_ends(rng.random(shape, np.float32), 0.0, 1.0, rng, turn + 3)
        return example_any(spec, rng)

    # `begin` comes first, as in a run: what it copies is compared by what the others then do.
    functions = (*begin, *tried_actions(learner, spaces, act, example), act, greedy, learn, *report)
    program = Program("learner", functions, variables_of(learner, "learner"), example)
    return LearnerProgram(program, columns, tuple(metrics), reports, memory, greedy_memory)


def rows_of(sampling: Sampling, spaces: Spaces) -> int:
    """Rows in a sample."""
    return spaces.environments if sampling.order == "rollout" else sampling.size


def _act(
    learner: Learner, spaces: Spaces, name: str, extras: dict[str, TensorSpec]
) -> tuple[GraphFunction, tuple[npt.NDArray[Any], ...]]:
    start = learner.initial_memory(spaces.environments)
    leaves = tuple(np.asarray(leaf) for leaf in tf.nest.flatten(start))

    def body(call: Call, **given: Tensor) -> Outputs:
        memory = tf.nest.pack_sequence_as(start, [given.pop(f"{MEMORY}{index:03d}") for index in range(len(leaves))])
        chosen = learner.act(seen_from(given, spaces), memory, call, explore=name == "act")
        after = tf.nest.flatten(chosen.memory)
        extras.update((key, tf.TensorSpec(value.shape[1:], value.dtype)) for key, value in chosen.extras.items())
        return {
            "action": as_actions(chosen.action, spaces),
            **{f"{MEMORY}{index:03d}": value for index, value in enumerate(after)},
            **({f"{EXTRA}{key}": value for key, value in chosen.extras.items()} if name == "act" else {}),
        }

    carried = [tf.TensorSpec(leaf.shape, leaf.dtype, name=f"{MEMORY}{index:03d}") for index, leaf in enumerate(leaves)]
    return with_call(name, body, (*seen_inputs(spaces), *carried)), leaves


def _learn(
    learner: Learner, columns: Columns, rows: int, length: int, spaces: Spaces, metrics: list[str]
) -> GraphFunction:
    def body(call: Call, valid: Tensor, slots: Tensor, weight: Tensor, **given: Tensor) -> Outputs:
        extras = {name.removeprefix(EXTRA): given[name] for name in columns if name.startswith(EXTRA)}
        everything = None if ALLOWED in columns else all_allowed(spaces, rows, length)
        masks = {name: given.get(name, everything) for name in MASKS}
        steps = Step(**{name: given[name] for name in STEP_COLUMNS}, extras=extras, **masks)
        learned = learner.learn(Sample(steps, valid, slots, weight), call)
        metrics[:] = sorted(learned.metrics)
        values = [tf.cast(learned.metrics[name], tf.float32) for name in metrics]
        return {"metrics": tf.stack(values), "priority": tf.ensure_shape(learned.priority, (rows,))}

    inputs = (
        *(tf.TensorSpec((rows, length, *shape), dtype, name=name) for name, (shape, dtype) in columns.items()),
        tf.TensorSpec((rows, length), tf.bool, name="valid"),
        tf.TensorSpec((rows,), tf.int64, name="slots"),
        tf.TensorSpec((rows,), tf.float32, name="weight"),
    )
    return with_call("learn", body, inputs)


def _beginning(learner: Learner) -> list[Any]:
    """What has a `begin`: components in the learner, the innermost first, and at last itself."""
    within = [
        (path, part)
        for path, part in parts_of(learner, "learner")
        if part is not learner and guarded_as(part) and callable(getattr(part, "begin", None))
    ]
    inner = [part for _, part in sorted(within, key=lambda entry: -entry[0].count("."))]
    return [*inner, learner] if hasattr(learner, "begin") else inner


def _begin(beginning: list[Any]) -> Any:
    def begin(call: Call) -> Outputs:
        for part in beginning:
            part.begin(call)
        return {"begun": tf.constant(True)}

    return begin
