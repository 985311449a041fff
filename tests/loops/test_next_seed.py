"""Programs of one seed serve another as if they had been made for it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import rlkit
from rlkit.experiment.experiment import Experiment
from rlkit.loops.once_made import OnceMade
from rlkit.loops.prepared import Prepared
from rlkit.loops.preparing import prepare
from rlkit.runs.folder import RunFolder
from rlkit.runs.reading import read_rows
from rlkit.runs.run import carry_out
from rlkit.runs.weights import load_weights

SMALL = ["limits.episodes=12", "evaluation.episodes=1", "recorders=[]", "agent.batch_size=16", "network.hidden=[16]"]


def kept(folder: Path) -> tuple[list[Mapping[str, Any]], bytes]:
    """What a run leaves behind that may not depend on what its process did before: rows, and the weights."""
    files = ("episodes", "metrics", "evaluation")
    rows = [row for file in files for row in read_rows(folder / f"{file}.jsonl").rows]
    weights = load_weights(folder / "checkpoints" / "final.npz").variables
    return (
        [{key: value for key, value in row.items() if key != "seconds"} for row in rows],
        b"".join(name.encode() + value.tobytes() for name, value in weights.items()),
    )


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        (
            "cartpole_dqn",
            [
                "target_update={name: hard, every: 5}",
                "optimizer={name: rmsprop, learning_rate: 0.001}",
                "buffer={name: uniform, capacity: 150}",
            ],
        ),
        ("cartpole_dqn_compiled", []),
    ],
)
def test_runs_in_any_order_are_byte_for_byte_those_of_single_runs(
    name: str, parts: Sequence[str], tmp_path: Path
) -> None:
    experiments = {seed: rlkit.load(name, [*SMALL, *parts], seed=seed) for seed in (0, 1)}
    found: dict[int, list[Any]] = {0: [], 1: []}
    for order in ((0, 1, 0), (1, 0)):  # each seed comes first once, and after the other
        programs = OnceMade()
        for seed in order:
            folder = RunFolder.create(tmp_path, name, seed)
            result = carry_out(experiments[seed], folder, quiet=True, debug=False, programs=programs)
            found[seed].append(kept(result.folder))
    assert all(run == runs[0] for runs in found.values() for run in runs)
    assert found[0][0] != found[1][0]


@dataclasses.dataclass(frozen=True)
class Layers:
    """A network whose last layers are given."""

    layers: tuple[type[keras.Layer], ...]

    def build(self, observation: Any, units: int) -> Any:
        network = keras.Sequential([layer() for layer in self.layers] + [keras.layers.Dense(units)])
        network.build((None, *observation.shape))
        return network


class Odd(keras.initializers.Initializer):
    """An initialiser that the core does not know."""

    def __call__(self, shape: Any, dtype: Any = None, **_: Any) -> Any:
        return keras.random.normal(shape, dtype=dtype)


class Unknown(keras.layers.Dense):
    def __init__(self) -> None:
        super().__init__(4, kernel_initializer=Odd())


class Drawn(keras.Layer):
    """Keeps what NumPy drew as a constant of the graph."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = np.random.random(4).astype(np.float32)

    def call(self, inputs: Any) -> Any:
        return inputs * self.scale


class Late:
    """An exploration with a variable that it makes when it is traced."""

    shift: Any = None

    def build(self, spaces: Any) -> Any:
        return Late()

    def select(self, q_values: Any, noise: Any, progress: Any) -> Any:
        if self.shift is None:
            with tf.init_scope():
                self.shift = tf.Variable(tf.random.normal((2,)))
        return tf.argmax(q_values + self.shift, -1, tf.int32)


def with_part(part: type, seed: int) -> Experiment:
    experiment = rlkit.load("cartpole_dqn", [*SMALL, "agent.batch_size=4"], seed=seed)
    change = {"exploration": Late()} if part is Late else {"network": Layers((part,))}
    agent = dataclasses.replace(experiment.agent, **change)  # type: ignore[type-var]
    return dataclasses.replace(experiment, agent=agent)


def beginning(prepared: Prepared) -> list[float]:
    """All variables as they begin, and the loss of a learning step."""
    backend, rng = prepared.acting.backend, np.random.default_rng(0)
    variables = [number for value in backend.read().values() for number in value.flat]
    program = prepared.shapes.program
    (learn,) = (function for function in program.functions if function.name == "learn")
    learned = backend.function("learn")(*(program.example(spec, rng, 0) for spec in learn.inputs))
    return [*variables, *learned[0].tolist()]


@pytest.mark.parametrize(("part", "made_again"), [(Unknown, False), (Drawn, True), (Late, True)])
def test_what_a_seed_decides_outside_the_plan_of_weights_is_as_in_a_single_run(part: type, made_again: bool) -> None:
    programs = OnceMade()
    first = programs.prepare(with_part(part, 0), debug=True)
    for seed in (1, 2):
        another = programs.prepare(with_part(part, seed), debug=True)
        assert (another.acting.backend is not first.acting.backend) == made_again
        assert beginning(another) == beginning(prepare(with_part(part, seed), debug=True))


def test_programs_that_were_forgotten_are_made_again() -> None:
    programs = OnceMade()
    first = programs.prepare(with_part(Unknown, 0), debug=True)
    programs.forget()
    assert programs.prepare(with_part(Unknown, 1), debug=True).acting.backend is not first.acting.backend
