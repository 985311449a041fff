"""What an experiment runs on, in the loop that its environment asks for: programs, the loop itself, greedy episodes."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import Callable
from pathlib import Path

from rlkit.caching.switch import caching
from rlkit.caching.xla import XlaCache, use_xla_cache
from rlkit.contracts.data import Progress
from rlkit.experiment.blaming import problem_of_part
from rlkit.experiment.experiment import Experiment, Limits
from rlkit.experiment.plain_data.parts import check_parts
from rlkit.faults.part_error import PartError
from rlkit.loops.choice import COMPILED, compiled_environment, loop_of, task_of
from rlkit.loops.evaluating import Evaluated, EvaluationCourse, evaluate
from rlkit.loops.filling import fill_from_data
from rlkit.loops.loop import Loop
from rlkit.loops.recorded import RecordedLoop
from rlkit.loops.stepwise import StepwiseLoop
from rlkit.programs.backends.quiet import quiet_stderr
from rlkit.programs.backends.threads import one_thread
from rlkit.programs.backends.xla_flags import order_operations
from rlkit.programs.keeping.kept import kept_or_made
from rlkit.programs.keeping.programs import programs_of
from rlkit.programs.keeping.verified import once
from rlkit.programs.ready import ReadyPrograms
from rlkit.programs.schedule_error import ScheduleError
from rlkit.programs.verifying.error import HiddenRandomnessError
from rlkit.programs.verifying.when import always
from rlkit.replay.of_experiment import buffer_of, replay_file
from rlkit.worlds.worlds import Worlds, world_of


def ready_for(experiment: Experiment, *, training: bool = True, debug: bool = False) -> ReadyPrograms:
    """Make an experiment's agent and buffer ready: for the compiled loop if it can be, else for the stepwise one.

    For the stepwise loop, programs that an earlier run has kept are taken, and TensorFlow is not imported.

    Args:
        experiment: checked.
        training: False for greedy episodes only.
        debug: see `rlkit.api.run`.

    Raises:
        PartError: a part raised, or returned what its contract does not allow.
        ExperimentError: the values of a schedule are out of range.
        HiddenRandomnessError: a part draws past its noise, or is another each time it is built.
        UnreachableStateError: a part keeps a variable to which no attribute leads.
    """
    one_thread()
    try:
        return _ready(experiment, training, debug)
    except ScheduleError as error:
        raise problem_of_part(experiment, error) from error


def _ready(experiment: Experiment, training: bool, debug: bool) -> ReadyPrograms:
    check_parts(experiment)  # once more: they may have been replaced in Python
    loop, _ = loop_of(experiment)
    environment = compiled_environment(experiment)
    if loop != COMPILED or environment is None:
        return programs_of(experiment, debug=debug)
    with quiet_stderr():  # what TensorFlow logs while it is imported heeds no log level
        from rlkit.loops.compiled.backend import CompiledBackend
        from rlkit.loops.compiled.making import make_compiled
        from rlkit.loops.compiled.refusal import NotCompilableError
        from rlkit.programs.making import make

    agent, buffer, spaces, seed = experiment.agent, buffer_of(experiment), experiment.spaces, experiment.seed
    total, verify = experiment.limits.total, always if debug else once(experiment)

    def made() -> ReadyPrograms:
        return make_compiled(
            agent,
            buffer,
            environment,
            spaces,
            seed,
            total=total,
            steps_per_episode=experiment.limits.steps_per_episode,
            training=training,
            debug=debug,
            verify=verify,
            entries=experiment.entries,
        )

    order_operations()
    kept = use_xla_cache(caching() and not debug)
    try:
        try:
            ready = made()
        except NotCompilableError:
            raise
        except (ScheduleError, PartError, HiddenRandomnessError):
            raise
        except Exception:
            if not kept.fetched:
                raise
            kept.drop()  # TensorFlow compiles nothing anew where it could not load what is kept
            ready = made()
    except NotCompilableError as error:
        ready = make(agent, buffer, spaces, seed, total=total, debug=debug, verify=verify)
        warnings = (f"runs in the stepwise loop: {error}", *ready.warnings)
        origin = "not kept, since TensorFlow tried the compiled loop first"
        return dataclasses.replace(ready, warnings=warnings, origin=origin)
    if isinstance(ready.acting.backend, CompiledBackend):
        ready.acting.backend.keeping = functools.partial(_kept_policy, experiment)
    return dataclasses.replace(ready, origin=_origin(kept, debug=debug))


def _kept_policy(experiment: Experiment, convert: Callable[[], bytes]) -> bytes:
    """The model of a trained agent's actions, as an earlier run kept it: converting takes longer than many a run."""
    return kept_or_made(experiment, "policy", make=convert, pack=bytes, unpack=bytes).value


def _origin(kept: XlaCache, *, debug: bool) -> str:
    """Keep what was compiled, and say where it came from."""
    if debug:
        return "not compiled: --debug runs graph code eagerly"
    if kept.keep():
        return "compiled by XLA, and kept for the next run"
    if kept.fetched:
        return "compiled by XLA in an earlier run"
    return f"compiled by XLA, not kept: {kept.why_not or 'the cache took nothing'}"


def loop_for(
    experiment: Experiment,
    ready: ReadyPrograms,
    resources: contextlib.ExitStack,
    *,
    limits: Limits | None = None,
    metrics_interval: int,
    folder: Path | None = None,
) -> Loop:
    """The loop that an experiment's programs were made for.

    Args:
        experiment: the same.
        ready: by `ready_for`.
        resources: closes what the loop holds.
        limits: instead of the experiment's.
        metrics_interval: updates from one logged learning step to the next.
        folder: for a replay that lies on disk.
    """
    limits, every = limits or experiment.limits, experiment.evaluation.every
    if ready.compiled:
        from rlkit.loops.compiled.loop import CompiledLoop

        return CompiledLoop(
            ready,
            limits,
            environment=task_of(experiment),
            metrics_interval=metrics_interval,
            evaluation_interval=every,
        )
    file = replay_file(experiment, folder) if folder is not None else None
    loop: StepwiseLoop | RecordedLoop
    if experiment.collects:
        worlds = Worlds.of(experiment)
        resources.callback(worlds.close)
        loop = StepwiseLoop(
            ready,
            worlds,
            limits,
            metrics_interval=metrics_interval,
            evaluation_interval=every,
            replay_file=file,
        )
    else:
        loop = RecordedLoop(
            ready, limits, metrics_interval=metrics_interval, evaluation_interval=every, replay_file=file
        )
    fill_from_data(experiment, ready, loop)
    return loop


def greedy_episodes(
    experiment: Experiment,
    ready: ReadyPrograms,
    episodes: int,
    progress: Progress,
    course: EvaluationCourse | None = None,
) -> Evaluated:
    """Greedy episodes with the weights as they are; the same starts at each call. See `rlkit.loops.evaluating`."""
    if ready.compiled:
        from rlkit.loops.compiled.making import greedy_of

        return greedy_of(ready).evaluate(experiment.seed, episodes, progress, task_of(experiment), course)
    with contextlib.closing(world_of(experiment, "evaluation")) as world:
        return evaluate(ready, world, episodes, progress, course=course)
