"""How much a buffer keeps, and where."""

from __future__ import annotations

from typing import Any

from rlkit.catalogue.catalogue import Catalogue
from rlkit.catalogue.parameters import parameters_of
from rlkit.contracts.agent import Agent
from rlkit.contracts.buffer import Buffer
from rlkit.contracts.component import ParameterError
from rlkit.experiment.plain_data.asking import Property, is_count, shown

_STORAGES = ("memory", "disk")


def buffer_field(agent: Agent, catalogue: Catalogue) -> str | None:
    """The name of an agent's field whose kind is buffer; None if it has none."""
    for parameter in parameters_of(type(agent), catalogue):
        if any(kind.name == "buffer" for kind in parameter.kinds):
            return parameter.name
    return None


def check_buffer(buffer: Buffer, environments: int) -> None:
    """A buffer's `capacity`, and its `storage` if it has one.

    Raises:
        ParameterError: the parameter `capacity` is less than a step of each environment.
        PartError: for what its contract does not allow.
    """
    capacity = Property(buffer, "buffer", "capacity")

    def check_capacity(found: Any) -> None:
        if is_count(found, 1) and found < environments and "capacity" in getattr(buffer, "__dataclass_fields__", ()):
            row = f"a row for each of {environments} environments"
            raise ParameterError("capacity", f"found {found}; allowed: at least {environments}, {row}")
        if not is_count(found, environments):
            steps = f", a step of each of {environments} environments" if environments > 1 else ""
            raise capacity.refused(shown(found), f"an int of at least {environments}{steps}")

    capacity.answer(check_capacity)
    if not hasattr(buffer, "storage"):
        return
    storage = Property(buffer, "buffer", "storage")

    def check_storage(found: Any) -> None:
        if found not in _STORAGES:
            raise storage.refused(shown(found), " or ".join(map(repr, _STORAGES)))

    storage.answer(check_storage)
