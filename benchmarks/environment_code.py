"""What ways of writing a compiled environment cost: nanoseconds a step, the same step written in several ways.

`python benchmarks/environment_code.py` runs eight cars that drive along the rows of a board of 10 × 10, in one XLA
program with a `tf.while_loop` of 100,000 steps, without an agent; the ways in turn, the median of the rounds.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import tensorflow as tf
from report import add_report_arguments, parse, provenance, publish, table

SIZE, CARS, STEPS = 10, 8, 100_000
Advance = Callable[[Any, Any], tuple[Any, Any]]
"""Columns of the cars (8,) and the board (10, 10), to those after a step."""


def whole_arrays(columns: Any, _board: Any) -> tuple[Any, Any]:
    """All cars at once, the board by comparison with every square's column."""
    columns = (columns + 1) % SIZE
    rows = tf.cast(tf.equal(tf.range(SIZE)[None, :], columns[:, None]), tf.float32)
    return columns, tf.pad(rows, ((1, 1), (0, 0)))


def scatter(columns: Any, board: Any) -> tuple[Any, Any]:
    """All cars at once, the board by `tf.tensor_scatter_nd_update`."""
    columns = (columns + 1) % SIZE
    squares = tf.stack([tf.range(1, CARS + 1), columns], axis=1)
    return columns, tf.tensor_scatter_nd_update(tf.zeros_like(board), squares, tf.ones(CARS))


def car_by_car(columns: Any, board: Any) -> tuple[Any, Any]:
    """A `tf.while_loop` over the cars."""

    def turn(car: Any, columns: Any, board: Any) -> tuple[Any, Any, Any]:
        column = (columns[car] + 1) % SIZE
        columns = tf.tensor_scatter_nd_update(columns, [[car]], [column])
        return car + 1, columns, tf.tensor_scatter_nd_update(board, [[car + 1, column]], [1.0])

    _, columns, board = tf.while_loop(lambda car, *_: car < CARS, turn, (0, columns, tf.zeros_like(board)))
    return columns, board


def branch(columns: Any, board: Any) -> tuple[Any, Any]:
    """Whole arrays, inside a `tf.cond` that hands the state through."""
    moving: tuple[Any, Any] = tf.cond(columns[0] >= 0, lambda: whole_arrays(columns, board), lambda: (columns, board))
    return moving


WAYS: dict[str, Advance] = {
    "whole arrays, elementwise": whole_arrays,
    "the same inside `tf.cond`": branch,
    "`tf.tensor_scatter_nd_update`": scatter,
    "`tf.while_loop` over the cars": car_by_car,
}


def program(advance: Advance) -> Callable[[], Any]:
    """So many steps, with a fading trace of all boards, so that every square is needed at every step."""

    @tf.function(jit_compile=True, autograph=False)  # type: ignore[untyped-decorator]
    def run() -> Any:
        def step(turn: Any, columns: Any, board: Any, trace: Any) -> tuple[Any, ...]:
            columns, board = advance(columns, board)
            return turn + 1, columns, board, 0.9 * trace + board

        start = (0, tf.range(CARS), tf.zeros((SIZE, SIZE)), tf.zeros((SIZE, SIZE)))
        return tf.reduce_sum(tf.while_loop(lambda turn, *_: turn < STEPS, step, start)[3])

    return lambda: float(run())


def main() -> None:
    parser = argparse.ArgumentParser(description="Nanoseconds a step of an environment, written in several ways.")
    parser.add_argument("--rounds", type=int, default=15, help="timed runs a way (default: 15)")
    add_report_arguments(parser)
    arguments = parse(parser)
    programs = {name: program(advance) for name, advance in WAYS.items()}
    results = {name: run() for name, run in programs.items()}
    if max(results.values()) - min(results.values()) > 1e-3:
        raise SystemExit(f"the ways differ in what they do: {results}")
    seconds: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(3 if arguments.quick else arguments.rounds):
        for name, run in programs.items():
            began = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - began)
    median = {name: statistics.median(found) / STEPS * 1e9 for name, found in seconds.items()}
    first = next(iter(median.values()))
    rows = [[name, f"{cost:.0f}", f"{cost / first:.1f} ×"] for name, cost in median.items()]
    found = table(["a step written as", "ns", "against whole arrays"], rows)
    publish("environment_code", "\n".join([found, "", provenance()]), arguments.write)


if __name__ == "__main__":
    main()
