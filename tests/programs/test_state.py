"""State: found wherever attributes lead, and missed nowhere without a word."""

import keras
import pytest
import tensorflow as tf

from rlkit import Array, Discrete, Spaces
from rlkit.programs.backends.choice import choose
from rlkit.programs.learner_program import learner_program
from rlkit.programs.state import UnreachableStateError, variables_of
from rlkit_dqn.agents.dqn import DQN

SPACES = Spaces(Array((4,), "float32"), Discrete(2))


class Counting:
    """A working part with state in many places."""

    def __init__(self):
        self.count = tf.Variable(0, name="count")
        self.nested = {"list": [tf.Variable(1.0)], "tuple": (tf.Variable(2.0), {"deep": tf.Variable(3.0)})}
        self.same_again = self.count
        self.dropout = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3), keras.layers.Dropout(0.5)])
        self.optimizer = keras.optimizers.Adam()
        self.optimizer.build(self.dropout.trainable_variables)


def test_variables_are_found_in_attributes_containers_layers_and_optimizers():
    found = variables_of(Counting(), "part")
    assert {"part.count", "part.nested.list.0", "part.nested.tuple.0", "part.nested.tuple.1.deep"} <= found.keys()
    assert sum("kernel" in name and "optimizer" not in name for name in found) == 1
    assert any("seed_generator" in name for name in found)
    assert sum(name.startswith("part.optimizer") for name in found) == 2 + 2 * 2  # iterations, rate, two slots a weight
    assert len({id(variable) for variable in found.values()}) == len(found)


def test_the_learner_of_a_dqn_is_found_whole():
    found = variables_of(DQN().build(SPACES), "learner")
    assert sum(name.startswith("learner.online.") for name in found) == 4
    assert sum(name.startswith("learner.target.") for name in found) == 4
    assert sum(name.startswith("learner.optimizer.") for name in found) == 10


def test_a_variable_in_a_global_is_an_error_that_names_it():
    hidden = tf.Variable(0.0, name="planted")
    learner = DQN().build(SPACES)
    select = learner.exploration.select

    class Counts:
        def select(self, values, seen, call):
            hidden.assign_add(1.0)
            return select(values, seen, call)

    learner.exploration = Counts()
    with pytest.raises(UnreachableStateError, match="uses the variable 'planted:0' float32"):
        choose(learner_program(learner, SPACES, DQN().sampling).program)
