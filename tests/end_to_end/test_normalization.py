"""Running normalisation of observations: counted while training, saved, and the same wherever the agent acts."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import gymnasium
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from gymnasium.envs.classic_control import CartPoleEnv

import rlkit
from rlkit.runs.evaluating import evaluate_run
from rlkit.runs.finding import read_run

STEPS = 5_000
EXPERIMENT = """\
name: normalized
environment: {name: gymnasium, id: rlkit-tests/Recorded-v0, wrappers: [{name: normalize_observations, clip: 5}]}
agent: {name: dqn, batch_size: 8, update_every: 16}
network: {name: mlp, hidden: [8]}
limits: {steps: 5000}
evaluation: {episodes: 2}
recorders: []
"""


class Recorded(CartPoleEnv):
    """Keeps each observation in which an action was taken, of the object that was made last but one: training's."""

    kept: ClassVar[list[list[Any]]] = []

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._mine: list[Any] = []
        Recorded.kept.append(self._mine)

    def step(self, action: Any) -> Any:
        self._mine.append(np.array(self.state, np.float32))
        return super().step(action)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> rlkit.Result:
    if "rlkit-tests/Recorded-v0" not in gymnasium.registry:
        gymnasium.register("rlkit-tests/Recorded-v0", Recorded, max_episode_steps=500)
    Recorded.kept.clear()
    folder = tmp_path_factory.mktemp("normalized")
    file = folder / "normalized.yaml"
    file.write_text(EXPERIMENT)
    return rlkit.run(rlkit.load(file), out=folder / "runs")


def weights(folder: Path) -> dict[str, Any]:
    return dict(np.load(folder / "checkpoints" / "final.npz"))


def test_statistics_are_those_of_numpy_over_all_observations_acted_in(result: rlkit.Result) -> None:
    (observations,) = [np.array(kept, np.float64) for kept in Recorded.kept if len(kept) == STEPS]
    saved = weights(result.folder)
    assert saved["learner.statistics.count"] == STEPS
    np.testing.assert_allclose(saved["learner.statistics.mean"], observations.mean(0), rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(saved["learner.statistics.variance"], observations.var(0), rtol=1e-3)


def test_evaluation_uses_them_and_changes_nothing(result: rlkit.Result) -> None:
    before = weights(result.folder)
    found = evaluate_run(read_run(result.folder), episodes=2, weights="final")
    assert found.returns == result.evaluation
    after = weights(result.folder)
    assert all(np.array_equal(before[name], after[name]) for name in before)


def test_the_policy_in_the_run_folder_acts_alike(result: rlkit.Result) -> None:
    model, saved = Interpreter(f"{result.folder}/policy.tflite"), np.load(result.folder / "checkpoints" / "final.npz")
    names = [f"variable_{place:03d}" for place in range(len(saved.files))]
    model.get_signature_runner("write_variables")(**dict(zip(names, saved.values(), strict=True)))
    act = model.get_signature_runner("act_greedy")
    inputs = {name: np.zeros(told["shape"], told["dtype"]) for name, told in act.get_input_details().items()}
    w = {name: saved[name] for name in saved.files}
    mean, variance = w["learner.statistics.mean"], w["learner.statistics.variance"]
    layers = [value for name, value in w.items() if name.startswith("learner.learner.online")]
    rng = np.random.default_rng(0)
    for observation in rng.normal(size=(50, 4)).astype(np.float32):
        seen = np.clip((observation - mean) / np.sqrt(variance + 1e-8), -5, 5)
        hidden, bias, last, offset = layers
        values = np.maximum(seen @ hidden + bias, 0) @ last + offset
        (action,) = act(**{**inputs, "observation": observation[np.newaxis]})["action"]
        assert action == values.argmax()
