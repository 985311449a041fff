"""A study's folder: study.yaml, plan.json, and the runs' folders below it."""

from __future__ import annotations

import contextlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import IO, Any

from rlkit.experiment.nodes import plain
from rlkit.experiment.resolved import to_yaml
from rlkit.runs.atomic import write_atomically
from rlkit.runs.folder import FolderError
from rlkit.runs.plain_json import json_page
from rlkit.studies.plan import Plan, PlannedRun

FORMAT = 1
STATES = ("waiting", "running", "finished", "failed", "interrupted")


class StudyError(ValueError):
    """A study's folder that cannot be used; the text is a sentence for people."""


@dataclass
class RunState:
    """One run of the plan, and how it stands."""

    variant: str
    environment: str
    seed: int
    experiment: str
    """Under which its folder lies."""
    digest: str
    state: str = "waiting"
    attempts: int = 0
    """How often it has begun."""
    folder: str | None = None
    """Of the last attempt, from the study's folder on."""
    reason: str = ""
    """Why it failed."""

    @property
    def key(self) -> tuple[str, str, int]:
        """What it is called within the plan."""
        return self.variant, self.environment, self.seed


class StudyFolder:
    """One study's own folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.runs: dict[tuple[str, str, int], RunState] = {}
        self.batch: int | None = None
        """Seeds from one look to the next, where a study goes on until its question is answered."""
        self.extended: tuple[int, ...] = ()
        """Seeds of earlier plans that had been looked at to their end before more were asked for."""
        self.others: tuple[RunState, ...] = ()
        """Runs of earlier plans: other seeds, or experiments that have changed since. Kept, and not compared."""

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Make the folder, and keep other programs from running the same study.

        Raises:
            FolderError: it cannot be made.
            StudyError: another program runs it.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            file = open(self.path / ".lock", "a+", encoding="utf-8")  # noqa: SIM115
        except OSError as error:
            raise FolderError(f"cannot make the study's folder {self.path}: {error.strerror or error}") from error
        with file:
            if not _locked(file):
                file.seek(0)
                owner = file.read().strip()
                who = f" (process {owner})" if owner.isdecimal() else ""
                raise StudyError(f"another program{who} runs the study in {self.path}")
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            yield

    def take_up(self, plan: Plan, *, again: bool) -> None:
        """Make the plan this folder's own, keeping what an earlier one has done of the same runs.

        A run that an ended program left is taken for finished if its folder says so and has all its episodes; else it
        will be made anew.

        Args:
            plan: what is to be run.
            again: also what has failed.

        Raises:
            StudyError: plan.json cannot be used.
        """
        earlier = self._read()
        known = {(*state.key, state.digest): state for state in earlier}
        self.extended = self._extended(len(plan.seeds))
        self.runs = {}
        for run in plan.runs():
            state = known.pop((*_key(run), run.digest), None)
            if state is None:
                state = RunState(run.cell.variant, run.cell.environment, run.seed, run.cell.experiment.name, run.digest)
            self.runs[state.key] = self._standing(state, again=again)
        self.others = tuple(state for state in known.values() if state.folder)
        write_atomically(self.path / "study.yaml", _study_yaml(plan))
        self.write(plan)

    def write(self, plan: Plan) -> None:
        """Write plan.json."""
        changes = {cell.variant: dict(cell.changes) for cell in reversed(plan.cells)}
        told = {
            "format": FORMAT,
            "study": plan.study.name,
            "source": plan.study.source,
            "base": plan.base,
            "variants": [{"name": name, "changes": changes[name]} for name in plan.variants],
            "environments": list(plan.environments),
            "compare": plain(plan.study.compare) if plan.study.compare else {},
            "batch": self.batch,
            "extended": list(self.extended),
            "runs": [asdict(state) for state in self.runs.values()],
            "others": [asdict(state) for state in self.others],
        }
        write_atomically(self.path / "plan.json", json_page(told))

    def state_of(self, run: PlannedRun) -> RunState:
        """How a run stands."""
        return self.runs[_key(run)]

    def done(self, plan: Plan) -> Counter[tuple[str, str]]:
        """By variant and environment, how many of the plan's runs are done already; nothing is changed."""
        finished = {(*state.key, state.digest) for state in self._read() if state.state == "finished"}
        return Counter(
            (run.cell.variant, run.cell.environment) for run in plan.runs() if (*_key(run), run.digest) in finished
        )

    def _extended(self, seeds: int) -> tuple[int, ...]:
        """With the number of seeds of the plan before, if looks at it were over and there are more now."""
        if not (self.path / "plan.json").exists():
            return ()
        told, states = read_plan(self.path)
        extended = tuple(one for one in told.get("extended") or () if isinstance(one, int))
        before = len({state.seed for state in states})
        over = not any(state.state in ("running", "interrupted") for state in states)
        if self.batch and told.get("batch") and before < seeds and over and any(state.folder for state in states):
            return (*extended, before)
        return extended

    def _standing(self, state: RunState, *, again: bool) -> RunState:
        if state.state == "finished" and self._whole(state):
            return state
        if state.state in ("running", "interrupted", "finished"):
            told = self.manifest(state).get("status")
            if told == "finished" and not self._whole(state):
                told = None
            state.state = told if told in ("finished", "failed") else "waiting"
        if state.state == "failed" and again:
            state.state, state.attempts, state.reason = "waiting", 0, ""
        return state

    def _whole(self, state: RunState) -> bool:
        """Whether the folder of a run has what a run that finished leaves: all the episodes that it tells of."""
        told = self.manifest(state)
        if told.get("status") != "finished" or state.folder is None:
            return False
        try:
            rows = (self.path / state.folder / "episodes.jsonl").read_bytes().count(b"\n")
        except OSError:
            return False
        return not isinstance(told.get("episodes"), int) or rows >= told["episodes"]

    def manifest(self, state: RunState) -> Mapping[str, Any]:
        """What the run's own folder says of it; empty if there is none, or it is damaged."""
        if state.folder is None:
            return {}
        try:
            told = json.loads((self.path / state.folder / "run.json").read_bytes())
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) else {}

    def _read(self) -> list[RunState]:
        if not (self.path / "plan.json").exists():
            return []
        told, states = read_plan(self.path)
        return [*states, *_states(self.path, told.get("others", []))]


def study_folder(name: str, out: Path) -> Path | None:
    """The folder of the study that is meant, if it is one: a path, or a study's name below `out`."""
    return next((path for path in (Path(name), out / name) if (path / "plan.json").is_file()), None)


def read_plan(folder: Path) -> tuple[dict[str, Any], list[RunState]]:
    """plan.json of a study's folder, as plain data and as the runs' states.

    Raises:
        StudyError: it is not there, damaged, or of another format.
    """
    file = folder / "plan.json"
    try:
        told = json.loads(file.read_bytes())
    except FileNotFoundError:
        raise StudyError(f"{folder} is no study: it holds no plan.json") from None
    except OSError as error:
        raise StudyError(f"{file} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise StudyError(f"{file} is damaged: it is no JSON") from None
    if not isinstance(told, dict) or not isinstance(told.get("runs"), list):
        raise StudyError(f"{file} does not describe a study of rlkit")
    if told.get("format") != FORMAT:
        raise StudyError(f"{file} has format {told.get('format')}; this version of rlkit reads format {FORMAT}")
    states, variants = _states(folder, told["runs"]), told.get("variants")
    if (
        not isinstance(told.get("study"), str)
        or not isinstance(told.get("compare"), dict)
        or not isinstance(variants, list)
        or not all(isinstance(one, dict) and isinstance(one.get("name"), str) for one in variants)
    ):
        raise StudyError(f"{file} is damaged: its study, variants or compare are foreign")
    return told, states


def _states(folder: Path, rows: Any) -> list[RunState]:
    file = folder / "plan.json"
    known, needed = {one.name for one in fields(RunState)}, {"variant", "environment", "seed", "experiment", "digest"}
    if not isinstance(rows, list) or not all(isinstance(row, dict) and needed <= set(row) <= known for row in rows):
        raise StudyError(f"{file} is damaged: a run in it lacks a key, or has a foreign one")
    states = [RunState(**row) for row in rows]
    for state in states:
        named = all(isinstance(one, str) for one in (state.variant, state.environment, state.experiment))
        if not named or state.state not in STATES or not isinstance(state.seed, int) or not _inside(state.folder):
            raise StudyError(f"{file} is damaged: the run of '{state.variant}' with seed {state.seed} is foreign")
    return states


def _inside(folder: str | None) -> bool:
    """Whether a folder is one below the study's own."""
    return folder is None or (
        isinstance(folder, str) and not Path(folder).is_absolute() and ".." not in Path(folder).parts
    )


def _key(run: PlannedRun) -> tuple[str, str, int]:
    return run.cell.variant, run.cell.environment, run.seed


def _study_yaml(plan: Plan) -> str:
    """The study with every value written out; running it again gives the same."""
    study: dict[str, Any] = {"study": plan.study.name, "seeds": list(plan.seeds)}
    if plan.study.compare:
        study["compare"] = plain(plan.study.compare)
    if plan.study.launcher:
        study["launcher"] = plain(plan.study.launcher)
    head = "# Every experiment of the study, with every value. `rlkit study` of this file runs the same again.\n"
    lines = ["experiments:"]
    for cell in plan.cells:
        lines.append(f"  - variant: {cell.variant}")
        lines.append(f"    environment: {cell.environment}")
        lines.append("    experiment:")
        lines += [f"      {line}" for line in to_yaml({**cell.experiment.resolved, "seed": 0}).splitlines()]
    return head + to_yaml(study) + "\n".join(lines) + "\n"


def _locked(file: IO[str]) -> bool:
    """Whether the lock is ours now. The system gives it up for a process that ends, however it ends."""
    try:
        import fcntl
    except ImportError:  # no such locks here
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
