"""The least that builds and traces parts: DQN in small spaces, with one part exchanged."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest

from rlkit import Array, Discrete, Spaces
from rlkit.faults.part_error import PartError
from rlkit.programs.making import Traced, trace_parts
from rlkit_dqn import DQN, MLP, SGD

SPACES = Spaces(Array((4,), "float32"), Discrete(3))


def traced(agent: Any = None, spaces: Spaces = SPACES, **parts: Any) -> Traced:
    agent = agent or DQN(batch_size=4, network=MLP(hidden=()), optimizer=SGD())
    agent = dataclasses.replace(agent, **parts)
    return trace_parts(agent, agent.buffer, spaces)


def refused(file: str, marker: str, message: str, **parts: Any) -> None:
    """`{at}` in the message stands for the line that ends in the marker."""
    lines = Path(file).read_text().splitlines()
    (line,) = (number for number, text in enumerate(lines, start=1) if text.endswith(f"# {marker}"))
    with pytest.raises(PartError) as caught:
        traced(**parts)
    found = str(caught.value)
    assert "\n" not in found
    assert re.fullmatch(re.escape(message.replace("{at}", f"({file}:{line})")).replace(re.escape("…"), ".*"), found), (
        found
    )
