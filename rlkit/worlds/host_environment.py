"""A compiled environment as a Gymnasium environment, to be rendered, checked, and stepped from Python."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from rlkit.catalogue.part_name import name_of
from rlkit.contracts.compiled_environment import CompiledEnvironment

if TYPE_CHECKING:
    import gymnasium


def as_gymnasium(environment: CompiledEnvironment, *, render_mode: str | None = None) -> gymnasium.Env[Any, Any]:
    """A Gymnasium environment of the same task.

    `reset(seed=s)` begins the episode that the compiled loop plays with the key s; without a seed the key is drawn
    from `np_random`. Episodes are truncated at the environment's own limit. Equal components share their programs:
    the first one made in a process imports TensorFlow and takes seconds, the others milliseconds.

    Raises:
        ValueError: for a render mode other than `rgb_array`, or that one where the environment has no `render`; for
            graph code that breaks the contract.
    """
    check_render_mode(environment, render_mode)
    from gymnasium.envs.registration import EnvSpec

    from rlkit.worlds.hosted_environment import HostedEnvironment

    made = HostedEnvironment(environment, limit=environment.episode_limit, render_mode=render_mode)
    # So that messages name the task, and Gymnasium's checker can make it again; it is registered nowhere.
    made.spec = EnvSpec(id=name_of(environment), entry_point=functools.partial(as_gymnasium, environment))
    return made


def check_render_mode(environment: CompiledEnvironment, render_mode: str | None) -> None:
    """Raise ValueError for a render mode that this environment cannot serve."""
    if render_mode not in (None, "rgb_array"):
        raise ValueError(f"render_mode: found {render_mode!r}; allowed: 'rgb_array' or None")
    if render_mode is not None and not hasattr(environment, "render"):
        raise ValueError(f"{name_of(environment)} draws no pictures: it has no method render(state)")
