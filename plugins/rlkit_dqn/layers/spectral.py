"""Spectrally normalised layers."""

from __future__ import annotations

from typing import Any

from rlkit import component


@component
class SpectralLayer:
    """x·W/σ(W) + b, where σ(W) is the largest singular value of W.

    Miyato et al. (2018), "Spectral normalization for generative adversarial networks", by power iteration; Gogianu et
    al. (2021), "Spectral normalisation for deep reinforcement learning: an optimisation perspective", on the layer
    before the last one. Initial weights are those of a plain layer.
    """

    def build(self, inputs: int, units: int, name: str) -> Any:
        """See `Layer.build`."""
        from rlkit_dqn.layers.spectral_normalisation import SpectralDense

        layer = SpectralDense(units, name=name)
        layer.build((None, inputs))
        return layer
