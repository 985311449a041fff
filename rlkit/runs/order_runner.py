"""Carrying out orders one after another, wherever a launcher has brought them."""

from __future__ import annotations

import warnings
from collections.abc import Callable

from rlkit.contracts.launcher import Ended, Order, Problem
from rlkit.experiment.errors import ExperimentError
from rlkit.experiment.experiment import Experiment
from rlkit.experiment.loading import from_text, with_seed
from rlkit.faults.authors import one_line
from rlkit.loops.reused_programs import ReusedPrograms
from rlkit.runs.folder import RunFolder
from rlkit.runs.result import RunFailed
from rlkit.runs.run import carry_out


def order_runner() -> Callable[[Order], Ended]:
    """A function that carries out an order into its folder, and raises nothing but KeyboardInterrupt.

    Orders of one experiment that follow one another share their programs, as the runs of `--seeds` do.
    """
    programs, text, experiment = ReusedPrograms(), "", None

    def run(order: Order) -> Ended:
        nonlocal programs, text, experiment
        try:
            if experiment is None or order.experiment != text:
                programs, experiment = ReusedPrograms(), _experiment(order)
                text = order.experiment
            one = with_seed(experiment, order.seed)
            carry_out(one, RunFolder(order.folder), quiet=True, debug=order.debug, programs=programs)
        except RunFailed:
            pass
        except ExperimentError as error:
            return Ended(order, problems=tuple(Problem(p.where, p.path, p.message) for p in error.problems))
        except Exception as error:
            return Ended(order, one_line(error))
        return Ended(order)

    return run


def _experiment(order: Order) -> Experiment:
    with warnings.catch_warnings(action="ignore"):  # whoever gave the order checked it too, and has told them
        return from_text(order.experiment, order.source)
