"""What single operations cost in LiteRT, in the forms that networks here avoid and in those that they use.

`python benchmarks/litert_operations.py` converts each form as a function of its own, with its weights in variables as
a learner has them, and prints the median processor time of a call. 32 observations of MinAtar: images of 10×10×4,
16 filters, a dense layer of 1024×128.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from processes import pin
from report import add_report_arguments, parse, provenance, publish, table

from rlkit.maths.relu import relu
from rlkit.programs.backends.conversion import convert
from rlkit.programs.backends.litert import LiteRTBackend
from rlkit.programs.examples import example_any
from rlkit.programs.program import Bound, GraphFunction, Program
from rlkit_dqn.networks.dense import Dense
from rlkit_dqn.networks.shifted_convolution import ShiftedConvolution

ROWS = 32
Call = Callable[[Any], Any]


def main() -> None:
    parser = argparse.ArgumentParser(description="Microseconds of single operations in LiteRT, in several forms.")
    parser.add_argument("--core", type=int, help="the core that the process is kept on (default: the last)")
    add_report_arguments(parser)
    arguments = parse(parser)
    pin(arguments.core)
    forms = _forms()
    calls = {name: _bound(call, shape, weights) for name, (call, shape, weights) in forms.items()}
    found: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(2 if arguments.quick else 25):
        for name, (call, inputs) in calls.items():
            found[name].append(_microseconds(call, inputs))
    rows = [[name, f"{statistics.median(times):.1f}"] for name, times in found.items()]
    publish("litert operations", "\n\n".join([table(["form", "µs"], rows), provenance()]), arguments.write)


def _forms() -> dict[str, tuple[Call, tuple[int, ...], list[tf.Variable]]]:
    """By description: the form, the shape of its input, and the variables that it uses."""
    rng = np.random.default_rng(0)
    kernel = tf.Variable(rng.normal(0, 0.05, (1024, 128)).astype(np.float32))
    dense, convolution = Dense(128), ShiftedConvolution(16, 3)
    dense.build((ROWS, 1024))
    convolution.build((ROWS, 10, 10, 4))
    ours = [weight.value for weight in dense.weights]
    filters = [weight.value for weight in convolution.weights]

    def of_rows(upstream: Any) -> Any:
        rows = tf.zeros((ROWS, 1024)) + upstream[:, :1]
        with tf.GradientTape() as tape:
            tape.watch(rows)
            outputs = dense(rows)
        return tape.gradient(outputs, rows, output_gradients=upstream)

    def shifted(x: Any) -> Any:
        columns = tf.concat([x[:, :, column : column + 8] for column in range(3)], -1)
        patches = tf.reshape(tf.concat([columns[:, row : row + 8] for row in range(3)], -1), (-1, 36))
        return patches @ tf.reshape(filters[0], (36, 16)) + filters[1]

    image, features = (ROWS, 10, 10, 4), (ROWS, 8, 8, 16)
    return {
        "gradient of a dense layer's rows, δ·Wᵀ": (
            lambda x: tf.matmul(x, kernel, transpose_b=True),
            (ROWS, 128),
            [kernel],
        ),
        "the same by our layer, (W·δᵀ)ᵀ": (of_rows, (ROWS, 128), ours),
        "a dense layer forwards": (dense, (ROWS, 1024), ours),
        "convolution, one product of shifted slices": (shifted, image, filters),
        "the same by our layer": (convolution, image, filters),
        "ReLU by comparing and choosing": (lambda x: tf.where(x > 0, x, tf.zeros_like(x)), features, []),
        "ReLU by `rlkit.relu`": (relu, features, []),
    }


def _bound(call: Call, shape: tuple[int, ...], weights: list[tf.Variable]) -> tuple[Bound, list[Any]]:
    spec = tf.TensorSpec(shape, tf.float32, name="x")
    # Variables that nothing assigns become constants, whose products LiteRT prepares beforehand.
    names = {f"v{number}": weight for number, weight in enumerate(weights)}
    program = Program(
        "form", (GraphFunction("f", (spec,), call=lambda x: {"y": call(x)}),), names, lambda s, r, _: example_any(s, r)
    )
    backend = LiteRTBackend(convert(program), program, lambda _: frozenset({"x"}))
    backend.write({name: weight.numpy() for name, weight in names.items()})
    _KEPT.append(backend)
    return backend.function("f"), [np.random.default_rng(0).normal(size=shape).astype(np.float32)]


_KEPT: list[LiteRTBackend] = []
"""A bound function does not keep its interpreter alive."""


def _microseconds(call: Bound, inputs: list[Any], calls: int = 50) -> float:
    call(*inputs)
    began = time.process_time()
    for _ in range(calls):
        call(*inputs)
    return (time.process_time() - began) / calls * 1e6


if __name__ == "__main__":
    main()
