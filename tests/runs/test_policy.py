"""A trained agent acts in a program that has LiteRT and NumPy alone."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import rlkit
from rlkit.loops.for_experiment import ready_for
from rlkit.runs.weights import load_weights

PAGE = Path(__file__).parents[2] / "docs" / "run-folder.md"
BLOCKED = ("rlkit", "rlkit_dqn", "tensorflow", "keras", "gymnasium", "matplotlib", "yaml")
PROGRAM = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked}:
            raise ImportError(f"{{name}} is blocked")

sys.meta_path.insert(0, Blocked())
{example}
observations = np.load({observations!r})
print([int(policy(observation)) for observation in observations])
"""


@pytest.mark.parametrize("name", ["cartpole_dqn", "cartpole_dqn_compiled"])
def test_the_documented_example_acts_as_rlkit_does_without_it_and_run_json_has_the_models_sha_256(
    tmp_path: Path, name: str
) -> None:
    experiment = rlkit.load(name, ["limits.episodes=60", "recorders=[]", "evaluation.episodes=0"], seed=1)
    result = rlkit.run(experiment, out=tmp_path)
    assert json.loads((result.folder / "run.json").read_bytes())["policy"] == {
        "file": "policy.tflite",
        "sha256": hashlib.sha256((result.folder / "policy.tflite").read_bytes()).hexdigest(),
    }
    _, _, section = PAGE.read_text(encoding="utf-8").partition("## A trained agent in another program")
    example = re.findall(r"```python\n(.*?)```", section, re.DOTALL)[0]
    example, replaced = re.subn(r'^run = ".*"$', f"run = {str(result.folder)!r}", example, flags=re.MULTILINE)
    assert replaced == 1
    assert len([line for line in example.splitlines() if line.strip()]) <= 11

    rng = np.random.default_rng(0)
    observations = (rng.normal(size=(200, 4)) * (1.0, 1.5, 0.1, 1.5)).astype(np.float32)
    np.save(tmp_path / "observations.npy", observations)
    program = PROGRAM.format(blocked=BLOCKED, example=example, observations=str(tmp_path / "observations.npy"))
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr

    prepared = ready_for(experiment, training=False)
    prepared.acting.backend.write(load_weights(result.folder / "checkpoints" / "final.npz").variables)
    act = prepared.acting.backend.function("act_greedy")
    progress = np.zeros(4, np.int64)
    before = (np.ones(1, bool), np.zeros(1, np.int32), np.zeros(1, np.float32))
    expected = [int(act(one[np.newaxis], *before, progress)[0][0]) for one in observations]
    assert json.loads(done.stdout) == expected
    assert 20 < sum(expected) < 180
