"""Processes of the tests: each compiles small XLA programs with the cache on, and prints what came of it as JSON.

The arguments are pairs, a process each, all at the same time: a cache's folder, and a factor in the first program, as
if a component had been changed. They are forked from one that has imported TensorFlow, which takes seconds.
"""

import json
import os
import sys

import tensorflow as tf

from rlkit.caching.xla import use_xla_cache

PROGRAMS = 7


def program(number: int, factor: float):
    weights, total = tf.Variable(tf.ones((number + 2, number + 2))), tf.Variable(0.0)

    @tf.function(jit_compile=True)
    def accumulate(turns):
        def turn(i, x):
            weights.assign_add(0.01 * tf.ones_like(weights))
            return i + 1, factor * tf.tanh(x @ weights)

        _, x = tf.while_loop(lambda i, _: i < turns, turn, (tf.constant(0), tf.ones_like(weights)))
        total.assign_add(tf.reduce_sum(x))
        return total + 0.0

    return accumulate


def compile_all(folder: str, factor: float) -> dict:
    os.environ["RLKIT_CACHE_DIR"] = folder
    cache = use_xla_cache(True)
    results = [float(program(number, factor if number == 0 else 1.0)(tf.constant(5))) for number in range(PROGRAMS)]
    return {"results": results, "fetched": cache.fetched, "kept": cache.keep(), "why_not": cache.why_not}


children = []
for place in range(1, len(sys.argv), 2):
    child = os.fork()
    if not child:
        outcome = compile_all(sys.argv[place], float(sys.argv[place + 1]))
        print(json.dumps({"place": place, **outcome}), flush=True)
        sys.exit()
    children.append(child)
statuses = [os.waitpid(child, 0)[1] for child in children]
sys.exit(any(statuses))
