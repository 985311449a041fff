from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import pytest

from rlkit.cli.main import COMMANDS, main
from rlkit.experiment.errors import ExperimentError, Problem


def error(capsys, *argv: str) -> str:
    assert main(argv) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("rlkit: error: ")
    return captured.err.removeprefix("rlkit: error: ").rstrip("\n")


@pytest.mark.parametrize("argv", [[], ["--help"], ["-h"]])
def test_help_names_the_commands_and_shows_examples(capsys, argv):
    assert main(argv) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("usage: rlkit")
    assert "rlkit run cartpole_dqn" in shown
    for command in COMMANDS:
        assert f"\n    {command} " in shown


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_by_example(capsys, command):
    assert main([command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert "examples:" in shown.lower()
    assert f"\n  rlkit {command}" in shown


def test_the_version_is_the_distributions(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"rlkit {version('rlkit-framework')} (rlkit-framework)\n"


def test_wrong_commands_and_options_are_answered_with_the_nearest(capsys):
    assert error(capsys, "rnu", "x.yaml") == (
        f"found the command 'rnu'; did you mean 'run'? commands: {', '.join(COMMANDS)} (see: rlkit --help)"
    )
    assert error(capsys, "zork") == f"found the command 'zork'; commands: {', '.join(COMMANDS)} (see: rlkit --help)"
    assert error(capsys, "plugins", "--jso") == (
        "found the option '--jso'; did you mean '--json'? options: --help, --json (see: rlkit plugins --help)"
    )
    assert error(capsys, "--vresion").startswith("found the option '--vresion'; did you mean '--version'?")
    assert error(capsys, "plugins", "stops", "max_steps", "now") == (
        "found 'now', which is one argument too many (see: rlkit plugins --help)"
    )
    assert error(capsys, "run") == "the following arguments are required: FILE (see: rlkit run --help)"
    assert error(capsys, "--").startswith("found the option '--'")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--quiet", "run", "x"], "'--quiet' before the command; it stands after it: rlkit run … --quiet"),
        (["--seed=3", "run", "x"], "'--seed' before the command; it stands after it: rlkit run … --seed"),
        (["--seed", "3", "check", "x"], "'--seed' before the command; it stands after it: rlkit check … --seed"),
        (["--video", "f.gif", "run", "x"], "it stands after it (evaluate): rlkit COMMAND … --video"),
        (["--no-cache"], "it stands after it (run, study, tune, check, evaluate): rlkit COMMAND … --no-cache"),
    ],
)
def test_an_option_before_the_command_is_told_where_it_goes(capsys, argv, said):
    assert said in error(capsys, *argv)


def test_options_cannot_be_abbreviated(capsys):
    assert "found the option '--js'" in error(capsys, "plugins", "--js")


class Command:
    """A command of the test's own, whose `execute` does what the test wants."""

    @staticmethod
    def main(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
        from rlkit.cli import plugins

        def execute(args: object) -> int:
            raise error

        monkeypatch.setattr(plugins, "execute", execute)
        return main(["plugins"])


def test_problems_of_an_experiment_are_listed_one_a_line(capsys, monkeypatch):
    one = Problem("a.yaml:3:5", "buffer.capacity", "found 'x', expected a whole number")
    assert Command.main(monkeypatch, ExperimentError(one)) == 2
    assert capsys.readouterr().err == f"rlkit: error: {one}\n"
    two = Problem("a.yaml:9:1", "bufer", "no such key")
    assert Command.main(monkeypatch, ExperimentError(one, two)) == 2
    assert capsys.readouterr().err == f"rlkit: error: 2 problems\n{one}\n{two}\n"


def test_a_failed_run_says_where_its_rows_are_and_exits_with_1(capsys, monkeypatch, tmp_path):
    from rlkit.runs.result import RunFailed

    failure = RunFailed("environment: the reward is NaN", tmp_path / "run", None)  # type: ignore[arg-type]
    assert Command.main(monkeypatch, failure) == 1
    assert capsys.readouterr().err == (
        f"rlkit: error: environment: the reward is NaN\nWhat was recorded until then is in {tmp_path / 'run'}\n"
    )


def test_an_interrupt_exits_with_130(capsys, monkeypatch):
    assert Command.main(monkeypatch, KeyboardInterrupt()) == 130
    assert capsys.readouterr().err == "rlkit: interrupted\n"


def test_a_fault_of_the_program_itself_keeps_its_traceback(monkeypatch):
    with pytest.raises(ZeroDivisionError):
        Command.main(monkeypatch, ZeroDivisionError())


def test_output_whose_reader_went_away_ends_quietly():
    program = subprocess.Popen(
        [sys.executable, "-m", "rlkit", "plugins", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert program.stdout is not None
    assert program.stderr is not None
    program.stdout.close()
    assert program.stderr.read() == b""
    assert program.wait() == 141
    program.stderr.close()


def test_an_output_that_cannot_show_a_letter_shows_a_question_mark(plugin_site):
    code = (
        "import io, sys; sys.stdout = io.TextIOWrapper(sys.stdout.buffer, 'ascii'); "
        "from rlkit.cli.main import main; sys.exit(main(['plugins', 'exploration', 'epsilon_greedy']))"
    )
    shown = plugin_site.python("-c", code)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "probability ?" in shown.stdout


def test_a_warning_for_users_is_one_line_without_a_place_in_the_code():
    command = [sys.executable, "-m", "rlkit", "check", "cartpole_dqn", "--set=environment.id=CartPole-v0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "rlkit: warning: The environment CartPole-v0 is out of date. You should consider upgrading to version `v1`."
    ]
