"""The rules, step by step in a compiled loop, against a second implementation that shares nothing with the first."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from rlkit.testing.compiled_play import compiled_play
from rlkit.testing.environment_calls import EnvironmentCalls
from rlkit_worlds.probes.catch import Catch
from rlkit_worlds.probes.chain import Chain
from rlkit_worlds.probes.deep_sea import DeepSea, rightward
from rlkit_worlds.probes.grid_world import GridWorld
from rlkit_worlds.probes.t_maze import TMaze

STEPS = 3000


def played(environment):
    """(state, action, uniforms, state after, observation, reward, terminated) of random steps."""
    for step in compiled_play(EnvironmentCalls(environment), STEPS):
        uniforms = step.noise[0] if step.noise else None
        after = step.after
        assert not after["truncated"]
        yield (
            step.before["state_0"].tolist(), int(step.action), uniforms,
            after["state_0"].tolist(), after["observation"], float(after["reward"]), bool(after["terminated"]),
        )  # fmt: skip


@pytest.mark.parametrize(("rows", "columns"), [(10, 5), (4, 7), (2, 1)])
def test_catch(rows, columns):
    starts = Counter()
    for (row, ball, paddle), action, _, after, observation, reward, terminated in played(
        Catch(rows=rows, columns=columns)
    ):
        if row == 0:
            assert paddle == columns // 2
            starts[ball] += 1
        paddle = min(max(paddle + (-1, 0, 1)[action], 0), columns - 1)
        assert after == [row + 1, ball, paddle]
        board = np.zeros((rows, columns), np.float32)
        board[row + 1, ball] = board[rows - 1, paddle] = 1
        np.testing.assert_array_equal(observation.reshape(rows, columns), board)
        assert terminated == (row + 2 == rows)
        assert reward == (0 if not terminated else 1 if ball == paddle else -1)
    fair = starts.total() / columns
    assert all(abs(starts[column] - fair) < 5 * np.sqrt(fair) for column in range(columns))


@pytest.mark.parametrize(("size", "mapping_seed"), [(6, None), (6, 42), (3, 1), (2, 0)])
def test_deep_sea(size, mapping_seed):
    to_the_right = np.ones((size, size), int)
    if mapping_seed is not None:
        to_the_right = rightward(size, mapping_seed).reshape(size, size)
    for (row, column), action, _, after, observation, reward, terminated in played(
        DeepSea(size=size, mapping_seed=mapping_seed)
    ):
        expected = 0.0
        if action == to_the_right[row, column]:
            expected = -0.01 / size + (column == size - 1)
            column = min(column + 1, size - 1)
        else:
            column = max(column - 1, 0)
        assert after == [row + 1, column]
        assert reward == pytest.approx(expected, abs=1e-7)
        assert terminated == (row + 1 == size)
        seen = np.zeros((size + 1, size))
        seen[row + 1, column] = 1
        np.testing.assert_array_equal(observation, seen[:size].ravel())


def test_deep_sea_has_the_mapping_of_bsuite():
    """`DeepSea(size=6, mapping_seed=42)._action_mapping` of bsuite 0.3.6, row by row."""
    rows = ("011100", "011101", "100001", "001000", "010110", "100111")
    assert rightward(6, 42).reshape(6, 6).tolist() == [[int(digit) for digit in row] for row in rows]


@pytest.mark.parametrize("n", [3, 10])
def test_chain(n):
    environment = Chain(n=n)
    assert environment.episode_limit == n + 9
    for turn, (state, action, _, after, observation, reward, terminated) in enumerate(played(environment)):
        assert turn or state == 1
        expected = 0.0
        if action == 0 and state == 0:
            expected = 0.001
        if action == 1 and state == n - 1:
            expected = 1.0
        assert after == min(max(state + (1 if action else -1), 0), n - 1)
        assert reward == pytest.approx(expected)
        assert not terminated
        assert observation.tolist() == [float(place == after) for place in range(n)]


@pytest.mark.parametrize("slip", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("lines", [("S..", ".#4", "S.G"), ("SG",), ("S.#.S.9", "#...#.#", "GG....S")])
def test_grid_world(lines, slip):
    width, turned, starts, over = len(lines[0]), Counter(), set(), True
    for square, action, uniforms, after, observation, reward, terminated in played(GridWorld(map=lines, slip=slip)):
        row, column = divmod(square, width)
        if over:
            assert lines[row][column] == "S"
            starts.add(square)
        down, right = ((-1, 0), (0, 1), (1, 0), (0, -1))[action]
        if slip and uniforms[0] < np.float32(slip):
            left = uniforms[0] < np.float32(slip / 2)
            down, right = (-right, down) if left else (right, -down)
            turned["left" if left else "right"] += 1
        to = row + down, column + right
        if not (0 <= to[0] < len(lines) and 0 <= to[1] < width) or lines[to[0]][to[1]] == "#":
            to = row, column
        found = lines[to[0]][to[1]]
        assert after == to[0] * width + to[1]
        assert terminated == (found == "G")
        assert reward == pytest.approx(terminated - 0.01 * (int(found) if found.isdigit() else 1), abs=1e-7)
        assert np.flatnonzero(observation).tolist() == [after]
        assert observation[after] == 1
        over = terminated
    assert starts == {at for at, found in enumerate("".join(lines)) if found == "S"}
    for side in ("left", "right"):
        assert abs(turned[side] - STEPS * slip / 2) <= 5 * np.sqrt(STEPS * slip / 2)


@pytest.mark.parametrize("length", [1, 4])
def test_t_maze(length):
    signs = {"north": [0.0, 1.0, 1.0], "south": [1.0, 1.0, 0.0]}
    goals, over = Counter(), True
    for (place, south), action, _, after, observation, reward, terminated in played(TMaze(length=length)):
        goal, move = ("north", "south")[south], ("north", "east", "south", "west")[action]
        if over:
            assert place == 0
            goals[goal] += 1
        expected, to, over = 0.0, place, False
        if place == length and move in signs:
            over, expected = True, 4.0 if move == goal else -0.1
        elif move == "east" and place < length:
            to += 1
        elif move == "west" and place > 0:
            to -= 1
        else:
            expected = -0.1
        assert (after, terminated) == ([to, south], over)
        assert reward == pytest.approx(expected)
        seen = signs[goal] if to == 0 else [0.0, 1.0, 0.0] if to == length else [1.0, 0.0, 1.0]
        assert observation.tolist() == seen
    assert abs(goals["north"] - goals["south"]) < 5 * np.sqrt(goals.total())


def test_between_the_sign_and_the_turn_nothing_tells_where_the_goal_is():
    seen = {}
    for (_, south), *_, after, observation, _, _ in played(TMaze(length=3)):
        seen.setdefault(south, {})[after[0]] = observation.tolist()
    assert {at: row for at, row in seen[0].items() if at} == {at: row for at, row in seen[1].items() if at}
