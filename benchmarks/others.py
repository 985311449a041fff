"""The experiments of docs/environments-of-others.md: each run for 2,000 steps and one evaluation episode, and checked.

`python benchmarks/others.py` takes every YAML block of the page that is an experiment, runs it with the installed
program in a process and a folder of its own, one after another, and follows the corrections of
`benchmarks/others_corrections.py` from a plain file to it. A first line `# package: NAME` says which distribution the
environment comes from.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from others_corrections import SEQUENCES, followed
from processes import ROOT, rlkit_command
from report import add_report_arguments, parse, progress, provenance, publish

PAGE = ROOT / "docs" / "environments-of-others.md"
_SECONDS = 900
"""For one command; what takes longer is a row that says so."""


@dataclass(frozen=True)
class Shown:
    """What the tables have of an experiment."""

    run: tuple[str, ...]
    corrected: tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description="Environments of other packages, each run for 2,000 steps.")
    add_report_arguments(parser)
    arguments = parse(parser)
    found = experiments(PAGE.read_text(encoding="utf-8"))
    shown = []
    for text in found[:1] if arguments.quick else found:
        shown.append(carried_out(text))
        progress(" | ".join((*shown[-1].run, *shown[-1].corrected)))
    ran = listed(
        ("experiment", "package", "agent sees", "action", "steps", "steps/s", "return", "ended"),
        [row.run for row in shown],
    )
    corrected = listed(
        ("experiment", "id of the first file", "wanted from the start", "corrections, in order", "led to by a message"),
        [row.corrected for row in shown],
    )
    publish("environments of others", f"{ran}\n\n{corrected}\n\n{provenance(requirements())}", arguments.write)


def experiments(page: str) -> list[str]:
    """The page's YAML blocks that have a name and an environment."""
    blocks = re.findall(r"^```yaml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    return [block for block in blocks if {"name", "environment"} <= set(re.findall(r"^(\w+):", block, re.MULTILINE))]


def carried_out(text: str) -> Shown:
    """An experiment, checked, run, and arrived at from its first file."""
    told = re.match(r"# package: ([\w.-]+)\n", text)
    if told is None:
        raise SystemExit(f"{PAGE.name}: an experiment without '# package: NAME':\n{text}")
    name = str(yaml.safe_load(text)["name"])
    # A folder of its own also for what an environment writes into the current one.
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        file = folder / "experiment.yaml"
        file.write_text(text, encoding="utf-8")
        checked = run(["check", file.name], folder)[1]
        status, said = run(["run", file.name, "--quiet", "--out", "runs"], folder)
        manifest, returns = results(folder / "runs")
        sequence = SEQUENCES[name]
        led = list(followed(sequence, lambda words: run(["check", *words], folder), folder, checked))
    speed = manifest.get("steps_per_second")
    ran = (
        name,
        f"{told[1]} {version(told[1])}",
        line_of("observation", checked),
        line_of("action", checked),
        f"{manifest.get('steps', 0):,}",
        f"{speed:,.0f}" if speed else "",
        ", ".join(f"{number:.2f}" for number in returns),
        str(manifest.get("status", "not run")) + (f": {sentence(said)}" if status else ""),
    )
    wrong = [cell(f"{setting} {what}") for setting, what in led if what]
    settings = "<br>".join(f"`{cell(setting)}`" for _, setting in sequence.corrections)
    wanted = "<br>".join(f"`{cell(setting)}`" for setting in sequence.wanted)
    count = f"{len(led) - len(wrong)} of {len(led)}"
    corrected = (name, f"`{sequence.id}`", wanted, settings, "; ".join([count, *wrong]))
    return Shown(ran, corrected)


def results(runs: Path) -> tuple[dict[str, Any], list[float]]:
    """run.json of the only run in a folder, and the returns of its evaluation."""
    found = list(runs.glob("*/*/run.json"))
    if not found:
        return {}, []
    evaluated = found[0].with_name("evaluation.jsonl")
    played = evaluated.read_text(encoding="utf-8").splitlines() if evaluated.exists() else []
    return json.loads(found[0].read_text(encoding="utf-8")), json.loads(played[-1])["returns"] if played else []


def run(words: list[str], folder: Path) -> tuple[int, str]:
    """Exit status and what was printed; standard input is empty, and nothing outlives the command."""
    process = subprocess.Popen(
        [*rlkit_command(), *words, "--allow-imports"],
        cwd=folder,
        env={**os.environ, "RLKIT_CACHE_DIR": str(folder / "cache")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        printed, _ = process.communicate(timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return 1, f"rlkit: not done after {_SECONDS} s"
    return process.returncode, printed


def line_of(word: str, checked: str) -> str:
    """What `rlkit check` says of the observation or the action."""
    match = re.search(r"observation: (.+?); action: (.+?) agent ", " ".join(checked.split()))
    return cell(match[1 if word == "observation" else 2]) if match else ""


def sentence(said: str) -> str:
    """The last line that rlkit wrote of what went wrong."""
    lines = [line for line in said.splitlines() if line.startswith("rlkit:") or ".yaml:" in line]
    return cell(lines[-1] if lines else "no message")[:160]


def cell(text: str) -> str:
    """One line of a table, without a path of this machine."""
    return re.sub(r"/\S*/(?=[\w.]+)", "…/", " ".join(text.split())).replace("|", "\\|")


def listed(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table, mostly of words: every column on the left."""
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ("---",) * len(head), *rows))


def requirements() -> str:
    """What pip says of all that is installed."""
    said = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False).stdout
    return f"pip check: {cell(said).removesuffix('.')}"


def version(distribution: str) -> str:
    """The installed one."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return "(not installed)"


if __name__ == "__main__":
    main()
