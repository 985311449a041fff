"""Where each network learns once it is part of an agent."""

from __future__ import annotations

import numpy as np
import pytest

from rlkit import Array, Discrete, Spaces
from rlkit.programs.making import make
from rlkit_dqn import DQN, MLP, ConvolutionalNetwork, MinAtarNetwork, UniformBuffer, ValueHead
from tests.unverified import unverified

VECTOR = Spaces(Array((8,), "float32"), Discrete(4))
PLANES = Spaces(Array((10, 10, 4), "bool", 0, 1), Discrete(6))
FRAMES = Spaces(Array((4, 12, 12), "uint8", 0, 255, stack=4), Discrete(3))
SMALL = ConvolutionalNetwork(filters=(4,), kernels=(4,), strides=(2,), hidden=(8,))


@pytest.mark.parametrize(
    ("network", "spaces", "backend", "reason"),
    [
        # tests/programs/backends/test_choice.py says where it learns, test_swapping.py that losses fall there.
        pytest.param(MLP(), VECTOR, "litert", "", marks=pytest.mark.slow),
        pytest.param(MinAtarNetwork(), PLANES, "litert", "", marks=pytest.mark.slow),
        (SMALL, FRAMES, "xla", "LiteRT has no Conv2DBackpropFilter"),
    ],
    ids=["mlp", "minatar", "conv"],
)
def test_network_learns_in(network, spaces, backend, reason):
    head = ValueHead(dueling=True, hidden=(16,))
    agent = DQN(network=network, head=head, batch_size=8, buffer=UniformBuffer(capacity=100))
    prepared = make(agent, agent.buffer, spaces, 0, verify=unverified)
    assert (prepared.acting.backend.name, prepared.acting.reason) == (backend, reason)
    assert not prepared.warnings
    program, rng = prepared.shapes.program, np.random.default_rng(0)
    (learn,) = [function for function in program.functions if function.name == "learn"]
    inputs = [program.example(spec, rng, 0) for spec in learn.inputs]
    call, losses = prepared.acting.backend.function("learn"), []
    for _ in range(60):
        metrics, _ = call(*inputs)
        losses.append(metrics[prepared.shapes.metrics.index("loss")])
    assert np.isfinite(losses).all()
    assert losses[-1] < 0.5 * losses[0]
