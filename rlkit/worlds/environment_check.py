"""What an environment does that a run would not notice: whether it honours its seed and obeys Gymnasium's contract."""

from __future__ import annotations

import re
import time
import warnings
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import gymnasium
import numpy as np
import numpy.typing as npt
from gymnasium.utils.env_checker import check_env

from rlkit.contracts.spaces import Discrete
from rlkit.experiment.experiment import Experiment
from rlkit.faults.authors import text_of
from rlkit.programs.examples import example_array
from rlkit.worlds.world import World

_STEPS = (200, 200, *(5,) * 30)
"""At most, of each episode that is played: what an earlier episode left often shows in first steps, and not in each."""
_WORDS = re.compile(r"\x1b\[\d+m|^WARN: |\s*See https?://\S+.*$")
"""In Gymnasium's warnings: colours, their beginning, pointers to its documentation."""
_OF_NO_MATTER = ("different from the unwrapped version",)


class Moment(NamedTuple):
    """A reset, or a step, as it was seen."""

    observation: npt.NDArray[Any]
    reward: float
    terminated: bool
    truncated: bool


Moments = dict[tuple[int, int], Moment]
"""By episode and step; step 0 is the reset."""


def check_environment(experiment: Experiment, seconds: float) -> Iterator[str]:
    """Lines for people: on the seed, then one for each of Gymnasium's complaints, or that it has none.

    Plays for about so many seconds; what a slow environment did not get to is told.

    Raises:
        EnvironmentFailure: if the environment raised or broke its contract as `World` checks it.
    """
    environment, fresh = (experiment.environment.make(render=False) for _ in range(2))
    try:
        forwards, each = range(len(_STEPS)), seconds / 3
        first, other = (_played(one, experiment, forwards, each) for one in (environment, fresh))
        slow = len(first) > len(other) or not _whole(first)
        # In another order, so that each episode follows upon another one than before.
        again = first if slow else _played(environment, experiment, reversed(forwards), each)
        if slow or len(again) < len(first):
            steps = sum(1 for _, step in first if step)
            yield f"the environment is slow: its seed was checked over {steps} of {sum(_STEPS)} steps only"
        yield _seeds(*_in_common(first, again, other), replayed=not slow)
        # Its author's own class: wrappers have attributes of their own, which Gymnasium's checker takes amiss.
        yield from _complaints(fresh.unwrapped)
    finally:
        environment.close()
        fresh.close()


def _in_common(*plays: Moments) -> Iterator[Moments]:
    """The plays as far as all of them go, if one of them was cut."""
    common = set.intersection(*(set(play) for play in plays)) if not all(map(_whole, plays)) else None
    for play in plays:
        yield play if common is None else {place: play[place] for place in sorted(common)}


def _whole(moments: Moments) -> bool:
    """Whether the seconds sufficed for all episodes."""
    return {episode for episode, _ in moments} == set(range(len(_STEPS)))


def _played(
    environment: gymnasium.Env[Any, Any], experiment: Experiment, order: Iterable[int], seconds: float
) -> Moments:
    """Episodes by number, each with a seed and scripted actions of its own, the same whenever it is played."""
    spaces, moments, until = experiment.spaces, Moments(), time.monotonic() + seconds
    world = World(environment, spaces, seed=experiment.seed, stream="check", steps_per_episode=None)
    shape = () if isinstance(spaces.action, Discrete) else spaces.action.shape
    for episode in order:
        rng, over, world.episode = np.random.default_rng(episode), False, episode - 1
        moments[episode, 0] = Moment(world.reset().copy(), 0.0, False, False)
        while not over and world.length < _STEPS[episode] and time.monotonic() < until:
            action = example_array(spaces.action, shape, rng)
            if world.allowed is not None and not world.allowed[action]:
                action = rng.choice(np.flatnonzero(world.allowed))
            observation, reward, terminated, truncated = world.step(action)
            moments[episode, world.length] = Moment(observation.copy(), reward, terminated, truncated)
            over = terminated or truncated
        if time.monotonic() >= until:
            break
    return moments


def _seeds(first: Moments, again: Moments, other: Moments, *, replayed: bool) -> str:
    same_object, fresh_object = _difference(first, again), _difference(first, other)
    if fresh_object:
        return (
            f"the environment ignores its seed: reset with the same seeds and given the same actions, a fresh object "
            f"differs {fresh_object}; no run can be repeated"
        )
    if same_object:
        return (
            f"the environment carries something over reset(seed=…): played again on the same object, in another order, "
            f"it differs {same_object}; whole runs repeat, single episodes do not"
        )
    episodes = len({episode for episode, _ in first})
    where = "on one object and a fresh one" if replayed else "on a fresh object"
    played = "an episode was" if episodes == 1 else f"{episodes} episodes were"
    return f"the environment honours its seed: {played} the same again, {where}"


def _difference(first: Moments, second: Moments) -> str | None:
    """Where two plays first differ, and in what."""
    for episode, step in sorted(first.keys() | second.keys()):
        where = f"in episode {episode}, " + (f"step {step - 1}" if step else "its first observation")
        one, other = first.get((episode, step)), second.get((episode, step))
        if one is None or other is None:
            return f"{where}: only one of them goes on"
        if not np.array_equal(one.observation, other.observation, equal_nan=one.observation.dtype.kind == "f"):
            return f"{where} (observation)" if step else where
        for name, value, another in zip(Moment._fields[1:], one[1:], other[1:], strict=True):
            if value != another:
                return f"{where} ({name} {value}, then {another})"
    return None


def _complaints(environment: gymnasium.Env[Any, Any]) -> Iterator[str]:
    found = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            check_env(environment, skip_render_check=True, skip_close_check=True)
        except Exception as error:
            found.append(
                f"{_plain(text_of(error))}"
                if isinstance(error, AssertionError)
                else f"{type(error).__name__}: {text_of(error)}"
            )
    found = [_plain(warning.message) for warning in caught] + found
    told = [text for text in dict.fromkeys(found) if not any(words in text for words in _OF_NO_MATTER)]
    yield from (f"Gymnasium's checker: {text}" for text in told)
    if not told:
        yield "Gymnasium's checker has no complaint"


def _plain(message: object) -> str:
    """In one line, without colours."""
    return _WORDS.sub("", _WORDS.sub("", " ".join(str(message).split())))
