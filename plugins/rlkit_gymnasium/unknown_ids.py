"""What to say of an id that Gymnasium does not know: how those of packages are written, and who has it."""

from __future__ import annotations

import difflib

from rlkit_gymnasium.importing import OLD_GYM, registered_by, registered_with_gym_by, split
from rlkit_gymnasium.offering import Offer, offers_of, packages_of_environments

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
    if offers := offers_of(name, packages):
        return f"{_WRITTEN}; {_of(offers[0])} registers {_this(offers[0], name)}: {offers[0].module}:{offers[0].id}"
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
    if ids := registered_by(module):
        return f"the module {module!r} registered {_some(_by_nearness(name, ids))}"
    said = f"the module {module!r} registered no environment with Gymnasium"
    if ids := registered_with_gym_by(module):
        return f"{said}, but with the old gym {_some(_by_nearness(name, ids))}: {OLD_GYM}"
    elsewhere = [offer for offer in offers_of(name, packages_of_environments()) if offer.written_in != module]
    return f"{said}; {elsewhere[0].id} is named in {elsewhere[0].written_in}" if elsewhere else said


def _of(offer: Offer) -> str:
    return f"the installed package {offer.package}" if offer.package else f"{offer.module} in the current folder"


def _this(offer: Offer, name: str) -> str:
    return "it" if offer.id == name else offer.id


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
