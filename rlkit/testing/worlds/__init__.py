"""Tiny environments whose action values are known, to see whether an agent finds them."""

from __future__ import annotations

from rlkit.testing.worlds.bandit import Bandit
from rlkit.testing.worlds.chain import Chain
from rlkit.testing.worlds.delayed_reward import DelayedReward
from rlkit.testing.worlds.endings import Endings
from rlkit.testing.worlds.probe_world import KnownValues, ProbeWorld

__all__ = ["Bandit", "Chain", "DelayedReward", "Endings", "KnownValues", "ProbeWorld"]
