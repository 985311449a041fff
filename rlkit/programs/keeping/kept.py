"""Programs kept between processes: what was converted once runs again without TensorFlow."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from rlkit.caching.atomic import WriteError
from rlkit.caching.entries import SUFFIX, DamagedEntry, read_entry, write_entry
from rlkit.caching.folder import cache_folder
from rlkit.caching.loose_sources import loose_sources
from rlkit.caching.program_key import NoKey, program_key
from rlkit.caching.switch import caching
from rlkit.caching.turn import turn
from rlkit.catalogue.plugins import changed_meanwhile, is_newer
from rlkit.experiment.experiment import Experiment
from rlkit.programs.backends.litert import NotConvertibleError
from rlkit.programs.due_expression import NoExpression, recorded
from rlkit.programs.keeping.entry import NotPackable, NotPacked, OutOfDate, pack, unpack
from rlkit.programs.ready import ReadyPrograms
from rlkit.replay.of_experiment import buffer_of

KEPT, MADE = "kept from an earlier run", "made and kept for the next run"


def programs_folder() -> Path:
    """Where programs are kept; it need not exist yet."""
    return cache_folder() / "programs"


def kept_or_made(experiment: Experiment, *, debug: bool = False) -> ReadyPrograms:
    """An experiment's programs, ready to run: those kept by an earlier run, else made now, and kept if they can be.

    `ReadyPrograms.origin` tells which, and why they are not kept if they are not.
    """
    if debug:
        return _made(experiment, "not kept: --debug runs graph code eagerly", debug=True)
    if not caching():
        return _made(experiment, "not kept: the cache is switched off")
    try:
        path = programs_folder() / f"{program_key(experiment)}{SUFFIX}"
    except NoKey as error:
        return _made(experiment, f"not kept: {error}")
    kept, _ = _kept(experiment, path)
    if kept is not None:
        return kept
    with turn(path):
        kept, problem = _kept(experiment, path)  # another process may have made them meanwhile
        if kept is not None:
            return kept
        made = _keep(_made(experiment, ""), experiment, path)
    if not problem:
        return made
    anew = f"the kept programs in {path.name} were not used and are made anew: {problem}"
    return dataclasses.replace(made, warnings=(*made.warnings, anew))


def _kept(experiment: Experiment, path: Path) -> tuple[ReadyPrograms | None, str]:
    """The programs in an entry, if there are any that serve, and what is wrong with it."""
    try:
        packed = read_entry(path)
        if packed is None:
            return None, ""
        return dataclasses.replace(unpack(packed, experiment.spaces, experiment.seed), origin=KEPT), ""
    except OutOfDate:
        return None, ""
    except (DamagedEntry, NotPacked, NotConvertibleError) as error:
        return None, str(error)


def _made(experiment: Experiment, origin: str, *, debug: bool = False) -> ReadyPrograms:
    from rlkit.programs.backends.quiet import quiet_stderr

    with quiet_stderr():  # what TensorFlow logs while it is imported heeds no log level
        from rlkit.programs.making import prepare
    return dataclasses.replace(prepare(experiment, debug=debug), origin=origin)


def _keep(prepared: ReadyPrograms, experiment: Experiment, path: Path) -> ReadyPrograms:
    """The same, kept if it can be, with a word on that."""
    from rlkit.programs.weights.start import SeedDependent, start_of

    made = prepared.made
    assert made is not None
    elsewhere = [chosen for chosen in (prepared.acting, prepared.selecting) if chosen.backend.name != "litert"]
    if elsewhere:
        return dataclasses.replace(prepared, origin=f"not kept, since not all run in LiteRT: {elsewhere[0].reason}")
    try:
        sources = sources_of(experiment)
        start = start_of(prepared, made, experiment.agent, buffer_of(experiment))
        due = _due(prepared)
        agent = experiment.catalogue.entry_of(experiment.agent).name
        write_entry(path, pack(prepared, start, due, sources), f"{experiment.name}: {agent}")
    except (SeedDependent, NotPackable, WriteError) as error:
        return dataclasses.replace(prepared, origin=f"not kept: {error}")
    return dataclasses.replace(prepared, start=start, origin=MADE)


def sources_of(experiment: Experiment) -> dict[str, str]:
    """Of modules that the key does not know: what a plugin imports from a library that is being written, for one."""
    modules = ["rlkit", *(plugin.module for plugin in experiment.catalogue.plugins)]
    sources = loose_sources(module.partition(".")[0] for module in modules)
    for path in (*map(changed_meanwhile, modules), *filter(is_newer, map(Path, sources))):
        if path is not None:
            raise NotPackable(f"{path} has changed since this process began")
    return sources


def _due(prepared: ReadyPrograms) -> list[object]:
    try:
        return recorded(prepared.due, prepared.spaces.environments)
    except NoExpression as error:
        raise NotPackable(f"the agent's due is not written with operators alone: {error}") from error
