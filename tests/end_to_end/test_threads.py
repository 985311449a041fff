from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rlkit.runs.weights import load_weights

ROOT = Path(__file__).parents[2]
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
ON_CORES = """import os, runpy, sys
os.sched_setaffinity(0, map(int, sys.argv.pop(1).split(",")))
runpy.run_module("rlkit", run_name="__main__")"""


def trained(out: Path, cores: list[int]) -> dict[str, np.ndarray]:
    settings = ["limits.steps=1100", "evaluation.episodes=1", "recorders=[]"]
    subprocess.run(
        [sys.executable, "-c", ON_CORES, ",".join(map(str, cores))]
        + ["run", "minatar_breakout_dqn_compiled", "--quiet", "--no-cache", "--out", str(out)]
        + [word for setting in settings for word in ("--set", setting)],
        env={name: value for name, value in os.environ.items() if name != "TF_NUM_INTRAOP_THREADS"},
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=600,
    )
    (weights,) = out.glob("*/*/checkpoints/final.npz")
    return dict(load_weights(weights).variables)


@pytest.mark.skipif(len(CORES) < 2, reason="needs two cores to choose from")
def test_a_compiled_run_is_the_same_to_the_last_bit_on_one_core_and_on_two(tmp_path: Path) -> None:
    alone, together = trained(tmp_path / "alone", CORES[:1]), trained(tmp_path / "together", CORES)
    assert alone.keys() == together.keys()
    for name, value in alone.items():
        assert value.tobytes() == together[name].tobytes(), name
