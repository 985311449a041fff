"""What a compiled run's last bits do not depend on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from rlkit.runs.weights import load_weights

ROOT = Path(__file__).parents[2]
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
AS_XLA_WOULD = (
    "--xla_cpu_enable_concurrency_optimized_scheduler=true --xla_cpu_copy_insertion_use_region_analysis=false"
)
RLKIT = "import runpy; runpy.run_module('rlkit', run_name='__main__')"
ON_CORES = f"import os; os.sched_setaffinity(0, %r); {RLKIT}"


def trained(experiment: str, out: Path, *, cores: Sequence[int] = (), flags: str = "") -> dict[str, np.ndarray]:
    settings = ["limits.steps=1100", "evaluation.episodes=1", "recorders=[]"]
    environment = {name: value for name, value in os.environ.items() if name != "TF_NUM_INTRAOP_THREADS"}
    subprocess.run(
        [sys.executable, "-c", ON_CORES % (cores,) if cores else RLKIT]
        + ["run", experiment, "--quiet", "--no-cache", "--out", str(out)]
        + [word for setting in settings for word in ("--set", setting)],
        env=environment | {"XLA_FLAGS": flags},
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=600,
    )
    (weights,) = out.glob("*/*/checkpoints/final.npz")
    return dict(load_weights(weights).variables)


def assert_same_bits(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> None:
    assert one.keys() == other.keys()
    for name, value in one.items():
        assert value.tobytes() == other[name].tobytes(), name


def test_the_order_of_operations_changes_no_bit_of_a_compiled_run(tmp_path: Path) -> None:
    ours = trained("cartpole_dqn_compiled", tmp_path / "ours")
    assert_same_bits(ours, trained("cartpole_dqn_compiled", tmp_path / "theirs", flags=AS_XLA_WOULD))


@pytest.mark.skipif(len(CORES) < 2, reason="needs two cores to choose from")
def test_the_number_of_cores_changes_no_bit_of_a_compiled_run(tmp_path: Path) -> None:
    alone = trained("minatar_breakout_dqn_compiled", tmp_path / "alone", cores=CORES[:1])
    assert_same_bits(alone, trained("minatar_breakout_dqn_compiled", tmp_path / "together", cores=CORES))
