"""Target updates, optimizers and schedules that are broken on purpose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import pytest
import tensorflow as tf

from rlkit import Call, Progress, Variable, component, parameter
from rlkit.testing import OptimizerSuite, ScheduleSuite, TargetUpdateSuite
from rlkit_dqn.optimizers.adam import Adam
from rlkit_dqn.schedules.exponential import Exponential

ASSIGNS = "test_it_assigns_the_target_and_nothing_else"
VALUE = "test_its_value_is_a_finite_float32_scalar"
FINDS = "test_the_core_finds_all_its_state"
PURE = "test_the_same_inputs_give_the_same_results"
BUILDS = "test_two_builds_differ_in_what_the_core_draws_alone"
hidden: list[Any] = []
one: list[Any] = []


@pytest.fixture(autouse=True)
def nothing_left_over() -> None:
    hidden.clear()
    one.clear()


def hidden_count() -> Any:
    if not hidden:
        hidden.append(tf.Variable(0.0, name="hidden_count"))
    hidden[0].assign_add(1.0)
    return hidden[0].read_value()


@component
class BrokenUpdate:
    """A full copy, but for what `how` says."""

    how: str = parameter(default="", doc="what is wrong")

    def update(self, target: Sequence[Variable], online: Sequence[Variable], call: Call) -> Any:
        if self.how == "returns something":
            return target
        if self.how == "global variable":
            hidden_count()
        scale = tf.random.uniform(()) if self.how == "tf.random" else 1.0
        for behind, ahead in zip(target, online, strict=True):
            if self.how == "wrong way round":
                ahead.assign(behind)
            elif self.how == "divides by the update":
                behind.assign(ahead / tf.cast(call.progress.update, tf.float32))
            else:
                behind.assign(scale * ahead)
        return None


@pytest.mark.parametrize(
    ("how", "test", "words"),
    [
        ("wrong way round", ASSIGNS, "online weights that are left as they are; found that update assigned them"),
        ("divides by the update", ASSIGNS, "finite target weights; found"),
        ("returns something", ASSIGNS, "BrokenUpdate.update: the contract asks for assignments, and nothing returned"),
        ("global variable", FINDS, "'hidden_count:0' float32()"),
        ("tf.random", PURE, "draws by TensorFlow's operation RandomUniform"),
    ],
)
def test_broken_target_update_is_told_what_is_wrong(
    how: str, test: str, words: str, sentence: Callable[..., str]
) -> None:
    assert words in sentence(TargetUpdateSuite, BrokenUpdate(how=how), test)


@component
class BrokenOptimizer:
    """Gradient descent, but for what `how` says."""

    how: str = parameter(default="", doc="what is wrong")

    def build(self) -> Any:
        match self.how:
            case "a name":
                return "sgd"
            case "bound already":
                built = keras.optimizers.SGD(0.01)
                built.build([keras.Variable([0.0])])
                return built
            case "one for all":
                one.append(keras.optimizers.Adam(0.01))
                return one[0]
            case "climbs":
                return keras.optimizers.SGD(Climbing())
            case "overshoots":
                return keras.optimizers.SGD(10.0)
        return keras.optimizers.SGD(0.01)


def test_rate_by_anything_else_than_updates_is_told(sentence: Callable[..., str]) -> None:
    by_episode = Adam(learning_rate=Exponential(start=0.1, decay=0.9, by="episode"))
    message = sentence(OptimizerSuite, by_episode, "test_the_loss_of_a_quadratic_falls")
    assert "schedules that may stand there; found learning_rate" in message
    assert "an optimizer counts updates, and nothing else" in message


class Climbing(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    def __call__(self, step: Any) -> Any:
        return -0.01


@pytest.mark.parametrize(
    ("how", "test", "words"),
    [
        ("a name", "test_it_builds_a_keras_optimizer_of_its_own_each_time", "a keras.Optimizer; found str 'sgd'"),
        ("bound already", "test_it_builds_a_keras_optimizer_of_its_own_each_time", "not bound to variables yet; found"),
        ("one for all", "test_it_builds_a_keras_optimizer_of_its_own_each_time", "in every build; found the same obj"),
        ("one for all", BUILDS, "variables of its own in every build"),
        ("climbs", "test_the_loss_of_a_quadratic_falls", "a quadratic's loss that falls within 100 steps; found"),
        ("overshoots", "test_the_loss_of_a_quadratic_falls", "finite losses on a quadratic; found"),
    ],
)
def test_broken_optimizer_is_told_what_is_wrong(how: str, test: str, words: str, sentence: Callable[..., str]) -> None:
    assert words in sentence(OptimizerSuite, BrokenOptimizer(how=how), test)


@component
class BrokenSchedule:
    """The number 1, but for what `how` says."""

    how: str = parameter(default="", doc="what is wrong")

    def value(self, progress: Progress) -> Any:
        step = tf.cast(progress.step, tf.float32)
        match self.how:
            case "float64":
                return tf.constant(1.0, tf.float64)
            case "a vector":
                return tf.ones((1,))
            case "one over step":
                return 1.0 / step
            case "overflows":
                return tf.exp(step / 1e5)
            case "Python's branch":
                return tf.constant(1.0 if isinstance(progress.step, int) else 2.0)
            case "global variable":
                return step + hidden_count()
            case "tf.random":
                return tf.random.uniform(())
        return tf.ones(())


@pytest.mark.parametrize(
    ("how", "test", "words"),
    [
        (
            "float64",
            VALUE,
            "float32 value on the host at Progress(step=0, episode=0, update=0, total=0) of shape (); found float",
        ),
        ("a vector", VALUE, "of shape (); found float32 of shape (1,)"),
        ("one over step", VALUE, "finite value on the host at Progress(step=0"),
        ("overflows", VALUE, "finite value on the host at Progress(step=10000000"),
        ("Python's branch", VALUE, "one value on the host and in a graph"),
        ("global variable", FINDS, "'hidden_count:0' float32()"),
        ("tf.random", PURE, "draws by TensorFlow's operation RandomUniform"),
    ],
)
def test_broken_schedule_is_told_what_is_wrong(how: str, test: str, words: str, sentence: Callable[..., str]) -> None:
    assert words in sentence(ScheduleSuite, BrokenSchedule(how=how), test)


@component
class Remaining:
    """The share of the run that is left; it cannot do without a total, and says so unless `how` keeps it quiet."""

    how: str = parameter(default="", doc="what is wrong")

    @property
    def needs_total(self) -> bool:
        return self.how != "does not say that it needs a total"

    def value(self, progress: Progress) -> Any:
        return tf.maximum(1.0 - tf.cast(progress.step, tf.float32) / tf.cast(progress.total, tf.float32), 0.0)


def test_schedule_that_needs_a_total_is_given_one_if_it_says_so(sentence: Callable[..., str]) -> None:
    type("TestRemaining", (ScheduleSuite,), {"component": Remaining()})().test_its_value_is_a_finite_float32_scalar()
    message = sentence(ScheduleSuite, Remaining(how="does not say that it needs a total"), VALUE)
    assert "finite value on the host at Progress(step=0, episode=0, update=0, total=0); found nan" in message
