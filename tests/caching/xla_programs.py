"""A process of the tests: compiles small XLA programs with the cache on; prints what came of it as one JSON line.

The argument is a factor in the first program, as if a component had been changed.
"""

import json
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


cache = use_xla_cache(True)
results = [
    float(program(number, float(sys.argv[1]) if number == 0 else 1.0)(tf.constant(5))) for number in range(PROGRAMS)
]
print(json.dumps({"results": results, "fetched": cache.fetched, "kept": cache.keep(), "why_not": cache.why_not}))
