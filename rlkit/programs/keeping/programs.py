"""An experiment's programs for the stepwise loop: those kept by an earlier run, else made and kept."""

from __future__ import annotations

import dataclasses

from rlkit.experiment.experiment import Experiment
from rlkit.programs.keeping.entry import pack, unpack
from rlkit.programs.keeping.kept import kept_or_made
from rlkit.programs.keeping.verified import once
from rlkit.programs.ready import ReadyPrograms
from rlkit.programs.verifying.when import always
from rlkit.replay.of_experiment import buffer_of

KEPT, MADE = "kept from an earlier run", "made and kept for the next run"


def programs_of(experiment: Experiment, *, debug: bool = False) -> ReadyPrograms:
    """Ready to run; `origin` tells where they came from, and why they are not kept if they are not."""
    if debug:
        return dataclasses.replace(_made(experiment, debug=True), origin="not kept: --debug runs graph code eagerly")
    found = kept_or_made(
        experiment,
        "",
        make=lambda: _made(experiment),
        pack=pack,
        unpack=lambda packed: unpack(packed, experiment.spaces, experiment.seed),
    )
    origin = KEPT if found.fetched else (f"not kept: {found.why_not}" if found.why_not else MADE)
    warnings = found.value.warnings
    if found.problem:
        warnings += (f"the kept programs were not used and are made anew: {found.problem}",)
    return dataclasses.replace(found.value, origin=origin, warnings=warnings)


def _made(experiment: Experiment, *, debug: bool = False) -> ReadyPrograms:
    from rlkit.programs.backends.quiet import quiet_stderr

    with quiet_stderr():  # what TensorFlow logs while it is imported heeds no log level
        from rlkit.programs.making import make
    return make(
        experiment.agent,
        buffer_of(experiment),
        experiment.spaces,
        experiment.seed,
        total=experiment.limits.total,
        debug=debug,
        verify=always if debug else once(experiment),
    )
