from __future__ import annotations

from collections.abc import Callable

import pytest

from rlkit.experiment.experiment import Experiment
from rlkit.experiment.loading import load
from tests.experiment.toy_file import TOY
from tests.experiment.toy_plugin import After, Dense, Noisy, Plain, Ramp, Ring, Silent


def test_a_parameter_is_changed_and_the_others_stay(toy: Callable[..., Experiment]) -> None:
    agent = toy(overrides=["agent.gamma=0.5", "network.hidden=[3]"]).agent
    assert (agent.gamma, agent.batch_size) == (0.5, 4)
    assert agent.network == Dense(hidden=(3,), activation="relu")


@pytest.mark.parametrize("value", ["plain", "{name: plain}"])
def test_a_part_set_as_a_whole_is_replaced(toy: Callable[..., Experiment], value: str) -> None:
    assert toy(overrides=[f"exploration={value}"]).agent.exploration == Plain()


def test_another_name_replaces_the_part_with_all_its_parameters(toy: Callable[..., Experiment]) -> None:
    experiment = toy(overrides=["exploration.scale=3", "exploration.name=plain"])
    assert experiment.agent.exploration == Plain()
    assert toy(
        overrides=["exploration.name=plain", "exploration.name=noisy", "exploration.clip=2"]
    ).agent.exploration == (Noisy(clip=2.0))


def test_the_same_name_keeps_the_parameters(toy: Callable[..., Experiment]) -> None:
    assert toy(overrides=["exploration.name=noisy"]).agent.exploration == Noisy(scale=0.5)


def test_the_key_name_in_a_map_of_anything_replaces_nothing_else(toy: Callable[..., Experiment]) -> None:
    line = "environment: {name: corridor, length: 5, options: {name: a, size: 2}}"
    assert toy(line, overrides=["environment.options.name=b"]).environment.options == {"name": "b", "size": 2}


def test_a_part_given_by_its_bare_name_takes_parameters(toy: Callable[..., Experiment]) -> None:
    assert toy("exploration: noisy", overrides=["exploration.clip=2"]).agent.exploration == Noisy(clip=2.0)
    assert toy(overrides=["recorders.0.every=7"]).recorders == (Silent(every=7),)


def test_what_the_file_leaves_out_can_be_set(write: Callable[[str], str], catalogue) -> None:
    lines = [line for line in TOY.splitlines() if not line.startswith(("exploration", "limits", "recorders"))]
    overrides = ["exploration.scale={name: ramp, start: 2}", "limits.episodes=9", "recorders=silent", "critic=dense"]
    experiment = load(write("\n".join(lines)), overrides, catalogue=catalogue)
    assert experiment.agent.exploration == Noisy(scale=Ramp(start=2.0))
    assert experiment.limits.episodes == 9
    assert experiment.recorders == (Silent(),)
    assert experiment.agent.critic == Dense()


def test_a_number_picks_an_item_of_a_list_or_the_one_that_stands_for_it(toy: Callable[..., Experiment]) -> None:
    assert toy(overrides=["stop.0.episodes=9"]).stop == (After(episodes=9),)
    assert toy(overrides=["stop.0={name: after, episodes: 8}"]).stop == (After(episodes=8),)
    both = "stop: [{name: after, episodes: 1}, {name: after, episodes: 2}]"
    assert toy(both, overrides=["stop.1.episodes=9"]).stop == (After(episodes=1), After(episodes=9))
    assert toy(overrides=["network.hidden.1=2"]).agent.network.hidden == (8, 2)


def test_the_last_of_several_counts(toy: Callable[..., Experiment]) -> None:
    assert toy(overrides=["buffer.capacity=7", "buffer.capacity=9"]).agent.buffer == Ring(capacity=9)


def test_the_value_is_everything_after_the_first_equals_sign(toy: Callable[..., Experiment]) -> None:
    experiment = toy(overrides=["environment.name_of_goal=a=b=c"])
    assert experiment.environment.name_of_goal == "a=b=c"


def test_null_is_a_value(toy: Callable[..., Experiment]) -> None:
    assert toy("critic: dense", overrides=["critic=null"]).agent.critic is None
    assert toy("critic: dense", overrides=["critic="]).agent.critic is None
