"""From an experiment to programs that are ready to run: built, traced, compared, given their initial weights."""

from __future__ import annotations

import keras

from rlkit.contracts.agent import Agent, Learner
from rlkit.contracts.buffer import Buffer, Selection
from rlkit.contracts.spaces import Spaces
from rlkit.experiment.experiment import Experiment
from rlkit.noise.philox import reset_seed
from rlkit.programs.backends.choice import choose
from rlkit.programs.backends.quiet import quiet_autograph
from rlkit.programs.learner_program import learner_program
from rlkit.programs.ready import Made, ReadyPrograms, Start, begin
from rlkit.programs.selection_program import selection_program
from rlkit.programs.weights.initial_weights import draw
from rlkit.programs.weights.weight_plan import weight_plan
from rlkit.replay.of_experiment import buffer_of


def prepare(experiment: Experiment, *, debug: bool = False) -> ReadyPrograms:
    """Make an experiment's agent and buffer ready to run; see `assemble`."""
    return assemble(experiment.agent, buffer_of(experiment), experiment.spaces, experiment.seed, debug=debug)


def assemble(agent: Agent, buffer: Buffer, spaces: Spaces, seed: int, *, debug: bool = False) -> ReadyPrograms:
    """Build an agent and a buffer, choose their backends, and set the initial weights.

    Raises whatever a component's `build` raises, and UnreachableStateError for hidden variables.
    """
    with quiet_autograph():
        learner, selection = build(agent, buffer, spaces, seed)
        shapes = learner_program(learner, spaces)
        capacity = buffer.capacity // spaces.environments * spaces.environments
        selecting = selection_program(selection, learner.sampling, capacity, spaces.environments)
        plan, warnings = weight_plan(learner, shapes.program.variables)
        # Backends are compared on weights that do not depend on the run's seed, and so is the choice.
        drawn = draw(plan, seed=0)
        for name, value in drawn.items():
            shapes.program.variables[name].assign(value)
        acting = choose(shapes.program, debug=debug)
        selected_by = choose(selecting, debug=debug)
    learner_values = {name: value for name, value in acting.backend.read().items() if name not in drawn}
    built = Start(learner_values, selected_by.backend.read())
    prepared = ReadyPrograms(
        spaces=spaces,
        seed=seed,
        due=learner.due,
        shapes=shapes,
        acting=acting,
        selecting=selected_by,
        selection=selecting,
        sampling=learner.sampling,
        capacity=capacity,
        warnings=tuple(warnings),
        plan=tuple(plan),
        made=Made(learner, selection, shapes.program, selecting, built),
    )
    begin(prepared, built)
    return prepared


def build(agent: Agent, buffer: Buffer, spaces: Spaces, seed: int) -> tuple[Learner, Selection]:
    """The working parts of a run with this seed."""
    # An initialiser that only Keras knows draws from Keras's own seed: this makes it repeatable.
    keras.utils.set_random_seed(global_seed(seed))
    return agent.build(spaces), buffer.build(spaces.environments)


def global_seed(seed: int) -> int:
    """That of the generators of Keras, TensorFlow, NumPy and Python while the parts of a run are built."""
    return reset_seed(seed, "keras", 0, 0)
