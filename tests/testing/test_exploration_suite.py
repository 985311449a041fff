from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from rlkit import Call, Noise, Seen, Spaces, Tensor, any_action, component, greedy, parameter
from rlkit.testing import ExplorationSuite

CHOOSES = "test_it_chooses_one_of_the_allowed_actions_in_each_environment"
ALONE = "test_values_of_one_environment_change_no_other_s_action"
PURE = "test_the_same_inputs_give_the_same_results"
FINDS = "test_the_core_finds_all_its_state"
RESTORES = "test_saved_variables_restore_it"
hidden: list[Any] = []
calls: list[int] = []


@component
class Broken:
    """Greedy, but for what `how` says."""

    how: str = parameter(default="", doc="what is wrong")

    def select(self, values: Tensor, seen: Seen, call: Call) -> Any:
        rows, actions = values.shape
        best = greedy(values, seen.allowed)
        match self.how:
            case "one row too few":
                return best[1:]
            case "int64":
                return tf.argmax(values, -1)
            case "no action":
                return None
            case "counts from 1":
                return best + 1
            case "others' values":
                return greedy(values[::-1], seen.allowed)
            case "ignores the mask":
                return tf.cast(call.noise.integers((rows,), actions), tf.int32)
            case "tf.random":
                return tf.random.uniform((rows,), 0, actions, tf.int32)
            case "tf.random.categorical":
                return tf.random.categorical(values, 1, tf.int32)[:, 0]
            case "numpy.random":
                return tf.constant(np.random.randint(0, actions, rows), tf.int32)
            case "counts in Python":
                calls.append(1)
                return (best + len(calls)) % actions
            case "global variable":
                if not hidden:
                    hidden.append(tf.Variable(0, name="times_asked"))
                hidden[0].assign_add(1)
                return (best + hidden[0]) % actions
        return best


@component
class LooksUp:
    """Takes actions out of a table, in a way that XLA lacks."""

    def build(self, spaces: Spaces) -> Looking:
        return Looking()


class Looking:
    def __init__(self) -> None:
        self.table = tf.Variable([0, 1])

    def select(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        return tf.gather_nd(self.table, call.noise.integers((values.shape[0], 1), 2))


def test_policy_that_xla_cannot_run_is_warned_of_and_passes() -> None:
    under_test = type("TestLooksUp", (ExplorationSuite,), {"component": LooksUp()})()
    with pytest.warns(UserWarning, match="LooksUp does not run in XLA: .*ResourceGatherNd"):
        under_test.test_all_backends_agree()


@component
class BuiltAtRandom:
    """Prefers an action that is drawn when it is built and saved nowhere."""

    def build(self, spaces: Spaces) -> Preferring:
        return Preferring(np.random.default_rng().random(spaces.action.n))


class Preferring:
    def __init__(self, preferred: Any) -> None:
        self.preferred = tf.constant(5.0 * preferred, tf.float32)

    def select(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        return greedy(values + self.preferred, seen.allowed)


@pytest.mark.parametrize(
    ("how", "test", "words"),
    [
        ("one row too few", CHOOSES, "int32 actions of shape (1,); found int32 of shape (0,)"),
        ("int64", CHOOSES, "Broken.select: the contract asks for int32 actions of shape (1,); found int64 of shape"),
        ("no action", CHOOSES, "found NoneType None"),
        ("counts from 1", CHOOSES, "actions from 0 to 1; found [2]"),
        ("ignores the mask", CHOOSES, "Broken.select: the contract asks for actions that seen.allowed allows; found ["),
        ("others' values", ALONE, "actions of an environment by its own values; found ["),
        ("tf.random", PURE, "no tf.random, numpy.random or random, nothing counted in Python); found that Broken.sel"),
        ("tf.random.categorical", PURE, "draws by TensorFlow's operation Multinomial"),
        ("numpy.random", PURE, "called again, select's action is "),
        ("counts in Python", PURE, "called again, select's action is "),
        ("global variable", FINDS, "'times_asked:0' int32()"),
    ],
)
def test_broken_exploration_is_told_what_is_wrong(
    how: str, test: str, words: str, sentence: Callable[..., str]
) -> None:
    assert words in sentence(ExplorationSuite, Broken(how=how), test)


def test_state_outside_variables_is_missed_when_restored(sentence: Callable[..., str]) -> None:
    message = sentence(ExplorationSuite, BuiltAtRandom(), RESTORES)
    assert "goes on where the saved variables left off" in message


@component
class Counting:
    """Tries the actions in turn; what it remembers is where the core finds it."""

    def build(self, spaces: Spaces) -> CountingPolicy:
        return CountingPolicy()


class CountingPolicy:
    def __init__(self) -> None:
        self.asked = tf.Variable(0, dtype=tf.int32)

    def select(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        self.asked.assign_add(1)
        turned = tf.range(values.shape[1]) - self.asked.read_value()
        return greedy(-tf.cast(turned % values.shape[1], tf.float32) + 0.0 * values, seen.allowed)


@pytest.mark.parametrize("test", [name for name in dir(ExplorationSuite) if name.startswith("test_")])
def test_policy_with_state_of_its_own_conforms(test: str) -> None:
    getattr(type("TestCounting", (ExplorationSuite,), {"component": Counting()})(), test)()


@component
class TriesWrongly:
    """ε-greedy whose `tries` differs from `select` as `how` says."""

    how: str = parameter(default="", doc="what is wrong")

    def select(self, values: Tensor, seen: Seen, call: Call) -> Tensor:
        where, which = self._tried(seen, call.noise)
        return tf.where(where, which, greedy(values, seen.allowed))

    def tries(self, seen: Seen, call: Call) -> tuple[Tensor, Tensor]:
        if self.how == "asks for more":
            call.noise.uniform((1,))
        where, which = self._tried(seen, call.noise)
        return where, which + 1 if self.how == "another action" else which

    def _tried(self, seen: Seen, noise: Noise) -> tuple[Tensor, Tensor]:
        where = noise.uniform((seen.allowed.shape[0],)) < 0.5
        return where, any_action(seen.allowed, noise)


TRIES = "test_actions_tried_whatever_their_value_are_those_it_chooses"


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("asks for more", "requests of noise, in their order; found others"),
        ("another action", "as select chooses; found"),
    ],
)
def test_tries_that_do_not_match_select_are_told(how: str, words: str, sentence: Callable[..., str]) -> None:
    assert words in sentence(ExplorationSuite, TriesWrongly(how=how), TRIES)
    getattr(type("TestRight", (ExplorationSuite,), {"component": TriesWrongly()})(), TRIES)()
