from __future__ import annotations

import pytest

import rlkit
from rlkit import ExperimentError, ParameterError
from rlkit_worlds.probes.catch import Catch
from rlkit_worlds.probes.deep_sea import DeepSea
from rlkit_worlds.probes.grid_world import GridWorld

ALLOWED = "allowed: S (start), G (goal), # (wall), . (free), 1 to 9 (free, costs so many times as much)"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("S.x", "..G"), f"map: row 1, column 3: found 'x'; {ALLOWED}"),
        (("S..", "..g"), f"map: row 2, column 3: found 'g'; {ALLOWED}"),
        (("S..", ".0G"), f"map: row 2, column 2: found '0'; {ALLOWED}"),
        (("S.²", "..G"), f"map: row 1, column 3: found '²'; {ALLOWED}"),
        (("S..", ".G"), "map: row 2: found 2 characters, row 1 has 3; all rows must have equally many"),
        (("...", "..G"), "map: found no S; at least one start is needed"),
        (("S..", "..."), "map: found no G; at least one goal is needed"),
        (
            ("S#S", "##G"),
            "map: row 1, column 1: found an S from which no G can be reached; leave a way through",
        ),
        (("." * 101,) * 100, "map: found 100 · 101 squares; at most 10,000 are allowed"),
    ],
)
def test_a_map_that_cannot_be_read_is_told_where(lines, message):
    with pytest.raises(ParameterError) as caught:
        GridWorld(map=lines)
    assert str(caught.value) == message
    assert caught.value.parameter == "map"


@pytest.mark.parametrize("lines", [(), ("",)])
def test_an_empty_map_is_told_what_a_map_is(lines):
    with pytest.raises(ParameterError, match="map: found no squares; it is a list of lines of equal length, made of S"):
        GridWorld(map=lines)


def test_a_board_too_wide_to_catch_every_ball_is_refused():
    Catch(rows=3, columns=5)
    with pytest.raises(ParameterError) as caught:
        Catch(rows=3, columns=6)
    assert str(caught.value) == "columns: found 6; with 3 rows at most 5, or the paddle comes too late"


def test_a_sea_of_one_square_is_refused():
    with pytest.raises(ParameterError, match="size: found 1; allowed: at least 2 and at most 100"):
        DeepSea(size=1)


def test_an_experiment_names_a_map_in_its_environment():
    world = "environment={name: compiled, id: {name: GridWorld-v0, map: ['S#', '.G'], slip: 0.1}}"
    experiment = rlkit.load("catch_dqn", [world])
    assert experiment.environment.id == GridWorld(map=("S#", ".G"), slip=0.1)


def test_a_bad_map_in_an_experiment_is_told_with_row_and_column():
    world = "environment={name: compiled, id: {name: GridWorld-v0, map: [S.., .?G]}}"
    with pytest.raises(ExperimentError) as caught:
        rlkit.load("catch_dqn", [world])
    assert "row 2, column 2: found '?'; allowed: S (start)" in str(caught.value)
