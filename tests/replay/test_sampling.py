"""Sampling end to end: the core's noise, the selection in LiteRT, the ring; uniform and without replacement."""

import numpy as np
import pytest
from scipy import stats

from rlkit import Sampling, Storage
from rlkit.noise.drawn import DrawnNoise
from rlkit.noise.philox import stream_key
from rlkit.programs.backends.choice import choose
from rlkit.programs.selection_program import selection_program
from rlkit.replay.ring import Ring
from rlkit_dqn.buffers.uniform import UniformBuffer

SIZE, DRAWS = 64, 1_000_000


@pytest.mark.parametrize(("capacity", "steps"), [(200, 200), (200, 333), (5_000, 12_345)])
def test_rows_are_drawn_uniformly_and_none_twice_before_and_after_a_wrap(capacity, steps):
    ring = Ring(capacity, 1, {"step": ((), "int64")})
    for step in range(steps):
        ring.store([step])
    storage = Storage(capacity, 1, Sampling(SIZE), {})
    program = selection_program(UniformBuffer(capacity=capacity).build(storage), storage)
    chosen = choose(program)
    assert chosen.backend.name == "litert"
    select, noise = chosen.backend.function("select"), DrawnNoise(stream_key(0, "select"), program.functions[0].noise)
    counts = np.zeros(capacity, np.int64)
    for update in range(DRAWS // SIZE):
        stored, progress = (np.int64(ring.stored), np.int64(ring.next_slot)), np.array((steps, 0, update, 0), np.int64)
        slots, _ = select(*stored, progress, *noise.at(update))
        drawn = ring.gather(slots, storage.sampling, ("step",)).columns["step"][:, 0]
        assert len(set(drawn.tolist())) == SIZE
        counts[drawn - (steps - capacity)] += 1
    # Without replacement the counts vary less than a multinomial's, by the share of rows that a sample leaves out.
    statistic = ((counts - counts.mean()) ** 2 / counts.mean()).sum() / (1 - SIZE / capacity) * (1 - 1 / capacity)
    assert 0.001 < stats.chi2.sf(statistic, capacity - 1) < 0.999
