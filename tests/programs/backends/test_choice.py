"""The choice of a backend: LiteRT where it converts and agrees, TensorFlow where it does not, and said why."""

from functools import cache

import numpy as np
import pytest
import tensorflow as tf

from rlkit import Array, Discrete, Spaces, relu
from rlkit.programs.backends.choice import choose
from rlkit.programs.backends.comparison import MOST, TOLERANCE, exercise
from rlkit.programs.backends.conversion import convert
from rlkit.programs.backends.litert import LiteRTBackend
from rlkit.programs.backends.tensorflow import TensorFlowBackend
from rlkit.programs.examples import example_any
from rlkit.programs.learner_program import learner_program
from rlkit.programs.program import GraphFunction, Program
from rlkit_dqn.agents.dqn import DQN
from rlkit_dqn.networks.mlp import MLP

SPACES = Spaces(Array((4,), "float32"), Discrete(2))
DOCUMENTS, WITH_ELU = DQN(), DQN(network=MLP(hidden=(8,), activation="elu"))


def program_of(call, variables=()):
    spec = tf.TensorSpec((8, 3), tf.float32, name="x")
    named = {f"v{index}": variable for index, variable in enumerate(variables)}
    return Program(
        "test", (GraphFunction("f", (spec,), call=call),), named, lambda spec, rng, turn: example_any(spec, rng)
    )


@pytest.fixture(scope="module")
def tried():
    """An agent's program, its variables before the choice, and what was chosen."""

    @cache
    def try_out(agent):
        program = learner_program(agent.build(SPACES), SPACES, agent.sampling).program
        before = {name: variable.numpy() for name, variable in program.variables.items()}
        return program, before, choose(program)

    return try_out


def test_the_documents_dqn_runs_in_litert(tried):
    _, _, chosen = tried(DOCUMENTS)
    assert (chosen.backend.name, chosen.reason) == ("litert", "")


def test_a_network_that_does_not_convert_runs_in_xla_with_a_reason(tried):
    _, _, chosen = tried(WITH_ELU)
    assert chosen.backend.name == "xla"
    assert "LiteRT has no EluGrad" in chosen.reason


def test_a_relu_that_litert_drops_is_noticed():
    kernel = tf.Variable(np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32))
    chosen = choose(program_of(lambda x: {"y": tf.nn.relu(x @ kernel)}, [kernel]))
    assert chosen.backend.name == "xla"
    assert chosen.reason.startswith("LiteRT's result differs from TensorFlow's: f y, call 0 is -")


def test_our_relu_is_kept_by_litert_without_a_bias():
    kernel = tf.Variable(np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32))
    chosen = choose(program_of(lambda x: {"y": relu(x @ kernel)}, [kernel]))
    assert chosen.backend.name == "litert"


def test_a_difference_in_assigned_variables_alone_is_noticed():
    kernel = tf.Variable(np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32))
    kept = tf.Variable(tf.zeros((8, 5)))

    def remember(x):
        kept.assign(tf.nn.relu(x @ kernel))
        return {"size": tf.size(x)}

    chosen = choose(program_of(remember, [kernel, kept]))
    assert chosen.backend.name == "xla"
    assert "variable v1" in chosen.reason


def test_a_difference_that_another_function_overwrites_is_noticed():
    kernel = tf.Variable(np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32))
    kept = tf.Variable(tf.zeros((8, 5)))
    spec = tf.TensorSpec((8, 3), tf.float32, name="x")

    def remember(x):
        kept.assign(tf.nn.relu(x @ kernel))
        return {"size": tf.size(x)}

    def forget(x):
        kept.assign(tf.zeros((8, 5)))
        return {"size": tf.size(x)}

    functions = (GraphFunction("remember", (spec,), call=remember), GraphFunction("forget", (spec,), call=forget))
    variables = {"kernel": kernel, "kept": kept}
    chosen = choose(Program("test", functions, variables, lambda spec, rng, turn: example_any(spec, rng)))
    assert chosen.backend.name == "xla"
    assert chosen.reason.startswith("LiteRT's result differs from TensorFlow's: variable kept after remember, call 0,")


def test_an_infinity_that_tensorflow_does_not_have_is_noticed():
    total = tf.Variable(0.0)

    def add(x):
        total.assign(tf.reduce_sum(tf.math.softplus(100.0 + abs(x))))
        return {"size": tf.size(x)}

    chosen = choose(program_of(add, [total]))
    assert chosen.backend.name == "xla"
    assert "variable v0 after f, call 0, is inf, not " in chosen.reason


def test_an_integer_variable_must_be_equal_however_large_it_is():
    kernel = tf.Variable(np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32))
    place = tf.Variable(0, dtype=tf.int64)

    def remember(x):
        place.assign(10**15 + tf.cast(tf.reduce_min(tf.nn.relu(x @ kernel)) < 0.0, tf.int64))
        return {"size": tf.size(x)}

    chosen = choose(program_of(remember, [kernel, place]))
    assert chosen.backend.name == "xla"
    assert "variable v1" in chosen.reason


def test_what_becomes_infinite_everywhere_does_not_hide_later_differences():
    kernel = tf.Variable(np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32))
    kept = tf.Variable(0.0)

    def remember(x):
        # Infinite in the second round, everywhere. The ReLU that LiteRT drops counts in few rounds, not in the first.
        least = tf.where(x[0, 0] > 0.5, tf.reduce_min(tf.nn.relu(x @ kernel)), 0.0)
        kept.assign(kept * 1e30 + 1e30 * (1.0 + least))
        return {"size": tf.size(x)}

    assert np.random.default_rng(0).normal() < 0.5
    assert choose(program_of(remember, [kernel, kept])).backend.name == "xla"


def cancelling(count=4096, size=10.0):
    """Large numbers whose sum is nearly nothing: no two orders of adding them agree."""
    values = np.random.default_rng(0).normal(scale=size, size=count).astype(np.float32)
    return tf.Variable(values - values.mean())


def test_what_rounding_alone_moves_further_than_the_tolerance_still_runs_in_litert():
    terms = cancelling()
    program = program_of(lambda x: {"y": terms[tf.newaxis] @ (1.0 + 0.0 * x[:1, :1] + tf.zeros((4096, 1)))}, [terms])
    reference = TensorFlowBackend(program, "graph")
    lite = LiteRTBackend(convert(program), program, reference.used)
    x = np.zeros((8, 3), np.float32)
    ours, theirs = (float(backend.function("f")(x)[0][0, 0]) for backend in (lite, reference))
    assert TOLERANCE < abs(ours - theirs) < MOST, (ours, theirs)
    chosen = choose(program)
    assert (chosen.backend.name, chosen.reason) == ("litert", "")


def test_rounding_excuses_no_mistake_of_another_size():
    terms = cancelling()
    kernel = tf.Variable(np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32))
    chosen = choose(program_of(lambda x: {"y": tf.nn.relu(x @ kernel) + tf.reduce_sum(terms)}, [kernel, terms]))
    assert chosen.reason.startswith("LiteRT's result differs from TensorFlow's: f y, call 0 is")


def test_what_xla_lacks_too_runs_as_a_graph():
    chosen = choose(program_of(lambda x: {"y": tf.strings.length(tf.strings.as_string(x))}))
    assert chosen.backend.name == "graph"
    assert "XLA" in chosen.reason


def test_debug_runs_eagerly():
    assert choose(program_of(lambda x: {"y": x}), debug=True).backend.name == "eager"


@pytest.mark.parametrize("agent", [DOCUMENTS, WITH_ELU], ids=["litert", "xla"])
def test_a_comparison_leaves_no_trace_in_the_variables(tried, agent):
    _, before, chosen = tried(agent)
    after = chosen.backend.read()
    assert before.keys() == after.keys()
    assert all(np.array_equal(before[name], after[name]) for name in before)


def test_many_rounds_show_every_output(tried):
    program, start, chosen = tried(DOCUMENTS)
    seen = exercise(chosen.backend, program, start)
    chosen.backend.write(start)
    assert {key.split()[0] for key in seen} == {"begin", "act", "act_greedy", "learn", "report", "variable"}


def test_a_variable_of_a_type_that_litert_lacks_runs_elsewhere_and_says_so():
    counter = tf.Variable(tf.constant([1, 2], tf.uint32))

    def count(x):
        counter.assign(tf.cast(tf.cast(counter, tf.int64) + 1, tf.uint32))
        return {"y": x + 1.0}

    chosen = choose(program_of(count, [counter]))
    assert chosen.backend.name in ("xla", "graph")
    assert chosen.reason
