"""From an agent and its buffer to programs that are ready to run: built, traced, compared, given initial weights."""

from __future__ import annotations

from typing import NamedTuple

import keras

from rlkit.contracts.agent import Agent, Learner
from rlkit.contracts.buffer import Buffer, Storage
from rlkit.contracts.spaces import Spaces
from rlkit.programs.backends.choice import choose
from rlkit.programs.backends.quiet import quiet_autograph
from rlkit.programs.learner_program import LearnerProgram, learner_program
from rlkit.programs.program import Program
from rlkit.programs.ready import ReadyPrograms, Start, begin
from rlkit.programs.selection_program import selection_program
from rlkit.programs.state import audit
from rlkit.programs.verifying import compare_builds, refuse_random_operations
from rlkit.programs.weights.initial_weights import InitialWeight, draw
from rlkit.programs.weights.weight_plan import weight_plan
from rlkit.replay.of_experiment import storage_for


class Traced(NamedTuple):
    """An agent and its buffer as programs, before a backend is chosen for them."""

    learner: Learner
    shapes: LearnerProgram
    selection: Program
    storage: Storage
    plan: tuple[InitialWeight, ...]


def trace_parts(agent: Agent, buffer: Buffer, spaces: Spaces, *, keras_seed: int = 0) -> Traced:
    """Build the working parts, and trace them.

    No part may begin with what follows from a seed, unless the core draws it; `keras_seed` is that of the generators
    of Keras, TensorFlow, NumPy and Python meanwhile, so that one that does so shows.
    """
    keras.utils.set_random_seed(keras_seed)
    learner = agent.build(spaces)
    shapes = learner_program(learner, spaces, agent.sampling)
    storage = storage_for(buffer, agent.sampling, spaces, shapes.columns)
    selection = selection_program(buffer.build(storage), storage)
    plan = weight_plan(learner, shapes.program.variables)
    return Traced(learner, shapes, selection, storage, tuple(plan))


def verified(agent: Agent, buffer: Buffer, spaces: Spaces, *, known: bool = False) -> Traced:
    """The same, and found to hide no randomness. `known`: that the parts made twice are the same was found before.

    Raises:
        HiddenRandomness: something follows from another generator than the core's, from a clock or from a counter.
        UnreachableStateError: a variable that no attribute leads to.
    """
    traced = trace_parts(agent, buffer, spaces)
    programs = (traced.shapes.program, traced.selection)
    for program in programs:
        for function in program.functions:
            audit(f"{program.name}'s {function.name}", function.traced.graph.variables, program.variables)
        refuse_random_operations(program)
    if not known:
        again = trace_parts(agent, buffer, spaces, keras_seed=1)
        drawn = frozenset(weight.variable for weight in traced.plan)
        for program, other in zip(programs, (again.shapes.program, again.selection), strict=True):
            compare_builds(program, other, drawn)
    return traced


def make(agent: Agent, buffer: Buffer, spaces: Spaces, seed: int, *, debug: bool = False) -> ReadyPrograms:
    """Build an agent and a buffer, choose their backends, and set the initial weights.

    Raises whatever a component's `build` raises, and what `verified` does.
    """
    with quiet_autograph():
        learner, shapes, selection, storage, plan = verified(agent, buffer, spaces)
        # Backends are compared on weights that do not depend on the run's seed, and so is the choice.
        weights = draw(plan, seed=0)
        for name, value in weights.items():
            shapes.program.variables[name].assign(value)
        acting = choose(shapes.program, debug=debug)
        selecting = choose(selection, debug=debug)
    learner_values = {name: value for name, value in acting.backend.read().items() if name not in weights}
    ready = ReadyPrograms(
        spaces=spaces,
        seed=seed,
        due=agent.due,
        storage=storage,
        shapes=shapes,
        acting=acting,
        selection=selection,
        selecting=selecting,
        plan=plan,
        start=Start(learner_values, selecting.backend.read()),
        learner=learner,
    )
    begin(ready)
    return ready
