"""A document against what is installed: every key, every part, and the parts against each other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from rlkit.catalogue.catalogue import Catalogue
from rlkit.contracts.agent import Agent
from rlkit.contracts.compiled_environment import CompiledEnvironment, spaces_of
from rlkit.contracts.environment import Environment, forbids_actions
from rlkit.contracts.recorded_data import RecordedData
from rlkit.contracts.recorder import Recorder
from rlkit.contracts.spaces import Discrete, Spaces
from rlkit.contracts.stop import Stop
from rlkit.experiment.agent_slots import agent_of
from rlkit.experiment.building import INVALID, Builder
from rlkit.experiment.errors import Problems
from rlkit.experiment.experiment import EvaluationPlan, Experiment, Limits
from rlkit.experiment.nodes import MapNode
from rlkit.experiment.own_keys import name_of, own, seed_of, settings
from rlkit.experiment.parts import Unwritable
from rlkit.experiment.plain_data.agents import check_agent
from rlkit.experiment.plain_data.buffers import buffer_field, check_buffer
from rlkit.experiment.plain_data.environments import check_compiled, check_counts
from rlkit.experiment.recorded import check_recorded, check_saved, check_without_steps, warn_of_other_origin
from rlkit.experiment.schedules import check_clocks, check_ends

_ENDING = ("episodes", "steps", "updates", "seconds")


def check(
    document: MapNode, source: str, catalogue: Catalogue, problems: Problems, *, greedy: bool = False
) -> Experiment | None:
    """The experiment that a document describes, or None; `problems` says why.

    What is wrong with one part keeps no other from being checked. For greedy episodes (`greedy`) no data is opened.
    """
    builder = Builder(document, catalogue, problems)
    name = name_of(builder)
    seed = seed_of(builder)
    environment = own(builder, "environment", Environment)
    agent = agent_of(builder)
    stop = own(builder, "stop", tuple[Stop, ...], ())
    limits = settings(builder, "limits", Limits)
    evaluation = settings(builder, "evaluation", EvaluationPlan)
    recorders = own(builder, "recorders", tuple[Recorder, ...], ())
    data = own(builder, "data", RecordedData | None, None)
    collects, save_rows = own(builder, "collects", bool, True), own(builder, "save_rows", bool, False)
    builder.unknown.note(problems, builder.slots)
    endless = limits is not INVALID and all(getattr(limits, limit) is None for limit in _ENDING)
    if endless and stop == () and collects is not False:
        allowed = ", ".join(f"limits.{limit}" for limit in _ENDING)
        builder.note("limits", f"found nothing that could end the run; add stop, or one of {allowed}")
    check_clocks(builder)
    if limits is not INVALID:
        check_ends(builder, limits.total)
    if collects is False:
        check_without_steps(builder, environment, agent, data, limits)
    elif limits is not INVALID and limits.total is None:
        _note_unknown_total(builder)
    spaces, recording = None if environment is INVALID else _spaces(builder, environment), None
    if spaces is not None and (agent is INVALID or _keeps(builder, agent, spaces)):
        told = len(problems)
        _cross_check(builder, spaces)
        # What a part itself says of its parameters is plainer than what is wrong with what it makes of them.
        if agent is not INVALID and len(problems) == told:
            _demands(builder, agent, spaces)
        if save_rows is True and agent is not INVALID:
            check_saved(builder, agent)
        if data is not INVALID and data is not None and not greedy:
            recording = check_recorded(builder, data, agent, spaces, collects=collects is not False)
    values = (name, seed, environment, agent, stop, limits, evaluation, recorders, data, collects, save_rows)
    if spaces is None or any(value is INVALID for value in values):
        return None
    experiment = Experiment(
        name=name,
        seed=seed,
        environment=environment,
        agent=agent,
        stop=stop,
        limits=limits,
        evaluation=evaluation,
        recorders=recorders,
        data=data,
        collects=collects,
        save_rows=save_rows,
        spaces=spaces,
        source=source,
        entries=tuple(dict.fromkeys(part.entry for part in builder.parts)),
        catalogue=catalogue,
        document=document,
    )
    try:
        facts = {} if recording is None else dict(recording.facts)
        experiment = replace(experiment, checked=experiment.resolved, data_facts=facts)
    except Unwritable as error:
        problems.raise_any()  # a default of this kind is among them
        problems.add(document.mark, "", str(error))
        return None
    if recording is not None and not problems:
        warn_of_other_origin(experiment, recording)
    return experiment


def _spaces(builder: Builder, environment: Environment) -> Spaces | None:
    """What the environment shows and accepts: as it says if it is graph code, else from one that is made and closed."""
    with builder.blaming("environment", type(environment)):
        check_counts(environment)
        count = getattr(environment, "count", 1)
        compiled = cast("CompiledEnvironment | None", getattr(environment, "compiled", None))
        if compiled is not None:
            check_compiled(compiled)
            return spaces_of(compiled)._replace(environments=count, **_normalizations(environment))
        made = environment.make(render=False)
        try:
            stack = getattr(environment, "stack", 1)
            spaces = Spaces.of(made, environments=count, stack=stack)
            spaces = spaces._replace(**_normalizations(environment))
            return spaces.masked() if isinstance(spaces.action, Discrete) and forbids_actions(made) else spaces
        finally:
            made.close()
    return None


def _normalizations(environment: Environment) -> dict[str, Any]:
    """What the core is to normalise."""
    return {name: getattr(environment, name, None) for name in ("normalization", "reward_normalization")}


def _keeps(builder: Builder, agent: Agent, spaces: Spaces) -> bool:
    """Whether what the agent's buffer says of itself is allowed: other parts read it."""
    slot = buffer_field(agent, builder.catalogue)
    if slot is None:
        return True
    buffer = getattr(agent, slot)
    with builder.blaming(builder.within("agent", slot), type(buffer)):
        check_buffer(buffer, spaces.environments)
        return True
    return False


def _demands(builder: Builder, agent: Agent, spaces: Spaces) -> None:
    """Refuse what the agent asks of the loop if it is not allowed, or more than its buffer can give."""
    with builder.blaming("agent", type(agent)):
        check_agent(agent, builder.catalogue, spaces.environments)


def _cross_check(builder: Builder, spaces: Spaces) -> None:
    """Ask every part that can tell whether it fits the environment and the parts that it holds.

    A part with `checks_parts = True` asks those that it holds itself: they read what it hands them.
    """
    asked = [f"{part.path}." for part in builder.parts if getattr(part.component, "checks_parts", False)]
    for part in builder.parts:
        check = getattr(part.component, "check", None)
        if callable(check) and not part.path.startswith(tuple(asked)):
            with builder.blaming(part.path, part.entry.component):
                check(spaces)


def _note_unknown_total(builder: Builder) -> None:
    """Refuse the parts that cannot do without `Progress.total`."""
    for part in builder.parts:
        with builder.blaming(part.path, part.entry.component):
            if getattr(part.component, "needs_total", False):
                builder.note(
                    part.path,
                    f"'{part.entry.name}' must know how many steps the run may take; add limits.steps, or "
                    "limits.episodes and limits.steps_per_episode",
                )
