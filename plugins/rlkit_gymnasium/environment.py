"""The environment `gymnasium`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rlkit import ParameterError, component, parameter
from rlkit_gymnasium.arguments import Arguments

if TYPE_CHECKING:
    import gymnasium

_OURS = ("id", "render_mode", "disable_env_checker")


@component
class GymnasiumEnvironment:
    """An environment that is registered with Gymnasium, its time limit included.

    Observations: a Box of float64 is cast to float32 (so is its space), a Discrete one becomes a one-hot float32
    vector, others are passed on as they are.
    """

    id: str = parameter(doc="`Name-vN` or `namespace/Name-vN`; `module:Name-vN`, which imports code, is refused")
    kwargs: Mapping[str, object] = parameter(
        default=Arguments({}), doc="arguments of gymnasium.make: the environment's own, and max_episode_steps"
    )

    def __post_init__(self) -> None:
        module, colon, _ = self.id.partition(":")
        if colon and os.environ.get("RLKIT_ALLOW_IMPORTS") != "1":
            raise ParameterError(
                "id",
                f"found {self.id!r}, which imports the module {module!r}, that is, runs its code; "
                "if you trust it, run the command with --allow-imports",
            )
        for name in self.kwargs:
            if name in _OURS:
                raise ParameterError("kwargs", f"{name!r} cannot be given here: it is set for each environment made")
        object.__setattr__(self, "kwargs", Arguments(self.kwargs))

    def make(self, *, render: bool) -> gymnasium.Env[Any, Any]:
        """See `Environment.make`.

        Raises:
            ParameterError: for an id that is unknown or deprecated, and for arguments that the environment refuses.
            ValueError: if a package is missing, pictures are asked for and there are none, or the environment's
                own code fails.
        """
        import gymnasium

        from rlkit_gymnasium.observations import array_observations
        from rlkit_gymnasium.warned_once import warned_once

        mode = {"render_mode": "rgb_array"} if render else {}
        try:
            with warned_once():
                made = gymnasium.make(self.id, disable_env_checker=True, **mode, **self.kwargs)  # type: ignore[arg-type]
        except gymnasium.error.NamespaceNotFound as error:
            hint = "an id whose package must be imported first is written module:Name-vN and needs --allow-imports"
            raise ParameterError("id", f"{_sentence(error)} ({hint})") from error
        except gymnasium.error.DependencyNotInstalled as error:
            raise ValueError(f"environment {self.id} cannot be made: {_sentence(error)}") from error
        except gymnasium.error.Error as error:
            raise ParameterError("id", _sentence(error)) from error
        except Exception as error:
            problem = _sentence(error).partition(" was raised from the environment creator")[0]
            if isinstance(error, TypeError) and self.kwargs:
                raise ParameterError("kwargs", f"environment {self.id} refuses its arguments: {problem}") from error
            raise ValueError(f"environment {self.id} cannot be made: {type(error).__name__}: {problem}") from error
        modes = made.metadata.get("render_modes") or ()
        if render and "rgb_array" not in modes:
            made.close()
            raise ValueError(
                f"environment {self.id} draws no pictures (rgb_array); "
                f"its render modes: {', '.join(map(str, modes)) or 'none'}"
            )
        return array_observations(made)


def _sentence(error: Exception) -> str:
    return " ".join(str(error).split())
