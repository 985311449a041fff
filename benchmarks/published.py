"""What others have published about DQN on the tasks of `learning.py`: figures printed as text, and where."""

from __future__ import annotations

from typing import NamedTuple


class Published(NamedTuple):
    """Greedy episodes of one trained agent."""

    mean: float
    deviation: float
    """Over the episodes."""
    trained: str
    """Environment steps, and what differs."""


RESULTS = {
    "Acrobot-v1": Published(-76.639, 11.752, "100,000"),
    "LunarLander-v3": Published(154.382, 79.241, "100,000, LunarLander-v2"),
    "MountainCar-v0": Published(-100.849, 9.925, "120,000"),
}
RESULTS_SOURCE = (
    "RL Baselines3 Zoo, the rows of dqn in [benchmark.md](https://github.com/DLR-RM/rl-baselines3-zoo/blob/0088472b8cb"
    "622732bdbc4aa3d0d0abde86c67ed/benchmark.md): one run each, deterministic policy, ± over 1,932 (Acrobot), 200 "
    "(LunarLander) and 1,487 (MountainCar) episodes"
)


class Ended(NamedTuple):
    """Several agents at the end of their training."""

    settings: str
    seeds: int
    training: tuple[float, float]
    """Return of the training episodes, exploration included, that ended in the last steps: mean and deviation of the
    seeds."""
    greedy: float | None
    """Return of 100 greedy episodes with the weights at the end, mean of the seeds."""


ENDS = {
    ("MinAtar/Asterix-v0", 5_000_000): (
        Ended("Adam, learning rate 0.00025", 3, (13.25, 0.77), None),
        Ended("centred RMSProp, learning rate 0.0001", 3, (16.81, 1.18), 25.6),
    ),
}
"""By task and environment steps of the training."""
END_WINDOW = 500_000
"""Environment steps at the end over which `Ended.training` is taken."""
ENDS_SOURCE = (
    "[nickgreenquist/deep-rl-from-scratch](https://github.com/nickgreenquist/deep-rl-from-scratch), in its [PLAN.md]"
    "(https://github.com/nickgreenquist/deep-rl-from-scratch/blob/25ebe59cf6e1c64f059598fb2d090529b5155671/PLAN.md), "
    "entries of 2026-07-24 and 25, the training returns, and in its [README.md](https://github.com/nickgreenquist/"
    "deep-rl-from-scratch/blob/0c3b9726cf291c74a986799d0e885ce492009f8d/README.md), tables of phases 1 and 2, the "
    "greedy ones: a reproduction, by one person, of Young and Tian's DQN with their network, buffer and ε (0.1 from "
    "step 100,000), a learning step every step, four times as many as here"
)

CURVES = {
    "MinAtar/Breakout-v0": {
        50_000: (1.29, 1.58, 1.43),
        100_000: (3.35, 3.23, 3.85),
        150_000: (5.10, 4.55, 5.60),
        200_000: (5.48, 4.74, 5.82),
        250_000: (6.31, 5.33, 5.93),
        300_000: (5.27, 7.18, 6.45),
        350_000: (4.76, 7.36, 6.08),
        400_000: (5.87, 5.97, 5.78),
        450_000: (5.65, 6.91, 6.63),
        500_000: (8.02, 6.57, 6.91),
    }
}
"""Mean return of the last 100 training episodes at a step, one number for each of the publisher's seeds."""
CURVES_SOURCE = (
    "the logs of [joash2003/rainbow-minatar](https://github.com/joash2003/rainbow-minatar/tree/f081511f1aaea9bd6214d3df"
    "30994d8cd014a6c6), `runs_breakout_seed1.log` to `seed3.log`, `avg100` at that frame, mean of the three seeds: a "
    "reproduction, by one person, of Young and Tian's DQN with their network and settings (centred RMSProp, a learning "
    "step every step, four times as many as here, ε falling to 0.1 by step 100,000)"
)
