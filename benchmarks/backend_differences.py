"""Where XLA and LiteRT compute something other than TensorFlow does, by small functions with tricky inputs.

`python benchmarks/backend_differences.py --write docs/backend-differences.md` runs each as a TensorFlow graph, eagerly,
in XLA and in LiteRT, in a process that may die without taking the others' results along.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from typing import Any

import numpy as np
import tensorflow as tf
from backend_probes import Probe
from backend_probes_of_indices import GATHER, SCATTER
from backend_probes_of_numbers import CASTS, FLOATS, INTEGERS
from backend_probes_of_order import CONTROL, ORDER, SHAPES
from report import add_report_arguments, parse, progress, provenance, publish

from rlkit.programs.backends.conversion import convert
from rlkit.programs.backends.litert import LiteRTBackend, NotConvertibleError
from rlkit.programs.backends.quiet import quiet_stderr
from rlkit.programs.backends.tensorflow import TensorFlowBackend
from rlkit.programs.program import Backend, GraphFunction, Program

PROBES: list[Probe] = [*SCATTER, *GATHER, *ORDER, *CONTROL, *INTEGERS, *CASTS, *FLOATS, *SHAPES]
BACKENDS = ("graph", "eager", "xla", "litert")
Found = dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Differences between TensorFlow, XLA and LiteRT, operation by operation."
    )
    parser.add_argument("--child-from", type=int, help=argparse.SUPPRESS)
    add_report_arguments(parser)
    arguments = parse(parser)
    probes = PROBES[::20] if arguments.quick else PROBES
    if arguments.child_from is not None:
        _child(probes, arguments.child_from)
        return
    rows = [_row(probe, found) for probe, found in zip(probes, _all_found(probes, arguments.quick), strict=True)]
    head = "| operation | inputs | TensorFlow | XLA | LiteRT |\n| --- | --- | --- | --- | --- |"
    counted = "; ".join(
        f"{name}: {sum(row[place] == 'equal' for row in rows)} equal, "
        f"{sum(row[place].startswith('**different') for row in rows)} different, "
        f"{sum(row[place].startswith('refused') for row in rows)} refused"
        for place, name in ((3, "XLA"), (4, "LiteRT"))
    )
    lines = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    publish("backend differences", "\n\n".join([f"{head}\n{lines}", f"{counted}.", provenance()]), arguments.write)


def _row(probe: Probe, found: Found) -> list[str]:
    graph, eager = found["graph"], found["eager"]
    reference = graph if eager == graph else f"{graph}; eager: {eager}"
    return [f"`{probe.operation}`", probe.inputs, reference, *(_verdict(found[name], graph) for name in BACKENDS[2:])]


def _verdict(found: str, expected: str) -> str:
    if found.startswith("refused"):
        return found
    return "equal" if found == expected else f"**different:** {found}"


def _all_found(probes: list[Probe], quick: bool) -> list[Found]:
    """What every backend makes of every probe, from processes of which each goes on where the last one died."""
    tasks, results = len(probes) * len(BACKENDS), list[str]()
    while len(results) < tasks:
        progress(f"{len(results) // len(BACKENDS)} of {len(probes)} probes")
        options = ["--child-from", str(len(results)), *(["--quick"] if quick else [])]
        command = [sys.executable, __file__, *options]
        child = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        results += [json.loads(line) for line in child.stdout.splitlines() if line.startswith('"')]
        if len(results) < tasks:
            results.append("the process dies")
    width = len(BACKENDS)
    return [dict(zip(BACKENDS, results[first : first + width], strict=True)) for first in range(0, tasks, width)]


def _child(probes: list[Probe], begin: int) -> None:
    for task in range(begin, len(probes) * len(BACKENDS)):
        found = result(probes[task // len(BACKENDS)], BACKENDS[task % len(BACKENDS)])
        print(json.dumps(found), flush=True)


def result(probe: Probe, backend: str) -> str:
    """What a probe gives in a backend, as text; or that it raises an error, or is refused before it runs."""
    names = [f"x{place}" for place in range(len(probe.given))]
    specs = tuple(
        tf.TensorSpec(array.shape, array.dtype, name=name) for name, array in zip(names, probe.given, strict=True)
    )
    variables = {f"v{place}": tf.Variable(array) for place, array in enumerate(probe.variables)}

    def call(**given: Any) -> dict[str, Any]:
        return {"y": probe.call(*(given[name] for name in names), *variables.values())}

    function = GraphFunction("f", specs, call=call)
    program = Program("probe", (function,), variables, lambda spec, rng, turn: np.zeros(0))
    try:
        with quiet_stderr():
            made = _made(program, backend)
            made.write({f"v{place}": array for place, array in enumerate(probe.variables)})
            bound = made.function("f")
    except NotConvertibleError as error:
        lacks = str(error).startswith("LiteRT has no ")
        return f"refused: {error}" if lacks else "refused: not converted"
    except Exception:  # what XLA refuses when it compiles
        return "an error"
    try:
        with quiet_stderr():
            return _shown(bound(*probe.given)[0])
    except Exception:
        return "an error"


def _made(program: Program, backend: str) -> Backend:
    if backend == "litert":
        return LiteRTBackend(convert(program), program, lambda _: frozenset(program.functions[0].specs()))
    return TensorFlowBackend(program, backend)


def _shown(value: Any) -> str:
    """An array as text, floats to six digits: what differs in the last bits alone is equal."""
    if value.dtype.kind == "f":
        text = str(np.vectorize(lambda number: f"{number:.5g}", otypes=[object])(value).tolist()).replace("'", "")
    else:
        text = str(value.tolist())
    return f"`{text}`"


if __name__ == "__main__":
    main()
