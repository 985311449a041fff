from __future__ import annotations

import pytest

from rlkit import Discrete
from rlkit.experiment.errors import ExperimentError, Problem
from rlkit.experiment.experiment import EvaluationPlan, Limits
from tests.experiment.toy_plugin import After, Dense, Lone, Noisy, Picky, Plain, Ramp, Ring, Silent, Toy, Wrapped


def test_a_file_becomes_a_typed_experiment(toy) -> None:
    experiment = toy()
    assert (experiment.name, experiment.seed, experiment.source) == ("toy", 0, "toy.yaml")
    assert experiment.agent == Toy(
        gamma=0.9,
        batch_size=4,
        network=Dense(hidden=(8, 8), activation="relu"),
        buffer=Ring(capacity=100),
        exploration=Noisy(scale=0.5),
    )
    assert experiment.stop == (After(episodes=3),)
    assert experiment.limits == Limits(steps=1000)
    assert experiment.evaluation == EvaluationPlan(episodes=1)
    assert experiment.recorders == (Silent(),)
    assert experiment.spaces.observation.shape == (5,)
    assert experiment.spaces.action == Discrete(2)


def test_a_bare_name_is_a_part_with_its_defaults(toy) -> None:
    assert toy("exploration: plain", "network: dense").agent.network == Dense()


def test_parts_may_be_listed_or_stand_alone(toy) -> None:
    one = toy("stop: {name: after, episodes: 3}", "recorders: silent")
    listed = toy("stop: [{name: after, episodes: 3}]", "recorders: [silent]")
    assert (one.stop, one.recorders) == (listed.stop, listed.recorders)
    assert len(toy("stop: [{name: after, episodes: 3}, {name: after, episodes: 4}]").stop) == 2


def test_a_part_with_a_default_may_be_absent_and_is_written_out(toy) -> None:
    experiment = toy("exploration: {scale: 0.5}")
    assert experiment.agent.exploration == Noisy(scale=0.5)
    assert experiment.resolved["exploration"] == {"name": "noisy", "scale": 0.5, "clip": None}
    assert experiment.resolved["critic"] is None


def test_a_map_without_a_name_changes_the_default_part(toy) -> None:
    network = toy("network: {name: wrapped, inner: {activation: tanh}}").agent.network
    assert network == Wrapped(inner=Dense(hidden=(5,), activation="tanh"))


def test_deeper_parts_nest_under_their_field(toy) -> None:
    experiment = toy(
        "agent: {name: toy, clip: {name: ramp, start: 1}}",
        "exploration: {name: noisy, scale: {name: ramp, start: 2, end: 1}}",
        "network: {name: wrapped, inner: {name: wrapped, inner: dense}, others: [dense, {name: dense, hidden: []}]}",
    )
    assert experiment.agent.clip == Ramp(start=1.0)
    assert experiment.agent.exploration.scale == Ramp(start=2.0, end=1.0)
    assert experiment.agent.network.others == (Dense(), Dense(hidden=()))


def test_an_integer_serves_as_a_float_and_a_whole_number_as_an_integer(toy) -> None:
    agent = toy("agent: {name: toy, gamma: 0, batch_size: 1e1}").agent
    assert (agent.gamma, type(agent.gamma)) == (0.0, float)
    assert (agent.batch_size, type(agent.batch_size)) == (10, int)


def test_a_map_of_anything_keeps_plain_data(toy) -> None:
    environment = toy(
        "environment: {name: corridor, length: 5, options: {a: [1, 2.5, x, null], b: {c: true}}}"
    ).environment
    assert environment.options == {"a": [1, 2.5, "x", None], "b": {"c": True}}


def test_the_seed_argument_counts_more_than_file_and_overrides(toy) -> None:
    assert toy("seed: 1", overrides=["seed=2"], seed=3).seed == 3


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_out_of_range_is_told_as_the_option(toy, seed: int) -> None:
    with pytest.raises(ExperimentError) as caught:
        toy(seed=seed)
    assert str(caught.value) == f"--seed: seed: found {seed}; allowed: 0 to {2**63 - 1}"


def test_checks_of_parts_within_parts_and_of_defaults_are_asked(toy) -> None:
    assert toy("network: {name: wrapped, inner: picky}", "environment: {name: corridor, length: 3}").agent.network == (
        Wrapped(inner=Picky())
    )


def test_entries_name_each_component_once(toy) -> None:
    experiment = toy("network: {name: wrapped, inner: dense, others: [dense, dense]}", "recorders: [silent, silent]")
    assert sorted(entry.name for entry in experiment.entries) == [
        "after", "corridor", "dense", "noisy", "ring", "silent", "toy", "wrapped",
    ]  # fmt: skip


def test_an_override_of_a_loaded_experiment_leaves_it_as_it_was(toy) -> None:
    experiment = toy()
    changed = experiment.override("buffer.capacity=50", "exploration=plain")
    assert (changed.agent.buffer, changed.agent.exploration) == (Ring(capacity=50), Plain())
    assert (experiment.agent.buffer, experiment.agent.exploration) == (Ring(capacity=100), Noisy(scale=0.5))
    assert changed.override("exploration.name=noisy").agent.exploration == Noisy()


def test_an_override_of_a_loaded_experiment_is_checked(toy) -> None:
    with pytest.raises(ExperimentError) as caught:
        toy().override("agent.gamma=1", "buffer.size=3")
    assert caught.value.problems == (
        Problem("--set buffer.size=3", "buffer.size", "'ring' has no parameter 'size'; its parameters: capacity"),
    )


def test_what_a_file_may_leave_out_has_a_default(write, catalogue) -> None:
    from rlkit.experiment.loading import load

    experiment = load(
        write("name: x\nenvironment: {name: corridor, length: 2}\nagent: lone\nlimits: {seconds: 1}\n"),
        catalogue=catalogue,
    )
    assert (experiment.agent, experiment.seed, experiment.stop, experiment.recorders) == (Lone(), 0, (), ())
