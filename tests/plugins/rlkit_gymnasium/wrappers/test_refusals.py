"""What a wrapper in a file refuses is answered by `rlkit check` with one line, at its place, and status 2."""

from __future__ import annotations

import pytest

from rlkit.cli.main import main

FILE = """\
name: refused
environment: {{name: gymnasium, id: {id}, wrappers: [flatten, {wrapper}]}}
agent: dqn
limits: {{steps: 9}}
"""
ONE = "environment.wrappers.1"


@pytest.mark.parametrize(
    ("id", "wrapper", "said"),
    [
        ("CartPole-v1", "observation_scale", f"{ONE}: 'observation_scale' needs 'divide' (float or list of float)"),
        ("CartPole-v1", "{name: observation_scale, divide: 0}", f"{ONE}.divide: found 0; allowed: above 0"),
        (
            "CartPole-v1",
            "{name: observation_scale, divide: [1, -1, 1, 1]}",
            f"{ONE}.divide.1: found -1; allowed: above 0",
        ),
        (
            "CartPole-v1",
            "{name: observation_scale, divide: [2, 2]}",
            f"{ONE}.divide: found a list of 2; allowed for an",
        ),
        (
            "CartPole-v1",
            "{name: observation_scale, divide: .inf}",
            "found .inf; a number must be finite",
        ),
        (
            "CartPole-v1",
            "{name: observation_clip, low: 1, high: 0}",
            f"{ONE}.high: found 0.0; allowed: above low (1.0)",
        ),
        ("CartPole-v1", "{name: observation_clip, low: [], high: 0}", f"{ONE}.low: found an empty list"),
        (
            "CartPole-v1",
            "{name: observation_clip, low: [0, 0], high: 1}",
            f"{ONE}.low: found a list of 2; allowed for an",
        ),
        (
            "CartPole-v1",
            "{name: discretize_actions, bins: 3}",
            f"{ONE}: it reads actions that are a Box of floats, and",
        ),
        ("CartPole-v1", "number_actions", f"{ONE}: the action is one number already: Discrete(2)"),
        ("Pendulum-v1", "number_actions", "for a Box there is the wrapper discretize_actions"),
        ("CartPole-v1", "{name: keep_key, key: a}", f"{ONE}: it reads Dict and Tuple observations"),
        ("CartPole-v1", "{name: keep_key, key: -1}", f"{ONE}.key: found -1; allowed: at least 0"),
        ("CartPole-v1", "{name: keep_key, key: true}", f"{ONE}.key: found"),
        ("CartPole-v1", "fire_on_reset", f"{ONE}: it serves Atari games (ALE/…) alone"),
        ("CartPole-v1", "{name: episodic_life, noop: 1}", f"{ONE}.noop: 'episodic_life' has no parameter 'noop'"),
    ],
)
def test_it_is_one_line_and_status_2(tmp_path, capsys, id, wrapper, said):
    file = tmp_path / "refused.yaml"
    file.write_text(FILE.format(id=id, wrapper=wrapper))
    assert main(["check", str(file)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{file}:2:")
    assert said in line


def test_a_game_without_fire_is_told_with_its_actions(tmp_path, capsys):
    pytest.importorskip("ale_py")
    file = tmp_path / "refused.yaml"
    file.write_text(FILE.format(id="ALE/Freeway-v5", wrapper="fire_on_reset"))
    assert main(["check", str(file)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{ONE}: the game has no action FIRE; it has NOOP, UP, DOWN" in line


def test_a_network_of_vectors_names_flatten(tmp_path, capsys):
    pytest.importorskip("minigrid")
    file = tmp_path / "refused.yaml"
    file.write_text(FILE.format(id="MiniGrid-Empty-5x5-v0", wrapper="").replace("flatten, ", "minigrid_image"))
    assert main(["check", str(file)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "the observation is a uint8 array of shape (7, 7, 3)" in line
    assert "wrappers: [flatten]" in line
