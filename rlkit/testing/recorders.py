"""The suite of recorders."""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from rlkit.contracts.events import EpisodeEnded, EvaluationEnded, MetricsLogged, RunEnded, RunView
from rlkit.contracts.recorder import Recorder
from rlkit.runs.recorders import ActiveRecorders, Event
from rlkit.testing.component_suite import ComponentSuite


class RecorderSuite(ComponentSuite):
    """`component = LearningCurve(window=20)`."""

    contract = Recorder

    def test_it_hears_a_run_without_raising(self) -> None:
        """However the run ends, be it before its first episode."""
        for events in _RUNS:
            with _folder() as folder:
                self._hear(folder, events)

    def test_it_writes_only_inside_the_run_folder(self) -> None:
        """Not where the command was given, nor beside the folder."""
        with _folder() as folder:
            self._hear(folder, _RUNS[0])
            around = folder.parents[2]
            outside = [path for path in around.rglob("*") if path.is_file() and folder not in path.parents]
            found = ", ".join(str(path.relative_to(around)) for path in outside)
            self.demand(not outside, "files in the run's own folder only (RunView.folder)", f"{found} outside it")

    def test_it_is_silent_when_asked_to_be(self) -> None:
        """`RunView.quiet`: the person asked for no output but the summary."""
        heard = io.StringIO()
        with _folder() as folder, contextlib.redirect_stdout(heard), contextlib.redirect_stderr(heard):
            self._hear(folder, _RUNS[0], quiet=True)
        self.demand(not heard.getvalue(), "no output in a quiet run", f"{heard.getvalue()[:80]!r}")

    def test_two_runs_do_not_meet(self) -> None:
        """Each has a working recorder of its own."""
        with _folder() as folder, _quietly():
            working = [self.component.start(_view(folder, quiet=False)) for _ in range(2)]
        apart = working[0] is None or working[0] is not working[1]
        self.demand(apart, "a working recorder of its own for every run", "the same object twice", "start")

    def _hear(self, folder: Path, events: Sequence[Event], *, quiet: bool = False) -> None:
        with contextlib.nullcontext() if quiet else _quietly():
            active = ActiveRecorders([(self.name, self.component)], _view(folder, quiet=quiet))
            for event in events:
                active.notify(event)
        asks = "handlers that hear every event without raising"
        self.demand(not active.failures, asks, "; ".join(active.failures))


def _view(folder: Path, *, quiet: bool) -> RunView:
    return RunView(
        experiment="conformance",
        run_id="run-0",
        seed=0,
        folder=folder,
        resolved={"name": "conformance", "seed": 0, "stop": {"name": "mean_return", "threshold": 225.0}},
        limits={"episodes": 3},
        quiet=quiet,
        record_episode=_record_episode,
    )


def _record_episode(path: Path) -> None:
    path.write_bytes(b"a video")


def _episode(number: int) -> EpisodeEnded:
    return EpisodeEnded(
        episode=number,
        step=10 * (number + 1),
        update=2 * number,
        length=10,
        episode_return=10.0 - number,
        terminated=number % 2 == 0,
        truncated=number % 2 == 1,
        seconds=0.1 * number,
        reports={"epsilon": 0.5} if number else {},
        describe=(lambda: "mean of last 50: 9.0 of 225") if number else str,
    )


def _ended(status: str, episodes: int) -> RunEnded:
    return RunEnded(
        status=status,
        reason="as the suite has it",
        solved=status == "finished",
        episodes=episodes,
        steps=10 * episodes,
        updates=2 * episodes,
        seconds=0.1 * episodes,
    )


_METRICS = MetricsLogged(update=4, step=25, episode=2, metrics={"loss": 0.25})
_EVALUATION = EvaluationEnded(step=30, episode=3, update=6, returns=(9.0, 11.0), lengths=(9, 11), seconds=0.1)
_RUNS: tuple[tuple[Event, ...], ...] = (
    (*(_episode(number) for number in range(3)), _METRICS, _EVALUATION, _ended("finished", 3)),
    (_episode(0), _ended("interrupted", 1)),
    (_ended("failed", 0),),
)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """A run folder within a directory of its own, in which the recorder runs."""
    with tempfile.TemporaryDirectory() as name:
        around = Path(name).resolve()
        folder = around / "runs" / "conformance" / "run-0"
        folder.mkdir(parents=True)
        (around / "here").mkdir()
        with contextlib.chdir(around / "here"):
            yield folder


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield
