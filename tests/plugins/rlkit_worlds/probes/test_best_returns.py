"""What the best policy gets, played in one XLA program an episode, is what the theory of each world says."""

from __future__ import annotations

import heapq
import itertools

import numpy as np
import pytest
import tensorflow as tf

from rlkit.noise.traced import TracedNoise
from rlkit.testing.environment_calls import EnvironmentCalls
from rlkit_worlds.probes.catch import Catch
from rlkit_worlds.probes.chain import Chain
from rlkit_worlds.probes.deep_sea import DeepSea, rightward
from rlkit_worlds.probes.grid_world import GridWorld
from rlkit_worlds.probes.t_maze import TMaze


def player(environment, policy, limit):
    """`play(reset_word) -> (return, steps, ended)`; policy(state, turn) -> () int32; nothing slips."""
    layouts = EnvironmentCalls(environment)
    assert layouts.step.noise.floats == ()

    @tf.function(jit_compile=True, autograph=False)
    def play(word):
        def going_on(turn, state, total, over):
            return (turn < limit) & ~over

        def step(turn, state, total, over):
            state, reward, terminated, _ = environment.step(state, policy(state, turn), TracedNoise())
            return turn + 1, state, total + reward, terminated

        state = environment.reset(TracedNoise(integers=word[None]))
        turns, _, total, over = tf.while_loop(going_on, step, (0, state, 0.0, False))
        return total, turns, over

    return lambda word=0: tuple(value.numpy() for value in play(tf.constant(word, tf.int64)))


@pytest.mark.parametrize(("rows", "columns"), [(10, 5), (4, 7), (2, 3), (3, 1)])
def test_every_ball_can_be_caught(rows, columns):
    play = player(Catch(rows=rows, columns=columns), lambda state, _: tf.sign(state[1] - state[2]) + 1, 1000)
    for column in range(columns):
        assert play((2 * column + 1) * 2**32 // (2 * columns)) == (1.0, rows - 1, True)


@pytest.mark.parametrize(("size", "mapping_seed"), [(2, None), (10, None), (10, 3), (50, 7)])
def test_deep_sea_pays_099_on_its_diagonal(size, mapping_seed):
    table = np.ones(size * size, np.int32) if mapping_seed is None else rightward(size, mapping_seed)
    play = player(
        DeepSea(size=size, mapping_seed=mapping_seed), lambda state, _: tf.gather(table, state[0] * size + state[1]), 99
    )
    total, steps, ended = play()
    assert total == pytest.approx(0.99, abs=1e-5)
    assert (steps, ended) == (size, True)


def test_no_other_dive_pays():
    actions = tf.Variable(tf.zeros(5, tf.int32))
    play = player(DeepSea(size=5), lambda _, turn: tf.gather(actions, turn), 99)
    totals = {}
    for plan in itertools.product((0, 1), repeat=5):
        actions.assign(plan)
        totals[plan] = play()[0]
    assert totals.pop((1,) * 5) == pytest.approx(0.99, abs=1e-6)
    assert all(total == pytest.approx(-0.002 * sum(plan), abs=1e-6) for plan, total in totals.items())


@pytest.mark.parametrize("n", [3, 10, 100])
def test_chain_pays_11_at_its_right_end_and_a_hundredth_at_its_left(n):
    environment = Chain(n=n)
    limit = environment.episode_limit
    assert player(environment, lambda *_: tf.constant(1), limit)() == (11.0, limit, False)
    total, *_ = player(environment, lambda *_: tf.constant(0), limit)()
    assert total == pytest.approx(0.001 * (n + 8), rel=1e-5)
    assert total < 11


@pytest.mark.parametrize(
    ("lines", "length"),
    [
        (GridWorld().map, 10),
        (("SG",), 1),
        (("S.#.G", "..#..", "....."), 8),
        (("S9G", "..."), 4),
        (("S9G", "#.#"), 10),
    ],
)
def test_grid_world_pays_the_way_that_is_shortest(lines, length):
    distance = distances(lines)
    start = "".join(lines).index("S")
    assert distance[start] == length
    successors = [[step(lines, square, action) for action in range(4)] for square in range(len(distance))]
    price = [int(found) if found.isdigit() else 1 for found in "".join(lines)]
    best = [min(range(4), key=lambda action: distance[to[action]] + price[to[action]]) for to in successors]
    play = player(GridWorld(map=lines), lambda state, _: tf.gather(best, state), 100)
    total, _, ended = play()
    assert ended
    assert total == pytest.approx(1 - 0.01 * length, abs=1e-6)


@pytest.mark.parametrize("length", [1, 10])
def test_t_maze_pays_4_for_remembering_and_195_in_the_mean_for_always_the_same_turn(length):
    for word, south in ((0, 0), (2**31, 1)):
        for turn, expected in ((0, 4.0 - 4.1 * south), (2, -0.1 + 4.1 * south)):
            play = player(
                TMaze(length=length), lambda state, _, turn=turn: tf.where(state[0] < length, 1, turn), length + 9
            )
            total, steps, ended = play(word)
            assert total == pytest.approx(expected)
            assert (steps, ended) == (length + 1, True)


def step(lines, square, action):
    """Where an action leads."""
    row, column = divmod(square, len(lines[0]))
    down, right = ((-1, 0), (0, 1), (1, 0), (0, -1))[action]
    inside = 0 <= row + down < len(lines) and 0 <= column + right < len(lines[0])
    if not inside or lines[row + down][column + right] == "#":
        return square
    return square + down * len(lines[0]) + right


def distances(lines):
    """To the nearest goal, by square, each step at the price of where it leads: Dijkstra (1959), from the goals."""
    squares = "".join(lines)
    price = [int(found) if found.isdigit() else 1 for found in squares]
    distance = [float("inf")] * len(squares)
    queue = [(0, square) for square, found in enumerate(squares) if found == "G"]
    while queue:
        far, square = heapq.heappop(queue)
        if far >= distance[square]:
            continue
        distance[square] = far
        for before in range(len(squares)):
            if squares[before] not in "#G" and square in [step(lines, before, action) for action in range(4)]:
                heapq.heappush(queue, (far + price[square], before))
    return distance
