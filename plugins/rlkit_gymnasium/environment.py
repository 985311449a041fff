"""The environment `gymnasium`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rlkit import Normalization, ParameterError, RewardNormalization, component, parameter
from rlkit_gymnasium import old_gym
from rlkit_gymnasium.arguments import Arguments
from rlkit_gymnasium.contracts.wrapper import Wrapper
from rlkit_gymnasium.importing import check_allowed, split

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

    id: str = parameter(
        doc="`Name-vN`, `namespace/Name-vN`, or `module:Name-vN`, which imports code and needs --allow-imports"
    )
    kwargs: Mapping[str, object] = parameter(
        default=Arguments({}),
        doc="arguments of gymnasium.make: the environment's own, and max_episode_steps; a tuple is !tuple [3, 4]",
    )
    count: int = parameter(default=1, doc="environments that act at once, each with seeds of its own", at_least=1)
    wrappers: tuple[Wrapper, ...] = parameter(default=(), doc="changes to the environment, the first one innermost")

    def __post_init__(self) -> None:
        check_allowed("id", self.id)
        if within := old_gym.id_within(self.id, self.kwargs):  # gym imports modules too
            check_allowed("kwargs.env_id", within)
        for name in self.kwargs:
            if name in _OURS:
                raise ParameterError("kwargs", f"{name!r} cannot be given here: it is set for each environment made")
        object.__setattr__(self, "kwargs", Arguments(self.kwargs))
        for name in ("normalization", "reward_normalization"):
            places = [place for place, wrapper in enumerate(self.wrappers) if getattr(wrapper, name, None) is not None]
            if len(places) > 1:
                what = "observations" if name == "normalization" else "rewards"
                raise ParameterError(
                    f"wrappers.{places[1]}", f"normalises {what}, as wrappers.{places[0]} does; allowed: one of them"
                )

    @property
    def stack(self) -> int:
        """Frames that the outermost wrapper of observations stacks; 1 for none. See `Environment`."""
        touching = [wrapper for wrapper in self.wrappers if not getattr(wrapper, "keeps_observations", False)]
        return int(getattr(touching[-1], "stack", 1)) if touching else 1

    @property
    def normalization(self) -> Normalization | None:
        """What a wrapper asks for. See `Environment`."""
        asked: list[Normalization] = self._asked("normalization")
        return asked[0] if asked else None

    @property
    def reward_normalization(self) -> RewardNormalization | None:
        """What a wrapper asks for. See `Environment`."""
        asked: list[RewardNormalization] = self._asked("reward_normalization")
        return asked[0] if asked else None

    @property
    def imports(self) -> tuple[str, ...]:
        """The module that the id names, and that of an id for shimmy. See `Environment`."""
        ids = (self.id, old_gym.id_within(self.id, self.kwargs))
        return tuple(module for module, _ in map(split, ids) if module is not None)

    def make(self, *, render: bool) -> gymnasium.Env[Any, Any]:
        """See `Environment.make`.

        Raises:
            ParameterError: for an id that is unknown or deprecated, arguments that the environment refuses, a wrapper
                that cannot serve it.
            ValueError: for actions of several parts; if a package is missing, pictures are asked for and there are
                none, or the environment's own code fails.
        """
        from rlkit_gymnasium.actions import check_actions
        from rlkit_gymnasium.masked import warn_of_unused_mask
        from rlkit_gymnasium.observations import array_observations
        from rlkit_gymnasium.sizes import check_size

        made = self.raw(render=render)
        try:
            for number, wrapper in enumerate(self.wrappers):
                made = _wrapped(made, wrapper, f"wrappers.{number}")
            check_actions(made)
            check_size(made)
            warn_of_unused_mask(made)
            return array_observations(made)
        except BaseException:
            made.close()
            raise

    def _asked(self, name: str) -> list[Any]:
        found = [getattr(wrapper, name, None) for wrapper in self.wrappers]
        return [one for one in found if one is not None]

    def raw(self, *, render: bool) -> gymnasium.Env[Any, Any]:
        """The environment as Gymnasium makes it, before any wrapper of this component. Raises as `make` does."""
        from rlkit_gymnasium.making import make_registered

        return make_registered(self.id, self.kwargs, render=render)


def _wrapped(made: gymnasium.Env[Any, Any], wrapper: Wrapper, place: str) -> gymnasium.Env[Any, Any]:
    import gymnasium

    from rlkit_gymnasium.making import sentence

    try:
        wrapped: Any = wrapper.wrap(made)
    except ParameterError as error:
        raise ParameterError(f"{place}.{error.parameter}", error.message) from error
    except ValueError as error:
        raise ParameterError(place, sentence(error)) from error
    if not isinstance(wrapped, gymnasium.Env):
        found = type(wrapped).__name__
        raise ParameterError(place, f"{type(wrapper).__name__}.wrap returned {found}, which is no gymnasium.Env")
    return wrapped
