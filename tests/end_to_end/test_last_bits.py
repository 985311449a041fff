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
    settings = ["limits.steps=1100", "evaluation.episodes=0", "recorders=[]"]
    environment = {name: value for name, value in os.environ.items() if name != "TF_NUM_INTRAOP_THREADS"}
    subprocess.run(
        [sys.executable, "-c", ON_CORES % (cores,) if cores else RLKIT]
        + ["run", experiment, "--quiet", "--out", str(out)]
        + [word for setting in settings for word in ("--set", setting)],
        env=environment | {"XLA_FLAGS": flags, "RLKIT_CACHE_DIR": str(out.parent / "cache")},
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=600,
    )
    (weights,) = out.glob("*/*/checkpoints/final.npz")
    return dict(load_weights(weights).variables)


@pytest.mark.slow  # XLA compiles everything twice: after a change of its flags, or of TensorFlow
@pytest.mark.parametrize("experiment", ["cartpole_dqn_compiled", "minatar_breakout_dqn_compiled"])
def test_neither_the_order_of_operations_nor_the_number_of_cores_changes_a_bit(experiment: str, tmp_path: Path) -> None:
    alone = trained(experiment, tmp_path / "alone", cores=CORES[:1])
    together = trained(experiment, tmp_path / "together", cores=CORES, flags=AS_XLA_WOULD)
    compiled = list((tmp_path / "cache" / "xla" / "entries").iterdir())
    assert len(compiled) == 2  # each its own: the second found only what is no matter of XLA's
    assert alone.keys() == together.keys()
    for name, value in alone.items():
        assert value.tobytes() == together[name].tobytes(), name
