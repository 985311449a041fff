"""A registered environment, made; or why it cannot be, at the parameter that is to blame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rlkit import ParameterError, raised_at
from rlkit_gymnasium import old_gym
from rlkit_gymnasium.importing import OLD_GYM, import_, split
from rlkit_gymnasium.packages import module_of, package_of, register, require

if TYPE_CHECKING:
    import gymnasium

_BY_GYMNASIUM = " was raised from the environment creator"
"""What Gymnasium puts behind the text of an error that an environment's constructor raised."""


def make_registered(id: str, kwargs: Mapping[str, object], *, render: bool) -> gymnasium.Env[Any, Any]:
    """The environment of an id as Gymnasium makes it, its module imported first. See `Environment.make`.

    Raises:
        ParameterError: for an id that is unknown or deprecated, or arguments that the environment refuses.
        ValueError: if a package is missing, pictures are asked for and there are none, or the environment's own code
            fails.
    """
    import gymnasium

    from rlkit_gymnasium.minatar_seeds import seed_in_place
    from rlkit_gymnasium.unknown_ids import advice
    from rlkit_gymnasium.warned_once import warned_once

    module, name = split(id)
    if module is not None:
        import_(module, name)
    within, name = split(old_gym.id_within(id, kwargs))
    if within is not None:
        import_(within, name, "kwargs.env_id")
    register(id)
    minatar = module_of(id) == "minatar"
    try:
        # MinAtar's v0 has all six actions, its v1 those of use in the game: another task, not a newer one.
        with warned_once(of_versions=not minatar):
            made = _make(id, kwargs, render=render)
    except (gymnasium.error.NamespaceNotFound, gymnasium.error.NameNotFound) as error:
        said = sentence(error)
        if module_of(id) is not None or id.startswith("rlkit/"):  # its package is known, and has been imported
            raise ParameterError("id", said) from error
        hint = advice(id, nearest_known="Did you mean" in said, otherwise=old_gym.hint(id, error))
        raise ParameterError("id", f"{said} ({hint})") from error
    except gymnasium.error.DependencyNotInstalled as error:
        if package := package_of(id):
            require(package, f"environment {id}")
        raise ValueError(f"environment {id} cannot be made: {sentence(error)}") from error
    except gymnasium.error.Error as error:
        raise ParameterError("id", sentence(error)) from error
    except ParameterError:
        raise
    except (Exception, SystemExit) as error:
        if render and _is_made_without_pictures(id, kwargs):
            raise ValueError(f"environment {id} draws no pictures (rgb_array): {_why(error)}") from error
        raise _refusal(id, kwargs, error) from error
    _check_spaces(id, made)
    if minatar:
        seed_in_place(made)
    try:
        old_gym.settle_interface(id, made)
    except ParameterError:
        made.close()
        raise
    modes = (made.metadata or {}).get("render_modes") or ()  # None in environments of the old gym such as Crafter
    if render and "rgb_array" not in modes:
        made.close()
        raise ValueError(
            f"environment {id} draws no pictures (rgb_array); its render modes: {', '.join(map(str, modes)) or 'none'}"
        )
    return made


def sentence(error: BaseException) -> str:
    """What an error says, on one line."""
    return " ".join(str(error).split())


def _make(id: str, kwargs: Mapping[str, Any], *, render: bool) -> gymnasium.Env[Any, Any]:
    import gymnasium

    arguments: Any = old_gym.arguments(id, kwargs, render=render)
    return gymnasium.make(id, disable_env_checker=True, **arguments)


def _is_made_without_pictures(id: str, kwargs: Mapping[str, object]) -> bool:
    """Whether it is the wish for pictures alone that an environment does not bear."""
    from rlkit_gymnasium.warned_once import warned_once

    try:
        with warned_once():
            _make(id, kwargs, render=False).close()
    except (Exception, SystemExit):
        return False
    return True


def _check_spaces(id: str, made: gymnasium.Env[Any, Any]) -> None:
    from gymnasium.spaces import Space

    for name in ("observation_space", "action_space"):
        space = getattr(made, name, None)
        if not isinstance(space, Space):
            what = "there is none" if space is None else f"found {type(space).__module__}.{type(space).__qualname__}"
            raise ValueError(f"environment {id}: {name} must be a space of Gymnasium's; {what}")


def _refusal(id: str, kwargs: Mapping[str, object], error: Exception | SystemExit) -> ValueError:
    """What to raise for an error of the environment's own code."""
    raised = _raised(error)
    hint = ""
    blames_a_list = "tuple" in sentence(raised) or "unhashable type: 'list'" in sentence(raised)
    if blames_a_list and _has_a_list(kwargs):
        hint = "; a list in the file is a list here, and a tuple is written !tuple [3, 4]"
    if raised is error and sentence(error).startswith("Gym is incompatible"):
        return ValueError(f"environment {id} cannot be made: {OLD_GYM}")
    if kwargs and raised is not error and isinstance(raised, TypeError):
        place = raised_at(raised)
        return ParameterError("kwargs", f"environment {id} refuses its arguments: {sentence(raised)}{place}{hint}")
    return ValueError(f"environment {id} cannot be made: {_why(error)}{hint}")


def _has_a_list(value: object) -> bool:
    """Whether there is one in plain data, however deep."""
    return isinstance(value, list) or (isinstance(value, Mapping) and any(map(_has_a_list, value.values())))


def _raised(error: Exception | SystemExit) -> BaseException:
    """The error that the environment itself raised, out of Gymnasium's wrapping."""
    return error.__cause__ if error.__cause__ is not None and _BY_GYMNASIUM in sentence(error) else error


def _why(error: Exception | SystemExit) -> str:
    raised = _raised(error)
    if isinstance(raised, TypeError) and "unexpected keyword argument 'render_mode'" in str(raised):
        return "its constructor knows no render_mode"
    said = sentence(raised)
    return type(raised).__name__ + (f": {said}" if said else "") + raised_at(raised)
