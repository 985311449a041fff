"""Data sets of Minari, the Farama Foundation's format for recorded data."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from rlkit import ParameterError, Recording, Spaces, component, parameter
from rlkit_gymnasium.packages import require


@component
class MinariData:
    """A Minari data set that is on this machine, its episodes in their order.

    Observations become arrays as those of the environment `gymnasium` do; wrappers are not applied to them, so the
    data must have been recorded behind the same wrappers. Where actions are masked, infos must have an `action_mask`.
    """

    id: str = parameter(
        doc="`namespace/name-vN`, as `minari list local` shows it, or the data set's folder, that which holds `data`"
    )

    def __post_init__(self) -> None:
        # An environment may leave the working folder before the rows are read.
        object.__setattr__(self, "_folder", Path(os.path.abspath(os.path.expanduser(self.id))))

    def open(self, spaces: Spaces) -> Recording:
        """See `RecordedData.open`. Raises ParameterError about the id, ValueError where Minari is missing."""
        from rlkit import other_spaces  # it brings NumPy, which plugins are found without
        from rlkit_gymnasium.data.minari_episodes import MinariRecording

        minari = require("minari", f"data set {self.id!r}")
        dataset = self._dataset(minari)
        try:
            recording = MinariRecording(dataset, spaces)
        except ValueError as error:
            raise ParameterError("id", f"{self.id}: {error}") from error
        if other := other_spaces(recording.spaces, spaces):
            raise ParameterError("id", f"{self.id}: {other}")
        return recording

    def _dataset(self, minari: Any) -> Any:
        folder: Path = vars(self)["_folder"]
        try:
            if folder.is_dir():
                return minari.MinariDataset(folder / "data" if (folder / "data").is_dir() else folder)
            return minari.load_dataset(self.id)
        except FileNotFoundError as error:
            known = ", ".join(sorted(_local(minari))) or "none"
            raise ParameterError(
                "id",
                f"found no data set {self.id!r}; on this machine: {known}; 'minari download {self.id}' fetches it if "
                "it is public",
            ) from error
        except Exception as error:  # whatever reading a foreign or damaged file raises
            text = " ".join(str(error).split())
            raise ParameterError("id", f"{self.id}: no data set that Minari reads ({text})") from error


def _local(minari: Any) -> Iterator[str]:
    try:
        yield from minari.list_local_datasets()
    except Exception:  # a damaged one among them
        return


def spaces_of(observation_space: Any, action_space: Any, *, masked: bool) -> Spaces:
    """The spaces of a data set whose observations have been made arrays. Raises ValueError for those of no kind."""
    spaces = Spaces.of(SimpleNamespace(observation_space=observation_space, action_space=action_space))  # type: ignore[arg-type]
    return spaces.masked() if masked else spaces
