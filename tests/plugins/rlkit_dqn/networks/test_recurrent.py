from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy.special import expit

from rlkit import Array, Discrete, ParameterError, Spaces, apply
from rlkit.programs.backends.comparison import disagreement
from rlkit.programs.backends.conversion import convert
from rlkit.programs.backends.litert import LiteRTBackend
from rlkit.programs.backends.tensorflow import TensorFlowBackend
from rlkit.testing import program_of, with_call
from rlkit_dqn import DQN, MLP, ConvolutionalNetwork, RecurrentNetwork, UniformBuffer
from rlkit_dqn.networks.cells import GRU

SIZE, READ = 3, 2
PLAIN = MLP(hidden=())
CARTPOLE = Spaces(Array((4,), "float32"), Discrete(2))


def built(cell, units=None):
    network = RecurrentNetwork(cell=cell, size=SIZE, encoder=PLAIN).build(tf.TensorSpec((READ,)), units)
    rng = np.random.default_rng(0)
    network.set_weights([rng.normal(size=weight.shape) for weight in network.get_weights()])
    return network


def steps(network, count=3, rows=4):
    """Observations, and what the network gives for them one after the other, from the beginning."""
    xs = np.random.default_rng(1).normal(size=(count, rows, READ)).astype(np.float32)
    state, outputs = network.initial_state(rows), []
    for x in xs:
        given, state = apply(network, x, state=state)
        outputs.append(given.numpy())
    return xs.astype(np.float64), outputs, [leaf.numpy() for leaf in state]


def test_gru_equals_its_equations():
    network = built("gru")
    of_x, bias, of_h, bias_of_h = network.get_weights()
    xs, outputs, _ = steps(network)
    h = np.zeros((4, SIZE))
    for x, found in zip(xs, outputs, strict=True):
        after = np.zeros_like(h)
        for row in range(4):
            for unit in range(SIZE):
                read = [x[row] @ of_x[:, gate * SIZE + unit] + bias[gate * SIZE + unit] for gate in range(3)]
                kept = [h[row] @ of_h[:, gate * SIZE + unit] + bias_of_h[gate * SIZE + unit] for gate in range(3)]
                z, r = expit(read[0] + kept[0]), expit(read[1] + kept[1])
                n = np.tanh(read[2] + r * kept[2])
                after[row, unit] = (1 - z) * n + z * h[row, unit]
        h = after
        np.testing.assert_allclose(found, h, rtol=1e-4, atol=1e-5)


def test_lstm_equals_its_equations():
    network = built("lstm")
    of_x, bias, of_h = network.get_weights()
    xs, outputs, state = steps(network)
    h = c = np.zeros((4, SIZE))
    for x, found in zip(xs, outputs, strict=True):
        i, f, g, o = np.split(x @ of_x + h @ of_h + bias, 4, axis=1)
        c = expit(f + 1) * c + expit(i) * np.tanh(g)
        h = expit(o) * np.tanh(c)
        np.testing.assert_allclose(found, h, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(state[0], h, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(state[1], c, rtol=1e-4, atol=1e-5)


def test_gru_is_keras_s():
    ours, theirs = GRU(SIZE), keras.layers.GRUCell(SIZE)
    for cell in (ours, theirs):
        cell.build((None, READ))
    of_x, bias, of_h, bias_of_h = (np.random.default_rng(0).normal(size=weight.shape) for weight in ours.weights)
    ours.set_weights([of_x, bias, of_h, bias_of_h])
    theirs.set_weights([of_x, of_h, np.stack([bias, bias_of_h])])
    x, h = (np.random.default_rng(2).normal(size=(5, size)).astype(np.float32) for size in (READ, SIZE))
    np.testing.assert_allclose(ours(x, state=(h,))[0], theirs(x, h)[0], rtol=1e-4, atol=1e-5)


def test_outputs_are_a_linear_layer_on_the_features():
    network = built("gru", units=2)
    kernel, bias = network.last.get_weights()
    _, outputs, (h,) = steps(network)
    np.testing.assert_allclose(outputs[-1], h @ kernel + bias, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_gradients_through_time_convert_and_teach_it_to_remember(cell):
    """The target is what was seen four steps before the last output."""
    network, rows, length = RecurrentNetwork(cell=cell, size=8, encoder=MLP(hidden=(4,))), 16, 5
    part = network.build(tf.TensorSpec((1,)), 1)
    optimizer = keras.optimizers.Adam(0.03)
    optimizer.build(part.trainable_variables)

    def learn(call, x):
        with tf.GradientTape() as tape:
            state = part.initial_state(rows)
            for step in range(length):
                out, state = apply(part, x[step], call.noise, state)
            loss = tf.reduce_mean(tf.square(out - x[0]))
        gradients = tape.gradient(loss, part.trainable_variables)
        optimizer.apply_gradients(zip(gradients, part.trainable_variables, strict=True))
        return {"loss": loss}

    program = program_of(
        SimpleNamespace(torso=part, optimizer=optimizer),
        (with_call("learn", learn, (tf.TensorSpec((length, rows, 1), name="x"),)),),
    )
    reference = TensorFlowBackend(program, "graph")
    converted = LiteRTBackend(convert(program), program, reference.used)
    assert disagreement(converted, reference, program) is None
    call, losses = converted.function("learn"), []
    for update in range(300):
        signs = np.random.default_rng(update).choice([-1.0, 1.0], (length, rows, 1))
        losses.append(call(signs.astype(np.float32), np.zeros(4, np.int64))[0])
    assert np.mean(losses[-20:]) < 0.2 * np.mean(losses[:20])


def test_what_the_encoder_cannot_read_is_refused_at_its_place():
    with pytest.raises(ParameterError, match="conv reads images") as refused:
        RecurrentNetwork(encoder=ConvolutionalNetwork()).check(CARTPOLE)
    assert refused.value.parameter == "encoder"
    RecurrentNetwork().check(CARTPOLE)


def test_an_encoder_with_a_state_is_refused():
    with pytest.raises(ValueError, match="carries a state itself"):
        RecurrentNetwork(encoder=RecurrentNetwork(size=2)).build(tf.TensorSpec((4,)))


def test_agent_dqn_refuses_it():
    agent = DQN(network=RecurrentNetwork(size=4), batch_size=4, buffer=UniformBuffer(capacity=10))
    with pytest.raises(ValueError, match="dqn learns from single steps, and recurrent carries a state"):
        agent.build(CARTPOLE)
