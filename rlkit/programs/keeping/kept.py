"""What an earlier process made, kept in the cache: programs that run again without TensorFlow, and policies."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from rlkit.caching.atomic import WriteError
from rlkit.caching.entries import SUFFIX, read_entry, write_entry
from rlkit.caching.folder import cache_folder
from rlkit.caching.loose_sources import changed_source, loose_sources
from rlkit.caching.program_key import NoKey, program_key
from rlkit.caching.switch import caching
from rlkit.caching.turn import turn
from rlkit.catalogue.plugins import changed_meanwhile, is_newer
from rlkit.experiment.experiment import Experiment

T = TypeVar("T")


class NotPackable(ValueError):
    """What cannot be kept; the text says why, in a few words."""


class Kept(NamedTuple, Generic[T]):
    """Something of an experiment that was kept, or made anew."""

    value: T
    fetched: bool
    """It was kept by an earlier process."""
    why_not: str
    """Why it is not kept for the next one; empty if it is."""
    problem: str
    """What was wrong with what had been kept."""


def programs_folder() -> Path:
    """Where programs are kept; it need not exist yet."""
    return cache_folder() / "programs"


def kept_or_made(
    experiment: Experiment,
    kind: str,
    *,
    make: Callable[[], T],
    pack: Callable[[T], bytes],
    unpack: Callable[[bytes], T],
) -> Kept[T]:
    """Something that follows from an experiment, whatever its seed: as an earlier process kept it, or made now.

    Args:
        experiment: whose it is.
        kind: tells it from other things of the same experiment: empty, or `policy`.
        make: anew.
        pack: into bytes; raises NotPackable if that cannot be.
        unpack: from bytes; raises ValueError for what `pack` of this version has not made.

    Raises whatever `make` raises.
    """
    if not caching():
        return Kept(make(), False, "the cache is switched off", "")
    try:
        path = _path(experiment, kind)
    except NoKey as error:
        return Kept(make(), False, str(error), "")
    packed, _ = _read(path, unpack)
    if packed is not None:
        return Kept(packed, True, "", "")
    with turn(path):
        packed, problem = _read(path, unpack)  # another process may have made it meanwhile
        if packed is not None:
            return Kept(packed, True, "", "")
        made = make()
        return Kept(made, False, _write(path, experiment, kind, pack, made), problem and f"{path.name}: {problem}")


def _path(experiment: Experiment, kind: str) -> Path:
    return programs_folder() / f"{program_key(experiment)}{f'.{kind}' if kind else ''}{SUFFIX}"


def _read(path: Path, unpack: Callable[[bytes], T]) -> tuple[T | None, str]:
    """What an entry holds, if there is one that serves, and what is wrong with it."""
    try:
        entry = read_entry(path)
        if entry is None:
            return None, ""
        sources, _, packed = entry.partition(b"\n")
        return (None, "") if changed_source(json.loads(sources)) is not None else (unpack(packed), "")
    except ValueError as error:
        return None, str(error)


def _write(path: Path, experiment: Experiment, kind: str, pack: Callable[[T], bytes], made: T) -> str:
    """Keep it if it can be; why it is not."""
    agent = experiment.catalogue.entry_of(experiment.agent).name
    try:
        sources = json.dumps(_sources(experiment)).encode()
        write_entry(
            path, sources + b"\n" + pack(made), f"{experiment.name}: {agent}" + f", its {kind} alone" * bool(kind)
        )
    except (NotPackable, WriteError) as error:
        return str(error)
    return ""


def _sources(experiment: Experiment) -> dict[str, str]:
    """Of modules that the key does not know: what a plugin imports from a library that is being written, for one."""
    modules = ["rlkit", *(plugin.module for plugin in experiment.catalogue.plugins)]
    sources = loose_sources(module.partition(".")[0] for module in modules)
    for path in (*map(changed_meanwhile, modules), *filter(is_newer, map(Path, sources))):
        if path is not None:
            raise NotPackable(f"{path} has changed since this process began")
    return sources
