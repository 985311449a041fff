"""Packages that some environments and wrappers need: optional ones, imported when used."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from rlkit import register_with_gymnasium

_EXTRA = {
    "Box2D": "box2d",
    "ale_py": "atari",
    "cv2": "atari",
    "gym": "shimmy",
    "minari": "minari",
    "minatar": "minatar",
    "minigrid": "minigrid",
    "shimmy": "shimmy",
}
"""By module: the extra of the rlkit distribution that installs it."""
_MODULE = {
    "ALE/": "ale_py",
    "MinAtar/": "minatar",
    "MiniGrid-": "minigrid",
    "BabyAI-": "minigrid",
    "GymV21Environment": "shimmy",
    "GymV26Environment": "shimmy",
}
"""By the beginning of ids: the module whose import registers them."""


class MissingPackage(ValueError):
    """A package that is not installed. The message says how to install it."""


def require(module: str, who: str) -> Any:
    """The imported module; `who` needs it.

    Raises:
        MissingPackage: if it is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        hint = f"pip install 'rlkit-framework[{_EXTRA[module]}]'"
        raise MissingPackage(f"{who} needs the package {module}, which is not installed: {hint}") from error


def register(id: str) -> None:
    """Make an id known to Gymnasium whose package does so only when asked.

    Raises:
        MissingPackage: if its package is not installed.
    """
    if id.startswith("rlkit/"):
        register_with_gymnasium()
        return
    module = module_of(id)
    # Gymnasium itself has ids for shimmy's, which raise until shimmy replaces them.
    if module is None or (id in _registry() and module != "shimmy"):
        return
    package = require(module, f"environment {id}")
    if module == "shimmy":
        require("gym", f"environment {id}")
    if module == "minatar":
        import_module("minatar.gym").register_envs()
    elif module == "ale_py":
        package.ALEInterface.setLoggerMode(package.LoggerMode.Error)  # else each game made prints a banner


def module_of(id: str) -> str | None:
    """The optional module that has the environment of this id, where it is one of those known here."""
    if id.partition("-")[0].endswith("NoFrameskip"):
        return "ale_py"
    return next((module for start, module in _MODULE.items() if id.startswith(start)), None)


def package_of(environment: str) -> str | None:
    """The package without which a registered environment cannot be made, where it is one of ours to name."""
    entry_point = str(getattr(_registry().get(environment), "entry_point", ""))
    return "Box2D" if entry_point.startswith("gymnasium.envs.box2d") else None


def _registry() -> dict[str, Any]:
    import gymnasium

    return gymnasium.registry
