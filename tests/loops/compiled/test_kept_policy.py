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
    """Without the episode program, which takes long and is not asked."""
    return ready_for(experiment, training=False)


@pytest.fixture(scope="module")
def prepared(experiment: Experiment) -> ReadyPrograms:
    return greedy_only(experiment)


def policy_of(prepared: ReadyPrograms) -> bytes | None:
    """As in a process that begins: from the cache, or converted."""
    vars(prepared.acting.backend).pop("_policy", None)
    return prepared.acting.backend.policy()


@pytest.fixture
def converted(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What was converted, in order."""
    models: list[bytes] = []
    convert = compiled_backend.policy_model
    monkeypatch.setattr(compiled_backend, "policy_model", lambda program: models.append(convert(program)) or models[-1])
    return models


def test_a_second_process_finds_the_model_and_converts_nothing(
    experiment: Experiment, prepared: ReadyPrograms, converted: list[bytes]
) -> None:
    first = policy_of(prepared)
    other_seed = dataclasses.replace(experiment, seed=7)
    assert [policy_of(greedy_only(other_seed)), *converted] == [first, first]


def test_another_network_has_a_model_of_its_own(prepared: ReadyPrograms, converted: list[bytes]) -> None:
    policy_of(prepared)
    wider = rlkit.load("cartpole_dqn_compiled", [*SMALL, "network.hidden=[5]"])
    assert policy_of(greedy_only(wider)) == converted[1] != converted[0]


def test_a_damaged_entry_is_made_anew(prepared: ReadyPrograms, converted: list[bytes]) -> None:
    policy_of(prepared)
    (entry,) = (entry for entry in entries_in(programs_folder()) if ".policy" in entry.path.name)
    whole = entry.path.read_bytes()
    for count, damaged in enumerate((whole[:-1], b"", b"x" + whole), start=2):
        entry.path.write_bytes(damaged)
        found = [policy_of(prepared) for _ in range(2)]
        assert (len(converted), found) == (count, [converted[-1]] * 2)


def test_without_a_cache_nothing_is_kept(
    prepared: ReadyPrograms, converted: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RLKIT_NO_CACHE", "1")
    for _ in range(2):
        policy_of(prepared)
    assert (len(converted), entries_in(programs_folder())) == (2, [])
