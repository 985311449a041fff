"""The document's DQN in plain NumPy, gradients by hand: an independent implementation to compare distributions with.

`python benchmarks/numpy_dqn.py SEED [SEED …]` trains CartPole-v1 until the mean return of the last 50 episodes is above
225 (2,000 episodes at most) and prints one JSON line a seed. Nothing here is shared with rlkit: not the random
numbers, not the network, not the loop.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import gymnasium
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
CAPACITY, BATCH, GAMMA, TAU, RATE = 50_000, 64, 0.95, 0.01, 0.001


class Network:
    """4 → 64 ReLU → 2, Glorot-uniform kernels, with Keras's Adam."""

    def __init__(self, rng: np.random.Generator) -> None:
        def glorot(inputs: int, outputs: int) -> Array:
            limit = np.sqrt(6.0 / (inputs + outputs))
            return rng.uniform(-limit, limit, (inputs, outputs))

        self.online: list[Array] = [glorot(4, 64), np.zeros(64), glorot(64, 2), np.zeros(2)]
        self.target = [weight.copy() for weight in self.online]
        self.mean = [np.zeros_like(weight) for weight in self.online]
        self.square = [np.zeros_like(weight) for weight in self.online]
        self.updates = 0

    def learn(self, rows: dict[str, Array]) -> None:
        """One step of gradient descent on the mean squared TD error, then the soft update."""
        hidden = np.maximum(rows["next"] @ self.target[0] + self.target[1], 0.0)
        best = (hidden @ self.target[2] + self.target[3]).max(axis=1)
        goal = rows["reward"] + (1.0 - rows["terminated"]) * GAMMA * best
        hidden = np.maximum(rows["observation"] @ self.online[0] + self.online[1], 0.0)
        q_values = hidden @ self.online[2] + self.online[3]
        chosen = (np.arange(BATCH), rows["action"])
        d_q = np.zeros_like(q_values)
        d_q[chosen] = 2.0 * (q_values[chosen] - goal) / BATCH
        d_hidden = (d_q @ self.online[2].T) * (hidden > 0)
        gradients = (rows["observation"].T @ d_hidden, d_hidden.sum(0), hidden.T @ d_q, d_q.sum(0))
        self.updates += 1
        rate = RATE * np.sqrt(1 - 0.999**self.updates) / (1 - 0.9**self.updates)
        for weight, target, mean, square, gradient in zip(
            self.online, self.target, self.mean, self.square, gradients, strict=True
        ):
            mean += 0.1 * (gradient - mean)
            square += 0.001 * (gradient * gradient - square)
            weight -= rate * mean / (np.sqrt(square) + 1e-7)
            target += TAU * (weight - target)


def train(seed: int) -> dict[str, Any]:
    """Train until solved; the last episode's index is what the document prints."""
    rng = np.random.default_rng(seed)
    environment, network = gymnasium.make("CartPole-v1", disable_env_checker=True), Network(rng)
    environment.reset(seed=int(rng.integers(2**31)))
    ring: dict[str, Array] = {
        "observation": np.zeros((CAPACITY, 4)),
        "action": np.zeros(CAPACITY, np.int64),
        "reward": np.zeros(CAPACITY),
        "next": np.zeros((CAPACITY, 4)),
        "terminated": np.zeros(CAPACITY),
    }
    returns: list[float] = []
    steps, epsilon, began = 0, 1.0, time.perf_counter()
    while len(returns) < 2000 and not (returns and np.mean(returns[-50:]) > 225):
        observation, _ = environment.reset()
        total, step, over = 0.0, 0, False
        while not over and step < 1000:
            if rng.random() < epsilon:
                action = int(rng.integers(2))
            else:
                hidden = np.maximum(observation @ network.online[0] + network.online[1], 0.0)
                action = int(np.argmax(hidden @ network.online[2] + network.online[3]))
            next_observation, reward, terminated, truncated, _ = environment.step(action)
            row = (observation, action, reward, next_observation, terminated)
            for column, value in zip(ring.values(), row, strict=True):
                column[steps % CAPACITY] = value
            steps += 1
            stored = min(steps, CAPACITY)
            if step % 4 == 0 and stored >= BATCH:
                slots = rng.choice(stored, BATCH, replace=False, shuffle=False)
                network.learn({name: column[slots] for name, column in ring.items()})
            observation, total, step = next_observation, total + float(reward), step + 1
            over = terminated or truncated
        epsilon = max(0.995 * epsilon, 0.1) if epsilon > 0.1 else epsilon
        returns.append(total)
    solved = bool(np.mean(returns[-50:]) > 225)
    seconds = round(time.perf_counter() - began, 1)
    return {"seed": seed, "solved": solved, "episodes": len(returns), "steps": steps, "seconds": seconds}


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        print(json.dumps(train(int(argument))), flush=True)
