"""A document against what is installed: every key, every part, and the parts against each other."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, cast

from rlkit.catalogue.catalogue import Catalogue
from rlkit.catalogue.nearest import did_you_mean
from rlkit.catalogue.parameters import REQUIRED, Parameter, parameters_of
from rlkit.contracts.agent import Agent
from rlkit.contracts.compiled_environment import CompiledEnvironment, spaces_of
from rlkit.contracts.component import ParameterInfo
from rlkit.contracts.environment import Environment, forbids_actions
from rlkit.contracts.recorded_data import RecordedData
from rlkit.contracts.recorder import Recorder
from rlkit.contracts.spaces import Discrete, Spaces
from rlkit.contracts.stop import Stop
from rlkit.experiment.annotations import is_slot
from rlkit.experiment.building import INVALID, Builder
from rlkit.experiment.errors import Problems
from rlkit.experiment.experiment import EvaluationPlan, Experiment, Limits
from rlkit.experiment.nodes import MapNode
from rlkit.experiment.parts import Unwritable
from rlkit.experiment.plain_data.agents import check_agent
from rlkit.experiment.plain_data.buffers import buffer_field, check_buffer
from rlkit.experiment.plain_data.environments import check_compiled, check_counts
from rlkit.experiment.recorded import check_recorded, check_saved, check_without_steps, warn_of_other_origin
from rlkit.experiment.schedules import check_ends
from rlkit.experiment.telling import OWN_KEYS
from rlkit.experiment.words import quoted

LARGEST_SEED = 2**63 - 1

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_RUN = re.compile(r"last|[0-9]{8}-[0-9]{6}(-seed[0-9]+(-[0-9]+)?)?")
"""What names a run to `rlkit evaluate` and others: no experiment of that name would be found."""
_MISSING = "is missing; every experiment has this top-level key"
_ENDING = ("episodes", "steps", "updates", "seconds")


def check(
    document: MapNode, source: str, catalogue: Catalogue, problems: Problems, *, greedy: bool = False
) -> Experiment | None:
    """The experiment that a document describes, or None; `problems` says why.

    What is wrong with one part keeps no other from being checked. For greedy episodes (`greedy`) no data is opened.
    """
    builder = Builder(document, catalogue, problems)
    name = _name(builder)
    seed = _seed(builder)
    environment = _own(builder, "environment", Environment)
    agent = _agent(builder)
    stop = _own(builder, "stop", tuple[Stop, ...], ())
    limits = _settings(builder, "limits", Limits)
    evaluation = _settings(builder, "evaluation", EvaluationPlan)
    recorders = _own(builder, "recorders", tuple[Recorder, ...], ())
    data = _own(builder, "data", RecordedData | None, None)
    collects, save_rows = _own(builder, "collects", bool, True), _own(builder, "save_rows", bool, False)
    builder.unknown.note(problems, builder.slots)
    if stop == () and limits is not INVALID and all(getattr(limits, limit) is None for limit in _ENDING):
        allowed = ", ".join(f"limits.{limit}" for limit in _ENDING)
        builder.note("limits", f"found nothing that could end the run; add stop, or one of {allowed}")
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


def _own(builder: Builder, key: str, annotation: Any, default: Any = REQUIRED) -> Any:
    """One of the experiment's own keys, or INVALID."""
    written = builder.document.entries.get(key)
    if written is not None:
        kinds = builder.catalogue.kinds_in(annotation)
        return builder.value(written.value, Parameter(key, annotation, default, ParameterInfo(), kinds, False), key)
    if default is REQUIRED:
        builder.note(key, _MISSING)
        return INVALID
    return default


def _name(builder: Builder) -> Any:
    """The experiment's name. Its runs are kept in a folder of that name."""
    name = _own(builder, "name", str)
    if name is INVALID or (_NAME.fullmatch(name) and not _RUN.fullmatch(name)):
        return name
    if _RUN.fullmatch(name):
        meaning = "stands for the newest run" if name == "last" else "reads as the id of a run"
        builder.note("name", f"found {quoted(name)}, which {meaning} wherever a run is named; choose another name")
        return INVALID
    builder.note(
        "name",
        f"found {quoted(name)}; allowed: up to 100 letters, digits, '_', '-' and '.', the first a letter or digit",
    )
    return INVALID


def _seed(builder: Builder) -> Any:
    seed = _own(builder, "seed", int, 0)
    if seed is INVALID or 0 <= seed <= LARGEST_SEED:
        return seed
    builder.note("seed", f"found {seed}; allowed: 0 to {LARGEST_SEED}")
    return INVALID


def _settings(builder: Builder, key: str, cls: type) -> Any:
    written = builder.document.entries.get(key)
    return cls() if written is None else builder.settings(written.value, cls, key)


def _agent(builder: Builder) -> Any:
    """The agent with its slots filled, or INVALID; what is written for its slots is checked in any case."""
    document, catalogue = builder.document, builder.catalogue
    written = document.entries.get("agent")
    others = [key for key in document.entries if key not in OWN_KEYS]
    if written is None:
        builder.note("agent", _MISSING)
    entry = None if written is None else builder.entry(written.value, (catalogue.kind("agent"),), "agent")
    if written is None or entry is None:
        # Without its agent a slot is known only by the kind whose name it bears.
        for key in others:
            if key in catalogue.kinds:
                _own(builder, key, catalogue.kinds[key].contract)
            elif close := did_you_mean(key, OWN_KEYS):
                message = f"found the key {quoted(key)}{close} keys: {', '.join(OWN_KEYS)}"
                builder.problems.add(document.entries[key].key, key, message)
        return INVALID
    parameters = parameters_of(entry.component, catalogue)
    slots = [p.name for p in parameters if is_slot(p.annotation, catalogue.kinds)]
    builder.slots = frozenset(slots)
    if builder.slots & set(OWN_KEYS):
        builder.note("agent", f"'{entry.name}' has a part with the name of a key that every experiment has; rename it")
        return INVALID
    for key in others:
        if key not in builder.slots:
            # The name of a kind is a part of some other agent, and no misspelt key.
            known = slots if key in catalogue.kinds else (*slots, *OWN_KEYS)
            message = f"agent '{entry.name}' has no part {quoted(key)}{did_you_mean(key, known) or ';'} "
            message += f"its parts are {', '.join(slots)}" if slots else "it has no parts"
            if key in {p.name for p in parameters}:
                message = f"{quoted(key)} is a parameter of the agent; write it under agent"
            builder.problems.add(document.entries[key].key, key, message)
    return builder.part(written.value, (entry.kind,), "agent")


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
