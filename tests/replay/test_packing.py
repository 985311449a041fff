"""Observations of several parts, kept in the parts' own dtypes, each once."""

from __future__ import annotations

import numpy as np

from rlkit.contracts.demand import Sampling
from rlkit.contracts.spaces import Array, Discrete, Spaces
from rlkit.replay.columns import bytes_needed, step_columns
from rlkit.replay.frame_ring import PartsRing, ring_for
from rlkit.replay.packing import Packing, packing_of
from rlkit.replay.ring import Ring

OBSERVATION = Array(
    (7,),
    "float32",
    parts=(
        ("picture", Array((2, 2), "uint8", 0, 255)),
        ("speed", Array((1,), "float32")),
        ("button", Array((2,), "bool", 0, 1)),
    ),
)
SPACES = Spaces(OBSERVATION, Discrete(2))
COLUMNS = step_columns(SPACES, {})


def observation(rng: np.random.Generator) -> np.ndarray:
    parts = rng.integers(0, 256, 4), rng.normal(size=1), rng.integers(0, 2, 2)
    return np.concatenate(parts).astype(np.float32)


def test_vectors_come_back_as_they_were() -> None:
    rng, packing = np.random.default_rng(0), Packing(OBSERVATION)
    vectors = np.stack([observation(rng) for _ in range(5)])
    packed = np.stack([packing.pack(vector) for vector in vectors])
    assert packed.shape == (5, packing.size) == (5, 4 + 4 + 2)
    np.testing.assert_array_equal(packing.unpack(packed), vectors)


def test_what_takes_no_less_in_parts_stays_a_vector() -> None:
    numbers = Array((2,), "float32", parts=(("a", Array((1,), "float32")), ("b", Array((1,), "float32"))))
    assert packing_of(numbers) is None
    assert packing_of(Array((4,), "float32")) is None


def test_it_gathers_what_a_plain_ring_does() -> None:
    rng = np.random.default_rng(1)
    rings = ring_for(12, 2, COLUMNS, OBSERVATION), Ring(12, 2, COLUMNS)
    assert isinstance(rings[0], PartsRing)
    seen = [observation(rng) for _ in range(2)]
    for ring in rings:
        for place in range(2):
            ring.begin(place, seen[place])
    for step in range(20):
        for place in range(2):
            ended, following = (step + place) % 4 == 3, observation(rng)
            for ring in rings:
                ring.put(place, seen[place], step % 2, float(step), ended, False, following)
            seen[place] = observation(rng) if ended else following
        for ring in rings:
            ring.advance()
        for place in range(2):
            if (step + place) % 4 == 3:
                for ring in rings:
                    ring.begin(place, seen[place])
        slots = np.arange(rings[0].stored)
        packed, plain = (ring.gather(slots, Sampling(1), tuple(COLUMNS)) for ring in rings)
        for name in COLUMNS:
            np.testing.assert_array_equal(packed.columns[name], plain.columns[name], err_msg=name)


def test_memory_is_that_of_the_parts_each_once() -> None:
    assert bytes_needed(1000, COLUMNS, OBSERVATION) == 1000 * (10 + 4 + 4 + 2)
