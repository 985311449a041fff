"""Whether recorded data fits an experiment: its agent, its buffer, its limits, its environment."""

from __future__ import annotations

import warnings
from typing import Any

from rlkit.contracts.agent import Agent
from rlkit.contracts.recorded_data import RecordedData, Recording
from rlkit.contracts.spaces import Spaces
from rlkit.experiment.building import INVALID, Builder
from rlkit.experiment.experiment import Experiment
from rlkit.experiment.nodes import lookup
from rlkit.experiment.origins import other_origin
from rlkit.experiment.parts import Part
from rlkit.experiment.plain_data.buffers import buffer_field
from rlkit.experiment.plain_data.recordings import opened


def check_without_steps(builder: Builder, environment: Any, agent: Any, data: Any, limits: Any) -> None:
    """What `collects: false` asks of the other keys, each of which may be INVALID."""
    if data is None:
        builder.note("collects", "found false without data, so there is nothing to learn from; add data")
    if limits is not INVALID and limits.updates is None:
        builder.note("limits", "found no limits.updates; without steps (collects: false) nothing else ends the run")
    if limits is not INVALID:
        for name in ("steps", "episodes"):
            if getattr(limits, name) is not None:
                builder.note(
                    f"limits.{name}",
                    f"found {getattr(limits, name)}, which is never reached, since no step is taken (collects: false); "
                    "allowed: null, beside limits.updates and limits.seconds",
                )
    for part in builder.parts:
        with builder.blaming(part.path, part.entry.component):
            _check_part(builder, part, agent)
    for name in ("normalization", "reward_normalization"):
        if environment is not INVALID and getattr(environment, name, None) is not None:
            builder.note(
                "environment",
                f"found {name.replace('_', ' ')}, whose running statistics are counted while the agent acts; without "
                "steps (collects: false) there are none; allowed: constants (wrapper observation_scale, reward_scale)",
            )


def _check_part(builder: Builder, part: Part, agent: Any) -> None:
    """Whether a part waits for steps or episodes, of which there are none."""
    name, kind, component = part.entry.name, part.entry.kind.name, part.component
    by = getattr(component, "by", None)
    if getattr(component, "counts_while_acting", False):
        builder.note(
            part.path,
            f"'{name}' counts what is met while the agent acts, and no step is taken (collects: false); allowed: a "
            "part that learns from rows",
        )
    elif getattr(component, "needs_total", False):
        builder.note(
            part.path,
            f"'{name}' goes with the steps of the run, and none is taken (collects: false); allowed: one that goes "
            "with updates (linear and exponential: by: update)",
        )
    elif by not in ("step", "episode"):
        return
    elif kind == "schedule":
        builder.note(
            f"{part.path}.by",
            f"'{name}' counts {by}s and would stand still, since no step is taken (collects: false); allowed: by: "
            "update",
        )
    elif kind == "stop":
        builder.note(
            part.path,
            f"'{name}' goes by {by}s and would never be met, since no step is taken (collects: false); allowed: "
            "limits.updates, or a criterion of greedy episodes, such as mean_return",
        )
    elif kind == "exploration" and getattr(agent, "learns_exploring", False):
        builder.note(
            part.path,
            f"'{name}' goes by {by}s and would stand still, since no step is taken (collects: false), and targets "
            "follow what it does; allowed: one that stays as it is, or a schedule with by: update",
        )


def warn_of_other_origin(experiment: Experiment, recording: Recording) -> None:
    """Warn if recorded rows are of another environment with the same spaces."""
    said = origin_of(experiment, recording)
    if said:
        _, mark = lookup(experiment.document, "data")
        warnings.warn(f"{mark}: data: {said}", stacklevel=2)


def origin_of(experiment: Experiment, recording: Recording) -> str:
    """What there is to say of the environment that rows were recorded in; empty where it is the experiment's."""
    origin = getattr(recording, "origin", {})
    return other_origin(origin, experiment.resolved["environment"], experiment.catalogue)


def check_recorded(
    builder: Builder, data: RecordedData, agent: Any, spaces: Spaces, *, collects: bool
) -> Recording | None:
    """Open the data, and hold it to the spaces, the agent (which may be INVALID), its buffer, and every part.

    Returns None where it cannot be opened.
    """
    recording = None
    with builder.blaming("data", type(data)):
        found = opened(data, spaces)
        if hasattr(found, "verify"):
            found.verify()
        recording = found
    for part in builder.parts:
        check = getattr(part.component, "check_recorded", None)
        if callable(check):
            with builder.blaming(part.path, part.entry.component):
                check()
    if agent is INVALID:
        return recording
    with builder.blaming("agent", type(agent)):
        if agent.sampling.order == "rollout":
            builder.note(
                "agent",
                "learns from rollouts of its own steps, which recorded data is not; allowed beside data: an agent with "
                "a buffer, such as dqn",
            )
        elif recording is not None and not collects:
            _check_all(builder, agent, spaces, recording.rows, recording.environments)
    return recording


def check_saved(builder: Builder, agent: Agent) -> None:
    """Whether an agent's stored steps are worth saving: a rollout is not."""
    with builder.blaming("agent", type(agent)):
        if agent.sampling.order == "rollout":
            builder.note(
                "save_rows",
                f"found true, and '{builder.catalogue.entry_of(agent).name}' stores no more than its last rollout; "
                "allowed: false, or an agent with a buffer, such as dqn",
            )


def _check_all(builder: Builder, agent: Agent, spaces: Spaces, rows: int, environments: int) -> None:
    """The data is all there is: the buffer holds it, and it is enough to learn from."""
    slot, ours = buffer_field(agent, builder.catalogue), spaces.environments
    if slot is not None:
        capacity = getattr(agent, slot).capacity
        unit = environments if ours == environments else max(ours, environments)
        if capacity // unit * unit < rows // ours * ours:
            builder.note(
                builder.within("agent", f"{slot}.capacity"),
                f"found {capacity}; allowed: at least {-(-rows // unit) * unit}, the rows of data, which are all there "
                "is (collects: false)",
            )
    if agent.due.first > rows:
        builder.note(
            builder.within("agent", "learning_starts") if hasattr(agent, "learning_starts") else "agent",
            f"learning begins with {agent.due.first} stored steps; allowed: at most {rows}, the rows of data, which "
            "are all there is (collects: false)",
        )
