"""From an experiment to the compiled loop's programs: built, traced, compiled, given their initial weights."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import tensorflow as tf

from rlkit.catalogue.catalogue import Entry
from rlkit.contracts.agent import Agent
from rlkit.contracts.buffer import Buffer
from rlkit.contracts.compiled_environment import CompiledEnvironment
from rlkit.contracts.spaces import Spaces
from rlkit.loops.compiled.backend import CompiledBackend
from rlkit.loops.compiled.episode import EpisodeProgram
from rlkit.loops.compiled.greedy import GreedyProgram
from rlkit.loops.compiled.refusal import refusal
from rlkit.loops.compiled.returning import Plan
from rlkit.programs.backends.quiet import quiet_autograph
from rlkit.programs.calling import eagerly, traced
from rlkit.programs.learner_program import learner_program
from rlkit.programs.making import build
from rlkit.programs.ready import Chosen, Made, ReadyPrograms, Start, begin
from rlkit.programs.selection_program import selection_program
from rlkit.programs.task import Task
from rlkit.programs.weights.weight_plan import weight_plan


def assemble_compiled(
    agent: Agent,
    buffer: Buffer,
    environment: CompiledEnvironment,
    spaces: Spaces,
    seed: int,
    *,
    steps_per_episode: int | None = None,
    training: bool = True,
    debug: bool = False,
    entries: Sequence[Entry] = (),
) -> ReadyPrograms:
    """Build an agent, a buffer and an environment into programs, compile them, and set the initial weights.

    Args:
        agent: with all its parts.
        buffer: the agent's.
        environment: the task.
        spaces: of the task, for one environment.
        seed: of the run.
        steps_per_episode: truncates longer episodes.
        training: False for greedy episodes only, which are compiled when they are first played.
        debug: nothing is compiled, the components' Python code runs line by line.
        entries: the experiment's components, to name the one that cannot be compiled.

    Raises:
        NotCompilableError: XLA cannot compile it.
        UnreachableStateError: for hidden variables; and whatever a component raises.
    """
    call = eagerly if debug else traced
    with quiet_autograph():
        learner, selection = build(agent, buffer, spaces, seed)
        shapes = learner_program(learner, spaces)
        selecting = selection_program(selection, learner.sampling, buffer.capacity, 1)
        plan, warnings = weight_plan(learner, shapes.program.variables)
        acting = CompiledBackend(shapes.program, debug=debug)
        selected_by = CompiledBackend(selecting, debug=debug)
        task = Task(environment, spaces, steps_per_episode, call)
        drawn = {weight.variable for weight in plan}
        learner_values = {name: value for name, value in acting.read().items() if name not in drawn}
        built = Start(learner_values, dict(selected_by.read()))
        reason = "--debug: graph code runs eagerly" if debug else ""
        prepared = ReadyPrograms(
            spaces=spaces,
            seed=seed,
            due=learner.due,
            shapes=shapes,
            acting=Chosen(acting, reason),
            selecting=Chosen(selected_by, reason),
            selection=selecting,
            sampling=learner.sampling,
            capacity=buffer.capacity,
            warnings=tuple(warnings),
            plan=tuple(plan),
            greedy=GreedyProgram(shapes, task, call),
            made=Made(learner, selection, shapes.program, selecting, built),
        )
        begin(prepared, built)
        if not training:
            return prepared
        episodes = EpisodeProgram(learner, shapes, selecting, task, buffer.capacity, call)
        try:
            episodes.follow(Plan(steps=0))
            episodes.start(seed)
            episodes()
        except tf.errors.OpError as error:
            refused = refusal(error, entries)
            if refused is None:
                raise
            raise refused from error
        return dataclasses.replace(prepared, episodes=episodes)
