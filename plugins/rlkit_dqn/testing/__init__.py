"""Conformance suites of the kinds that this package adds, for authors of heads, bootstraps, layers and losses."""

from __future__ import annotations

from rlkit_dqn.testing.bootstraps import BootstrapSuite
from rlkit_dqn.testing.heads import HeadSuite
from rlkit_dqn.testing.layers import LayerSuite
from rlkit_dqn.testing.losses import LossSuite

__all__ = ["BootstrapSuite", "HeadSuite", "LayerSuite", "LossSuite"]
