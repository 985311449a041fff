"""Environments of the package gym, Gymnasium's predecessor, which the package shimmy brings to Gymnasium.

Gymnasium's ids for them are those below; the environment's own is the argument `env_id`.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import redirect_stderr
from importlib import import_module
from importlib.util import find_spec
from inspect import signature
from io import StringIO
from typing import Any

from rlkit import ParameterError
from rlkit_gymnasium.warned_once import warn_once

ID = "GymV26Environment-v0"
"""For gym 0.26, and by its `apply_api_compatibility` for environments written for those before."""
_NAMES = ("GymV21Environment", "GymV26Environment")
"""What such ids begin with: Gymnasium takes them without a version, too."""
_OURS = ("render_mode", "disable_env_checker")


def id_within(id: str, kwargs: Mapping[str, object]) -> str:
    """What gym is asked for: `env_id`, if `id` is one of Gymnasium's for environments of gym; else empty."""
    within = kwargs.get("env_id") if id.startswith(_NAMES) else None
    return within if isinstance(within, str) else ""


def arguments(id: str, kwargs: Mapping[str, object], *, render: bool) -> dict[str, object]:
    """The arguments of `gymnasium.make` besides the id.

    Raises:
        ParameterError: for an environment of gym without an id of its own, or with an argument that is set here.
    """
    mode: dict[str, object] = {"render_mode": "rgb_array"} if render else {}
    if id.startswith(_NAMES) and not id_within(id, kwargs):
        raise ParameterError("kwargs", f"environment {id} needs an env_id, the environment's id in the package gym")
    if not id.startswith(_NAMES[1]):
        return {**mode, **kwargs}
    given = kwargs.get("make_kwargs") or {}
    if not isinstance(given, Mapping):
        raise ParameterError("kwargs", f"found make_kwargs: {given!r}; allowed: a map of arguments of gym.make")
    for name in _OURS:
        if name in given:
            raise ParameterError("kwargs", f"{name!r} cannot be given in make_kwargs: it is set for each one made")
    # Gym's checker reads names that NumPy 2 no longer has.
    return {**kwargs, "make_kwargs": {**given, **mode, "disable_env_checker": True}}


def settle_interface(id: str, made: Any) -> None:
    """Let an environment without a `seed` of its own be reset all the same, and warn of it.

    Raises:
        ParameterError: for one whose `reset` takes no seed, which gym 0.26 would give it.
    """
    if not id.startswith(_NAMES[1]):
        return
    within = made.unwrapped.gym_env.unwrapped
    old = getattr(within, "env", None)  # what apply_api_compatibility is around
    if old is not None and not hasattr(old, "seed"):
        old.seed = _seed
        warn_once(
            "the environment has no way to be seeded, so that no run of it can be repeated, unless its constructor "
            "takes a seed in make_kwargs"
        )
    try:
        told = signature(within.reset)
    except ValueError:  # it is no Python
        return
    try:
        told.bind(seed=None, options=None)
    except TypeError:
        must = "make_kwargs: {apply_api_compatibility: true}"
        raise ParameterError(
            "kwargs", f"the environment's reset takes no seed, as before gym 0.26; it needs {must}"
        ) from None


def _seed(seed: int | None = None) -> None:
    """What apply_api_compatibility calls before each reset."""


def hint(id: str, error: Exception) -> str:
    """What to write for an id that Gymnasium does not know and gym does, or may; else empty. A clause."""
    import gymnasium

    # Where Gymnasium knows a similar name, that one is meant.
    if not isinstance(error, gymnasium.error.NameNotFound) or "/" in id or "Did you mean" in str(error):
        return ""
    written = f"is written id: {ID}, kwargs: {{env_id: {id}}}"
    if find_spec("gym") is not None:
        try:
            with redirect_stderr(StringIO()):  # gym tells whoever imports it to leave it
                registry: Any = getattr(import_module("gym.envs.registration"), "registry", {})
        except ImportError:
            return ""
        return f"the package gym knows it: that {written}" if id in registry else ""
    return f"an environment of the old package gym {written}, and needs pip install 'rlkit-framework[shimmy]'"
