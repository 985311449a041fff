"""The baseline trains for the steps it is given and reports them in one JSON line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "plain_dqn.py"


def test_baseline_reports_one_json_line() -> None:
    process = subprocess.run(
        [sys.executable, str(SCRIPT), "3", "1100"], capture_output=True, text=True, timeout=300, check=True
    )
    (line,) = process.stdout.splitlines()
    report = json.loads(line)
    assert list(report) == [
        "seed", "import_s", "steps", "episodes", "train_s", "steps_per_s", "solved", "last50", "ru_maxrss_mb",
    ]  # fmt: skip
    assert report["seed"] == 3
    assert 1100 <= report["steps"] < 1100 + 500
    assert report["steps_per_s"] > 0
    assert report["ru_maxrss_mb"] > 100
