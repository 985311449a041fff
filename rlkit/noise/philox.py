"""Philox4x32-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011).

The same words as TensorFlow's `StatelessRandomUniformFullIntV2(alg=philox)` for the same key and counter, and not
those of NumPy's `Philox`, which is the 64-bit variant.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
WEYL = (0x9E3779B9, 0xBB67AE85)
ROUNDS = 10
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
_MASK = 0xFFFFFFFF
_FEW = 8
"""Blocks up to which one by one is quicker: 7 µs for one, where NumPy takes 140 for any number."""
WORDS_PER_BLOCK = 4


def stream_key(seed: int, stream: str) -> int:
    """The 64-bit key of a stream of random numbers (`act`, `select`, …) of a run."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{stream}".encode()).digest()[:8], "little")


def blocks(key: int, low: npt.NDArray[np.uint64], high: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint32]:
    """The blocks of four words at 128-bit counters (low, high): (N,) and (N,) to (N, 4)."""
    if 0 < low.size <= _FEW:
        return np.array([_block(key, *counter) for counter in zip(low.tolist(), high.tolist(), strict=True)], np.uint32)
    c0, c1, c2, c3 = low & _LOW, low >> _HALF, high & _LOW, high >> _HALF
    k0, k1 = key & 0xFFFFFFFF, key >> 32
    for _ in range(ROUNDS):
        first, second = np.uint64(MULTIPLIERS[0]) * c0, np.uint64(MULTIPLIERS[1]) * c2
        c0, c1, c2, c3 = (
            (second >> _HALF) ^ c1 ^ np.uint64(k0),
            second & _LOW,
            (first >> _HALF) ^ c3 ^ np.uint64(k1),
            first & _LOW,
        )
        k0, k1 = (k0 + WEYL[0]) & 0xFFFFFFFF, (k1 + WEYL[1]) & 0xFFFFFFFF
    return np.stack((c0, c1, c2, c3), axis=1).astype(np.uint32)


def _block(key: int, low: int, high: int) -> tuple[int, int, int, int]:
    """The same for one counter, in Python's integers: NumPy takes as long for one number as for a hundred."""
    c0, c1, c2, c3 = low & _MASK, low >> 32, high & _MASK, high >> 32
    k0, k1 = key & _MASK, key >> 32
    for _ in range(ROUNDS):
        first, second = MULTIPLIERS[0] * c0, MULTIPLIERS[1] * c2
        c0, c1, c2, c3 = (second >> 32) ^ c1 ^ k0, second & _MASK, (first >> 32) ^ c3 ^ k1, first & _MASK
        k0, k1 = (k0 + WEYL[0]) & _MASK, (k1 + WEYL[1]) & _MASK
    return c0, c1, c2, c3


def words(key: int, counter: int, calls: int, count: int) -> npt.NDArray[np.uint32]:
    """The first `count` words of each of `calls` consecutive calls from `counter` on: (calls, count)."""
    per_call = -(-count // WORDS_PER_BLOCK)
    low = np.tile(np.arange(per_call, dtype=np.uint64), calls)
    high = np.repeat(np.arange(calls, dtype=np.uint64) + np.uint64(counter), per_call)
    return blocks(key, low, high).reshape(calls, per_call * WORDS_PER_BLOCK)[:, :count]


def unit_floats(bits: npt.NDArray[np.uint32]) -> npt.NDArray[np.float32]:
    """float32 in [0, 1): the upper 24 bits of each word, times 2⁻²⁴."""
    return (bits >> np.uint32(8)).astype(np.float32) * np.float32(2.0**-24)


def reset_seed(seed: int, stream: str, environment: int, episode: int) -> int:
    """The seed, in [0, 2³¹), with which an environment's episode is reset."""
    return reset_seeds(seed, stream, environment, range(episode, episode + 1))[0]


def reset_seeds(seed: int, stream: str, environment: int, episodes: range) -> list[int]:
    """Those of several episodes: sixty-four take 60 µs, and one alone 54."""
    low = np.arange(episodes.start, episodes.stop, episodes.step, dtype=np.uint64)
    drawn = blocks(stream_key(seed, stream), low, np.full(len(low), environment, np.uint64))
    return [int(word) for word in drawn[:, 0] >> np.uint32(1)]
