"""From an agent and its buffer to programs that are ready to run: built, traced, compared, given initial weights."""

from __future__ import annotations

from typing import NamedTuple

import keras

from rlkit.contracts.agent import Agent, Learner
from rlkit.contracts.buffer import Buffer, Storage
from rlkit.contracts.spaces import Spaces
from rlkit.programs.backends.choice import choose
from rlkit.programs.backends.quiet import quiet_autograph
from rlkit.programs.guarding.components import Guards
from rlkit.programs.guarding.deciding import deciders_of
from rlkit.programs.learner_program import LearnerProgram, learner_program
from rlkit.programs.normalizing import normalized_spaces, normalizing
from rlkit.programs.program import Program
from rlkit.programs.ready import Deciders, ReadyPrograms, Start, added_at_once, begin, rank_exponent
from rlkit.programs.schedules import WorkingSchedules
from rlkit.programs.selection_program import selection_program
from rlkit.programs.state import audit
from rlkit.programs.verifying.attributes import check_attributes, numbers_of
from rlkit.programs.verifying.made import noting_variables
from rlkit.programs.verifying.memories import compare_memory
from rlkit.programs.verifying.owners import forget_owners
from rlkit.programs.verifying.random_operations import check_random_operations
from rlkit.programs.verifying.second_trace import compare
from rlkit.programs.verifying.value_bounds import check_bounds
from rlkit.programs.verifying.when import Verify, always
from rlkit.programs.weights.initial_weights import InitialWeight, draw
from rlkit.programs.weights.weight_plan import weight_plan
from rlkit.replay.of_experiment import due_for, storage_for


class Traced(NamedTuple):
    """An agent and its buffer as programs, before a backend is chosen for them."""

    learner: Learner
    shapes: LearnerProgram
    selection: Program
    storage: Storage
    plan: tuple[InitialWeight, ...]
    deciders: Deciders
    rank_exponent: float | None


def trace_parts(
    agent: Agent, buffer: Buffer, spaces: Spaces, *, total: int | None = None, keras_seed: int = 0
) -> Traced:
    """Build the working parts, and trace them.

    No part may begin with what follows from a seed, unless the core draws it; `keras_seed` is that of the generators
    of Keras, TensorFlow, NumPy and Python meanwhile, so that one that does so shows.

    Raises:
        PartError: a part raised, or returned what its contract does not allow.
        ScheduleError: a schedule's values are out of range; `total` is that of `Progress`.
        HiddenRandomnessError: a function draws past its noise.
        UnreachableStateError: a function uses a hidden variable.
    """
    keras.utils.set_random_seed(keras_seed)
    forget_owners()
    schedules = WorkingSchedules(spaces, total)
    with noting_variables():
        guards = Guards()
        agent = guards.component(schedules.within(agent), "agent")
        buffer = guards.component(schedules.within(buffer, "buffer"), "buffer")
        learner = agent.build(normalized_spaces(spaces))
        whole = normalizing(learner, spaces)
        learners = numbers_of(learner, "learner")
        shapes = learner_program(whole, spaces, agent.sampling)
        storage = storage_for(buffer, agent.sampling, spaces, shapes.columns)
        working = buffer.build(storage)
        selections = numbers_of(working, "selection")
        selection = selection_program(working, storage, added_at_once(agent.due, spaces.environments))
    check_attributes(learners, learner, "learner")
    check_attributes(selections, working, "selection")
    for program in (shapes.program, selection):
        for function in program.functions:
            check_random_operations(f"{program.name}.{function.name}", function.traced)
            audit(f"{program.name}.{function.name}", function.traced, program.variables)
    plan = weight_plan(whole, shapes.program.variables)
    deciders = deciders_of(learner, working)
    return Traced(learner, shapes, selection, storage, tuple(plan), deciders, rank_exponent(working))


def check_again(parts: Traced, agent: Agent, buffer: Buffer, spaces: Spaces, total: int | None) -> None:
    """Build and trace the parts a second time, with other seeds of all generators, and compare.

    Raises:
        HiddenRandomnessError: for parts that are others then.
        PartError: one returns what is out of the bounds of its contract.
    """
    other = trace_parts(agent, buffer, spaces, total=total, keras_seed=1)
    compare(parts.shapes.program, other.shapes.program, [weight.variable for weight in parts.plan])
    compare(parts.selection, other.selection, ())
    compare_memory(agent, (parts.learner, parts.shapes), (other.learner, other.shapes))
    check_bounds(other.shapes.program, other.learner)


def make(
    agent: Agent,
    buffer: Buffer,
    spaces: Spaces,
    seed: int,
    *,
    total: int | None = None,
    debug: bool = False,
    verify: Verify = always,
) -> ReadyPrograms:
    """Build an agent and a buffer, choose their backends, and set the initial weights.

    Args:
        agent: with all its parts.
        buffer: the agent's.
        spaces: of the environment.
        seed: of the run.
        total: that of `Progress`, if it is known.
        debug: nothing is compiled, the components' Python code runs line by line.
        verify: carries out `check_again`, or knows that an earlier process did.

    Raises whatever a component does, and what `trace_parts` and `check_again` raise.
    """
    with quiet_autograph():
        parts = trace_parts(agent, buffer, spaces, total=total)
        verify(lambda: check_again(parts, agent, buffer, spaces, total))
        learner, shapes, selection, storage, plan, deciders, exponent = parts
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
        due=due_for(agent, storage),
        storage=storage,
        shapes=shapes,
        acting=acting,
        selection=selection,
        selecting=selecting,
        plan=plan,
        start=Start(learner_values, selecting.backend.read()),
        learner=learner,
        deciders=deciders,
        rank_exponent=exponent,
    )
    begin(ready)
    return ready
