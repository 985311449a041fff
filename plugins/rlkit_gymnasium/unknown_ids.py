"""What to say of an id that Gymnasium does not know: how those of packages are written, and who has it."""

from __future__ import annotations

import difflib
from importlib.metadata import Distribution

from rlkit_gymnasium.importing import registered_by, registered_with_gym_by, split, written_for_gym
from rlkit_gymnasium.offering import (
    Offer,
    namesakes,
    offers_of,
    offers_of_namespace,
    packages_of_environments,
    registers,
)

_MOST = 8
"""Names in one message."""
_WRITTEN = "an id whose package must be imported first is written module:Name-vN and needs --allow-imports"


def advice(id: str, *, nearest_known: bool, otherwise: str = "") -> str:
    """A sentence for the end of the message.

    Args:
        id: as it stands in the file.
        nearest_known: Gymnasium itself has said what may be meant.
        otherwise: a clause to add where no installed package has it.
    """
    module, name = split(id)
    if module is not None:
        return _with_module(module, name)
    return _without_module(name, f"; {otherwise}" if otherwise else "", nearest_known=nearest_known)


def _without_module(name: str, otherwise: str, *, nearest_known: bool) -> str:
    packages = packages_of_environments()
    if offers := _offers(name, packages, known=nearest_known):
        return f"{_WRITTEN}; {registers(offers[0], name)}"
    if nearest_known:
        return _WRITTEN
    names = {package.name: package for package in packages}
    if near := _near(name, list(names)):
        module = near.replace("-", "_")
        return f"{_WRITTEN}; is it of the installed package {near}, that is, {module}:{name}?"
    if not names:
        return f"{_WRITTEN}; no package that needs Gymnasium is installed{otherwise}"
    return f"{_WRITTEN}; it is named by no installed package that needs Gymnasium ({_some(list(names))}){otherwise}"


def _with_module(module: str, name: str) -> str:
    offers = _offers(name, packages_of_environments(), known=False)
    if ids := registered_by(module):
        said = f"the module {module!r} registered {_some(_by_nearness(name, ids))}"
        other = [offer for offer in offers if offer.id == name and offer.module.partition(".")[0] != module]
        return f"{said}; {registers(other[0], name)}" if other else said
    said = f"the module {module!r} registered no environment with Gymnasium"
    if ids := _by_nearness(name, registered_with_gym_by(module)):
        return f"{said}, but with the old gym {_some(ids)}: {written_for_gym(module, ids[0])}"
    # Where the module that has been imported did not reach the text, that text's own module is to be imported.
    other = [offer._replace(module=offer.written_in) if offer.module == module else offer for offer in offers]
    other = [offer for offer in other if offer.module != module]
    return f"{said}; {registers(other[0], name)}" if other else said


def _offers(name: str, packages: list[Distribution], *, known: bool) -> list[Offer]:
    """Those of packages that need Gymnasium, or else, unless Gymnasium knows something near, of namesakes."""
    offers = offers_of(name, packages) or offers_of_namespace(name, packages)
    return offers if offers or known else offers_of(name, namesakes(name))


def _near(name: str, packages: list[str]) -> str:
    """The package whose name holds the id's, or is close to it."""
    bare = name.rpartition("/")[0].lower() or name.partition("-v")[0].lower()
    bare = bare.replace("_", "-")
    held = [package for package in packages if len(bare) > 2 and bare in package.lower().replace("_", "-")]
    close = difflib.get_close_matches(bare, [package.lower() for package in packages], 1, 0.7)
    return next((package for package in packages if package in held or package.lower() in close), "")


def _by_nearness(name: str, ids: list[str]) -> list[str]:
    """The nearest ids first, so that a long list is cut where nobody looks."""
    return sorted(ids, key=lambda id: (-round(difflib.SequenceMatcher(None, name.lower(), id.lower()).ratio(), 1), id))


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more
