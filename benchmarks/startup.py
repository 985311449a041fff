"""What a user waits for before anything happens: `rlkit --help`, `rlkit check`, and the start of `rlkit run`.

`python benchmarks/startup.py` times whole processes by the wall clock, in turn, after one untimed round that leaves
compiled bytecode and warm files behind; `python -c "import gymnasium"` among them is the measure of `rlkit check`. The
start of `rlkit run` is run.json's `seconds.startup`: TensorFlow's import, building, conversion, comparison. The run
ends after one episode, so that its whole process is start-up for the most part, too.
"""

from __future__ import annotations

import argparse
import statistics
import sys

from processes import EXPERIMENT, measure, rlkit_command, rlkit_run
from report import add_report_arguments, parse, progress, provenance, publish, table

HELP, CHECK, GYMNASIUM = "`rlkit --help`", f"`rlkit check {EXPERIMENT}`", '`python -c "import gymnasium"`'
HELP_LIMIT, CHECK_LIMIT = 0.15, 2.5


def main() -> None:
    parser = argparse.ArgumentParser(description="Seconds until a command answers.")
    parser.add_argument("--rounds", type=int, default=15, help="timed processes a command (default: 15)")
    parser.add_argument("--runs", type=int, default=5, help="timed starts of rlkit run (default: 5)")
    add_report_arguments(parser)
    arguments = parse(parser)
    rounds, runs = (2, 1) if arguments.quick else (arguments.rounds, arguments.runs)
    commands = {
        HELP: [*rlkit_command(), "--help"],
        CHECK: [*rlkit_command(), "check", EXPERIMENT],
        GYMNASIUM: [sys.executable, "-c", "import gymnasium"],
    }
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for command in commands.values():
        measure(command)
    for _ in range(rounds):
        for name, command in commands.items():
            seconds[name].append(measure(command).seconds)
    started, whole = "`rlkit run`, `seconds.startup`", "`rlkit run`, whole process, one episode"
    seconds[started], seconds[whole] = [], []
    for turn in range(runs + 1):
        process, manifest = rlkit_run(0, {"limits.episodes": 1})
        if turn > 0:
            seconds[started].append(manifest["seconds"]["startup"])
            seconds[whole].append(process.seconds)
        progress(f"rlkit run {turn} of {runs}: start-up {manifest['seconds']['startup']:.2f} s")
    median = {name: statistics.median(found) for name, found in seconds.items()}
    rows = [
        [name, str(len(found)), f"{median[name]:.3f}", f"{min(found):.3f}–{max(found):.3f}"]
        for name, found in seconds.items()
    ]
    found = table(["seconds by the wall clock", "times", "median", "lowest–highest"], rows)
    ratio = median[CHECK] / median[GYMNASIUM]
    verdicts = [
        f"- {HELP}: {median[HELP]:.3f} s; under {HELP_LIMIT} s is asked: {_word(median[HELP] < HELP_LIMIT)}.",
        f"- `rlkit check` beside {GYMNASIUM}: {ratio:.2f} ×; at most {CHECK_LIMIT} × is asked: "
        f"{_word(ratio <= CHECK_LIMIT)}.",
    ]
    publish("startup", "\n".join([found, "", *verdicts, "", provenance()]), arguments.write)


def _word(met: bool) -> str:
    return "met" if met else "missed"


if __name__ == "__main__":
    main()
