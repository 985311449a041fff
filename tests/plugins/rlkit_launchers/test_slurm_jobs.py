"""Jobs, with submitit's own executor for one machine."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from rlkit import ExperimentError, LauncherError
from rlkit.experiment.launchers import launcher_from
from rlkit.runs.interrupt import Presses
from rlkit.runs.launched import launched
from rlkit_launchers.slurm_jobs import SlurmJobs
from tests.plugins.rlkit_launchers.runs import brief, endless, goes_on, queue_of, when

pytest.importorskip("submitit")


def process_of(out: Path) -> int:
    """The process that carries out the first job's runs."""
    (answers,) = out.rglob("*.answers.jsonl")
    process: int = json.loads(answers.read_text().splitlines()[0])["process"]
    return process


def test_a_job_that_dies_costs_what_it_has_not_finished(tmp_path: Path) -> None:
    queue = queue_of(tmp_path, brief(), endless(), endless())
    when(goes_on(tmp_path / "endless"), lambda: os.kill(process_of(tmp_path), signal.SIGKILL))
    first, second, third = launched(queue, SlurmJobs(cluster="local", orders_per_job=3), 1, Presses())
    assert (first.result.seed, first.result.status, first.died) == (0, "finished", False)
    assert [(run.result.seed, run.result.status, run.died) for run in (second, third)] == [
        (1, "failed", True),
        (2, "failed", True),
    ]
    assert "ended as" in second.result.stop_reason
    log = second.result.stop_reason.partition("(see ")[2].rstrip(")")
    assert Path(log).is_file()
    assert second.result.episodes > 0


def test_an_interrupt_ends_jobs_cleanly_and_leaves_nothing_but_runs(tmp_path: Path) -> None:
    presses = Presses()

    def press() -> None:
        presses.count, presses.signal = 1, signal.SIGTERM

    when(goes_on(tmp_path), press)
    runs = list(launched(queue_of(tmp_path, endless(), endless()), SlurmJobs(cluster="local"), 1, presses))
    assert [(run.result.status, run.result.stop_reason) for run in runs] == [("interrupted", "ended by SIGTERM")]
    assert (runs[0].result.folder / "checkpoints" / "final.npz").exists()
    assert [path.name for path in (tmp_path / "endless").iterdir()] == [runs[0].result.folder.name]


def test_a_job_that_is_stopped_from_outside_may_be_worth_another_try(tmp_path: Path) -> None:
    when(goes_on(tmp_path), lambda: os.kill(process_of(tmp_path), signal.SIGTERM))
    (run,) = launched(queue_of(tmp_path, endless()), SlurmJobs(cluster="local"), 1, Presses())
    assert run.died and run.result.status == "interrupted"


def test_where_there_is_no_slurm_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LauncherError, match="finds no sbatch and no srun: is this a node of the cluster"):
        list(launched(queue_of(tmp_path, brief()), SlurmJobs(), None, Presses()))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{name: slurm, sbatch: {array: 0-3}}", "sbatch: found 'array'; allowed: sbatch's long names, array, error,"),
        ("{name: slurm, sbatch: {Account: rl}}", "sbatch: found 'Account'; allowed: sbatch's long names"),
        ("{name: slurm, sbatch: {qos: [a]}}", "sbatch: found ['a'] as qos; allowed: text, a number, true"),
        ("{name: slurm, cluster: pbs}", "cluster: found the text 'pbs'; allowed: "),
        ("{name: slurm, minutes: 1}", "minutes: found 1; allowed: at least 2"),
    ],
)
def test_settings_that_cannot_be_are_refused(text: str, said: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        launcher_from(text)
    assert str(caught.value).startswith(f"--launcher: {said}")
