"""What is kept of each step follows from the spaces and from what the agent stores."""

from rlkit import Array, Discrete, Spaces
from rlkit.replay.columns import step_columns


def test_extras_are_kept_under_names_of_their_own():
    spaces = Spaces(Array((3,), "float32"), Array((2,), "float32"))
    columns = step_columns(spaces, {"log_probability": ((), "float32")})
    assert columns["action"] == ((2,), "float32")
    assert columns["extra_log_probability"] == ((), "float32")


def test_masks_are_kept_where_the_environment_has_one_and_cost_nothing_elsewhere():
    spaces = Spaces(Array((3,), "float32"), Discrete(4))
    masked = spaces._replace(action=Discrete(4, masked=True))
    assert not {"allowed", "next_allowed"} & step_columns(spaces, {}).keys()
    columns = step_columns(masked, {"z": ((), "float32")})
    assert columns["allowed"] == columns["next_allowed"] == ((4,), "bool")
    assert list(columns)[-3:] == ["allowed", "next_allowed", "extra_z"]
