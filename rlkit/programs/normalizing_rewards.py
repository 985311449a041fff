"""A learner that learns from rewards divided by the running standard deviation of the discounted return."""

from __future__ import annotations

import tensorflow as tf

from rlkit.contracts.agent import Learner
from rlkit.contracts.data import Act, Call, Learned, Sample, Seen
from rlkit.contracts.spaces import RewardNormalization
from rlkit.contracts.tensor import Nest, Tensor
from rlkit.maths.running_statistics import RunningStatistics


class RewardNormalizingLearner:
    """Counts in exploring `act`, step by step, the return so far: R ← γR + r, from 0 at each episode's beginning.

    Engstrom et al. (2020), "Implementation matters in deep policy gradients"; Raffin et al. (2021), VecNormalize. The
    ring keeps rewards as they came: what is learned from is divided by the deviation of now. It never `tries`: an
    action that is left out would leave a reward uncounted.
    """

    def __init__(self, learner: Learner, environments: int, normalization: RewardNormalization) -> None:
        self.learner, self._normalization = learner, normalization
        self.statistics = RunningStatistics(())
        self.discounted_return = tf.Variable(tf.zeros((environments,)), trainable=False)
        self.started = tf.Variable(0.0, trainable=False)
        """1 once there was a step to be rewarded."""

    def initial_memory(self, environments: int) -> Nest:
        """See `Learner`."""
        return self.learner.initial_memory(environments)

    def act(self, seen: Seen, memory: Nest, call: Call, explore: bool) -> Act:
        """See `Learner`."""
        if explore:
            so_far = self._normalization.gamma * self.discounted_return + seen.last_reward
            self.statistics.add(so_far, self.started)
            self.discounted_return.assign(tf.where(seen.first, 0.0, so_far))
            self.started.assign(1.0)
        shown = {name: self._shown(getattr(seen, name)) for name in ("previous_reward", "last_reward")}
        return self.learner.act(seen._replace(**shown), memory, call, explore)

    def learn(self, sample: Sample, call: Call) -> Learned:
        """See `Learner`."""
        steps = sample.steps
        return self.learner.learn(sample._replace(steps=steps._replace(reward=self._shown(steps.reward))), call)

    def _shown(self, reward: Tensor) -> Tensor:
        _, clip, epsilon = self._normalization
        return tf.clip_by_value(reward * tf.math.rsqrt(self.statistics.variance + epsilon), -clip, clip)
