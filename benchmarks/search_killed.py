"""A search that is killed at random moments and gone on with, beside one that ran through.

`python benchmarks/search_killed.py` runs the same small search (`rlkit tune`) twice: once through, and once ended by
SIGKILL at three random moments and started again each time. It fails unless both have the same trials: the same values
sampled, the same scores of every seed, the same states. A run that had finished before a kill must not be made again.
It sends signals to its own children only.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from processes import rlkit_command
from report import add_report_arguments, parse, progress, provenance, publish, table

SEARCH = """\
tune: killed
base: cartpole_dqn_compiled
set: {{recorders: [], evaluation.episodes: 0, limits.steps: {steps}, stop: []}}
space:
  optimizer.learning_rate: {{low: 1e-4, high: 1e-2, log: true}}
  exploration.decay: {{low: 0.95, high: 0.999}}
trials: {trials}
seeds: 3
test_seeds: 100-101
objective: final
pruner: {{name: median, n_startup_trials: 2}}
"""


def search(file: Path, out: Path, kill_after: float | None = None) -> bool:
    """Run it, or go on with it; whether it came to its end."""
    process = subprocess.Popen(
        [*rlkit_command(), "tune", str(file), "--out", str(out), "--jobs", "1", "--quiet"],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        status = process.wait(kill_after)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        return False
    if status:
        raise SystemExit(f"rlkit tune ended with status {status}")
    return True


def trials_of(folder: Path) -> list[dict[str, Any]]:
    """As Optuna alone reads them."""
    import optuna
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.load_study(
        study_name="killed", storage=JournalStorage(JournalFileBackend(str(folder / "journal.log")))
    )
    return [
        {"state": t.state.name, "value": t.value, "params": t.params, "scores": t.user_attrs.get("scores")}
        for t in study.trials
    ]


def finished(folder: Path) -> int:
    """Runs of the search that finished, however often one of them was made."""
    manifests = (json.loads(file.read_bytes()) for file in folder.glob("trial-*/*/run.json"))
    return sum(manifest["status"] == "finished" for manifest in manifests)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=8, metavar="N")
    parser.add_argument("--kills", type=int, default=3, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the moments")
    add_report_arguments(parser)
    arguments = parse(parser)
    trials, kills = (3, 1) if arguments.quick else (arguments.trials, arguments.kills)
    moments = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "killed.yaml"
        file.write_text(SEARCH.format(steps=3000, trials=trials), encoding="utf-8")
        began = time.monotonic()
        search(file, folder / "through")
        seconds = time.monotonic() - began
        progress(f"through: {seconds:.0f} s")
        struck = []
        for _ in range(kills):
            after = moments.uniform(0.15, 0.6) * seconds / kills + 3.0
            if search(file, folder / "struck", after):
                break
            over = sum(
                trial["state"] not in ("RUNNING", "WAITING") for trial in trials_of(folder / "struck" / "killed")
            )
            struck.append(over)
            progress(f"killed after {after:.0f} s, {over} of {trials} trials over")
        search(file, folder / "struck")
        one, other = trials_of(folder / "through" / "killed"), trials_of(folder / "struck" / "killed")
        runs = finished(folder / "through" / "killed"), finished(folder / "struck" / "killed")
    rows = [
        ("ran through", "0", str(len(one)), str(runs[0])),
        (f"killed with {', '.join(map(str, struck))} trials over", str(len(struck)), str(len(other)), str(runs[1])),
    ]
    same = one == other and runs[0] == runs[1]
    verdict = "Both have the same trials, to the last digit." if same else "THE TRIALS DIFFER."
    head = ("search", "SIGKILLs", "trials", "runs that finished")
    text = "\n\n".join([table(head, rows), verdict, provenance()])
    publish("search killed", text, arguments.write)
    if not same:
        raise SystemExit(f"{one}\n{other}")


if __name__ == "__main__":
    main()
