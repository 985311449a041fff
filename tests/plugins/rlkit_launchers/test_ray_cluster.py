"""Runs on clusters of Ray: of this machine, and of two that it plays. Each takes half a minute."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rlkit import ExperimentError, LauncherError
from rlkit.experiment.launchers import launcher_from
from rlkit.runs.interrupt import Presses
from rlkit.runs.launched import launched
from rlkit_launchers.ray_cluster import RayCluster
from tests.plugins.rlkit_launchers.runs import brief, endless, goes_on, queue_of, when

pytest.importorskip("ray")

HEAD, OTHER = "127.0.0.2", "127.0.0.3"
"""Two machines: their servers listen on the loopback interface, and see two addresses."""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where places have their folders."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def processes(word: str) -> list[int]:
    """Of this user, with a word in their command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if word.encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def free_port() -> int:
    with socket.create_server((HEAD, 0)) as server:
        port: int = server.getsockname()[1]
        return port


@pytest.fixture
def two_machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The address of a cluster of two machines with a core each, and the second of them."""
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    monkeypatch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(16))
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    address = f"{HEAD}:{free_port()}"
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str, *options: str) -> subprocess.Popen[bytes]:
        (tmp_path / name).mkdir()
        ray = [str(Path(sys.executable).with_name("ray")), "start", "--block", "--num-cpus=1"]
        log = (tmp_path / f"{name}.log").open("wb")
        command = [*ray, "--object-store-memory=100000000", *options]
        own = {**os.environ, "TMPDIR": str(tmp_path / name)}
        started.append(subprocess.Popen(command, env=own, stdout=log, stderr=subprocess.STDOUT, start_new_session=True))
        deadline = time.monotonic() + 90
        while b"block" not in (tmp_path / f"{name}.log").read_bytes():
            assert started[-1].poll() is None and time.monotonic() < deadline, (tmp_path / f"{name}.log").read_text()
            time.sleep(0.2)
        return started[-1]

    try:
        own = ["--include-dashboard=false", f"--node-ip-address={HEAD}", f"--port={address.partition(':')[2]}"]
        start("head", "--head", *own, f"--ray-client-server-port={free_port()}")
        yield address, start("other", f"--address={address}", f"--node-ip-address={OTHER}")
    finally:
        for process in reversed(started):
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            process.wait()


@pytest.mark.slow
def test_an_actor_that_is_killed_costs_its_run_and_another_takes_its_place(tmp_path: Path, temporary: Path) -> None:
    queue = queue_of(tmp_path / "runs", endless(), brief())
    when(goes_on(temporary), lambda: [os.kill(pid, signal.SIGKILL) for pid in processes("ray::RayPlace")])
    first, second = launched(queue, RayCluster(), 1, Presses())
    assert (first.result.status, first.died) == ("failed", True)
    assert first.result.stop_reason.startswith("its place in the Ray cluster was lost: ")
    assert (second.result.status, second.died) == ("finished", False)
    assert not list(temporary.glob("rlkit-ray-place-*"))
    assert not processes("raylet/raylet") and not processes("ray::RayPlace")


@pytest.mark.slow
def test_an_interrupt_brings_back_what_there_is_and_leaves_nothing_running(tmp_path: Path, temporary: Path) -> None:
    presses = Presses()

    def press() -> None:
        presses.count, presses.signal = 1, signal.SIGTERM

    when(goes_on(temporary, 2), press)
    runs = list(launched(queue_of(tmp_path / "runs", *[endless()] * 3), RayCluster(), 2, presses))
    assert [run.result.status for run in runs] == ["interrupted"] * 2
    assert {run.result.stop_reason for run in runs} == {"ended by SIGTERM"}
    assert all(run.result.episodes > 0 and (run.result.folder / "checkpoints/final.npz").exists() for run in runs)
    assert not processes("raylet/raylet") and not processes("ray::RayPlace") and not list(temporary.iterdir())


@pytest.mark.slow
def test_a_machine_that_is_lost_costs_its_run_which_goes_to_what_is_left(
    tmp_path: Path, two_machines: tuple[str, subprocess.Popen[bytes]]
) -> None:
    address, other = two_machines
    queue = queue_of(tmp_path / "runs", *[endless()] * 2)
    ends = []
    when(
        lambda: goes_on(tmp_path / "head")() and goes_on(tmp_path / "other")(),
        lambda: os.killpg(other.pid, signal.SIGKILL),
    )
    presses = Presses()
    for run in launched(queue, RayCluster(address=address), None, presses):
        ends.append(run)
        if len(ends) == 1:  # whoever launches tries again what was lost; the other run makes room
            again = brief()
            queue.add(type(run.wanted)(again, run.wanted.seed, run.wanted.out))
            for pid in processes("multiprocessing.spawn"):
                if str(tmp_path / "head") in Path(f"/proc/{pid}/environ").read_text(errors="replace"):
                    os.kill(pid, signal.SIGTERM)
    assert [(run.result.status, run.died) for run in ends] == [
        ("failed", True),
        ("interrupted", False),
        ("finished", False),
    ]
    assert ends[0].result.seed == ends[2].result.seed != ends[1].result.seed
    assert "raylet" in subprocess.run(["ps", "ax"], capture_output=True, text=True, check=True).stdout


def test_an_address_at_which_nobody_answers_is_told_at_once(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(
        LauncherError, match=rf"nobody answers at {HEAD}:\d+, where launcher 'ray' is to find a cluster"
    ):
        list(launched(queue_of(tmp_path, brief()), RayCluster(address=f"{HEAD}:{free_port()}"), None, Presses()))
    assert time.monotonic() - began < 10
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("address", ["head", "head:", "http://head:80", "head:6379/x", "local"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        launcher_from(f"{{name: ray, address: '{address}'}}")
    assert str(caught.value).startswith(f"--launcher: address: found '{address}'; allowed: host:port")
