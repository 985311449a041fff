"""Parts of the value family that do not go together: told with their line, and what does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import rlkit

HEAD = """\
name: conflict
environment: {name: compiled, id: CartPole-v1}
limits: {steps: 100}
"""

REFUSED = {
    "a loss of action values beside a head of distributions": (
        "agent: dqn\nhead: c51\nloss: huber",
        "6:7: loss: found huber, .*c51, which has a loss of its own; allowed: no loss .null., or a head without",
    ),
    "Q(λ) beside a head of distributions": (
        "agent: {name: dqn, n_step: 3}\nhead: quantile\nreturns: {name: peng, trace_decay: 0.5}",
        "6:1: returns: found peng, .*quantile, .*allowed: returns: n_step, or a head of action values",
    ),
    "Q(λ) over single steps": (
        "agent: {name: dqn, n_step: 1}\nreturns: watkins",
        "4:28: agent.n_step: found 1, and watkins .*allowed: at least 2, or returns: n_step",
    ),
    "rows of several steps of which the first counts": (
        "agent: {name: dqn, n_step: 3, gamma: 0}",
        "4:38: agent.gamma: found 0.*of n_step .3. steps; allowed: above 0, or n_step: 1",
    ),
    "rows longer than what is stored": (
        "agent: {name: dqn, n_step: 200}\nbuffer: {name: uniform, capacity: 100}",
        "4:28: agent.n_step: found 200; allowed: at most 100",
    ),
    "sequences longer than what is stored": (
        "agent: {name: r2d2, length: 90, burn_in: 20}\nbuffer: {name: prioritized, capacity: 100}",
        "4:29: agent.length: found 90; allowed: at most 80 beside burn_in .20., since the buffer .100 steps. holds 100",
    ),
    "a mean over an exploration that has no probabilities": (
        "agent: dqn\nbootstrap: expected_sarsa\nexploration: ez_greedy",
        "6:14: exploration: bootstrap expected_sarsa .*ez_greedy has no method `probabilities`; boltzmann, .*have",
    ),
    "priorities for an agent that replays nothing": (
        "agent: pqn\nbuffer: rank_prioritized",
        "5:1: buffer: agent 'pqn' has no part 'buffer'; its parts are network, optimizer",
    ),
}
WARNED = {
    "priorities without weights": (
        "agent: dqn\nbuffer: {name: rank_prioritized, beta: 0.0}",
        r"with beta 0 no importance weight .*beta: \{name: linear, start: 0.5, end: 1.0\}",
    ),
    "noisy layers beside random actions": (
        "agent: dqn\nnetwork: {name: mlp, layer: noisy}",
        "network.layer explores by noise .*: exploration: greedy",
    ),
}


def written(folder: Path, text: str) -> str:
    path = folder / "conflict.yaml"
    path.write_text(HEAD + text + "\n")
    return str(path)


@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=list(REFUSED))
def test_what_does_not_go_together_is_refused_where_it_stands(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(rlkit.ExperimentError) as refused:
        rlkit.load(written(tmp_path, text))
    assert re.search(f"conflict.yaml:{said}", str(refused.value), re.DOTALL), str(refused.value)


@pytest.mark.parametrize(("text", "said"), WARNED.values(), ids=list(WARNED))
def test_what_does_little_good_together_is_warned_of(text: str, said: str, tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match=said):
        rlkit.load(written(tmp_path, text))


def test_more_environments_than_the_buffer_has_rows(tmp_path: Path) -> None:
    text = "agent: {name: dqn, batch_size: 2}\nbuffer: {name: uniform, capacity: 4}"
    said = "5:35: buffer.capacity: found 4; allowed: at least 8, a row for each of 8 environments"
    with pytest.raises(rlkit.ExperimentError, match=said):
        rlkit.load(written(tmp_path, text), ["environment={name: gymnasium, id: CartPole-v1, count: 8}"])
