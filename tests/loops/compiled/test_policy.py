"""What the compiled loop has trained acts in LiteRT, or says why it cannot."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from rlkit.loops.compiled.policy import policy_model
from rlkit.programs.backends.litert import LiteRTBackend, NotConvertibleError
from rlkit.programs.backends.tensorflow import TensorFlowBackend
from rlkit.programs.program import GraphFunction, Program
from rlkit.runs.policy import save_policy
from tests.loops.compiled.test_backend import backend_of

OBSERVATION = tf.TensorSpec((1, 3), tf.float32, name="observation")


def program_of(greedy):
    weights = tf.Variable(np.arange(6, dtype=np.float32).reshape(3, 2) / 7)
    functions = (
        GraphFunction("act", (), call=lambda observation: {"action": tf.raw_ops.Betainc(a=1.0, b=1.0, x=observation)}),
        GraphFunction("act_greedy", (OBSERVATION,), call=lambda observation: {"action": greedy(observation @ weights)}),
    )
    return Program("test", functions, {"weights": weights}, lambda spec, rng, turn: rng.normal(size=(1, 3)).astype("f"))


def test_greedy_actions_are_those_of_tensorflow_and_the_weights_stay_as_they_were():
    program = program_of(lambda values: tf.argmax(values, -1, tf.int32))
    before = program.variables["weights"].numpy()
    model = policy_model(program)
    greedy = Program("test", program.functions[1:], program.variables, None)
    reference = TensorFlowBackend(greedy, "graph")
    trained = LiteRTBackend(model, greedy, reference.used)
    trained.write({"weights": before})
    act = trained.function("act_greedy")
    rng = np.random.default_rng(1)
    observations = rng.normal(size=(50, 1, 3)).astype(np.float32)
    expected = [reference.function("act_greedy")(one)[0].tolist() for one in observations]
    assert [act(one)[0].tolist() for one in observations] == expected
    assert {action for (action,) in expected} == {0, 1}
    np.testing.assert_array_equal(program.variables["weights"].numpy(), before)


def test_the_model_holds_nothing_that_was_learned():
    program = program_of(lambda values: tf.argmax(values, -1, tf.int32))
    greedy = Program("test", program.functions[1:], program.variables, None)
    found = LiteRTBackend(policy_model(program), greedy, lambda name: frozenset()).read()
    assert found["weights"].tolist() == np.zeros((3, 2)).tolist()


def test_an_operation_that_litert_lacks_is_named():
    program = program_of(lambda values: tf.raw_ops.Betainc(a=values, b=values, x=values))
    with pytest.raises(NotConvertibleError, match="LiteRT has no Betainc"):
        policy_model(program)


def test_a_run_whose_policy_does_not_convert_says_why(tmp_path):
    backend = backend_of({})
    backend._program = program_of(lambda values: tf.raw_ops.Betainc(a=values, b=values, x=values))
    assert save_policy(tmp_path, backend) == {"reason": "LiteRT has no Betainc"}
    assert not list(tmp_path.iterdir())
