"""The components of an experiment, those within others and those that are defaults among them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rlkit.catalogue.catalogue import Catalogue, Entry
from rlkit.catalogue.kinds import Kind
from rlkit.catalogue.parameters import PLAIN, parameters_of
from rlkit.experiment.offers import entry_of


@dataclass(frozen=True)
class Part:
    """A component of the experiment, written in the file or a default."""

    path: str
    """`buffer`, `stop.0`, `optimizer.learning_rate`."""
    entry: Entry
    component: Any


class Unwritable(ValueError):
    """A value that no experiment file can hold."""


def parts_in(value: Any, kinds: Sequence[Kind], path: str, catalogue: Catalogue) -> Iterator[Part]:
    """The components in a default value, those within a component before it.

    Raises:
        Unwritable: for a value that is neither plain nor a component of one of these kinds.
    """
    if isinstance(value, (tuple, list)):
        for index, item in enumerate(value):
            yield from parts_in(item, kinds, f"{path}.{index}", catalogue)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from parts_in(item, kinds, f"{path}.{key}", catalogue)
    elif entry := entry_of(value, kinds, catalogue):
        for parameter in parameters_of(entry.component, catalogue):
            inner = f"{path}.{parameter.name}"
            yield from parts_in(getattr(value, parameter.name), parameter.kinds, inner, catalogue)
        yield Part(path, entry, value)
    elif type(value) not in PLAIN or (type(value) is float and not math.isfinite(value)):
        raise Unwritable(f"its default is {type(value).__name__} {value!r}, which no experiment file can hold")
