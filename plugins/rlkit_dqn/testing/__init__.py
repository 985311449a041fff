"""Conformance suites of the kinds that this package adds, for authors of such parts."""

from __future__ import annotations

from rlkit_dqn.testing.bonuses import BonusSuite
from rlkit_dqn.testing.bootstraps import BootstrapSuite
from rlkit_dqn.testing.heads import HeadSuite
from rlkit_dqn.testing.layers import LayerSuite
from rlkit_dqn.testing.losses import LossSuite
from rlkit_dqn.testing.regularizers import RegularizerSuite
from rlkit_dqn.testing.returns import ReturnsSuite

__all__ = ["BonusSuite", "BootstrapSuite", "HeadSuite", "LayerSuite", "LossSuite", "RegularizerSuite", "ReturnsSuite"]
