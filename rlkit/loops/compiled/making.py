"""From an experiment to the compiled loop's programs: built, traced, compiled, given their initial weights."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

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
from rlkit.loops.compiled.task import Task
from rlkit.programs.backends.quiet import quiet_autograph
from rlkit.programs.calling import eagerly, traced
from rlkit.programs.environment_program import check_environment_again, environment_program
from rlkit.programs.making import check_again, trace_parts
from rlkit.programs.observed import check_observed
from rlkit.programs.ready import Chosen, ReadyPrograms, Start, begin
from rlkit.programs.verifying.when import Verify, always
from rlkit.replay.of_experiment import due_for


@dataclass(frozen=True)
class CompiledPrograms(ReadyPrograms):
    """What the compiled loop runs on, beside what acts and learns."""

    compiled: ClassVar[bool] = True
    episodes: EpisodeProgram | None = None
    """For training; None where greedy episodes are all that was asked for."""
    greedy: GreedyProgram | None = None


def greedy_of(ready: ReadyPrograms) -> GreedyProgram:
    """What plays greedy episodes."""
    assert isinstance(ready, CompiledPrograms) and ready.greedy is not None
    return ready.greedy


def make_compiled(
    agent: Agent,
    buffer: Buffer,
    environment: CompiledEnvironment,
    spaces: Spaces,
    seed: int,
    *,
    total: int | None = None,
    steps_per_episode: int | None = None,
    training: bool = True,
    debug: bool = False,
    verify: Verify = always,
    entries: Sequence[Entry] = (),
) -> CompiledPrograms:
    """Build an agent, a buffer and an environment into programs, compile them, and set the initial weights.

    Args:
        agent: with all its parts.
        buffer: the agent's.
        environment: the task.
        spaces: of the task, with the number of environments.
        seed: of the run.
        total: that of `Progress`, if it is known.
        steps_per_episode: truncates longer episodes.
        training: False for greedy episodes only, which are compiled when they are first played.
        debug: nothing is compiled, the components' Python code runs line by line.
        verify: carries out a second build and its comparison, or knows that an earlier process did.
        entries: the experiment's components, to name the one that cannot be compiled.

    Raises:
        NotCompilableError: XLA cannot compile it.
        Exception: what `trace_parts` and `check_again` raise, and whatever a component does.
    """
    call = eagerly if debug else traced
    with quiet_autograph():
        parts = trace_parts(agent, buffer, spaces, total=total)
        learner, shapes, selection, storage, plan, deciders, exponent = parts
        acting, selecting = CompiledBackend(shapes.program, debug=debug), CompiledBackend(selection, debug=debug)
        program = environment_program(environment)
        limits = (environment.episode_limit, steps_per_episode)
        drawn = {weight.variable for weight in plan}
        learner_values = {name: value for name, value in acting.read().items() if name not in drawn}
        reason = "--debug: graph code runs eagerly" if debug else ""
        ready = CompiledPrograms(
            spaces=spaces,
            seed=seed,
            due=due_for(agent, storage),
            storage=storage,
            shapes=shapes,
            acting=Chosen(acting, reason),
            selection=selection,
            selecting=Chosen(selecting, reason),
            plan=plan,
            start=Start(learner_values, dict(selecting.read())),
            learner=learner,
            deciders=deciders,
            rank_exponent=exponent,
            greedy=GreedyProgram(spaces, shapes, Task(program, call, *limits), call, deciders),
        )
        begin(ready)
        if not training:
            return ready  # a run has verified its agent
        task = Task(program, call, *limits, environments=spaces.environments)
        episodes = EpisodeProgram(ready, shapes, task, call)
        try:
            episodes.follow(Plan(steps=0))
            episodes.start(seed, 0)
            episodes()
        except tf.errors.OpError as error:
            refused = refusal(error, entries)
            if refused is None:
                raise
            raise refused from error
        # XLA's cache knows programs by numbers that TensorFlow counts up, so all are made before any is made again.

        def again() -> None:
            now = acting.read()
            # As they were built: `begin` of a part may have drawn some since.
            acting.write({**now, **learner_values})
            check_again(parts, agent, buffer, spaces, total)
            check_environment_again(environment, program)
            check_observed(environment, program)
            acting.write(now)

        verify(again)
        return dataclasses.replace(ready, episodes=episodes)
