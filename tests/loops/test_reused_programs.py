"""Programs of one seed serve another as if they had been made for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

import rlkit
from rlkit.loops.reused_programs import ReusedPrograms
from rlkit.runs.folder import RunFolder
from rlkit.runs.reading import read_rows
from rlkit.runs.run import carry_out
from rlkit.runs.weights import load_weights

SMALL = ["limits.episodes=12", "evaluation.episodes=1", "recorders=[]"]


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
                "agent.batch_size=16",
                "network.hidden=[16]",
                "target_update={name: hard, every: 5}",
                "optimizer={name: rmsprop, learning_rate: 0.001}",
                "buffer={name: uniform, capacity: 150}",
            ],
        ),
        pytest.param("cartpole_dqn_compiled", [], marks=pytest.mark.slow),
    ],
)
def test_runs_in_any_order_are_byte_for_byte_those_of_single_runs(
    name: str, parts: Sequence[str], tmp_path: Path
) -> None:
    experiments = {seed: rlkit.load(name, [*SMALL, *parts], seed=seed) for seed in (0, 1)}
    found: dict[int, list[Any]] = {0: [], 1: []}
    for order in ((0, 1, 0), (1, 0)):  # each seed comes first once, and after the other
        programs = ReusedPrograms()
        for seed in order:
            folder = RunFolder.create(tmp_path, name, seed)
            result = carry_out(experiments[seed], folder, quiet=True, debug=False, programs=programs)
            found[seed].append(kept(result.folder))
    assert all(run == runs[0] for runs in found.values() for run in runs)
    assert found[0][0] != found[1][0]


def test_programs_that_were_forgotten_are_made_again() -> None:
    experiment = rlkit.load("cartpole_dqn", [*SMALL, "agent.batch_size=4"])
    programs = ReusedPrograms()
    first = programs.prepare(experiment, debug=True)
    assert programs.prepare(experiment, debug=True).acting.backend is first.acting.backend
    programs.forget()
    assert programs.prepare(experiment, debug=True).acting.backend is not first.acting.backend
