from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from rlkit.runs.weights import load_weights

ROOT = Path(__file__).parents[2]
AS_XLA_WOULD = (
    "--xla_cpu_enable_concurrency_optimized_scheduler=true --xla_cpu_copy_insertion_use_region_analysis=false"
)


def trained(out: Path, flags: str) -> dict[str, np.ndarray]:
    settings = ["limits.steps=1000", "evaluation.episodes=1", "recorders=[]"]
    subprocess.run(
        [sys.executable, "-m", "rlkit", "run", "cartpole_dqn_compiled", "--quiet", "--no-cache", "--out", str(out)]
        + [word for setting in settings for word in ("--set", setting)],
        env=os.environ | {"XLA_FLAGS": flags},
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=300,
    )
    (weights,) = out.glob("*/*/checkpoints/final.npz")
    return dict(load_weights(weights).variables)


def test_the_order_of_operations_changes_no_bit_of_a_compiled_run(tmp_path: Path) -> None:
    ours, theirs = trained(tmp_path / "ours", ""), trained(tmp_path / "theirs", AS_XLA_WOULD)
    assert ours.keys() == theirs.keys()
    for name, value in ours.items():
        assert value.tobytes() == theirs[name].tobytes(), name
