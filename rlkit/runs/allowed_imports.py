"""Modules that a run's environment imports, allowed once: by whoever started the run, for what is done with it later.

A run folder may come from anybody, so nothing within it can allow anything. What was allowed is kept on this machine,
in the user's cache folder: for this place, with this experiment.yaml, and for modules that are still found in the files
that they were found in. Where it is lost, it is asked for again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path

from rlkit.caching.atomic import write_atomically
from rlkit.caching.folder import cache_folder
from rlkit.experiment.experiment import Experiment
from rlkit.experiment.regular_files import read_bytes

VARIABLE = "RLKIT_ALLOW_IMPORTS"
"""The environment variable by which environments know what they may import: `1`, or names with commas between."""


def remember(experiment: Experiment, folder: Path) -> None:
    """Keep what a run's environment was allowed to import; where nothing can be kept, do nothing.

    Args:
        experiment: as it is made, so that its imports were allowed.
        folder: of the run, experiment.yaml in it.
    """
    modules = {module: _file_of(module) for module in getattr(experiment.environment, "imports", ())}
    if not modules:
        return
    with contextlib.suppress(OSError):
        record = _record_of(folder)
        record.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _forget_what_is_gone(record.parent)
        write_atomically(record, json.dumps({"folder": str(folder.resolve()), "modules": modules}))


@contextlib.contextmanager
def as_remembered(folder: Path) -> Iterator[None]:
    """Within it, what was allowed when the run in this folder was started is allowed again."""
    before = os.environ.get(VARIABLE)
    modules = [] if before == "1" else [name for name, file in _kept(folder).items() if file and file == _file_of(name)]
    if not modules:
        yield
        return
    os.environ[VARIABLE] = ",".join([*([before] if before else []), *modules])
    try:
        yield
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before


def _kept(folder: Path) -> Mapping[str, str]:
    """By module: the file that it was."""
    try:
        record = _record_of(folder)
        if hasattr(os, "getuid") and record.stat().st_uid != os.getuid():
            return {}  # the cache may be a folder that others write to
        kept = json.loads(record.read_bytes())
    except (OSError, ValueError):
        return {}
    modules = kept.get("modules") if isinstance(kept, dict) else None
    return modules if isinstance(modules, dict) else {}


def _record_of(folder: Path) -> Path:
    place = str(folder.resolve()).encode(errors="surrogateescape")
    key = hashlib.sha256(place + b"\0" + read_bytes(folder / "experiment.yaml")).hexdigest()
    return cache_folder() / "allowed" / f"{key}.json"


def _forget_what_is_gone(records: Path) -> None:
    """Remove the records of run folders that are no more."""
    for record in records.glob("*.json"):
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            if not Path(json.loads(record.read_bytes())["folder"]).exists():
                record.unlink()


def _file_of(module: str) -> str | None:
    """Where a module's package would be found, the current folder looked at last; nothing is imported."""
    package = module.partition(".")[0]
    with contextlib.suppress(ImportError, ValueError, AttributeError, OSError):
        spec = find_spec(package) or PathFinder.find_spec(package, [os.getcwd()])
        if spec is not None:
            places = list(spec.submodule_search_locations or ())
            return os.path.realpath(spec.origin or places[0]) if spec.origin or places else None
    return None
