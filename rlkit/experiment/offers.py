"""What is installed of a kind, as messages and defaults need it."""

from __future__ import annotations

from collections.abc import Sequence

from rlkit.catalogue.catalogue import Catalogue, Entry
from rlkit.catalogue.kinds import Kind
from rlkit.catalogue.nearest import did_you_mean


def names(kinds: Sequence[Kind], catalogue: Catalogue) -> list[str]:
    """The names of the components of these kinds."""
    return [entry.name for kind in kinds for entry in catalogue.entries(kind.name)]


def offers(kinds: Sequence[Kind], catalogue: Catalogue) -> str:
    """` (hard, none, soft)`; empty if there are no kinds."""
    return f" ({', '.join(names(kinds, catalogue)) or 'none is installed'})" if kinds else ""


def is_near(name: str, kinds: Sequence[Kind], catalogue: Catalogue) -> bool:
    """Whether a text is the name of a component of these kinds, or nearly so."""
    known = names(kinds, catalogue)
    return name.rpartition(":")[2] in known or bool(did_you_mean(name, known))


def entry_of(component: object, kinds: Sequence[Kind], catalogue: Catalogue) -> Entry | None:
    """The entry, of one of these kinds, of a component's class."""
    entries = (entry for kind in kinds for entry in catalogue.entries(kind.name))
    return next((entry for entry in entries if entry.component is type(component)), None)
