"""Rows that were saved are read back as they were stored, whatever ring held them; damaged ones are refused."""

from __future__ import annotations

import json
import shutil
import zipfile

import numpy as np
import pytest

from rlkit import Array, Discrete, Sampling, Spaces, open_rows
from rlkit.replay.columns import step_columns
from rlkit.replay.frame_ring import ring_for
from rlkit.replay.ring import Ring
from rlkit.replay.saved_rows import write_rows
from tests.replay.reference import random_steps
from tests.replay.test_frame_ring import STACK, both_filled

VECTORS = Spaces(Array((3,), "float32"), Discrete(4), environments=2)
STACKED = Spaces(Array((STACK, 3, 3), "uint8", stack=STACK), Discrete(2))
PARTS = Spaces(
    Array((5,), "float32", parts=(("image", Array((4,), "uint8")), ("speed", Array((1,), "float32")))), Discrete(3)
)
MASKED = Spaces(Array((2,), "int8"), Discrete(3, start=1, masked=True))
BOX = Spaces(Array((), "float32"), Array((2,), "float32", -1.0, 1.0))


def filled(spaces, capacity, steps, extras=None):
    columns = step_columns(spaces, extras or {})
    ring = ring_for(capacity, spaces.environments, columns, spaces.observation)
    rng, opened = np.random.default_rng(0), [False] * spaces.environments
    observation = np.zeros((spaces.environments, *spaces.observation.shape), spaces.observation.dtype)
    for values in random_steps(columns, spaces.environments, steps, rng):
        row = dict(zip(columns, values, strict=True))
        for index, value in enumerate(opened):
            if not value:
                ring.begin(index, observation[index])
        action = spaces.action
        row["action"] = row["action"] % action.n if isinstance(action, Discrete) else row["action"].clip(-1, 1)
        if "allowed" in row:
            row["allowed"][np.arange(spaces.environments), row["action"]] = True
            row["next_allowed"][:, 0] = True
        # Parts are stored once, so that an observation is the one before's next.
        row |= {"observation": observation, "next_observation": np.abs(row["next_observation"]).clip(0, 9).round()}
        ring.store(*(row[name].astype(columns[name][1]) for name in columns))
        opened = (~(row["terminated"] | row["truncated"])).tolist()
        observation = row["next_observation"].astype(observation.dtype)
    return ring


def saved(ring, spaces, folder):
    path = folder / "rows.npz"
    with open(path, "w+b") as file:
        manifest = write_rows(file, ring, spaces)
    path.with_suffix(".json").write_text(json.dumps(manifest))
    return path


def oldest_first(ring):
    slots = np.arange(ring.stored)
    return (slots + (ring.next_slot if ring.stored == ring.capacity else 0)) % ring.capacity


@pytest.mark.parametrize("steps", [7, 20, 53])
@pytest.mark.parametrize("spaces", [VECTORS, PARTS, MASKED, BOX], ids=["vectors", "parts", "masked", "box"])
def test_rows_come_back_oldest_first(tmp_path, spaces, steps):
    ring = filled(spaces, 40, steps, {"logits": ((2,), "float32")})
    rows = open_rows(saved(ring, spaces, tmp_path))
    assert (rows.rows, rows.environments) == (ring.stored, spaces.environments)
    assert rows.spaces.action == spaces.action or isinstance(spaces.action, Array)
    read = rows.read(0, rows.rows)._asdict()
    names = [name for name in ring.columns if not name.startswith("extra_")]
    expected = ring.gather(oldest_first(ring), Sampling(1), tuple(names)).columns
    for name in names:
        np.testing.assert_array_equal(read[name], expected[name][:, 0], name)
    assert (read["allowed"] is None) == ("allowed" not in names)
    part = rows.read(4, 6)
    np.testing.assert_array_equal(part.next_observation, read["next_observation"][4:6])


@pytest.mark.parametrize("steps", [10, 61, 300])
@pytest.mark.parametrize("environments", [1, 3])
def test_stacked_frames_are_saved_once_and_come_back_as_stacks(tmp_path, environments, steps):
    frames, plain = both_filled(60, environments, steps)
    path = saved(frames, STACKED._replace(environments=environments), tmp_path)
    read = open_rows(path).read(0, plain.stored)
    expected = plain.gather(oldest_first(plain), Sampling(1), ("observation", "next_observation")).columns
    np.testing.assert_array_equal(read.observation, expected["observation"][:, 0])
    np.testing.assert_array_equal(read.next_observation, expected["next_observation"][:, 0])
    with zipfile.ZipFile(path) as archive:
        whole = 2 * plain.stored * STACK * 9
        assert (
            sum(info.file_size for info in archive.infolist() if "frames" in info.filename)
            < whole / 3 + 2 * STACK * 9 + 300
        )


@pytest.mark.parametrize(("capacity", "steps"), [(60, 10), (60, 61), (60, 500)])
def test_a_restored_ring_goes_on_as_the_one_that_was_saved(capacity, steps):
    """What a checkpoint needs: the same slots, the same windows, now and after further steps."""
    ring, other = both_filled(capacity, 3, steps)[0], both_filled(capacity, 3, 0)[0]
    other.restore(ring.state())
    assert (other.total, other.stored, other.next_slot) == (ring.total, ring.stored, ring.next_slot)
    frame = np.random.default_rng(1).integers(0, 255, (3, 30, 3, 3), np.uint8)
    stack = np.zeros((3, STACK, 3, 3), np.uint8)
    for index in range(3):
        for one in (ring, other):
            one.begin(index, stack[index])
    for time in range(30):
        following = np.concatenate((stack[:, 1:], frame[:, time : time + 1]), 1)
        for one in (ring, other):
            one.store(stack, np.zeros(3), np.zeros(3), np.zeros(3, bool), np.zeros(3, bool), following)
        stack = following
        slots = np.arange(ring.stored)
        names = ("observation", "next_observation", "terminated")
        ours, theirs = (one.gather(slots, Sampling(1, 5, 2), names) for one in (ring, other))
        assert np.array_equal(ours.valid, theirs.valid)
        for name in names:
            np.testing.assert_array_equal(ours.columns[name][ours.valid], theirs.columns[name][ours.valid])


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return saved(filled(VECTORS, 40, 12), VECTORS, tmp_path_factory.mktemp("rows"))


def damaged(good, folder, change):
    path = folder / "rows.npz"
    for file in (good, good.with_suffix(".json")):
        shutil.copy(file, folder)
    change(path, path.with_suffix(".json"))
    rows = open_rows(path)
    rows.read(0, rows.rows)


def told(**changed):
    def change(path, manifest):
        manifest.write_text(json.dumps(json.loads(manifest.read_text()) | changed))

    return change


def with_arrays(**arrays):
    """Other arrays, whose SHA-256 and shapes the manifest knows: only looking at them tells."""

    def change(path, manifest):
        import hashlib

        held = dict(np.load(path)) | arrays
        np.savez(path, allow_pickle=True, **{name: array for name, array in held.items() if array is not None})
        described = {
            name: {"shape": list(array.shape), "dtype": str(array.dtype)}
            for name, array in held.items()
            if array is not None
        }
        told(arrays=described, sha256=hashlib.sha256(path.read_bytes()).hexdigest())(path, manifest)

    return change


def spaces_with(good, **changed):
    return json.loads(good.with_suffix(".json").read_text())["spaces"] | changed


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda path, manifest: manifest.unlink(), "cannot read .*rows.json, the manifest of rows.npz"),
        (lambda path, manifest: manifest.write_text("{"), "rows.json is no manifest of rows"),
        (lambda path, manifest: manifest.write_text("[" * 99_999), "rows.json is no manifest of rows"),
        (told(format=9), "has format 9; this version of rlkit reads format 1"),
        (told(rows="many"), "rows is str 'many'; allowed: int"),
        (told(rows=True), "rows is bool 'True'; allowed: int"),
        (told(rows=24.0), "rows is float '24.0'; allowed: int"),
        (told(sha256="0" * 63), "sha256 is '000.*; allowed: 64 digits of a SHA-256"),
        (told(colums={}), "found the key 'colums'; did you mean 'columns'. keys: format, file, sha256"),
        (told(columns=[]), "columns is list .*; allowed: dict"),
        (told(columns={"reward": {"shape": [1.5], "dtype": "float32"}}), "columns.reward.shape is .1.5.; allowed: a"),
        (told(arrays={"reward": {"shape": []}}), "arrays.reward: it has no dtype"),
        (told(**{"from": {"experiment": 3, "seed": 1, "environment": {}}}), "from.experiment is int '3'; allowed: str"),
        (told(**{"from": {"experiment": "a", "seed": 1}}), "from: it has no environment"),
        (lambda _, manifest: manifest.write_text('{"format": 1, "rows": NaN}'), "found NaN; it must be a finite"),
        (lambda _, manifest: manifest.write_text('{"format": 1, "format": 1}'), "the key 'format' is there twice"),
        (told(rows=10**15), "says 1000000000000000 rows"),
        (told(rows=0), "holds no rows: the run that saved it took no step"),
        (told(rows=12), "holds other arrays than a ring of its spaces"),
        (told(spaces={}), "spaces: it has no observation"),
        (told(environments=3), "its spaces are none .it says 2 environments"),
        (lambda path, manifest: path.write_bytes(path.read_bytes()[:-9]), "does not match the SHA-256"),
        (lambda path, manifest: path.write_bytes(path.read_bytes()[:300] + b"x"), "does not match the SHA-256"),
        (with_arrays(reward=np.array([{}] * 24, object)), "reward.npy holds object, which is no number"),
        (with_arrays(reward=None), "holds other arrays than a ring of its spaces: 'reward'"),
        (with_arrays(reward=np.zeros(3, np.float32)), "holds other arrays than a ring of its spaces"),
    ],
)
def test_damaged_rows_are_refused_with_a_sentence(good, tmp_path, change, words):
    with pytest.raises(ValueError, match=words):
        damaged(good, tmp_path, change)


@pytest.mark.parametrize("shape", [[0], [-1], ["x"], [3, 10**9]])
def test_spaces_of_no_kind_are_refused(good, tmp_path, shape):
    observation = {"shape": shape, "dtype": "float32", "stack": 1, "parts": []}
    with pytest.raises(
        ValueError, match=r"its spaces are none|holds other arrays|shape is .*; allowed: a list of whole"
    ):
        damaged(good, tmp_path, told(spaces=spaces_with(good, observation=observation)))


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ({"n": "4", "start": 0, "masked": False}, "spaces.action.n is str '4'; allowed: int"),
        ({"n": 4, "start": 0, "masked": 0}, "spaces.action.masked is int '0'; allowed: bool"),
        ({"n": 4, "start": 0}, "spaces.action: it has no masked"),
        ({"shape": [2], "dtype": "float32", "stack": 1, "parts": [["a"]]}, "spaces.action.parts.0 is no pair"),
    ],
)
def test_no_space_is_coerced(good, tmp_path, action, words):
    with pytest.raises(ValueError, match=words):
        damaged(good, tmp_path, told(spaces=spaces_with(good, action=action)))


def test_frames_that_are_not_there_are_refused(tmp_path):
    path = saved(both_filled(60, 1, 300)[0], STACKED, tmp_path)
    last = np.load(path)["last_environment"]
    with_arrays(last_environment=last + 7)(path, path.with_suffix(".json"))
    with pytest.raises(ValueError, match="holds other arrays than a ring of its spaces"):
        open_rows(path).read(0, 3)


def test_what_is_no_run_is_told(tmp_path):
    with pytest.raises(ValueError, match="no such file or folder"):
        open_rows(tmp_path / "nothing")
    with pytest.raises(ValueError, match=r"has no rows.npz: no run folder"):
        open_rows(tmp_path)
    (tmp_path / "run.json").write_text("{}")
    with pytest.raises(ValueError, match=r"the run did not save its rows \(save_rows: true\)"):
        open_rows(tmp_path)


def test_equal_rings_are_saved_as_equal_bytes(tmp_path):
    ring = filled(VECTORS, 40, 12)
    first = saved(ring, VECTORS, tmp_path).read_bytes()
    assert saved(ring, VECTORS, tmp_path).read_bytes() == first
    assert isinstance(ring, Ring)
