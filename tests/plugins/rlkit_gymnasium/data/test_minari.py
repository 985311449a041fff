"""Minari's data sets as rows. What needs the package itself is left out where it is missing."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import Any, ClassVar

import gymnasium
import numpy as np
import pytest

from rlkit import Array, Discrete, ParameterError, Spaces
from rlkit.testing import RecordedDataSuite
from rlkit_gymnasium.data.minari import MinariData

POLE = Spaces(Array((4,), "float32"), Discrete(2))
LENGTHS = (5, 1, 7)
with_minari = pytest.mark.skipif(find_spec("minari") is None, reason="Minari is not installed")


@pytest.fixture(scope="module", autouse=True)
def _home(tmp_path_factory):
    """Data sets of the tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MINARI_DATASETS_PATH", str(tmp_path_factory.mktemp("minari")))
        yield


def episodes(observation, lengths=LENGTHS, action=lambda number: number % 2, **changed):
    """Buffers of Minari; the first terminates, the second is truncated, the third just stops."""
    from minari.data_collector import EpisodeBuffer

    rng = np.random.default_rng(0)
    return [
        EpisodeBuffer(
            id=place,
            observations=observation(rng, length + 1),
            actions=np.array([action(number) for number in range(length)]),
            rewards=[float(number) for number in range(length)],
            terminations=[False] * (length - 1) + [place == 0],
            truncations=[False] * (length - 1) + [place == 1],
            infos={},
        )
        for place, length in enumerate(lengths)
    ]


def kept(name, buffers, environment="CartPole-v1", **given):
    import minari

    about = {"algorithm_name": "random", "author": "nobody", "author_email": "a@b", "code_permalink": "c"}
    where = given or {"env": environment, "eval_env": environment}
    return minari.create_dataset_from_buffers(f"rlkit/{name}-v0", buffers, description="rows", **about, **where)


def vectors(rng, count):
    return rng.normal(size=(count, 4)).astype(np.float32)


@with_minari
class TestMinariData(RecordedDataSuite):
    component: ClassVar = MinariData(id="rlkit/suite-v0")
    spaces: ClassVar = POLE

    @pytest.fixture(scope="class", autouse=True)
    def _made(self):
        kept("suite", episodes(vectors))


@with_minari
def test_episodes_follow_each_other_and_each_has_an_end():
    dataset = kept("ends", episodes(vectors))
    recording = MinariData(id="rlkit/ends-v0").open(POLE)
    assert (recording.rows, recording.environments) == (13, 1)
    assert recording.facts == {"id": "rlkit/ends-v0", "episodes": 3}
    rows = recording.read(0, 13)
    assert np.flatnonzero(rows.terminated).tolist() == [4]
    assert np.flatnonzero(rows.truncated).tolist() == [5, 12]
    assert rows.reward.tolist() == [0, 1, 2, 3, 4, 0, 0, 1, 2, 3, 4, 5, 6]
    told = [episode.observations for episode in dataset.iterate_episodes()]
    np.testing.assert_array_equal(rows.observation, np.concatenate([one[:-1] for one in told]))
    np.testing.assert_array_equal(rows.next_observation, np.concatenate([one[1:] for one in told]))


@with_minari
def test_a_folder_serves_as_well_as_an_id():
    import minari

    kept("folder", episodes(vectors))
    data = str(minari.load_dataset("rlkit/folder-v0").spec.data_path)
    for path in (data, data.removesuffix("/data")):
        assert MinariData(id=path).open(POLE).rows == 13


@with_minari
def test_observations_and_actions_are_those_of_the_environment_gymnasium():
    """One-hot for discrete observations, float32 for float64; actions count from 0."""
    start = gymnasium.spaces.Discrete(2, start=5)
    kept(
        "one_hot",
        episodes(lambda rng, count: rng.integers(0, 3, count), action=lambda number: 5 + number % 2),
        observation_space=gymnasium.spaces.Discrete(3),
        action_space=start,
    )
    rows = MinariData(id="rlkit/one_hot-v0").open(Spaces(Array((3,), "float32"), Discrete(2, 5))).read(0, 13)
    assert rows.observation.dtype == np.float32 and (rows.observation.sum(axis=1) == 1).all()
    assert sorted(set(rows.action.tolist())) == [0, 1]
    kept(
        "wide",
        episodes(lambda rng, count: rng.normal(size=(count, 4))),
        observation_space=gymnasium.spaces.Box(-np.inf, np.inf, (4,), np.float64),
        action_space=gymnasium.spaces.Discrete(2),
    )
    assert MinariData(id="rlkit/wide-v0").open(POLE).read(0, 13).observation.dtype == np.float32


@with_minari
def test_what_does_not_fit_or_is_not_there_is_told(tmp_path):
    kept("fits", episodes(vectors))
    with pytest.raises(ParameterError, match="found 2 discrete choices; allowed: 3 discrete choices"):
        MinariData(id="rlkit/fits-v0").open(Spaces(Array((4,), "float32"), Discrete(3)))
    with pytest.raises(ParameterError, match=r"found no data set 'rlkit/fist-v0'; on this machine: .*rlkit/fits-v0"):
        MinariData(id="rlkit/fist-v0").open(POLE)
    with pytest.raises(ParameterError, match="no data set that Minari reads"):
        MinariData(id=str(tmp_path)).open(POLE)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "main_data.hdf5").write_bytes(b"damaged")
    with pytest.raises(ParameterError, match="no data set that Minari reads"):
        MinariData(id=str(tmp_path)).open(POLE)


def test_without_minari_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "minari", None)
    with pytest.raises(ValueError, match=r"needs the package minari, which is not installed: pip install 'rlkit-fra"):
        MinariData(id="rlkit/any-v0").open(POLE)


class Stub:
    """As much of a data set of Minari's as is read."""

    id, total_episodes = "stub", 1
    observation_space = gymnasium.spaces.Box(-1.0, 1.0, (2,), np.float32)
    action_space = gymnasium.spaces.Discrete(3)

    def __init__(self, steps: int, **infos: Any) -> None:
        self.total_steps, self._infos = steps, infos

    def iterate_episodes(self, indices: Any = None) -> Any:
        from types import SimpleNamespace

        count = self.total_steps
        yield SimpleNamespace(
            observations=np.zeros((count + 1, 2), np.float32),
            actions=np.ones(count, np.int64),
            rewards=np.ones(count),
            terminations=np.arange(count) == count - 1,
            truncations=np.zeros(count, bool),
            infos=self._infos,
        )


def opened(dataset, spaces, monkeypatch):
    module = type(sys)("minari")
    module.load_dataset = lambda id: dataset  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "minari", module)
    return MinariData(id="stub").open(spaces)


def test_masks_are_read_from_infos(monkeypatch):
    masks = np.array([[1, 1, 0], [0, 1, 0], [1, 1, 1], [0, 0, 0]])
    spaces = Spaces(Array((2,), "float32"), Discrete(3, masked=True))
    rows = opened(Stub(3, action_mask=masks), spaces, monkeypatch).read(0, 3)
    assert rows.allowed is not None and rows.allowed.tolist() == masks[:3].astype(bool).tolist()
    assert rows.next_allowed is not None and rows.next_allowed[2].all()  # nothing follows a termination
    with pytest.raises(ParameterError, match="found actions without a mask; allowed: actions with a mask"):
        opened(Stub(3), spaces, monkeypatch)


def test_an_empty_data_set_is_refused(monkeypatch):
    with pytest.raises(ParameterError, match="holds no steps"):
        opened(Stub(0), Spaces(Array((2,), "float32"), Discrete(3)), monkeypatch)
