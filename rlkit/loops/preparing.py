"""From an experiment to programs that are ready to run: built, traced, compared, given their initial weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import keras

from rlkit.contracts.agent import Agent, Learner
from rlkit.contracts.buffer import Buffer, Selection
from rlkit.contracts.data import Sampling
from rlkit.contracts.spaces import Spaces
from rlkit.experiment.experiment import Experiment
from rlkit.loops.backends.choice import Chosen, choose
from rlkit.loops.backends.quiet import quiet_autograph
from rlkit.loops.initial_weights import InitialWeight, draw
from rlkit.loops.learner_program import LearnerProgram, learner_program
from rlkit.loops.noise import NoiseLayout
from rlkit.loops.philox import reset_seed
from rlkit.loops.program import Arrays, Program
from rlkit.loops.replay import buffer_of
from rlkit.loops.selection_program import selection_program
from rlkit.loops.weight_plan import weight_plan

if TYPE_CHECKING:
    from rlkit.loops.compiled.episode import EpisodeProgram
    from rlkit.loops.compiled.greedy import GreedyProgram


@dataclass(frozen=True)
class Prepared:
    """All that a loop runs on; for the stepwise one, beside the environment."""

    spaces: Spaces
    seed: int
    learner: Any
    """The working agent: host code asks it `due`."""
    shapes: LearnerProgram
    acting: Chosen
    """The learner's program."""
    selecting: Chosen
    """The selection's program."""
    selection: Program
    sampling: Sampling
    capacity: int
    warnings: tuple[str, ...]
    plan: tuple[InitialWeight, ...]
    """How the weights begin that the core draws; the other variables begin as their component made them."""
    episodes: EpisodeProgram | None = None
    """For training in the compiled loop."""
    greedy: GreedyProgram | None = None
    """For evaluation in the compiled loop."""

    def noise_of(self, function: str) -> NoiseLayout:
        """What noise a function asks for."""
        functions = (*self.shapes.program.functions, *self.selection.functions)
        return next(found.noise for found in functions if found.name == function)


def prepare(experiment: Experiment, *, debug: bool = False) -> Prepared:
    """Make an experiment's agent and buffer ready to run; see `assemble`."""
    return assemble(experiment.agent, buffer_of(experiment), experiment.spaces, experiment.seed, debug=debug)


def assemble(agent: Agent, buffer: Buffer, spaces: Spaces, seed: int, *, debug: bool = False) -> Prepared:
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
        for name, value in draw(plan, seed=0).items():
            shapes.program.variables[name].assign(value)
        acting = choose(shapes.program, debug=debug)
        selected_by = choose(selecting, debug=debug)
    prepared = Prepared(
        spaces=spaces,
        seed=seed,
        learner=learner,
        shapes=shapes,
        acting=acting,
        selecting=selected_by,
        selection=selecting,
        sampling=learner.sampling,
        capacity=capacity,
        warnings=tuple(warnings),
        plan=tuple(plan),
    )
    begin(prepared, acting.backend.read())
    return prepared


def build(agent: Agent, buffer: Buffer, spaces: Spaces, seed: int) -> tuple[Learner, Selection]:
    """The working parts of a run with this seed."""
    # An initialiser that only Keras knows draws from Keras's own seed: this makes it repeatable.
    keras.utils.set_random_seed(global_seed(seed))
    return agent.build(spaces), buffer.build(spaces.environments)


def global_seed(seed: int) -> int:
    """That of the generators of Keras, TensorFlow, NumPy and Python while the parts of a run are built."""
    return reset_seed(seed, "keras", 0, 0)


def begin(prepared: Prepared, built: Arrays) -> None:
    """Set the learner's variables as a run with this seed begins, from what its parts were `built` with."""
    backend = prepared.acting.backend
    backend.write({**built, **draw(prepared.plan, prepared.seed)})
    if any(function.name == "begin" for function in prepared.shapes.program.functions):
        backend.function("begin")()
