"""Stable-Baselines3's DQN with the settings of experiments/cartpole_dqn.yaml, as far as it has them.

`python benchmarks/sb3_dqn.py SEED [STEPS]` trains CartPole-v1 for so many environment steps (30,000 unless told) and
prints one JSON line; `steps_per_s` leaves out imports and the first 1,000 steps. With `--solve` it ends as the
experiment does, once the mean return of the last 50 episodes is above 225. Needs the package stable-baselines3.

As in the experiment: network, Adam, buffer, batch, discount, ε by the number of finished episodes, one learning step
every four environment steps from the 64th on, and one soft update of 0.01 for each. What it does otherwise: these four
steps are counted over the run, not within each episode; sampling is with replacement; the loss is Huber's.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from importlib import import_module
from typing import Any

import stable_baselines3
from stable_baselines3 import DQN

UPDATE_EVERY = 4
UNTIMED_STEPS = 1000
WINDOW, THRESHOLD = 50, 225


class Clock:
    """A callback that notes when the timed part of the training began."""

    def __init__(self, untimed: int = UNTIMED_STEPS, *, solve: bool = False) -> None:
        """With `solve` it ends the training once the task is solved."""
        self._untimed, self._solve, self._episodes = untimed, solve, 0
        self.solved: int | None = None
        """The zero-based index of the episode that solved it."""
        self.began: float | None = None
        self.step: int | None = None
        """The environment step at which it did."""

    def __call__(self, local: dict[str, Any], _: dict[str, Any]) -> bool:
        """False to end the training."""
        if self._solve and self._episodes != (ended := local["self"]._episode_num):
            self._episodes = ended
            last = [one["r"] for one in list(local["self"].ep_info_buffer)[-WINDOW:]]
            if len(last) == WINDOW and statistics.mean(last) > THRESHOLD:
                self.solved = ended - 1
                return False
        if self.began is None and local["self"].num_timesteps >= self._untimed:
            self.began, self.step = time.perf_counter(), local["self"].num_timesteps
        return True


def dqn(seed: int) -> Any:
    """The agent, not trained yet."""
    model = DQN(
        "MlpPolicy",
        "CartPole-v1",
        seed=seed,
        learning_rate=0.001,
        buffer_size=50_000,
        learning_starts=64,
        batch_size=64,
        gamma=0.95,
        train_freq=UPDATE_EVERY,
        gradient_steps=1,
        tau=0.01,
        target_update_interval=UPDATE_EVERY,  # in environment steps: one soft update for each learning step
        max_grad_norm=float("inf"),
        policy_kwargs={"net_arch": [64], "optimizer_kwargs": {"eps": 1e-7}},
        device="cpu",
    )
    model.exploration_schedule = lambda _: max(0.995**model._episode_num, 0.1)
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description="Train Stable-Baselines3's DQN; print one JSON line.")
    parser.add_argument("seed", type=int)
    parser.add_argument("steps", type=int, nargs="?", default=30_000)
    parser.add_argument("--solve", action="store_true", help="end once the task is solved")
    parser.add_argument("--quick", action="store_true", help="1,500 steps, to see that it works")
    arguments = parser.parse_args()
    steps = 1500 if arguments.quick else arguments.steps
    torch: Any = import_module("torch")
    torch.set_num_threads(1)
    model, clock = dqn(arguments.seed), Clock(solve=arguments.solve)
    began = time.perf_counter()
    model.learn(steps, callback=clock, log_interval=100)
    ended = time.perf_counter()
    timed = None if clock.began is None else round((model.num_timesteps - UNTIMED_STEPS) / (ended - clock.began), 1)
    result = {
        "seed": arguments.seed,
        "steps": model.num_timesteps,
        "episodes": model._episode_num,
        "train_s": round(ended - began, 2),
        "steps_per_s": timed,
        "solved": clock.solved,
        "last50": statistics.mean(one["r"] for one in list(model.ep_info_buffer)[-50:]),
        "versions": {"stable-baselines3": stable_baselines3.__version__, "torch": torch.__version__},
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
