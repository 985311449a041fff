"""Which rows an agent learns from, when, and how often that is logged."""

from __future__ import annotations

from typing import Any

from rlkit.catalogue.catalogue import Catalogue
from rlkit.contracts.agent import Agent
from rlkit.contracts.demand import Due, Sampling
from rlkit.experiment.plain_data.asking import Property, is_count, shown
from rlkit.experiment.plain_data.buffers import buffer_field

_ORDERS = ("any", "rollout")
_CLOCKS = ("step", "episode_step", "time", "episode_end")


def check_sampling(agent: Agent) -> Sampling:
    """An agent's `sampling`. Raises PartError for what its contract does not allow."""
    said = Property(agent, "agent", "sampling")

    def check(found: Any) -> None:
        if not isinstance(found, Sampling):
            raise said.refused(shown(found), "an rlkit.Sampling")
        if found.order not in _ORDERS:
            raise said.refused(f"order {shown(found.order)}", " or ".join(map(repr, _ORDERS)))
        if not isinstance(found.across_ends, bool):
            raise said.refused(f"across_ends {shown(found.across_ends)}", "True or False")
        if found.order == "rollout":
            for name in ("size", "before"):
                value = getattr(found, name)
                if not (is_count(value, 0) and value == 0):
                    raise said.refused(f"{name} {shown(value)}", "int 0 where the order is 'rollout'")
        for name, least in (("size", 0 if found.order == "rollout" else 1), ("length", 1), ("before", 0)):
            if not is_count(getattr(found, name), least):
                raise said.refused(f"{name} {shown(getattr(found, name))}", f"an int of at least {least}")

    found: Sampling = said.answer(check)
    return found


def check_due(agent: Agent) -> Due:
    """An agent's `due`. Raises PartError for what its contract does not allow."""
    said = Property(agent, "agent", "due")

    def check(found: Any) -> None:
        if not isinstance(found, Due):
            raise said.refused(shown(found), "an rlkit.Due")
        if found.clock not in _CLOCKS:
            raise said.refused(f"clock {shown(found.clock)}", f"one of {', '.join(map(repr, _CLOCKS))}")
        for name in ("every", "first", "times"):
            if not is_count(getattr(found, name), 1):
                raise said.refused(f"{name} {shown(getattr(found, name))}", "an int of at least 1")

    found: Due = said.answer(check)
    return found


def check_interval(agent: Agent) -> None:
    """An agent's `metrics_interval`, where it has one. Raises PartError for what is no count."""
    if not hasattr(agent, "metrics_interval"):
        return
    said = Property(agent, "agent", "metrics_interval")

    def check(found: Any) -> None:
        if not is_count(found, 1):
            raise said.refused(shown(found), "an int of at least 1")

    said.answer(check)


def check_agent(agent: Agent, catalogue: Catalogue, environments: int) -> None:
    """What an agent asks of the loop, by itself and of its buffer, which is checked.

    Raises:
        PartError: for what its contract does not allow, or no buffer of this capacity can give.
    """
    sampling, due = check_sampling(agent), check_due(agent)
    check_interval(agent)
    slot = buffer_field(agent, catalogue)
    if sampling.order == "rollout":
        _check_demand(agent, sampling, due, sampling.length * environments, environments)
    elif slot is not None:
        _check_demand(agent, sampling, due, getattr(agent, slot).capacity, environments)


def _check_demand(agent: Agent, sampling: Sampling, due: Due, capacity: int, environments: int) -> None:
    held = capacity // environments
    window, rollout = sampling.before + sampling.length, sampling.order == "rollout"
    if window > held and not rollout:
        each = " of each environment" if environments > 1 else ""
        asked = f"length {sampling.length}" + (f" and before {sampling.before}" if sampling.before else "")
        raise Property(agent, "agent", "sampling").refused(
            f"rows of {window} steps ({asked})", f"at most {held}, what the buffer holds{each}"
        )
    rows = 1 if rollout else sampling.size
    if not rows <= due.first <= held * environments:
        least = f"at least {rows}" + ("" if rollout else ", the rows of a sample,")
        most = "the steps of a rollout" if rollout else "the steps that the buffer holds"
        raise Property(agent, "agent", "due").refused(
            f"first {due.first}", f"{least} and at most {held * environments}, {most}"
        )
