"""A study's folder: study.yaml, plan.json, and the runs' folders below it."""

from __future__ import annotations

import contextlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rlkit.caching.locking import locked
from rlkit.experiment.nodes import plain
from rlkit.runs.atomic import write_atomically
from rlkit.runs.folder import FolderError
from rlkit.runs.plain_json import json_page
from rlkit.studies.plan import Plan, PlannedRun
from rlkit.studies.plan_file import FILE, FORMAT, RunState, StudyError, read_plan, states_of
from rlkit.studies.resolved_study import study_yaml


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
            if not locked(file):
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
        self._look_back(len(plan.seeds))
        self.runs = {}
        for run in plan.runs():
            state = known.pop((*_key(run), run.digest), None)
            if state is None:
                state = RunState(run.cell.variant, run.cell.environment, run.seed, run.cell.experiment.name, run.digest)
            self.runs[state.key] = self._standing(state, again=again)
        self.others = tuple(state for state in known.values() if state.folder)
        write_atomically(self.path / "study.yaml", study_yaml(plan))
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
        write_atomically(self.path / FILE, json_page(told))

    def state_of(self, run: PlannedRun) -> RunState:
        """How a run stands."""
        return self.runs[_key(run)]

    def done(self, plan: Plan) -> Counter[tuple[str, str]]:
        """By variant and environment, how many of the plan's runs are done already; nothing is changed."""
        finished = {(*state.key, state.digest) for state in self._read() if state.state == "finished"}
        return Counter(
            (run.cell.variant, run.cell.environment) for run in plan.runs() if (*_key(run), run.digest) in finished
        )

    def _look_back(self, seeds: int) -> None:
        """Keep what is known of looks: an earlier plan's batches, or that it was seen with fewer seeds."""
        if not (self.path / FILE).exists():
            return
        told, states = read_plan(self.path)
        self.extended = tuple(one for one in told.get("extended") or () if isinstance(one, int))
        before = len({state.seed for state in states})
        if seeds <= before:
            known = told.get("batch")
            self.batch = self.batch or (known if isinstance(known, int) else None)
            return
        over = not any(state.state in ("running", "interrupted") for state in states)
        if over and any(state.folder for state in states) and before not in self.extended:
            self.extended = (*self.extended, before)

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
        if not (self.path / FILE).exists():
            return []
        told, states = read_plan(self.path)
        return [*states, *states_of(self.path, told.get("others", []))]


def _key(run: PlannedRun) -> tuple[str, str, int]:
    return run.cell.variant, run.cell.environment, run.seed
