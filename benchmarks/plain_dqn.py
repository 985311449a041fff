"""The document's DQN as one writes it by hand with TensorFlow and Keras: the baseline of rlkit's speed.

`python benchmarks/plain_dqn.py SEED` trains CartPole-v1 until the mean return of the last 50 episodes is above 225
(2,000 episodes at most). `… SEED STEPS` goes on, solved or not, to the end of the episode that reaches so many
environment steps. Prints one JSON line; `steps_per_s` leaves out imports and the first 1,000 steps, in which TensorFlow
traces, and `solved` is the zero-based index of the first episode at which the criterion held, or null.

Every environment step costs one eager Keras call, and every batch is gathered in Python: nothing here is made slow on
purpose, and nothing is tuned.
"""
# ruff: noqa: E402

from __future__ import annotations

import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
_IMPORTING = time.perf_counter()
import argparse
import json
import resource
import sys
from collections import deque
from typing import Any, NamedTuple

import gymnasium
import keras
import numpy as np
import tensorflow as tf

IMPORT_SECONDS = time.perf_counter() - _IMPORTING

GAMMA, TAU, LEARNING_RATE = 0.95, 0.01, 0.001
CAPACITY, BATCH, STEPS_PER_UPDATE = 50_000, 64, 4
EPISODES, STEPS_PER_EPISODE = 2000, 1000
EPSILON_DECAY, EPSILON_END = 0.995, 0.1
WINDOW, THRESHOLD = 50, 225
UNTIMED_STEPS = 1000


class Transition(NamedTuple):
    observation: Any
    action: int
    reward: float
    next_observation: Any
    terminated: bool


def q_network(observations: int, actions: int) -> Any:
    layers = [keras.Input((observations,)), keras.layers.Dense(64, activation="relu"), keras.layers.Dense(actions)]
    return keras.Sequential(layers)


def learning_step(online: Any, target: Any) -> Any:
    """A compiled function of one batch: gradient step on the mean squared TD error, then the soft update."""
    optimizer = keras.optimizers.Adam(LEARNING_RATE)

    @tf.function  # type: ignore[untyped-decorator]
    def learn(observation: Any, action: Any, reward: Any, next_observation: Any, terminated: Any) -> None:
        bootstrap = tf.reduce_max(target(next_observation), axis=1)
        goal = reward + GAMMA * (1.0 - terminated) * bootstrap
        with tf.GradientTape() as tape:
            chosen = tf.gather(online(observation), action, batch_dims=1)
            loss = tf.reduce_mean(tf.square(goal - chosen))
        variables = online.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        for slow, fast in zip(target.weights, online.weights, strict=True):
            slow.assign((1.0 - TAU) * slow + TAU * fast)

    return learn


def sample(memory: deque[Transition]) -> tuple[Any, ...]:
    """64 different transitions, each as likely as any other, as tensors."""
    slots = np.random.choice(len(memory), BATCH, replace=False)
    columns = Transition._make(zip(*(memory[slot] for slot in slots), strict=True))
    return (
        tf.constant(np.stack(columns.observation), tf.float32),
        tf.constant(np.array(columns.action), tf.int32),
        tf.constant(np.array(columns.reward), tf.float32),
        tf.constant(np.stack(columns.next_observation), tf.float32),
        tf.constant(np.array(columns.terminated, np.float32)),
    )


def train(seed: int, step_limit: int | None) -> dict[str, Any]:
    """Train, and return what is printed, memory aside."""
    keras.utils.set_random_seed(seed)
    environment = gymnasium.make("CartPole-v1")
    environment.reset(seed=seed)
    online, target = q_network(4, 2), q_network(4, 2)
    target.set_weights(online.get_weights())
    learn = learning_step(online, target)
    memory: deque[Transition] = deque(maxlen=CAPACITY)
    returns: list[float] = []
    steps, epsilon, solved = 0, 1.0, None
    timed_from: tuple[int, float] | None = None
    began = time.perf_counter()
    for episode in range(EPISODES):
        observation, _ = environment.reset()
        total = 0.0
        for step in range(STEPS_PER_EPISODE):
            q_values = online(observation[np.newaxis])
            action = np.random.randint(2) if np.random.rand() < epsilon else int(np.argmax(q_values))
            next_observation, reward, terminated, truncated, _ = environment.step(action)
            memory.append(Transition(observation, action, float(reward), next_observation, terminated))
            if step % STEPS_PER_UPDATE == 0 and len(memory) >= BATCH:
                learn(*sample(memory))
            observation, total, steps = next_observation, total + float(reward), steps + 1
            if terminated or truncated:
                break
        if epsilon > EPSILON_END:
            epsilon = max(epsilon * EPSILON_DECAY, EPSILON_END)
        returns.append(total)
        if timed_from is None and steps > UNTIMED_STEPS:
            timed_from = steps, time.perf_counter()
        if solved is None and np.mean(returns[-WINDOW:]) > THRESHOLD:
            solved = episode
        if solved is not None if step_limit is None else steps >= step_limit:
            break
    ended = time.perf_counter()
    timed = timed_from is not None and steps > timed_from[0]
    return {
        "seed": seed,
        "import_s": round(IMPORT_SECONDS, 2),
        "steps": steps,
        "episodes": len(returns),
        "train_s": round(ended - began, 2),
        "steps_per_s": round((steps - timed_from[0]) / (ended - timed_from[1]), 1) if timed and timed_from else None,
        "solved": solved,
        "last50": float(np.mean(returns[-WINDOW:])),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the document's DQN in plain TensorFlow; print one JSON line.")
    parser.add_argument("seed", type=int)
    parser.add_argument("steps", type=int, nargs="?", help="environment steps; without it, until solved")
    parser.add_argument("--quick", action="store_true", help="1,500 steps, to see that it works")
    arguments = parser.parse_args()
    result = train(arguments.seed, 1500 if arguments.quick else arguments.steps)
    unit = 2**20 if sys.platform == "darwin" else 2**10  # macOS counts bytes, Linux KiB
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    print(json.dumps({**result, "ru_maxrss_mb": round(peak, 1)}))


if __name__ == "__main__":
    main()
