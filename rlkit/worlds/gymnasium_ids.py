"""Compiled environments under ids of Gymnasium's registry: `rlkit/CartPole-v1`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlkit.catalogue.catalogue import Entry
from rlkit.catalogue.discovery import discover
from rlkit.catalogue.parameters import REQUIRED, parameters_of
from rlkit.experiment.plain_data.environments import check_limit

if TYPE_CHECKING:
    import gymnasium

KIND = "compiled_environment"


def register_with_gymnasium() -> tuple[str, ...]:
    """Make every installed compiled environment that needs no parameters known to `gymnasium.make`; return the ids.

    `Task-v1` becomes `rlkit/Task-v1`, and `Games/Task-v1` `rlkit/Games-Task-v1`, since an id has one slash. Calling it
    again does nothing. Gymnasium itself looks for no plugins: a program that wants the ids calls this first.
    TensorFlow is imported when an environment is made, not here.
    """
    import gymnasium

    catalogue = discover()
    ids = []
    for entry in catalogue.entries(KIND):
        if any(parameter.default is REQUIRED for parameter in parameters_of(entry.component, catalogue)):
            continue
        ids.append(f"rlkit/{entry.name.replace('/', '-')}")
        if ids[-1] not in gymnasium.registry:
            gymnasium.register(
                ids[-1],
                entry_point=f"{__name__}:make",
                max_episode_steps=_limit(entry),
                kwargs={"name": entry.name},
            )
    return tuple(dict.fromkeys(ids))


def make(*, name: str, render_mode: str | None = None, **parameters: Any) -> gymnasium.Env[Any, Any]:
    """What `gymnasium.make` calls: the compiled environment of this name, its time limit left to Gymnasium's wrapper.

    `parameters` are the component's own, as plain values.

    Raises:
        AmbiguousComponent: if several packages offer this name; give `name="distribution:Task-v1"`.
        ValueError: as `rlkit.as_gymnasium`.
    """
    from rlkit.worlds.host_environment import check_render_mode
    from rlkit.worlds.hosted_environment import HostedEnvironment

    environment = discover().find(KIND, name).component(**parameters)
    check_render_mode(environment, render_mode)
    return HostedEnvironment(environment, limit=None, render_mode=render_mode)


def _limit(entry: Entry) -> int | None:
    try:
        environment = entry.component()
        check_limit(environment)
        limit: int | None = environment.episode_limit
    except Exception:  # whatever a third party's code raises; making the environment raises it again
        return None
    return limit
