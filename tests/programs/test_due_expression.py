"""`due` is recorded operator by operator and done again without its learner."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from rlkit import Progress
from rlkit.programs.due_expression import NoExpression, recorded, replay

RULES: list[Callable[..., Any]] = [
    lambda progress, episode_step, stored: (episode_step % 4 == 0) & (stored >= 64),
    lambda progress, episode_step, stored: (progress.step >= 1000) & (episode_step >= 0),
    lambda progress, episode_step, stored: (stored == 256) * 4 * (episode_step >= 0),
    lambda progress, episode_step, stored: (episode_step > 3) | ~(progress.episode < 7) ^ (progress.update != 2),
    lambda progress, episode_step, stored: 10 - abs(-episode_step) // 3 + 2 ** (episode_step % 3),
    lambda progress, episode_step, stored: np.int64(3) * (episode_step % np.int64(2)) - +progress.step,
    lambda progress, episode_step, stored: (1.5 * episode_step <= progress.step / 2) & (stored > 7),
]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("environments", [1, 3])
def test_what_was_recorded_gives_what_the_rule_gives(rule: Callable[..., Any], environments: int) -> None:
    again = replay(json.loads(json.dumps(recorded(rule, environments))))
    rng = np.random.default_rng(1)
    for _ in range(200):
        progress = Progress(*rng.integers(0, 2000, 3).tolist())
        arguments = (progress, rng.integers(0, 9, environments), int(rng.integers(0, 300)))
        expected, found = rule(*arguments), again(*arguments)
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (lambda progress, episode_step, stored: episode_step >= 0 if stored > 3 else episode_step < 0, "branches"),
        (lambda progress, episode_step, stored: np.where(episode_step > 3, 1, 0), "branches|raises|uses"),
        (lambda progress, episode_step, stored: tf.cast(episode_step, tf.int32), "raises ValueError"),
        (lambda progress, episode_step, stored: episode_step.astype(int), "raises AttributeError"),
        (lambda progress, episode_step, stored: (episode_step >= 0) & np.array([True]), "uses a ndarray"),
        (lambda progress, episode_step, stored: episode_step // 0 == 1, "raises|another result"),
    ],
)
def test_a_rule_that_does_more_than_apply_operators_is_refused(rule: Callable[..., Any], words: str) -> None:
    with np.errstate(all="raise"), pytest.raises(NoExpression, match=words):
        recorded(rule, 1)


def test_a_rule_that_remembers_is_refused() -> None:
    calls = []

    def rule(progress: Any, episode_step: Any, stored: Any) -> Any:
        calls.append(1)
        return episode_step >= len(calls)

    with pytest.raises(NoExpression, match="another result"):
        recorded(rule, 1)


@pytest.mark.parametrize(
    "tree",
    [
        [],
        ["input", 5],
        ["input", -1],
        ["constant", "x"],
        ["system", ["constant", 1]],
        ["add", ["input", 0]],
        "input",
        3,
    ],
    ids=str,
)
def test_what_is_no_tree_of_known_operators_is_refused(tree: Any) -> None:
    with pytest.raises(ValueError, match="no tree of operators"):
        replay(tree)
