"""The document's learning step in NumPy, double precision, written from the equations alone."""

from __future__ import annotations

import numpy as np


class NumPyDQN:
    """One hidden layer of ReLUs, squared error, Adam, soft updates."""

    def __init__(self, weights, *, gamma=0.95, learning_rate=0.001, tau=0.01):
        self.weights = [np.asarray(weight, np.float64) for weight in weights]
        self.target = [weight.copy() for weight in self.weights]
        self.mean = [np.zeros_like(weight) for weight in self.weights]
        self.square = [np.zeros_like(weight) for weight in self.weights]
        self.updates = 0
        self.gamma, self.learning_rate, self.tau = gamma, learning_rate, tau

    @staticmethod
    def forward(weights, x):
        kernel, bias, last_kernel, last_bias = weights
        hidden = np.maximum(x @ kernel + bias, 0)
        return hidden, hidden @ last_kernel + last_bias

    def learn(
        self, observation, action, reward, terminated, next_observation, weight, *, double=False, huber=None, cql=0.0
    ):
        """One step; returns loss and TD errors."""
        rows = np.arange(len(action))
        next_values = self.forward(self.target, next_observation)[1]
        chosen = self.forward(self.weights, next_observation)[1] if double else next_values
        target = reward + self.gamma * np.where(terminated, 0.0, next_values[rows, chosen.argmax(1)])
        hidden, values = self.forward(self.weights, observation)
        error = target - values[rows, action]
        if huber is None:
            losses, slope = error**2, 2 * error
        else:
            small = np.abs(error) <= huber
            losses = np.where(small, error**2 / 2, huber * (np.abs(error) - huber / 2))
            slope = np.clip(error, -huber, huber)
        upstream = np.zeros_like(values)
        upstream[rows, action] = -weight * slope / len(action)
        if cql:
            share = np.exp(values - values.max(1, keepdims=True))
            policy = share / share.sum(1, keepdims=True)
            losses = losses - cql * np.log(policy[rows, action])
            policy[rows, action] -= 1
            upstream += weight[:, None] * cql * policy / len(action)
        through = (upstream @ self.weights[2].T) * (hidden > 0)
        self._adam((observation.T @ through, through.sum(0), hidden.T @ upstream, upstream.sum(0)))
        pairs = zip(self.weights, self.target, strict=True)
        self.target = [self.tau * new + (1 - self.tau) * old for new, old in pairs]
        return np.mean(weight * losses), error

    def _adam(self, gradients):
        self.updates += 1
        for i, gradient in enumerate(gradients):
            self.mean[i] = 0.9 * self.mean[i] + 0.1 * gradient
            self.square[i] = 0.999 * self.square[i] + 0.001 * gradient**2
            rate = self.learning_rate * np.sqrt(1 - 0.999**self.updates) / (1 - 0.9**self.updates)
            self.weights[i] = self.weights[i] - rate * self.mean[i] / (np.sqrt(self.square[i]) + 1e-7)
