"""The bonus: a reward of the agent's own, for what it has seldom seen."""

from __future__ import annotations

from typing import Protocol

import tensorflow as tf

from rlkit import Call, Sample, Seen, Tensor, TensorSpec, returns


def _value(sample: Sample, call: Call) -> TensorSpec:
    return tf.TensorSpec(sample.steps.reward.shape, tf.float32)


def _learn(sample: Sample, call: Call) -> None:
    return None


def _seen(seen: Seen, call: Call) -> None:
    return None


@returns(value=_value, learn=_learn, seen=_seen)
class Bonus(Protocol):
    """An intrinsic reward. With state of its own it has `build(spaces)`.

    Optional methods, both graph code:

    - `learn(sample, call)`: told after each learning step of what was learned from; it assigns what it learns.
    - `seen(seen, call)`: told of what is seen before each action while exploring, once a step of the environments; it
      assigns what it counts.
    """

    def value(self, sample: Sample, call: Call) -> Tensor:
        """What is added to the reward of each step, (B, T) float32, finite; of any size where `sample.valid` is False.

        Graph code that assigns nothing. It has its scale as a parameter: what it returns is added as it is.
        """
