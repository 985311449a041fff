"""The environment `gymnasium`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rlkit import Normalization, ParameterError, component, parameter
from rlkit_gymnasium import old_gym
from rlkit_gymnasium.arguments import Arguments
from rlkit_gymnasium.contracts.wrapper import Wrapper

if TYPE_CHECKING:
    import gymnasium

_OURS = ("id", "render_mode", "disable_env_checker")


@component
class GymnasiumEnvironment:
    """An environment that is registered with Gymnasium, its time limit included, or so many of it at once.

    Observations, after all wrappers: a Discrete one becomes a one-hot float32 vector; Dict, Tuple and MultiDiscrete
    ones are flattened (see the wrapper `flatten`); a Box of float64 is cast to float32, and so is its space; others,
    uint8 pictures among them, are passed on as they are.
    """

    id: str = parameter(doc="`Name-vN` or `namespace/Name-vN`; `module:Name-vN`, which imports code, is refused")
    kwargs: Mapping[str, object] = parameter(
        default=Arguments({}), doc="arguments of gymnasium.make: the environment's own, and max_episode_steps"
    )
    count: int = parameter(default=1, doc="environments that act at once, each with seeds of its own", at_least=1)
    wrappers: tuple[Wrapper, ...] = parameter(default=(), doc="changes to the environment, the first one innermost")

    def __post_init__(self) -> None:
        within = old_gym.id_within(self.id, self.kwargs)
        for name, id in (("id", self.id), ("kwargs", within)):
            self._refuse_imports(name, id)
        for name in self.kwargs:
            if name in _OURS:
                raise ParameterError("kwargs", f"{name!r} cannot be given here: it is set for each environment made")
        object.__setattr__(self, "kwargs", Arguments(self.kwargs))

    def _refuse_imports(self, parameter: str, id: str) -> None:
        module, colon, _ = id.partition(":")
        if colon and os.environ.get("RLKIT_ALLOW_IMPORTS") != "1":
            raise ParameterError(
                parameter,
                f"found {id!r}, which imports the module {module!r}, that is, runs its code; "
                "if you trust it, run the command with --allow-imports",
            )

    @property
    def stack(self) -> int:
        """Frames that the outermost wrapper of observations stacks; 1 for none. See `Environment`."""
        touching = [wrapper for wrapper in self.wrappers if not getattr(wrapper, "keeps_observations", False)]
        return int(getattr(touching[-1], "stack", 1)) if touching else 1

    @property
    def normalization(self) -> Normalization | None:
        """What a wrapper asks for. See `Environment`."""
        asked = [getattr(wrapper, "normalization", None) for wrapper in self.wrappers]
        return next((found for found in asked if found is not None), None)

    def make(self, *, render: bool) -> gymnasium.Env[Any, Any]:
        """See `Environment.make`.

        Raises:
            ParameterError: for an id that is unknown or deprecated, arguments that the environment refuses, a wrapper
                that cannot serve it.
            ValueError: for actions of several parts; if a package is missing, pictures are asked for and there are
                none, or the environment's own code fails.
        """
        from rlkit_gymnasium.actions import check_actions
        from rlkit_gymnasium.observations import array_observations

        made = self.raw(render=render)
        try:
            for number, wrapper in enumerate(self.wrappers):
                made = _wrapped(made, wrapper, f"wrappers.{number}")
            check_actions(made)
            return array_observations(made)
        except BaseException:
            made.close()
            raise

    def raw(self, *, render: bool) -> gymnasium.Env[Any, Any]:
        """The environment as Gymnasium makes it, before any wrapper of this component. Raises as `make` does."""
        import gymnasium

        from rlkit_gymnasium.minatar_seeds import seed_in_place
        from rlkit_gymnasium.packages import module_of, package_of, register, require
        from rlkit_gymnasium.warned_once import warned_once

        register(self.id)
        arguments: Any = old_gym.arguments(self.id, self.kwargs, render=render)
        minatar = module_of(self.id) == "minatar"
        try:
            # MinAtar's v0 has all six actions, its v1 those of use in the game: another task, not a newer one.
            with warned_once(of_versions=not minatar):
                made = gymnasium.make(self.id, disable_env_checker=True, **arguments)
        except gymnasium.error.NamespaceNotFound as error:
            hint = "an id whose package must be imported first is written module:Name-vN and needs --allow-imports"
            raise ParameterError("id", f"{_sentence(error)} ({hint})") from error
        except gymnasium.error.DependencyNotInstalled as error:
            if package := package_of(self.id):
                require(package, f"environment {self.id}")
            raise ValueError(f"environment {self.id} cannot be made: {_sentence(error)}") from error
        except gymnasium.error.Error as error:
            raise ParameterError("id", _sentence(error) + old_gym.hint(self.id, error)) from error
        except Exception as error:
            problem = _sentence(error).partition(" was raised from the environment creator")[0]
            if isinstance(error, TypeError) and self.kwargs:
                raise ParameterError("kwargs", f"environment {self.id} refuses its arguments: {problem}") from error
            raise ValueError(f"environment {self.id} cannot be made: {type(error).__name__}: {problem}") from error
        if minatar:
            seed_in_place(made)
        modes = made.metadata.get("render_modes") or ()
        if render and "rgb_array" not in modes:
            made.close()
            raise ValueError(
                f"environment {self.id} draws no pictures (rgb_array); "
                f"its render modes: {', '.join(map(str, modes)) or 'none'}"
            )
        return made


def _wrapped(made: gymnasium.Env[Any, Any], wrapper: Wrapper, place: str) -> gymnasium.Env[Any, Any]:
    import gymnasium

    try:
        wrapped: Any = wrapper.wrap(made)
    except ParameterError as error:
        raise ParameterError(f"{place}.{error.parameter}", error.message) from error
    except ValueError as error:
        raise ParameterError(place, _sentence(error)) from error
    if not isinstance(wrapped, gymnasium.Env):
        found = type(wrapped).__name__
        raise ParameterError(place, f"{type(wrapper).__name__}.wrap returned {found}, which is no gymnasium.Env")
    return wrapped


def _sentence(error: Exception) -> str:
    return " ".join(str(error).split())
