"""What a user corrects, told by `rlkit check`, from a first file to that of docs/environments-of-others.md.

The first file is a plain DQN in which the id is that which the package's own documentation gives, with what the user
wants from the start beside it. Each correction is settings that come on top, and the word by which the message before
must name them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PLAIN = """\
name: plain
environment: {name: gymnasium, id: CartPole-v1}
agent: {name: dqn, learning_starts: 500}
buffer: {name: uniform, capacity: 2_000}
limits: {steps: 2_000, steps_per_episode: 1_000}
evaluation: {episodes: 1}
recorders: []
"""
FLATTEN = ("flatten", "environment.wrappers=[flatten]")
CONV = ("conv", "network=conv")
_CRAFTER = "crafter:CrafterReward-v1"
_MISSION = "{name: words, key: mission"


@dataclass(frozen=True)
class Sequence:
    """From a first file to one that runs."""

    id: str
    """Of the first file."""
    wanted: tuple[str, ...] = ()
    """Settings of the first file besides its id."""
    corrections: tuple[tuple[str, str], ...] = ()
    """(what the message must name, setting), in order."""


def _import(id: str) -> tuple[str, str]:
    return id, f'environment.id="{id}"'


SEQUENCES: Mapping[str, Sequence] = {
    "highway": Sequence("highway-fast-v0", (), (_import("highway_env:highway-fast-v0"), FLATTEN)),
    "flappy_bird": Sequence("FlappyBird-v0", (), (_import("flappy_bird_gymnasium:FlappyBird-v0"),)),
    "stocks": Sequence("stocks-v0", (), (_import("gym_anytrading:stocks-v0"), FLATTEN)),
    "tetris": Sequence("tetris_gymnasium/Tetris", (), (_import("tetris_gymnasium.envs:tetris_gymnasium/Tetris"),)),
    "bsuite_catch": Sequence("bsuite/catch-v0", (), (_import("shimmy:bsuite/catch-v0"), FLATTEN)),
    "popgym": Sequence("popgym-RepeatPreviousEasy-v0", (), (_import("popgym:popgym-RepeatPreviousEasy-v0"),)),
    "vm_packing": Sequence(
        "VMPacking-v0",
        (),
        (_import("or_gymnasium:VMPacking-v0"), ("mask_in_observation", "environment.wrappers=[mask_in_observation]")),
    ),
    "babyai": Sequence(
        "BabyAI-GoToRedBallGrey-v0",
        (),
        (
            ("words", "environment.wrappers=[words]"),
            ("key", f"environment.wrappers=[{_MISSION}}}]"),
            ("vocabulary", f"environment.wrappers=[{_MISSION}, vocabulary: [a, ball, go, red, the, to]}}]"),
        ),
    ),
    "crafter": Sequence(
        "CrafterReward-v1",
        (),
        (
            _import(_CRAFTER),
            (
                "GymV26Environment-v0",
                f'environment={{name: gymnasium, id: GymV26Environment-v0, kwargs: {{env_id: "{_CRAFTER}"}}}}',
            ),
            (
                "make_kwargs: {apply_api_compatibility: true}",
                f'environment.kwargs={{env_id: "{_CRAFTER}", make_kwargs: {{apply_api_compatibility: true}}}}',
            ),
            CONV,
        ),
    ),
    "vizdoom": Sequence(
        "VizdoomBasic-v1",
        (
            "network={name: multi, encoders: {screen: "
            "{name: conv, filters: [16, 32], kernels: [8, 4], strides: [8, 4], hidden: [64]}}}",
        ),
        (_import("vizdoom.gymnasium_wrapper:VizdoomBasic-v1"),),
    ),
    "taxi": Sequence("Taxi-v4"),
    "breakout_pixels": Sequence(
        "ALE/Breakout-v5",
        ("environment.wrappers=[atari_preprocessing, fire_on_reset, frame_stack]",),
        (("frameskip: 1", "environment.kwargs={frameskip: 1}"), CONV),
    ),
    "breakout_ram": Sequence(
        "ALE/Breakout-v5", ("environment.kwargs={obs_type: ram}", "environment.wrappers=[fire_on_reset]")
    ),
    "lunar_lander": Sequence(
        "LunarLander-v3",
        ("environment.kwargs={continuous: true}",),
        (("{name: discretize_actions, bins: 5}", "environment.wrappers=[{name: discretize_actions, bins: 5}]"),),
    ),
}
"""By the experiment's name."""

Check = Callable[[list[str]], tuple[int, str]]
"""`rlkit check` with these arguments: its exit status and what it printed."""


def followed(sequence: Sequence, check: Check, folder: Path, page: str) -> Iterator[tuple[str, str]]:
    """(setting, what is wrong with the message that should have led to it), one after the other; empty if nothing.

    Args:
        page: what `rlkit check` printed of the page's own file, which the last correction must have arrived at.
    """
    plain = folder / "plain.yaml"
    plain.write_text(PLAIN, encoding="utf-8")
    settings = [f'environment.id="{sequence.id}"', *sequence.wanted]
    status, said = check(_words(plain, settings))
    for name, setting in sequence.corrections:
        # A file that is refused, or one that is accepted with a warning.
        asked = status == 2 or (status == 0 and "rlkit: warning:" in said)
        named = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        led = asked and named.search(_message(said)) and named.search(setting)
        yield setting, "" if led else f"not led to by: {_message(said)}"
        settings.append(setting)
        status, said = check(_words(plain, settings))
    if status != 0 or _resolved(said) != _resolved(page):
        yield "the page's file", f"not arrived at: {_message(said)}"


def _words(plain: Path, settings: list[str]) -> list[str]:
    return [str(plain), *(word for setting in settings for word in ("--set", setting))]


def _message(said: str) -> str:
    """The lines with which rlkit refuses or warns."""
    lines = [line for line in said.splitlines() if "rlkit: warning:" in line or ".yaml:" in line or "--set" in line]
    return " ".join(lines)


def _resolved(said: str) -> str:
    """The experiment as `rlkit check` resolves it, without its name."""
    _, _, resolved = said.partition(" (in parentheses: defaults)\n")
    return " ".join(resolved.split())
