"""What a learning step of R2D2 costs, and its compilation, with steps written out and in loops, in both backends.

`python benchmarks/sequences.py` learns from 32 rows of a made-up sample with an LSTM of 64 units, on one core. CPU
time, the median of some calls; compilation counts once.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import Any

import numpy as np
from processes import pin
from report import add_report_arguments, parse, progress, provenance, publish, table

from rlkit import Array, Discrete, Spaces
from rlkit.programs.backends.conversion import convert
from rlkit.programs.backends.litert import LiteRTBackend
from rlkit.programs.backends.tensorflow import TensorFlowBackend
from rlkit.programs.learner_program import learner_program
from rlkit.programs.program import Bound, Program
from rlkit_dqn.agents import unrolling
from rlkit_dqn.agents.r2d2 import R2D2
from rlkit_dqn.buffers.uniform import UniformBuffer
from rlkit_dqn.networks.mlp import MLP
from rlkit_dqn.networks.recurrent import RecurrentNetwork

SPACES = Spaces(Array((3,), "float32", 0.0, 1.0), Discrete(4))
ROWS, UNITS = 32, 64
WRITTEN_OUT = ((10, 4), (20, 10), (40, 20))
LOOPS = (*WRITTEN_OUT, (80, 40))
"""Steps learned from, and steps of burn-in."""


def main() -> None:
    parser = argparse.ArgumentParser(description="R2D2's learning step: milliseconds, and seconds to compile it.")
    parser.add_argument("--calls", type=int, default=20, help="timed in each backend (default: 20)")
    parser.add_argument("--core", type=int, help="the core that all is kept on (default: the last)")
    add_report_arguments(parser)
    arguments = parse(parser)
    pin(arguments.core)
    cases = [(length, before, 1000) for length, before in WRITTEN_OUT] + [(*case, 0) for case in LOOPS]
    calls = 2 if arguments.quick else arguments.calls
    rows = [_row(*case, calls) for case in (cases[:1] if arguments.quick else cases)]
    head = ["`length` + `burn_in`", "ms in LiteRT", "s to convert", "ms in XLA", "s to compile"]
    publish("sequences", "\n\n".join([table(head, rows), provenance()]), arguments.write)


def _row(length: int, before: int, most: int, calls: int) -> list[str]:
    unrolling.MOST_WRITTEN_OUT = most
    program = _program(length, before)
    begin = time.process_time()
    reference = TensorFlowBackend(program, "graph")
    litert = LiteRTBackend(convert(program), program, reference.used)
    converted = time.process_time() - begin
    xla = TensorFlowBackend(program, "xla")
    given = [program.example(spec, np.random.default_rng(0), 0) for spec in _inputs(program)]
    compiled = _seconds(xla.function("learn"), given)
    milliseconds = []
    for backend in (litert, xla):
        learn = backend.function("learn")
        milliseconds.append(1000 * statistics.median(_seconds(learn, given) for _ in range(calls + 1)))
    name = f"{length} + {before}, {'written out' if most else 'in loops'}"
    row = [name, f"{milliseconds[0]:.1f}", f"{converted:.1f}", f"{milliseconds[1]:.1f}", f"{compiled:.1f}"]
    progress(", ".join(row))
    return row


def _program(length: int, before: int) -> Program:
    network = RecurrentNetwork(size=UNITS, encoder=MLP(hidden=(UNITS,)))
    buffer = UniformBuffer(capacity=1000)
    agent = R2D2(batch_size=ROWS, length=length, burn_in=before, network=network, buffer=buffer)
    return learner_program(agent.build(SPACES), SPACES, agent.sampling).program


def _inputs(program: Program) -> Any:
    learn = program.function("learn")
    assert learn is not None
    return learn.inputs


def _seconds(learn: Bound, given: list[Any]) -> float:
    begin = time.process_time()
    learn(*given)
    return time.process_time() - begin


if __name__ == "__main__":
    main()
