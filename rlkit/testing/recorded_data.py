"""The suite of recorded data."""

from __future__ import annotations

import json
from typing import ClassVar

import numpy as np

from rlkit.contracts.recorded_data import Recorded, RecordedData, Recording
from rlkit.contracts.spaces import Array, Discrete, Spaces
from rlkit.replay.columns import step_columns
from rlkit.replay.frame_ring import ring_for
from rlkit.replay.recorded import fill
from rlkit.testing.component_suite import ComponentSuite
from rlkit.testing.verdict import ContractBroken, raised

_ELSEWHERE = (
    Spaces(Array((17,), "int8"), Discrete(23)),
    Spaces(Array((3, 2), "float32"), Array((5,), "float32", -1.0, 1.0)),
)
"""Spaces that no recording is likely to have."""


class RecordedDataSuite(ComponentSuite):
    """`component = MyData(path="…")`, `spaces` those of the environment that was recorded."""

    contract = RecordedData
    spaces: ClassVar[Spaces]

    def test_it_tells_how_much_there_is(self) -> None:
        """Rows and environments as whole numbers, one a multiple of the other; facts that JSON can hold."""
        recording = self._opened()
        rows, environments = recording.rows, recording.environments
        counts = type(rows) is int and type(environments) is int and environments >= 1
        whole = counts and rows >= environments and rows % environments == 0
        asks = "rows that are a multiple of the environments, at least one for each"
        self.demand(whole, asks, f"{rows!r} rows of {environments!r} environments", "open")
        try:
            json.dumps(dict(recording.facts), allow_nan=False)
        except (TypeError, ValueError) as error:
            text = f"{self.name}.open: the contract asks for facts that are plain data; found {raised(error)}"
            raise ContractBroken(text) from error

    def test_an_agent_can_learn_from_all_of_it(self) -> None:
        """Columns of the environment's shapes and dtypes, numbers finite, actions that exist."""
        recording = self._opened()
        environments = recording.environments
        spaces = self.spaces._replace(environments=environments)
        ring = ring_for(recording.rows, environments, step_columns(spaces, {}), spaces.observation)
        try:
            fill(ring, recording, spaces)
        except ValueError as error:
            text = f"{self.name}.read: the contract asks for steps of the environment; found that it {error}"
            raise ContractBroken(text) from error

    def test_pieces_are_those_of_the_whole(self) -> None:
        """Whatever is read first, and again in another recording."""
        recording = self._opened()
        environments = recording.environments
        middle = recording.rows // environments // 2 * environments
        pieces = recording.read(middle, recording.rows), recording.read(0, middle)
        whole = self._opened().read(0, recording.rows)
        for name, column in whole._asdict().items():
            second, first = (getattr(piece, name) for piece in pieces)
            same = (
                first is second is None if column is None else np.array_equal(np.concatenate([first, second]), column)
            )
            self.demand(same, "the same rows whatever is read at once", f"others in {name}", "read")

    def test_it_refuses_other_spaces(self) -> None:
        """By a ValueError when it is opened, before anything is read."""
        for spaces in _ELSEWHERE:
            asks = f"a ValueError for an environment with {spaces.observation} and {spaces.action}"
            try:
                self.component.open(spaces)
            except ValueError:
                continue
            except Exception as error:
                text = f"{self.name}.open: the contract asks for {asks}; found {raised(error)}"
                raise ContractBroken(text) from error
            self.demand(False, asks, "that it is opened", "open")

    def _opened(self) -> Recording:
        recording: Recording = self.component.open(self.spaces)
        found = recording.read(0, recording.environments)
        self.demand(isinstance(found, Recorded), "an rlkit.Recorded", type(found).__name__, "read")
        return recording
