"""A run does not depend on who listens, nor on the disk of standard output; a signal ends it and is told."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

EXPERIMENT = """\
name: heard
environment: {name: gymnasium, id: CartPole-v1}
agent: {name: dqn, batch_size: 8}
network: {name: mlp, hidden: [4]}
limits: {episodes: 4}
evaluation: {episodes: 1}
"""


def in_a_shell(shell: str, folder: Path) -> tuple[int, dict[str, object], str]:
    """Exit status, run.json, and what was printed."""
    (folder / "heard.yaml").write_text(EXPERIMENT)
    command = shlex.join([sys.executable, "-m", "rlkit", "run", "heard.yaml", "--out", "runs"])
    script = f"set -o pipefail; {shell.format(command)}"
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    (run,) = (folder / "runs" / "heard").iterdir()
    return done.returncode, json.loads((run / "run.json").read_bytes()), done.stdout + done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
@pytest.mark.parametrize("shell", ["{} >&- 2>&-", "{} > /dev/full 2> /dev/full", "{} | true"])
def test_a_run_ends_well_whoever_listens(shell: str, tmp_path: Path) -> None:
    status, manifest, told = in_a_shell(shell, tmp_path)
    assert (status, manifest["status"], manifest["episodes"]) == (0, "finished", 4)
    assert "Traceback" not in told


def test_sigterm_ends_a_run_as_ctrl_c_does(tmp_path: Path) -> None:
    learning = "for _ in {{1..100}}; do [ -s runs/heard/*/episodes.jsonl ] && break; sleep 0.2; done"
    endless = "--set limits.episodes=1000000 --set limits.seconds=120"
    waiting = f"{{}} {endless} & child=$!; {learning}; kill -TERM $child; wait $child"
    status, manifest, told = in_a_shell(waiting, tmp_path)
    assert (status, manifest["status"], manifest["stop_reason"]) == (143, "interrupted", "ended by SIGTERM")
    assert "Traceback" not in told
