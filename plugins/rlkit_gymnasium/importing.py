"""The module before the colon of an id: whether it may be imported, where it is looked for, what it registers."""

from __future__ import annotations

import importlib
import os
import sys
from importlib.machinery import PathFinder
from importlib.util import find_spec
from typing import Any

from rlkit import ParameterError, raised_at
from rlkit_gymnasium.offering import nearest_module, offers_of, packages_of_environments, registers
from rlkit_gymnasium.packages import module_of

VARIABLE = "RLKIT_ALLOW_IMPORTS"
"""The environment variable: `1` allows every module, else it names those that are allowed, with commas between."""
_OLD_GYM = "it is written for the old gym, whose environments Gymnasium reaches through shimmy: with shimmy installed, "
OLD_GYM = f"{_OLD_GYM}id GymV26Environment-v0 (or GymV21Environment-v0) and kwargs {{env_id: …}}"

_registered: dict[str, frozenset[str]] = {}
"""By module: the ids that were new once it had been imported."""
_registered_with_gym: dict[str, frozenset[str]] = {}
"""The same for the package gym's own registry."""


def split(id: str) -> tuple[str | None, str]:
    """The module that an id names, None if it names none, and the rest.

    Raises:
        ParameterError: for more than one colon, or nothing before or after it.
    """
    module, colon, name = id.partition(":")
    if not colon:
        return None, id
    if not all(part.isidentifier() for part in module.split(".")) or not name or ":" in name:
        hint = f"; did you mean '{module.replace('-', '_')}:{name}'?" if "-" in module else ""
        raise ParameterError("id", f"found {id!r}; with a module it is written module:Name-vN{hint}")
    return module, name


def check_allowed(parameter: str, id: str) -> None:
    """Raise ParameterError if an id imports a module and nobody has allowed it, or there is no such module."""
    module, name = split(id)
    told = [name.strip() for name in os.environ.get(VARIABLE, "").split(",")]
    if module is None or told == ["1"] or any(name and f"{module}.".startswith(f"{name}.") for name in told):
        return
    package = module.partition(".")[0]
    if not _is_found(package):  # allowing it would not help
        raise ParameterError(parameter, f"found {id!r}, and {_not_found(package, name)}")
    raise ParameterError(
        parameter,
        f"found {id!r}, which imports the module {module!r}, that is, runs its code; "
        f"if you trust it, run the command with --allow-imports (or with {VARIABLE}={module} in its environment)",
    )


def written_for_gym(module: str, id: str) -> str:
    """How an id is written that a module registers with the old gym."""
    return f'{_OLD_GYM}id GymV26Environment-v0 and kwargs {{env_id: "{module}:{id}"}}'


def import_(module: str, name: str, parameter: str = "id") -> None:
    """Import the module of the id `name`, from the current folder too; `parameter` has that id.

    That comes last: nothing in it can hide what is installed.

    Raises:
        ParameterError: if it is not found, or its code fails.
    """
    if module in sys.modules:  # by an environment before this one, which may have changed the current folder since
        return
    folder = _current_folder()
    if folder and folder not in sys.path:
        sys.path.append(folder)
    importlib.invalidate_caches()
    before, before_in_gym = frozenset(_registry()), frozenset(_registry_of_gym())
    try:
        importlib.import_module(module)
    except (Exception, SystemExit) as error:
        raise ParameterError(parameter, _why_not(module, name, error)) from error
    _registered.setdefault(module, frozenset(_registry()) - before)
    _registered_with_gym.setdefault(module, frozenset(_registry_of_gym()) - before_in_gym)


def registered_by(module: str) -> list[str]:
    """The ids that a module has registered, as far as it can be told, in order."""
    return _of(module, _registry(), _registered)


def registered_with_gym_by(module: str) -> list[str]:
    """The same for ids that only the old gym knows."""
    return _of(module, _registry_of_gym(), _registered_with_gym)


def _of(module: str, registry: dict[str, Any], registered: dict[str, frozenset[str]]) -> list[str]:
    package = module.partition(".")[0]
    of_package = [id for id, spec in registry.items() if _home(spec).partition(".")[0] == package]
    # The import of a module may be the first of gym, which registers its own environments.
    new = [id for id in registered.get(module, ()) if not _home(registry.get(id)).startswith("gym.envs.")]
    return sorted({*new, *of_package})


def _current_folder() -> str:
    try:
        return os.getcwd()
    except OSError:  # it is gone
        return ""


def _home(spec: Any) -> str:
    """The module of what makes an environment."""
    entry_point = getattr(spec, "entry_point", None)
    if isinstance(entry_point, str):
        return entry_point.partition(":")[0]
    return str(getattr(entry_point, "__module__", ""))


def _why_not(module: str, name: str, error: Exception | SystemExit) -> str:
    """What is said of a module that cannot be imported."""
    missing = error.name if isinstance(error, ModuleNotFoundError) else None
    if missing and f"{module}.".startswith(f"{missing}."):
        return f"found {_not_found(missing, name)}"
    if missing == "gym":
        return f"the module {module!r} needs the package gym, which is not installed: {OLD_GYM}"
    if missing:
        return f"the module {module!r} needs {missing!r}, which is not installed{raised_at(error)}"
    said = " ".join(str(error).split())
    told = type(error).__name__ + (f": {said}" if said else "")
    return f"the module {module!r} cannot be imported: {told}{raised_at(error)}"


def _is_found(package: str) -> bool:
    """Whether a package is installed or in the current folder; nothing is imported."""
    try:
        return bool(find_spec(package) or PathFinder.find_spec(package, [_current_folder()]))
    except (ImportError, ValueError, AttributeError):
        return True  # something of that name is there


def _not_found(missing: str, name: str) -> str:
    looked = f"looked in the current folder ({_current_folder() or 'gone'}) and among what is installed"
    return f"no module named {missing!r}; {looked}{_instead(missing, name)}"


def _instead(missing: str, name: str) -> str:
    """What to write for an id whose module is not found. A clause, or nothing."""
    if nearest := nearest_module(missing):
        return f"; did you mean {nearest!r}?"
    if module_of(name) is not None or name in _registry():
        return f"; {name} is known without a module"
    exact = [offer for offer in offers_of(name, packages_of_environments()) if offer.id == name]
    return f"; {registers(exact[0], name)}" if exact else ""


def _registry() -> dict[str, Any]:
    import gymnasium

    return gymnasium.registry


def _registry_of_gym() -> dict[str, Any]:
    """The old gym's, empty where nothing has imported it."""
    found = getattr(sys.modules.get("gym.envs.registration"), "registry", {})
    return found if isinstance(found, dict) else {}
