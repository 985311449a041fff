"""Steps/s of each compiled environment alone: in an XLA loop, in the stepwise adapter, and of its Gymnasium original.

One core, one environment, random actions: `taskset -c 1 python benchmarks/worlds.py [id …]`. In the loop actions and
noise are drawn in the graph and an episode that is over begins again; medians of five turns, interleaved.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import gymnasium
import numpy as np
import tensorflow as tf

import rlkit
from rlkit.catalogue.discovery import discover
from rlkit.noise.drawn import NoiseLayout
from rlkit.noise.traced import TracedNoise

COMPILED, HOST, TURNS = 200_000, 5_000, 5


def noise(layout: NoiseLayout, words: Any) -> TracedNoise:
    """The noise of a call from its words, (len(layout.floats),) uint32."""
    floats = np.array(layout.floats, bool)
    bits = tf.bitwise.right_shift(tf.gather(words, np.flatnonzero(floats)), tf.constant(8, tf.uint32))
    return TracedNoise(
        tf.cast(bits, tf.float32) * 2.0**-24, tf.cast(tf.gather(words, np.flatnonzero(~floats)), tf.int64)
    )


def compiled(environment: Any) -> Callable[[int], None]:
    """`COMPILED` steps as one program."""
    space, limit = environment.spaces().action, environment.episode_limit or 2**31 - 1
    discrete = isinstance(space, rlkit.Discrete)
    shape = () if discrete else space.shape
    low, high = (0.0, 1.0) if discrete else (bound.astype(np.float32) for bound in space.bounds())
    begin, advance = TracedNoise(), TracedNoise()
    environment.step(environment.reset(begin), tf.zeros(shape, tf.int32 if discrete else space.dtype), advance)
    counts = [len(begin.layout.floats), len(advance.layout.floats), int(np.prod(shape))]

    def drawn(key: Any, call: Any) -> list[Any]:
        counter = tf.stack([tf.zeros((), tf.uint64), tf.cast(call, tf.uint64)])
        words = tf.raw_ops.StatelessRandomUniformFullIntV2(
            shape=[sum(counts)], key=key[None], counter=counter, alg=1, dtype=tf.uint32
        )
        return list(tf.split(words, counts))

    def loop(key: Any) -> Any:
        def body(step: Any, length: Any, state: Any, total: Any) -> tuple[Any, ...]:
            reset, stepped, acted = drawn(key, step)
            unit = tf.reshape(tf.cast(tf.bitwise.right_shift(acted, tf.constant(8, tf.uint32)), tf.float32), shape)
            unit *= 2.0**-24
            action = tf.cast(unit * space.n, tf.int32) if discrete else low + unit * (high - low)
            after = environment.step(state, action, noise(advance.layout, stepped))
            over = after.terminated | after.truncated | (length + 1 >= limit)
            fresh = environment.reset(noise(begin.layout, reset))
            state = tf.nest.map_structure(lambda new, old: tf.where(over, new, old), fresh, after.state)
            # The observation counts in, or the compiler leaves it out.
            seen = tf.reduce_sum(tf.cast(environment.observe(after.state), tf.float32))
            return step + 1, tf.where(over, 0, length + 1), state, total + after.reward + seen

        first = environment.reset(noise(begin.layout, drawn(key, tf.constant(0))[0]))
        start = (tf.constant(1), tf.constant(0), first, tf.constant(0.0))
        return tf.while_loop(lambda step, *_: step <= COMPILED, body, start)[-1]

    run: Any = tf.function(loop, jit_compile=True)
    return lambda turn: run(tf.constant(turn, tf.uint64)).numpy()


def stepped(made: gymnasium.Env[Any, Any]) -> Callable[[int], None]:
    """`HOST` steps from Python."""
    made.action_space.seed(0)
    actions = [made.action_space.sample() for _ in range(HOST)]

    def run(turn: int) -> None:
        made.reset(seed=turn)
        for action in actions:
            _, _, terminated, truncated, _ = made.step(action)
            if terminated or truncated:
                made.reset()

    return run


def main() -> None:
    """Print one line an environment."""
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.threading.set_intra_op_parallelism_threads(1)
    for entry in discover().entries("compiled_environment"):
        if len(sys.argv) > 1 and entry.name not in sys.argv[1:]:
            continue
        environment = entry.component()
        ways = {"xla": (compiled(environment), COMPILED), "stepwise": (stepped(rlkit.as_gymnasium(environment)), HOST)}
        if entry.name in gymnasium.registry:
            ways["gymnasium"] = (stepped(gymnasium.make(entry.name, disable_env_checker=True)), HOST)
        seconds: dict[str, list[float]] = {way: [] for way in ways}
        for turn in range(TURNS + 1):
            for way, (run, _) in ways.items():
                begun = time.perf_counter()
                run(turn)
                seconds[way].append(time.perf_counter() - begun)
        speeds = (f"{way} {steps / statistics.median(seconds[way][1:]):12,.0f}" for way, (_, steps) in ways.items())
        print(f"{entry.name:26} {'  '.join(speeds)} steps/s, first XLA call {seconds['xla'][0]:.1f} s", flush=True)


if __name__ == "__main__":
    main()
