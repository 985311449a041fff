"""A study beside as many plain seeds: from the shell to the report, and whether other seeds say the same.

`python benchmarks/study_pace.py` runs the base of a study with `--seeds --jobs 2`, then the study itself with as many
seeds and processes, in turn, where programs are kept already; then the study once more with other seeds. It prints the
seconds by the clock, their ratio, and the verdicts of both.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from report import add_report_arguments, parse, progress, provenance, publish, table


def main() -> None:
    parser = argparse.ArgumentParser(description="A study's pace beside plain seeds, and its verdict on other seeds.")
    parser.add_argument("--study", default="exploration", help="default: exploration")
    parser.add_argument("--base", default="cartpole_dqn_compiled", help="the study's base")
    parser.add_argument("--seeds", type=int, default=30, help="default: 30")
    parser.add_argument("--rounds", type=int, default=3, help="of both that count (default: 3)")
    add_report_arguments(parser)
    arguments = parse(parser)
    count, rounds = (2, 1) if arguments.quick else (arguments.seeds, arguments.rounds)
    plain: list[float] = []
    study: list[float] = []
    verdicts: list[list[str]] = []
    with tempfile.TemporaryDirectory() as out:
        _study(arguments.study, "0", f"{out}/first", "first")
        for turn in range(rounds):
            plain.append(_run("run", arguments.base, "--seeds", str(count), "--jobs", "2", "--out", f"{out}/{turn}"))
            seconds, told = _study(arguments.study, str(count), f"{out}/{turn}", "study")
            study.append(seconds)
            progress(f"round {turn}: {plain[-1]:.1f} s of seeds, {seconds:.1f} s of the study")
            if not turn:
                verdicts.append(told)
        verdicts.append(_study(arguments.study, f"1000-{1000 + count - 1}", f"{out}/other", "confirmed")[1])
    ratios = [ours / theirs for ours, theirs in zip(study, plain, strict=True)]
    rows = [
        [f"`--seeds {count} --jobs 2`", f"{statistics.median(plain):.1f} s", ""],
        ["the study, to its report", f"{statistics.median(study):.1f} s", f"{statistics.median(ratios):.1f} ×"],
    ]
    words = [
        f"- seeds {which}: {sentence}"
        for which, told in zip(("0 on", "1000 on"), verdicts, strict=True)
        for sentence in told
    ]
    head = [f"{arguments.study}, {count} seeds a variant", "median by the clock", "beside"]
    publish("study pace", "\n\n".join([table(head, rows), "\n".join(words), provenance()]), arguments.write)


def _study(name: str, seeds: str, out: str, called: str) -> tuple[float, list[str]]:
    """Seconds from the shell to the report, and the verdicts."""
    wanted = seeds if seeds != "0" else "0-0"
    seconds = _run("study", name, "--seeds", wanted, "--jobs", "2", "--name", called, "--out", out)
    done = subprocess.run(
        [sys.executable, "-m", "rlkit", "compare", f"{out}/{called}", "--json"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert (Path(out) / called / "report.html").is_file()
    return seconds, [verdict["sentence"] for verdict in json.loads(done.stdout)["verdicts"]]


def _run(*words: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "rlkit", *words, "--quiet"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
