"""A learner that sees observations normalised by their running mean and variance, and rewards by the return's."""

from __future__ import annotations

import tensorflow as tf

from rlkit.contracts.agent import Learner
from rlkit.contracts.data import Act, Call, Learned, Sample, Seen
from rlkit.contracts.spaces import Array, Normalization, Spaces
from rlkit.contracts.tensor import Nest, Tensor
from rlkit.maths.running_statistics import RunningStatistics
from rlkit.programs.normalizing_rewards import RewardNormalizingLearner


def normalized_spaces(spaces: Spaces) -> Spaces:
    """What an agent is built for: observations in float32 within the clip, where they are to be normalised."""
    if spaces.normalization is None:
        return spaces._replace(reward_normalization=None)
    clip = spaces.normalization.clip
    observation = _normalized(spaces.observation, clip)
    parts = tuple((key, _normalized(part, clip)) for key, part in spaces.observation.parts)
    return spaces._replace(observation=observation._replace(parts=parts), normalization=None, reward_normalization=None)


def normalizing(learner: Learner, spaces: Spaces) -> Learner:
    """The learner, or what is around it where something is to be normalised; `spaces` are the environment's."""
    if spaces.reward_normalization is not None:
        learner = RewardNormalizingLearner(learner, spaces.environments, spaces.reward_normalization)
    if spaces.normalization is not None:
        learner = NormalizingLearner(learner, spaces.observation, spaces.normalization)
    return learner


class NormalizingLearner:
    """Counts what exploring `act` observes, each observation once; everything else reads the statistics as they are.

    The ring keeps observations as they came: what is learned from is normalised by the statistics of now. It never
    `tries`: an action that is left out would leave an observation uncounted.
    """

    def __init__(self, learner: Learner, observation: Array, normalization: Normalization) -> None:
        self.learner, self._normalization = learner, normalization
        self.statistics = RunningStatistics(observation.shape)

    def initial_memory(self, environments: int) -> Nest:
        """See `Learner`."""
        return self.learner.initial_memory(environments)

    def act(self, seen: Seen, memory: Nest, call: Call, explore: bool) -> Act:
        """See `Learner`."""
        if explore:
            self.statistics.add(tf.cast(seen.observation, tf.float32))
        return self.learner.act(seen._replace(observation=self._shown(seen.observation)), memory, call, explore)

    def learn(self, sample: Sample, call: Call) -> Learned:
        """See `Learner`."""
        steps = sample.steps
        shown = {name: self._shown(getattr(steps, name)) for name in ("observation", "next_observation")}
        return self.learner.learn(sample._replace(steps=steps._replace(**shown)), call)

    def _shown(self, observation: Tensor) -> Tensor:
        clip, epsilon = self._normalization
        return self.statistics.normalized(tf.cast(observation, tf.float32), epsilon, clip)


def _normalized(array: Array, clip: float) -> Array:
    return array._replace(dtype="float32", low=-clip, high=clip)
