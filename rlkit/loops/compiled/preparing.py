"""From an experiment to the compiled loop's programs: built, traced, compiled, given their initial weights."""

from __future__ import annotations

import dataclasses

import tensorflow as tf

from rlkit.experiment.experiment import Experiment
from rlkit.loops.backends.choice import Chosen
from rlkit.loops.backends.quiet import quiet_autograph
from rlkit.loops.choice import compiled_environment
from rlkit.loops.compiled.backend import CompiledBackend
from rlkit.loops.compiled.calling import eagerly, traced
from rlkit.loops.compiled.episode import EpisodeProgram
from rlkit.loops.compiled.greedy import GreedyProgram
from rlkit.loops.compiled.refusal import refusal
from rlkit.loops.compiled.returning import Plan
from rlkit.loops.compiled.task import Task
from rlkit.loops.learner_program import learner_program
from rlkit.loops.preparing import Prepared, begin, build
from rlkit.loops.replay import buffer_of
from rlkit.loops.selection_program import selection_program
from rlkit.loops.weight_plan import weight_plan


def assemble_compiled(experiment: Experiment, *, training: bool, debug: bool) -> Prepared:
    """Build an experiment's agent, buffer and environment into programs, compile them, set the initial weights.

    Args:
        experiment: whose environment is compiled.
        training: False for greedy episodes only, which are compiled when they are first played.
        debug: nothing is compiled, the components' Python code runs line by line.

    Raises:
        NotCompilableError: XLA cannot compile it.
        UnreachableStateError: for hidden variables; and whatever a component raises.
    """
    environment = compiled_environment(experiment)
    assert environment is not None
    spaces, call = experiment.spaces, eagerly if debug else traced
    buffer = buffer_of(experiment)
    with quiet_autograph():
        learner, selection = build(experiment.agent, buffer, spaces, experiment.seed)
        shapes = learner_program(learner, spaces)
        selecting = selection_program(selection, learner.sampling, buffer.capacity, spaces.environments)
        plan, warnings = weight_plan(learner, shapes.program.variables)
        acting = CompiledBackend(shapes.program, debug=debug)
        selected_by = CompiledBackend(selecting, debug=debug)
        task = Task(environment, spaces, experiment.limits.steps_per_episode, call)
        reason = "--debug: graph code runs eagerly" if debug else ""
        prepared = Prepared(
            spaces=spaces,
            seed=experiment.seed,
            learner=learner,
            shapes=shapes,
            acting=Chosen(acting, reason),
            selecting=Chosen(selected_by, reason),
            selection=selecting,
            sampling=learner.sampling,
            capacity=buffer.capacity,
            warnings=tuple(warnings),
            plan=tuple(plan),
            greedy=GreedyProgram(shapes, task, call),
        )
        built = dict(acting.read())
        begin(prepared, built)
        if not training:
            return prepared
        episodes = EpisodeProgram(learner, shapes, selecting, task, buffer.capacity, call)
        try:
            episodes.follow(Plan(steps=0))
            episodes.start(experiment.seed)
            episodes()
        except (tf.errors.InvalidArgumentError, tf.errors.UnimplementedError, tf.errors.NotFoundError) as error:
            raise refusal(error, experiment.entries) from error
        return dataclasses.replace(prepared, episodes=episodes)
