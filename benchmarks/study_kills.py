"""A study that is killed again and again, beside one that runs through: are their numbers the same?

`python benchmarks/study_kills.py` runs a study to its end, then another time under SIGKILL at random moments, started
anew each time, and compares what every run recorded (the clock aside) and the SHA-256 of its final weights.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from report import add_report_arguments, parse, progress, provenance, publish, table


def main() -> None:
    parser = argparse.ArgumentParser(description="Kill a study at random moments; compare its end with one left alone.")
    parser.add_argument("--study", default="exploration", help="default: exploration")
    parser.add_argument("--seeds", type=int, default=10, help="default: 10")
    parser.add_argument("--kills", type=int, default=3, help="default: 3")
    parser.add_argument("--launcher", default="local", help="default: local")
    add_report_arguments(parser)
    arguments = parse(parser)
    count = 2 if arguments.quick else arguments.seeds
    with tempfile.TemporaryDirectory() as out:
        whole, killed = Path(out, "whole"), Path(out, "killed")
        command = [sys.executable, "-m", "rlkit", "study", arguments.study, "--seeds", str(count), "--quiet"]
        command += ["--launcher", arguments.launcher, "--name", "toy", "--jobs", "2", "--out"]
        began = time.perf_counter()
        subprocess.run([*command, str(whole)], check=True, stdout=subprocess.DEVNULL)
        took = time.perf_counter() - began
        progress(f"left alone: {took:.1f} s")
        done_before = []
        for kill in range(arguments.kills):
            child = subprocess.Popen([*command, str(killed)], stdout=subprocess.DEVNULL)
            time.sleep(random.Random(kill).uniform(0.25, 0.75) * took / 2)
            child.send_signal(signal.SIGKILL)
            child.wait()
            done_before.append(_done(killed / "toy"))
            progress(f"kill {kill + 1}: {done_before[-1]} runs were done")
        subprocess.run([*command, str(killed)], check=True, stdout=subprocess.DEVNULL)
        ours, theirs = _recorded(killed / "toy"), _recorded(whole / "toy")
    same = sum(ours.get(key) == value for key, value in theirs.items())
    rows = [[str(len(theirs)), ", ".join(map(str, done_before)), f"{same} of {len(theirs)}"]]
    head = ["runs", f"done at each of {arguments.kills} kills", "equal in episodes, returns and weights"]
    publish("study kills", f"{table(head, rows)}\n\n{provenance()}", arguments.write)
    if ours != theirs:
        raise SystemExit("the study that was killed did not end with the same numbers")


def _done(study: Path) -> int:
    file = study / "plan.json"
    return sum(run["state"] == "finished" for run in json.loads(file.read_bytes())["runs"]) if file.exists() else 0


def _recorded(study: Path) -> dict[tuple[str, int], Any]:
    """By variant and seed: the episodes without their seconds, and a sum over the final weights."""
    found = {}
    for run in json.loads((study / "plan.json").read_bytes())["runs"]:
        folder = study / run["folder"]
        lines = (folder / "episodes.jsonl").read_text(encoding="utf-8").splitlines()
        episodes = [{**json.loads(line), "seconds": 0} for line in lines]
        with np.load(folder / "checkpoints" / "final.npz", allow_pickle=False) as arrays:
            weights = hashlib.sha256(b"".join(arrays[name].tobytes() for name in sorted(arrays))).hexdigest()
        found[run["variant"], run["seed"]] = episodes, weights
    return found


if __name__ == "__main__":
    main()
