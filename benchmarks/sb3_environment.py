"""Stable-Baselines3's DQN on any environment, with settings given as JSON by `environments.py`.

`python benchmarks/sb3_environment.py SETTINGS SEED STEPS UNTIMED` trains for so many environment steps and prints one
JSON line; `steps_per_s` leaves out imports and the first UNTIMED steps. Needs the package stable-baselines3.

As in the experiment: environment and wrappers, network, Adam, buffer, batch, discount, exploration, clock, target
updates. What it does otherwise: learning steps are counted over the run, not within each episode; with n environments
its n learning steps come together and are followed by fewer soft target updates; sampling is with replacement; its
loss is always Huber's.
"""

from __future__ import annotations

import argparse
import json
import time
from importlib import import_module
from typing import Any

import stable_baselines3
from sb3_dqn import Clock
from stable_baselines3 import DQN


def main() -> None:
    parser = argparse.ArgumentParser(description="Train Stable-Baselines3's DQN; print one JSON line.")
    parser.add_argument("settings", type=json.loads)
    parser.add_argument("seed", type=int)
    parser.add_argument("steps", type=int)
    parser.add_argument("untimed", type=int)
    arguments = parser.parse_args()
    torch: Any = import_module("torch")
    torch.set_num_threads(1)
    model, clock = _dqn(arguments.settings, arguments.seed), Clock(arguments.untimed)
    model.learn(arguments.steps, callback=clock, log_interval=10_000)
    ended = time.perf_counter()
    assert clock.began is not None and clock.step is not None
    result = {
        "steps": model.num_timesteps,
        "steps_per_s": round((model.num_timesteps - clock.step) / (ended - clock.began), 1),
        "versions": {"stable-baselines3": stable_baselines3.__version__, "torch": torch.__version__},
    }
    print(json.dumps(result))


def _dqn(settings: dict[str, Any], seed: int) -> Any:
    """The agent, not trained yet."""
    policy = {"optimizer_kwargs": {"eps": settings["adam_epsilon"]}}
    network, name = settings["network"], "MlpPolicy"
    if network["name"] == "conv":
        name = "CnnPolicy"
    elif network["name"] == "minatar":
        policy |= _minatar(network)
    else:
        policy["net_arch"] = network["hidden"]
    every, count, target = settings["update_every"], settings["count"], settings["target_update"]
    soft = target["name"] == "soft"
    vectorised: Any = import_module("stable_baselines3.common.vec_env")
    model = DQN(
        name,
        vectorised.DummyVecEnv([lambda: _environment(settings)] * count),
        seed=seed,
        learning_rate=settings["learning_rate"],
        buffer_size=settings["capacity"],
        learning_starts=settings["learning_starts"],
        batch_size=settings["batch_size"],
        gamma=settings["gamma"],
        train_freq=every,
        gradient_steps=count,
        tau=target["tau"] if soft else 1.0,
        target_update_interval=every if soft else every * target["every"],  # in environment steps
        max_grad_norm=settings["clip_norm"] or float("inf"),
        policy_kwargs=policy,
        device="cpu",
    )
    model.exploration_schedule = _exploration(settings["exploration"], model)
    return model


def _environment(settings: dict[str, Any]) -> Any:
    import gymnasium

    package = {"MinAtar": "minatar.gym", "ALE": "ale_py"}.get(settings["id"].partition("/")[0])
    if package == "ale_py":
        gymnasium.register_envs(import_module(package))
    elif package:
        import_module(package).register_envs()
    made: Any = gymnasium.make(settings["id"], **settings["kwargs"])
    if package == "ale_py":
        made = gymnasium.wrappers.AtariPreprocessing(made, noop_max=0)
        made = gymnasium.wrappers.FrameStackObservation(made, 4)
    return made


def _minatar(network: dict[str, Any]) -> dict[str, Any]:
    torch: Any = import_module("torch")
    layers: Any = import_module("stable_baselines3.common.torch_layers")

    class Features(layers.BaseFeaturesExtractor):  # type: ignore[misc]
        """One convolution of 3×3 and a dense layer, as in the experiment."""

        def __init__(self, space: Any) -> None:
            units = network["hidden"][0]
            super().__init__(space, units)
            height, width, channels = space.shape
            self.convolution = torch.nn.Conv2d(channels, network["filters"], 3)
            self.dense = torch.nn.Linear((height - 2) * (width - 2) * network["filters"], units)

        def forward(self, observation: Any) -> Any:
            features = torch.relu(self.convolution(observation.permute(0, 3, 1, 2)))
            return torch.relu(self.dense(features.flatten(1)))

    return {"features_extractor_class": Features, "net_arch": []}


def _exploration(settings: dict[str, Any], model: Any) -> Any:
    schedule = settings.get("schedule")
    if schedule is None:
        return lambda _: max(settings["start"] * settings["decay"] ** model._episode_num, settings["end"])
    span = schedule["end"] - schedule["start"]
    return lambda _: schedule["start"] + span * min(1.0, model.num_timesteps / schedule["over"])


if __name__ == "__main__":
    main()
