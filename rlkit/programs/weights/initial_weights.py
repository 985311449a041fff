"""Initial weights: drawn by the core from the initialiser's configuration and the noise (seed, variable).

Plain NumPy from a plan of plain data, so that the same bytes come out with and without TensorFlow.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rlkit.noise.philox import WORDS_PER_BLOCK, blocks, stream_key

_TRUNCATED_STDDEV = 0.87962566103423978
"""Standard deviation of a standard normal cut at ±2, by which Keras divides (scipy.stats.truncnorm.std(-2, 2))."""


class InitialWeight(NamedTuple):
    """How one variable begins."""

    variable: str
    shape: tuple[int, ...]
    initializer: str
    """The Keras class name: `GlorotUniform`, …"""
    config: Mapping[str, Any]


SEED_STATE = "SeedGenerator"
"""The state of one of Keras's generators, uint32."""
KNOWN = frozenset(
    {
        "Zeros",
        "Ones",
        "Constant",
        "RandomUniform",
        "RandomNormal",
        "TruncatedNormal",
        "Orthogonal",
        "VarianceScaling",
        "GlorotUniform",
        "GlorotNormal",
        "HeUniform",
        "HeNormal",
        "LecunUniform",
        "LecunNormal",
    }
)
_VARIANCE_SCALING = {
    "GlorotUniform": (1.0, "fan_avg", "uniform"),
    "GlorotNormal": (1.0, "fan_avg", "truncated_normal"),
    "HeUniform": (2.0, "fan_in", "uniform"),
    "HeNormal": (2.0, "fan_in", "truncated_normal"),
    "LecunUniform": (1.0, "fan_in", "uniform"),
    "LecunNormal": (1.0, "fan_in", "truncated_normal"),
}


def draw(plan: Sequence[InitialWeight], seed: int) -> dict[str, npt.NDArray[Any]]:
    """The initial values of the variables in a plan. Each is a function of (seed, its place in the plan)."""
    return {weight.variable: _Draw(seed, place).value(weight) for place, weight in enumerate(plan)}


class _Draw:
    """Numbers for one variable, from its own run of Philox counters."""

    def __init__(self, seed: int, place: int) -> None:
        self._key, self._place, self._low = stream_key(seed, "initial_weights"), place, 0

    def value(self, weight: InitialWeight) -> npt.NDArray[Any]:
        config, shape = weight.config, weight.shape
        if weight.initializer == SEED_STATE:
            return self._words(shape)
        match weight.initializer:
            case "Zeros":
                drawn = np.zeros(shape)
            case "Ones":
                drawn = np.ones(shape)
            case "Constant":
                drawn = np.broadcast_to(np.asarray(config["value"], np.float64), shape)
            case "RandomUniform":
                drawn = config["minval"] + (config["maxval"] - config["minval"]) * self._uniform(shape)
            case "RandomNormal":
                drawn = config["mean"] + config["stddev"] * self._normal(shape)
            case "TruncatedNormal":
                drawn = config["mean"] + config["stddev"] * self._truncated_normal(shape)
            case "Orthogonal":
                drawn = config["gain"] * self._orthogonal(shape)
            case name:
                given = (config.get("scale"), config.get("mode"), config.get("distribution"))
                drawn = self._variance_scaling(shape, *_VARIANCE_SCALING.get(name, given))
        return np.ascontiguousarray(drawn, np.float32)

    def _variance_scaling(self, shape: tuple[int, ...], scale: Any, mode: Any, distribution: Any) -> Any:
        """Glorot and Bengio (2010), He et al. (2015), in Keras's parametrisation."""
        fan_in, fan_out = _fans(shape)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[mode]
        variance = scale / max(1.0, fan)
        if distribution == "uniform":
            limit = math.sqrt(3.0 * variance)
            return -limit + 2.0 * limit * self._uniform(shape)
        if distribution == "untruncated_normal":
            return math.sqrt(variance) * self._normal(shape)
        return math.sqrt(variance) / _TRUNCATED_STDDEV * self._truncated_normal(shape)

    def _orthogonal(self, shape: tuple[int, ...]) -> Any:
        """Saxe, McClelland and Ganguli (2014)."""
        rows, columns = math.prod(shape[:-1]), shape[-1]
        q, r = np.linalg.qr(self._normal((max(rows, columns), min(rows, columns))))
        q = q * np.sign(np.diag(r))
        return (q.T if rows < columns else q).reshape(shape)

    def _uniform(self, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
        """In [0, 1), 32 bits each."""
        return self._words(shape).astype(np.float64) * 2.0**-32

    def _words(self, shape: tuple[int, ...]) -> npt.NDArray[np.uint32]:
        count = math.prod(shape)
        used = -(-count // WORDS_PER_BLOCK)
        low = np.arange(self._low, self._low + used, dtype=np.uint64)
        self._low += used
        return blocks(self._key, low, np.full(used, self._place, np.uint64)).reshape(-1)[:count].reshape(shape)

    def _normal(self, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
        """Box and Muller (1958)."""
        radius = np.sqrt(-2.0 * np.log(1.0 - self._uniform(shape)))
        normal: npt.NDArray[np.float64] = radius * np.cos(2.0 * math.pi * self._uniform(shape))
        return normal

    def _truncated_normal(self, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
        """Standard normal within ±2: what lies outside is drawn again."""
        drawn = self._normal(shape)
        while (outside := np.abs(drawn) > 2.0).any():
            drawn[outside] = self._normal((int(outside.sum()),))
        return drawn


def _fans(shape: tuple[int, ...]) -> tuple[float, float]:
    """Inputs and outputs of a kernel: the last two axes, times the receptive field of a convolution."""
    if len(shape) < 2:
        size = float(math.prod(shape))
        return size, size
    field = math.prod(shape[:-2])
    return float(field * shape[-2]), float(field * shape[-1])
