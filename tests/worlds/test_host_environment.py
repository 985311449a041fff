"""A compiled environment stepped from Python: its episodes are those of the graph."""

from __future__ import annotations

import warnings
from typing import Any

import gymnasium
import numpy as np
import pytest
import tensorflow as tf
from gymnasium.utils.env_checker import check_env

from rlkit import Array, Discrete, Nest, Noise, Spaces, Tensor, Transition, as_gymnasium, component
from rlkit.noise.drawn import NoiseLayout
from rlkit.noise.traced import TracedNoise
from rlkit.programs.hosted_program import hosted
from tests.worlds.walk import Walk


def graph_noise(layout: NoiseLayout, key: Tensor, call: Tensor) -> TracedNoise:
    """The words of a call as TensorFlow draws them."""
    if not layout.floats:
        return TracedNoise()
    words = tf.raw_ops.StatelessRandomUniformFullIntV2(
        shape=[len(layout.floats)],
        key=key[None],
        counter=tf.stack([tf.zeros((), tf.uint64), call]),
        alg=1,
        dtype=tf.uint32,
    )
    floats = np.array(layout.floats)
    bits = tf.gather(words, np.flatnonzero(floats))
    uniforms = tf.cast(tf.bitwise.right_shift(bits, tf.constant(8, tf.uint32)), tf.float32) * 2.0**-24
    return TracedNoise(uniforms, tf.cast(tf.gather(words, np.flatnonzero(~floats)), tf.int64))


def layouts(environment: Any, action: Tensor) -> tuple[NoiseLayout, NoiseLayout]:
    begin, advance = TracedNoise(), TracedNoise()
    environment.step(environment.reset(begin), action, advance)
    return begin.layout, advance.layout


def played_in_xla(environment: Any, actions: np.ndarray) -> Any:
    """An episode in one `tf.while_loop`: key -> (observations, rewards, terminated, truncated), (steps + 1, …)."""
    begin, advance = layouts(environment, tf.constant(actions[0]))

    @tf.function(jit_compile=True)
    def play(key: Tensor) -> tuple[Tensor, ...]:
        def body(call: Tensor, state: Nest, seen: Tensor, signals: Tensor) -> tuple[Any, ...]:
            stepped = environment.step(
                state, tf.gather(tf.constant(actions), call - 1), graph_noise(advance, key, tf.cast(call, tf.uint64))
            )
            row = tf.stack(
                [stepped.reward, tf.cast(stepped.terminated, tf.float32), tf.cast(stepped.truncated, tf.float32)]
            )
            seen = tf.tensor_scatter_nd_update(
                seen, [[call]], [tf.cast(environment.observe(stepped.state), tf.float32)]
            )
            return call + 1, stepped.state, seen, tf.tensor_scatter_nd_update(signals, [[call]], [row])

        state = environment.reset(graph_noise(begin, key, tf.zeros((), tf.uint64)))
        first = tf.cast(environment.observe(state), tf.float32)
        seen = tf.concat([first[None], tf.zeros((len(actions), first.shape[0]))], 0)
        signals = tf.zeros((len(actions) + 1, 3))
        _, _, seen, signals = tf.while_loop(
            lambda call, *_: call <= len(actions), body, (tf.constant(1), state, seen, signals)
        )
        return seen, signals

    return lambda key: tuple(part.numpy() for part in play(tf.constant(key, tf.uint64)))


def test_episode_is_bit_for_bit_the_one_that_xla_plays_with_noise_drawn_in_the_graph() -> None:
    walk = Walk(limit=None)
    made = as_gymnasium(walk)
    actions = np.random.default_rng(0).integers(0, 3, 300).astype(np.int32)
    play = played_in_xla(walk, actions)
    for key in (0, 1, 2**31 - 1):
        seen, signals = play(key)
        observation, _ = made.reset(seed=key)
        assert np.array_equal(observation, seen[0])
        for step, action in enumerate(actions, start=1):
            observation, *outcome, _ = made.step(int(action) - 1)
            assert np.array_equal(observation, seen[step])
            assert tuple(outcome) == tuple(signals[step])
        assert signals[:, 2].any()


def test_seed_gives_the_episode_whatever_came_before() -> None:
    made, other = as_gymnasium(Walk()), as_gymnasium(Walk())
    made.reset(seed=5)
    expected = [made.step(0)[:4] for _ in range(20)]
    other.reset(seed=6)
    other.step(1)
    other.reset(seed=5)
    assert all(
        np.array_equal(now[0], then[0]) and now[1:] == then[1:]
        for now, then in zip([other.step(0)[:4] for _ in range(20)], expected, strict=True)
    )


def test_episodes_without_a_seed_differ_and_follow_the_last_one() -> None:
    made = as_gymnasium(Walk())
    drawn = []
    for _ in range(2):
        made.reset(seed=5)
        drawn.append([made.reset()[0].tolist() for _ in range(8)])
    assert drawn[0] == drawn[1]
    assert len({tuple(observation) for observation in drawn[0]}) > 1


def test_two_environments_of_equal_components_do_not_disturb_each_other() -> None:
    first, second = as_gymnasium(Walk()), as_gymnasium(Walk())
    start, _ = first.reset(seed=1)
    expected = first.step(0)
    first.reset(seed=1)
    second.reset(seed=2)
    second.step(1)
    assert np.array_equal(first.step(0)[0], expected[0])
    assert np.array_equal(first.reset(seed=1)[0], start)


def test_episode_is_truncated_at_the_limit_of_the_environment() -> None:
    made = as_gymnasium(Walk(limit=4))
    for _ in range(2):
        made.reset(seed=0)
        assert [made.step(0)[3] for _ in range(4)] == [False, False, False, True]


def test_gymnasiums_checker_finds_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(as_gymnasium(Walk()))


def test_equal_components_share_their_programs() -> None:
    assert hosted(Walk()) is hosted(Walk())
    assert hosted(Walk()) is not hosted(Walk(limit=4))


@pytest.mark.parametrize("action", [2, -2, 0.5, "left", None, np.array([0])])
def test_action_outside_the_space_is_refused(action: Any) -> None:
    made = as_gymnasium(Walk())
    made.reset(seed=0)
    with pytest.raises(ValueError, match=r"action: found .*; allowed: Discrete\(3, start=-1\)"):
        made.step(action)


def test_step_before_reset_is_refused() -> None:
    with pytest.raises(gymnasium.error.ResetNeeded):
        as_gymnasium(Walk()).step(0)


@component
class Broken(Walk):
    """Wrong in one respect."""

    wrong: str = ""

    def reset(self, noise: Noise) -> Nest:
        state = super().reset(noise)
        if self.wrong == "shape":
            state["places"] = tf.boolean_mask(state["places"], state["places"] > 3)
        return state

    def observe(self, state: Nest) -> Tensor:
        seen = super().observe(state) if self.wrong != "shape" else tf.zeros(3, tf.int32)
        return tf.cast(seen, tf.float32) if self.wrong == "observation" else seen

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        stepped = super().step(state, action, noise)
        match self.wrong:
            case "reward":
                return stepped._replace(reward=tf.constant([1.0]))
            case "structure":
                return stepped._replace(state=(stepped.state["places"],))
            case "dtype":
                return stepped._replace(state={**stepped.state, "heat": tf.constant(1)})
        return stepped


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            "shape",
            r"compiled_environment Broken, reset \(.*test_host_environment.py:\d+\): the contract asks for a state of fixed shapes; found int32 \(None,\)",  # noqa: E501
        ),
        (
            "observation",
            r"compiled_environment Broken, observe \(.*test_host_environment.py:\d+\): .* int32 \[3\], as spaces\(\) says; found float32 \(3,\)",  # noqa: E501
        ),
        (
            "reward",
            r"compiled_environment Broken, step \(.*test_host_environment.py:\d+\): the contract asks for reward, float32 \[\]; found float32 \(1,\)",  # noqa: E501
        ),
        (
            "structure",
            r"compiled_environment Broken, step \(.*test_host_environment.py:\d+\): .* a state of reset's structure, \{.*heat: float32 \(\).*\}; found \(int32 \(2,\)",  # noqa: E501
        ),
        (
            "dtype",
            r"compiled_environment Broken, step \(.*test_host_environment.py:\d+\): .*the same state as reset's, float32 \(\); found int32 \(\)",  # noqa: E501
        ),
    ],
)
def test_component_that_breaks_the_contract_is_told_so(wrong: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        as_gymnasium(Broken(wrong=wrong))


@component
class Silent:
    """Draws nothing, keeps one number, acts by an array."""

    def spaces(self) -> Spaces:
        return Spaces(Array((1,), "float32"), Array((2,), "float32", -1.0, 1.0))

    @property
    def episode_limit(self) -> int | None:
        return None

    def reset(self, noise: Noise) -> Nest:
        return tf.constant(0.0)

    def observe(self, state: Nest) -> Tensor:
        return state[None]

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        after = state + action[0] * action[1]
        return Transition(after, after, after > 3.0)


def test_task_without_chance_or_limit_and_with_array_actions() -> None:
    made = as_gymnasium(Silent())
    assert made.reset(seed=0)[0].tolist() == [0.0]
    outcomes = [made.step(np.array([1.0, 1.0])) for _ in range(4)]
    assert [outcome[1] for outcome in outcomes] == [1.0, 2.0, 3.0, 4.0]
    assert [outcome[2] for outcome in outcomes] == [False, False, False, True]
    with pytest.raises(ValueError, match="action: found"):
        made.step(np.array([1.0]))


@component
class Unconvertible(Silent):
    """Uses what LiteRT lacks."""

    def step(self, state: Nest, action: Tensor, noise: Noise) -> Transition:
        after = state + tf.math.erfinv(action[0] / 2)
        return Transition(after, after, tf.constant(False))


def test_graph_code_that_litert_lacks_runs_compiled_by_tensorflow() -> None:
    made: Any = as_gymnasium(Unconvertible())
    assert made.backend == "xla"
    made.reset(seed=0)
    assert made.step(np.array([1.0, 0.0], np.float32))[1] == pytest.approx(0.4769363, abs=1e-6)


def test_picture_that_there_is_not_is_refused_and_so_is_another_mode() -> None:
    with pytest.raises(ValueError, match="Walk draws no pictures"):
        as_gymnasium(Walk(), render_mode="rgb_array")
    with pytest.raises(ValueError, match="found 'human'; allowed: 'rgb_array' or None"):
        as_gymnasium(Walk(), render_mode="human")


def test_discrete_space_keeps_where_it_counts_from() -> None:
    assert Spaces.of(as_gymnasium(Walk())).action == Discrete(3, start=-1)
