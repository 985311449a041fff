"""The compiled loop's policy is converted once for all processes that share a cache."""

from __future__ import annotations

import dataclasses

import pytest

import rlkit
from rlkit.caching.entries import entries_in
from rlkit.experiment.experiment import Experiment
from rlkit.loops.compiled import backend as compiled_backend
from rlkit.loops.for_experiment import ready_for
from rlkit.programs.keeping.kept import programs_folder
from rlkit.programs.ready import ReadyPrograms

SMALL = ["network.hidden=[4]", "agent.batch_size=4"]


pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return rlkit.load("cartpole_dqn_compiled", SMALL)


def greedy_only(experiment: Experiment) -> ReadyPrograms:
    """As a process that begins would have it, but for the episode program, which takes long and is not asked."""
    return ready_for(experiment, training=False)


@pytest.fixture
def converted(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What was converted, in order."""
    models: list[bytes] = []
    convert = compiled_backend.policy_model
    monkeypatch.setattr(compiled_backend, "policy_model", lambda program: models.append(convert(program)) or models[-1])
    return models


def test_a_second_process_finds_the_model_and_converts_nothing(experiment: Experiment, converted: list[bytes]) -> None:
    first = greedy_only(experiment).acting.backend.policy()
    other_seed = dataclasses.replace(experiment, seed=7)
    assert [greedy_only(other_seed).acting.backend.policy(), *converted] == [first, first]


def test_another_network_has_a_model_of_its_own(experiment: Experiment, converted: list[bytes]) -> None:
    greedy_only(experiment).acting.backend.policy()
    wider = rlkit.load("cartpole_dqn_compiled", [*SMALL, "network.hidden=[5]"])
    assert greedy_only(wider).acting.backend.policy() == converted[1] != converted[0]


@pytest.mark.parametrize("damage", [lambda content: content[:-1], lambda content: b"", lambda content: b"x" + content])
def test_a_damaged_entry_is_made_anew(experiment: Experiment, converted: list[bytes], damage) -> None:
    greedy_only(experiment).acting.backend.policy()
    (entry,) = (entry for entry in entries_in(programs_folder()) if ".policy" in entry.path.name)
    entry.path.write_bytes(damage(entry.path.read_bytes()))
    found = [greedy_only(experiment).acting.backend.policy() for _ in range(2)]
    assert (len(converted), found) == (2, [converted[1]] * 2)


def test_without_a_cache_nothing_is_kept(
    experiment: Experiment, converted: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RLKIT_NO_CACHE", "1")
    for _ in range(2):
        greedy_only(experiment).acting.backend.policy()
    assert (len(converted), entries_in(programs_folder())) == (2, [])
