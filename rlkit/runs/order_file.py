"""Orders in a file, for a job of a batch system, and the job's answers beside it. Both see the same file system.

`python -m rlkit.runs.order_file FILE` carries out what `OrderFile.write` has written. The answers are lines of JSON,
each written at once: whatever ends the job, the runs before are told of.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rlkit.contracts.launcher import Ended, Order, Problem
from rlkit.runs.atomic import write_atomically

FORMAT = 1
_STOPS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_WARNINGS = tuple(getattr(signal, name) for name in ("SIGUSR1", "SIGUSR2") if hasattr(signal, name))
"""By which batch systems announce that a job's time is nearly over."""
_PARENT_SECONDS = 1.0


@dataclass(frozen=True)
class Answer:
    """A run that the job is done with."""

    ended: Ended
    interrupted: str
    """What ended the run before it was over, in words; empty if nothing did. The job begins no other after it."""


class OrderFile:
    """The orders of one job, seen from whoever submits it."""

    def __init__(self, path: Path, orders: Sequence[Order]) -> None:
        self.path, self.orders = path, tuple(orders)
        self.process: tuple[str, int] | None = None
        """The host and the number of the process that carries them out, once it has begun."""
        self._read = 0

    @classmethod
    def write(cls, path: Path, orders: Sequence[Order]) -> OrderFile:
        """Write orders into a new file. Raises WriteError."""
        texts = list(dict.fromkeys(order.experiment for order in orders))
        page = {
            "format": FORMAT,
            "experiments": texts,
            "orders": [
                {
                    "experiment": texts.index(order.experiment),
                    "source": order.source,
                    "seed": order.seed,
                    "folder": str(order.folder),
                    "debug": order.debug,
                }
                for order in orders
            ],
        }
        write_atomically(path, json.dumps(page, indent=1) + "\n")
        return cls(path, orders)

    @classmethod
    def read(cls, path: Path) -> OrderFile:
        """The orders of a file that `write` has written. Raises OSError, ValueError."""
        page = json.loads(path.read_bytes())
        if page.get("format") != FORMAT:
            raise ValueError(f"{path} has format {page.get('format')}; this version of rlkit reads format {FORMAT}")
        texts = page["experiments"]
        return cls(
            path,
            [
                Order(texts[told["experiment"]], told["source"], told["seed"], Path(told["folder"]), told["debug"])
                for told in page["orders"]
            ],
        )

    @property
    def command(self) -> list[str]:
        """The command line of the job."""
        return [sys.executable, "-m", "rlkit.runs.order_file", str(self.path)]

    @property
    def answers_path(self) -> Path:
        """Where the job answers."""
        return self.path.with_suffix(".answers.jsonl")

    def answers(self) -> list[Answer]:
        """What has been answered since the last time. A line that is not whole yet is left for the next."""
        try:
            with self.answers_path.open("rb") as file:
                file.seek(self._read)
                new = file.read()
        except FileNotFoundError:
            return []
        whole = new[: new.rfind(b"\n") + 1]
        self._read += len(whole)
        return [answer for line in whole.splitlines() if (answer := self._answer(json.loads(line))) is not None]

    def _answer(self, told: dict[str, Any]) -> Answer | None:
        if "process" in told:
            self.process = told["host"], told["process"]
            return None
        problems = tuple(Problem(**problem) for problem in told["problems"])
        ended = Ended(self.orders[told["order"]], told["reason"], told["died"], problems)
        return Answer(ended, told["interrupted"])


def carry_out_file(path: Path) -> None:
    """Carry out the orders of a file, and answer each; those that were answered before are left out."""
    from rlkit.runs.order_runner import order_runner

    file = OrderFile.read(path)
    done = {answer.ended.order for answer in file.answers()}
    _append(file.answers_path, {"host": socket.gethostname(), "process": os.getpid()})
    carry_out = order_runner()
    for number, order in enumerate(file.orders):
        if order in done:
            continue
        begun = any(not entry.name.startswith(".") for entry in order.folder.iterdir())
        ended = Ended(order, "its job was begun anew", died=True) if begun else carry_out(order)
        interrupted = "" if begun else _interrupted(order.folder)
        _append(file.answers_path, {"order": number, **_told(ended), "interrupted": interrupted})
        if interrupted:
            return


def _told(ended: Ended) -> dict[str, Any]:
    problems = [{"where": p.where, "path": p.path, "message": p.message} for p in ended.problems]
    return {"reason": ended.reason, "died": ended.died, "problems": problems}


def _interrupted(folder: Path) -> str:
    """What interrupted the run, as its folder tells it."""
    try:
        told = json.loads((folder / "run.json").read_bytes())
    except (OSError, ValueError):
        return ""
    return str(told["stop_reason"]) if told.get("status") == "interrupted" else ""


def _append(path: Path, told: dict[str, Any]) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    try:
        os.write(handle, json.dumps(told).encode() + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)


def _heard() -> Iterator[int]:
    """Have every signal that a batch system sends heard, as Ctrl-C is; yields those that were not ignored."""
    for number in _STOPS:
        if number == signal.SIGINT or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
            yield number
    for number in _WARNINGS:
        signal.signal(number, lambda *_: signal.raise_signal(signal.SIGTERM))


def _end_with_parent(parent: int) -> None:
    """Whoever started this process answers to the batch system: without them nobody would end it."""
    while os.getppid() == parent:
        time.sleep(_PARENT_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def main(arguments: Sequence[str]) -> int:
    """`FILE`, or `--apart FILE` to leave the terminal's session, whose Ctrl-C is for others to pass on."""
    if arguments[0] == "--apart" and hasattr(os, "setsid"):
        os.setsid()
    numbers = set(_heard())
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    try:
        carry_out_file(Path(arguments[-1]))
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
