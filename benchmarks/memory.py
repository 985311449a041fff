"""Peak memory of a whole `rlkit run`, beside hand-written TensorFlow.

`python benchmarks/memory.py` runs the default experiment from the shell to its end (import, conversion, training,
evaluation, weights and picture) and the baseline for the same number of environment steps, for each of three seeds in
turn, and compares the processes' `ru_maxrss`. The stop rule is off, so that both make the same number of steps.
"""

from __future__ import annotations

import argparse
import statistics
from pathlib import Path

from processes import rlkit_run, trained
from report import add_report_arguments, existing_file, parse, progress, provenance, publish, seeds, table

LIMIT = 1.35
PLAIN = Path(__file__).resolve().parent / "plain_dqn.py"


def main() -> None:
    parser = argparse.ArgumentParser(description="Peak resident memory of the whole process.")
    parser.add_argument("--seeds", type=seeds, default=(0, 1, 2), help="like 0-2 (default)")
    parser.add_argument("--steps", type=int, default=20_000, help="environment steps a run (default: 20000)")
    parser.add_argument(
        "--baseline", type=existing_file, metavar="PATH", help="instead of plain_dqn.py: a script that takes SEED STEPS"
    )
    add_report_arguments(parser)
    arguments = parse(parser)
    chosen, steps = (arguments.seeds[:1], 1500) if arguments.quick else (arguments.seeds, arguments.steps)
    baseline = "the baseline given" if arguments.baseline else "`benchmarks/plain_dqn.py`"
    peaks: dict[str, list[float]] = {"`rlkit run experiments/cartpole_dqn.yaml`": [], baseline: []}
    ours, theirs = peaks.values()
    for seed in chosen:
        process, _ = rlkit_run(seed, {"stop": "[]", "limits.episodes": "null", "limits.steps": steps})
        ours.append(process.peak_mb)
        process, _ = trained(arguments.baseline or PLAIN, seed, steps)
        theirs.append(process.peak_mb)
        progress(f"seed {seed}  rlkit run {ours[-1]:,.0f} MiB, baseline {theirs[-1]:,.0f} MiB")
    rows = [
        [name, f"{statistics.median(found):,.0f}", f"{min(found):,.0f}–{max(found):,.0f}"]
        for name, found in peaks.items()
    ]
    ratio = statistics.median(ours) / statistics.median(theirs)
    names = f"seeds {', '.join(str(seed) for seed in chosen)}, {steps:,} steps each"
    verdict = f"- Ratio: {ratio:.2f} ×; at most {LIMIT} × is asked: {'met' if ratio <= LIMIT else 'missed'}."
    found = table([names, "peak MiB, median", "lowest–highest"], rows)
    publish("memory", f"{found}\n\n{verdict}\n\n{provenance()}", arguments.write)


if __name__ == "__main__":
    main()
