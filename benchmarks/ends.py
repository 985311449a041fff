"""Ways to end a run, and what is left: exit status, run.json's status, and what the folder keeps.

`python benchmarks/ends.py` runs the installed program in a process of its own for each way, with an environment in
which that happens (`ending_environment.py`), and prints a table. It takes some three minutes, sends signals to its own
children only, and leaves nothing behind. It fails if a way ends in a traceback, or leaves `running` where the process
was alive to write something else.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from processes import rlkit_command
from report import add_report_arguments, parse, progress, provenance, publish

HERE = Path(__file__).resolve().parent
EXPERIMENT = """\
name: ends
environment: {name: gymnasium, id: "ending_environment:Ending-v0"}
agent: {name: dqn, batch_size: 8}
buffer: {name: uniform, capacity: 500}
limits: {episodes: 6}
evaluation: {episodes: 1}
recorders: []
"""
_WIDEST = 140
"""Characters of what is said."""
KILLED = ("SIGKILL", "SIGSEGV", "os._exit")
"""Nobody is left to write anything."""


@dataclass(frozen=True)
class Way:
    """One way to end."""

    command: str
    words: str
    happens: str = "nothing"
    when: str = "training"
    options: tuple[str, ...] = ()
    shell: str = "{}"
    """Around the command: redirections."""
    before: Callable[[Path], None] = field(default=lambda out: None)
    """What is done to the finished run in `out` before an evaluate, plot or runs."""


def rows_damaged(out: Path) -> None:
    """A line in the middle of episodes.jsonl."""
    file = folder_in(out) / "episodes.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([lines[0], b"{torn\n", *lines[1:]]))


def manifest_damaged(out: Path) -> None:
    (folder_in(out) / "run.json").write_text("{")


def weights_damaged(out: Path) -> None:
    (folder_in(out) / "checkpoints" / "final.npz").write_bytes(b"PK")


def weights_missing(out: Path) -> None:
    shutil.rmtree(folder_in(out) / "checkpoints")


def experiment_missing(out: Path) -> None:
    (folder_in(out) / "experiment.yaml").unlink()


def foreign(out: Path) -> None:
    (out / "ends" / "a folder of something else").mkdir()


SMALL_DISK = (
    "mkdir -p $ENDS_OUT && mount -t tmpfs -o size={}k none $ENDS_OUT && {}; status=$?; cp -r $ENDS_OUT $ENDS_OUT.left; "
    "umount $ENDS_OUT; cp -r $ENDS_OUT.left/. $ENDS_OUT; exit $status"
)
"""Needs the right to mount; without it the row says so."""
FULL, NOBODY = "{} > /dev/full", "{} | true"
TRAINING = [
    ("an exception in a step", "ValueError", "training"),
    ("an exception in a reset", "ValueError", "reset"),
    ("`sys.exit` in a step", "sys.exit", "training"),
    ("`MemoryError`", "MemoryError", "training"),
    ("`RecursionError`", "RecursionError", "training"),
    ("`BrokenPipeError` of the environment's own", "BrokenPipeError", "training"),
    ("`OSError` of the environment's own", "OSError", "training"),
    ("a cancelled task", "CancelledError", "training"),
    ("`GeneratorExit`", "GeneratorExit", "training"),
    ("a `BaseException` of the author's own", "BaseException", "training"),
    ("an error text that cannot be encoded", "surrogate", "training"),
    ("an exception that cannot say what it is", "speechless", "training"),
    ("`KeyboardInterrupt` raised in a step", "KeyboardInterrupt", "training"),
    ("Ctrl-C", "SIGINT", "training"),
    ("Ctrl-C twice", "SIGINT twice", "training"),
    ("Ctrl-C in a greedy episode", "SIGINT", "greedy"),
    ("SIGTERM", "SIGTERM", "training"),
    ("SIGHUP", "SIGHUP", "training"),
    ("SIGKILL", "SIGKILL", "training"),
    ("a crash (SIGSEGV)", "SIGSEGV", "training"),
    ("`os._exit` in a step", "os._exit", "training"),
    ("the run folder is removed", "folder removed", "training"),
    ("the weights cannot be written", "weights blocked", "training"),
    ("the working folder is changed", "working folder", "training"),
    ("the working folder is removed", "working folder gone", "training"),
    ("a reward of NaN", "nothing", "nan"),
    ("episodes that never end", "nothing", "endless"),
]
WAYS = [
    Way("run", "its limit", options=("--set", "limits.episodes=6")),
    *(Way("run", words, happens, when) for words, happens, when in TRAINING),
    Way("run", "standard output closed", shell="{} >&-"),
    Way("run", "standard error closed", shell="{} 2>&-"),
    Way("run", "both closed", shell="{} >&- 2>&-"),
    Way("run", "standard output on a full disk", shell=FULL),
    Way("run", "standard error on a full disk", shell="{} 2> /dev/full"),
    Way("run", "nobody reads standard output", shell=NOBODY),
    Way("run", "files may grow to 8 kB only", shell="(ulimit -f 8; {})"),
    Way("run", "the disk is full from the start", shell=SMALL_DISK.format(60, "{}")),
    Way("run", "the disk fills up", shell=SMALL_DISK.format(300, "{}"), options=("--set", "limits.episodes=20000")),
    Way("run", "`--out` is a file", options=("--out", "FILE")),
    Way("run --seeds 2", "an exception in a step", "ValueError", options=("--seeds", "2")),
    Way("run --seeds 2", "Ctrl-C", "SIGINT", options=("--seeds", "2")),
    Way("run --seeds 2 --jobs 2", "an exception in a step", "ValueError", options=("--seeds", "2", "--jobs", "2")),
    Way("run --seeds 2 --jobs 2", "`os._exit` in a step", "os._exit", options=("--seeds", "2", "--jobs", "2")),
    *(
        Way("check --play", words, happens)
        for words, happens in (
            ("an exception in a step", "ValueError"),
            ("`sys.exit` in a step", "sys.exit"),
            ("a `BaseException` of the author's own", "BaseException"),
            ("Ctrl-C", "SIGINT"),
        )
    ),
    Way("evaluate", "an exception in a step", "ValueError", "greedy"),
    Way("evaluate", "`sys.exit` in a step", "sys.exit", "greedy"),
    Way("evaluate", "a `BaseException` of the author's own", "BaseException", "greedy"),
    Way("evaluate", "Ctrl-C", "SIGINT", "greedy"),
    Way("evaluate", "standard output on a full disk", shell=FULL),
    Way("evaluate", "damaged weights", before=weights_damaged),
    Way("evaluate", "no weights", before=weights_missing),
    Way("evaluate", "no experiment.yaml", before=experiment_missing),
    Way("evaluate", "a damaged run.json", before=manifest_damaged),
    Way("plot", "damaged rows", before=rows_damaged),
    Way("plot", "a damaged run.json", before=manifest_damaged),
    Way("plot", "a picture that cannot be written", options=("-o", "/nowhere/plot.png")),
    Way("runs", "a damaged run.json", before=manifest_damaged),
    Way("runs", "a folder that is no run", before=foreign),
    Way("runs", "standard output on a full disk", shell=FULL),
    Way("runs", "nobody reads standard output", shell=NOBODY),
]


def main() -> None:
    parser = argparse.ArgumentParser(description="Ways to end a run, and what is left.")
    add_report_arguments(parser)
    arguments = parse(parser)
    ways = WAYS[:3] if arguments.quick else WAYS
    rows, wrong = [], []
    with tempfile.TemporaryDirectory() as place:
        for way in ways:
            row, told = carried_out(way, Path(place))
            progress(f"{row[0]}: {row[1]}: {row[2]}, {row[3]}, {row[4]}")
            rows.append(row)
            if "Traceback" in told or ("running" in row[3] and way.happens not in KILLED):
                wrong.append(f"{row[0]}: {row[1]}:\n{told}")
    head = ("command", "what happens", "exit status", "run.json", "kept", "what is said")
    lines = [head, ["---"] * len(head), *rows]
    text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    publish("ways to end", f"{text}\n\n{provenance()}", arguments.write)
    if wrong:
        raise SystemExit("\n".join(wrong))


def carried_out(way: Way, place: Path) -> tuple[tuple[str, ...], str]:
    """The row of a way, and what was printed."""
    work = Path(tempfile.mkdtemp(dir=place))
    out, file = work / "runs", work / "ends.yaml"
    file.write_text(EXPERIMENT)
    (work / "FILE").write_text("")
    command, *_ = way.command.split()
    happening = ["--set", f'environment.kwargs={{happens: "{way.happens}", when: {way.when}}}']
    if way.when == "endless":
        happening += ["--set", "limits={steps: 300}"]
    options = [str(work / option) if option == "FILE" else option for option in way.options]
    if command in ("run", "check"):
        target = [command, str(file), *happening, *(["--play"] if command == "check" else []), *options]
        target += ["--out", str(out)] if command == "run" and "--out" not in options else []
    else:
        run([*rlkit_command(), "run", str(file), "--quiet", "--out", str(out)], out, "{}")
        way.before(out)
        if way.happens != "nothing":
            edited = folder_in(out) / "experiment.yaml"
            edited.write_text(
                edited.read_text().replace("kwargs: {}", f'kwargs: {{happens: "{way.happens}", when: {way.when}}}')
            )
        target = ["runs", str(out)] if command == "runs" else [command, "ends", "--out", str(out), *options]
        target += [] if "-o" in options or command != "plot" else ["-o", str(work / "plot.png")]
    done = run([*rlkit_command(), *target], out, way.shell)
    told = done.stdout + done.stderr
    statuses, kept = left(out) if command == "run" else ("", "")
    return (f"`{way.command}`", way.words, str(done.returncode), statuses, kept, said_in(told, work)), told


def said_in(told: str, work: Path) -> str:
    """The sentence on what happened, paths shortened."""
    lines = told.splitlines()
    for beginning in ("rlkit: error", "left out", str(work / "ends.yaml") + ": ", "failed", "interrupted", "rlkit: "):
        chosen = [line for line in lines if line.startswith(beginning) and ": experiment " not in line]
        if chosen:
            said = " ".join(chosen[-1].split()).replace(str(work), "…").replace(str(HERE), "…").replace("|", "\\|")
            return said if len(said) <= _WIDEST else f"{said[: _WIDEST - 1]}…"
    return ""


def run(command: list[str], out: Path, shell: str) -> subprocess.CompletedProcess[str]:
    """In a shell that says the exit status of the command itself, in the folder beside `out`."""
    quoted = shlex.join(command)
    script = f"set -o pipefail; {shell.format(quoted)}"
    environment = {**os.environ, "ENDS_OUT": str(out), "PYTHONPATH": str(HERE), "RLKIT_ALLOW_IMPORTS": "1"}
    return subprocess.run(
        ["bash", "-c", script],
        cwd=out.parent,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def folder_in(out: Path) -> Path:
    """The only run's."""
    return next(path for path in (out / "ends").iterdir() if (path / "run.json").exists())


def left(out: Path) -> tuple[str, str]:
    """run.json's status in each run, and what their folders keep."""
    statuses, kept = [], []
    for folder in sorted((out / "ends").iterdir()) if (out / "ends").is_dir() else []:
        file = folder / "run.json"
        statuses.append(json.loads(file.read_bytes())["status"] if file.exists() else "none")
        rows = len((folder / "episodes.jsonl").read_bytes().splitlines()) if (folder / "episodes.jsonl").exists() else 0
        weights = "weights" if (folder / "checkpoints" / "final.npz").exists() else "no weights"
        error = ", error.txt" if (folder / "error.txt").exists() else ""
        kept.append(f"{rows} rows, {weights}{error}")
    return "; ".join(dict.fromkeys(statuses)) or "none", "; ".join(dict.fromkeys(kept)) or "nothing"


if __name__ == "__main__":
    main()
