"""plan.json of a study's folder: the runs of the plan, and how each stands."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

FILE = "plan.json"
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


def study_folder(name: str, out: Path) -> Path | None:
    """The folder of the study that is meant, if it is one: a path, or a study's name below `out`."""
    return next((path for path in (Path(name), out / name) if (path / FILE).is_file()), None)


def read_plan(folder: Path) -> tuple[dict[str, Any], list[RunState]]:
    """plan.json of a study's folder, as plain data and as the runs' states.

    Raises:
        StudyError: it is not there, damaged, or of another format.
    """
    file = folder / FILE
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
    states, variants = states_of(folder, told["runs"]), told.get("variants")
    if (
        not isinstance(told.get("study"), str)
        or not isinstance(told.get("compare"), dict)
        or not isinstance(variants, list)
        or not all(isinstance(one, dict) and isinstance(one.get("name"), str) for one in variants)
    ):
        raise StudyError(f"{file} is damaged: its study, variants or compare are foreign")
    return told, states


def states_of(folder: Path, rows: Any) -> list[RunState]:
    """The states in plan.json's `runs` or `others`. Raises StudyError, as `read_plan` does."""
    file = folder / FILE
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
