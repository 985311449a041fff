"""What is found by building twice is found once: the cache remembers it."""

from __future__ import annotations

import pytest

import rlkit
from rlkit.experiment.experiment import Experiment
from rlkit.programs.keeping.verified import once

COMPILED = "environment={name: compiled, id: %s}"


def verifications(*experiments: Experiment) -> int:
    carried_out: list[Experiment] = []
    for experiment in experiments:
        once(experiment)(lambda experiment=experiment: carried_out.append(experiment))  # type: ignore[misc]
    return len(carried_out)


@pytest.mark.usefixtures("own_cache")
def test_a_verified_experiment_is_not_verified_again_whatever_its_seed_and_limits() -> None:
    one = rlkit.load("cartpole_dqn")
    assert verifications(one, one, rlkit.load("cartpole_dqn", ["limits.steps=9"], seed=5)) == 1


@pytest.mark.usefixtures("own_cache")
def test_another_part_and_another_compiled_environment_are_verified() -> None:
    names = [[], ["agent.gamma=0.5"], [COMPILED % "CartPole-v1"], [COMPILED % "Acrobot-v1"]]
    assert verifications(*(rlkit.load("cartpole_dqn", overrides) for overrides in names)) == 4


@pytest.mark.usefixtures("own_cache")
def test_a_verification_that_fails_is_carried_out_again() -> None:
    def fail() -> None:
        raise ValueError("hidden")

    for _ in range(2):
        with pytest.raises(ValueError, match="hidden"):
            once(rlkit.load("cartpole_dqn"))(fail)


@pytest.mark.usefixtures("own_cache")
def test_without_a_cache_everything_is_verified_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RLKIT_NO_CACHE", "1")
    one = rlkit.load("cartpole_dqn")
    assert verifications(one, one) == 2
