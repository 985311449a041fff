"""A scripted environment whose observations are its own step counter, for tests of loops."""

import gymnasium
import numpy as np


class Counter(gymnasium.Env):
    """Observation (step within the episode, episode); reward 1; ends as `lengths` and `truncates` say.

    `lengths[k]` is the length of episode k (the last one repeats); episodes whose number is in `truncates` are
    truncated at their end, the others terminate. `poison` maps (episode, step) to a reward of its own.
    """

    observation_space = gymnasium.spaces.Box(-np.inf, np.inf, (2,), np.float32)
    action_space = gymnasium.spaces.Discrete(2)

    def __init__(self, lengths, truncates=(), poison=None):
        self.lengths, self.truncates, self.poison = lengths, set(truncates), poison or {}
        self.episode, self.count = -1, 0

    def reset(self, *, seed=None, options=None):
        self.episode, self.count = self.episode + 1, 0
        return self.observe(), {}

    def step(self, action):
        place = (self.episode, self.count)
        self.count += 1
        over = self.count >= self.lengths[min(self.episode, len(self.lengths) - 1)]
        cut = self.episode in self.truncates
        return self.observe(), float(self.poison.get(place, 1.0)), over and not cut, over and cut, {}

    def observe(self):
        return np.array([self.count, self.episode], np.float32)
