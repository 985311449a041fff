from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from rlkit.contracts.events import EpisodeEnded, EvaluationEnded, MetricsLogged, RunEnded, RunView
from rlkit.runs.recorders import ActiveRecorders

RUN = RunView(experiment="cartpole", run_id="1", seed=0, folder=Path(), resolved={}, limits={})
LOGGED = MetricsLogged(update=1, step=4, episode=0, metrics={"loss": 1.0})
EVALUATED = EvaluationEnded(step=4, episode=0, update=1, returns=(1.0,), lengths=(1,), seconds=0.1)
ENDED = RunEnded(status="finished", reason="", solved=True, episodes=1, steps=4, updates=1, seconds=0.1)
EPISODE = EpisodeEnded(
    episode=0,
    step=4,
    update=1,
    length=4,
    episode_return=4.0,
    terminated=True,
    truncated=False,
    seconds=0.1,
    reports={},
)


class Started:
    """A recorder whose working part is given."""

    def __init__(self, working: Any) -> None:
        self.working = working

    def start(self, run: RunView) -> Any:
        return self.working


class Everything:
    def __init__(self) -> None:
        self.heard: list[object] = []

    def episode_ended(self, event: EpisodeEnded) -> None:
        self.heard.append(event)

    metrics_logged = evaluation_ended = run_ended = episode_ended


class OnlyTheEnd:
    def __init__(self) -> None:
        self.heard: list[object] = []

    def run_ended(self, event: RunEnded) -> None:
        self.heard.append(event)


class Fragile:
    """Fails at the second episode."""

    def __init__(self, error: BaseException) -> None:
        self.error, self.heard = error, 0

    def episode_ended(self, event: EpisodeEnded) -> None:
        self.heard += 1
        if self.heard == 2:
            raise self.error

    def run_ended(self, event: RunEnded) -> None:
        self.heard += 100


def test_each_event_reaches_the_handler_of_its_name() -> None:
    working = Everything()
    recorders = ActiveRecorders([("everything", Started(working))], RUN)
    for event in (EPISODE, LOGGED, EVALUATED, ENDED):
        recorders.notify(event)
    assert working.heard == [EPISODE, LOGGED, EVALUATED, ENDED]
    assert recorders.failures == []


def test_an_event_without_a_handler_is_not_wanted() -> None:
    recorders = ActiveRecorders([("end", Started(OnlyTheEnd()))], RUN)
    assert [recorders.wants(event) for event in (EpisodeEnded, MetricsLogged, EvaluationEnded, RunEnded)] == [
        False,
        False,
        False,
        True,
    ]
    recorders.notify(EPISODE)
    assert not ActiveRecorders([], RUN).wants(RunEnded)


@pytest.mark.parametrize("error", [ZeroDivisionError("division by zero"), SystemExit(3)])
def test_one_that_raises_is_switched_off_and_the_others_go_on(error: BaseException) -> None:
    fragile, whole = Fragile(error), Everything()
    recorders = ActiveRecorders([("fragile", Started(fragile)), ("whole", Started(whole))], RUN)
    for event in (EPISODE, EPISODE, EPISODE, ENDED):
        recorders.notify(event)
    assert fragile.heard == 2
    assert whole.heard == [EPISODE, EPISODE, EPISODE, ENDED]
    (sentence,) = recorders.failures
    assert sentence.startswith(
        f"recorder fragile was switched off: {type(error).__name__}: {error} in its episode_ended"
    )
    assert f"{__file__}:" in sentence


def test_nobody_is_left_once_the_only_recorder_has_failed() -> None:
    recorders = ActiveRecorders([("fragile", Started(Fragile(ValueError())))], RUN)
    recorders.notify(EPISODE)
    recorders.notify(EPISODE)
    assert not recorders.wants(EpisodeEnded)
    assert not recorders.wants(RunEnded)


def test_one_that_fails_at_its_start_is_named_and_the_others_start() -> None:
    class Broken:
        def start(self, run: RunView) -> object:
            raise ModuleNotFoundError("No module named 'tensorboardX'")

    whole = Everything()
    recorders = ActiveRecorders([("broken", Broken()), ("whole", Started(whole))], RUN)
    recorders.notify(EPISODE)
    assert whole.heard == [EPISODE]
    (sentence,) = recorders.failures
    assert sentence.startswith(
        "recorder broken was switched off: ModuleNotFoundError: No module named 'tensorboardX' in its start"
    )


def test_ctrl_c_within_a_recorder_is_not_swallowed() -> None:
    recorders = ActiveRecorders([("fragile", Started(Fragile(KeyboardInterrupt())))], RUN)
    recorders.notify(EPISODE)
    with pytest.raises(KeyboardInterrupt):
        recorders.notify(EPISODE)


def test_one_that_starts_as_none_takes_no_part() -> None:
    recorders = ActiveRecorders([("quiet", Started(None))], RUN)
    assert not recorders.wants(RunEnded)
    assert recorders.failures == []


def line_of(text: str) -> str:
    lines = Path(__file__).read_text().splitlines()
    return f"{__file__}:{next(number for number, line in enumerate(lines, start=1) if line.strip() == text)}"


class Misspelt:
    def episode_end(self, event: EpisodeEnded) -> None:
        sys.exit("never called")


class HalfMisspelt(Everything):
    def run_end(self) -> None:
        sys.exit("never called")

    run_ended = None  # type: ignore[assignment]


class NotCallable(OnlyTheEnd):
    episode_ended = "yes"


def test_a_misspelt_handler_is_named_with_the_nearest_match() -> None:
    recorders = ActiveRecorders([("misspelt", Started(Misspelt()))], RUN)
    place = line_of("def episode_end(self, event: EpisodeEnded) -> None:")
    assert recorders.failures == [
        f"recorder misspelt has a method episode_end ({place}), which nothing calls; did you mean 'episode_ended'?",
        f"recorder misspelt hears nothing: its working part ({line_of('class Misspelt:')}) has none of the methods "
        "episode_ended, metrics_logged, evaluation_ended, run_ended",
    ]


def test_one_misspelt_handler_keeps_no_other_from_hearing() -> None:
    working = HalfMisspelt()
    recorders = ActiveRecorders([("half", Started(working))], RUN)
    for event in (EPISODE, ENDED):
        recorders.notify(event)
    assert working.heard == [EPISODE]
    (sentence,) = recorders.failures
    assert sentence == (
        f"recorder half has a method run_end ({line_of('def run_end(self) -> None:')}), which nothing calls; "
        "did you mean 'run_ended'?"
    )


def test_a_handler_that_is_no_method_is_reported() -> None:
    (sentence,) = ActiveRecorders([("odd", Started(NotCallable()))], RUN).failures
    assert sentence == (
        f"recorder odd has 'yes' (str) for episode_ended in its working part "
        f"({line_of('class NotCallable(OnlyTheEnd):')}); allowed: a method that takes the event"
    )


@pytest.mark.parametrize("working", [True, "csv", {"episode_ended": print}])
def test_a_start_that_returns_no_recorder_is_reported(working: object) -> None:
    (sentence,) = ActiveRecorders([("odd", Started(working))], RUN).failures
    assert sentence.startswith(
        f"recorder odd hears nothing: its working part ({type(working).__name__}) has none of the methods episode_ended"
    )


class Answering(Everything):
    def metrics_logged(self, event: MetricsLogged) -> bool:  # type: ignore[override]
        return True


class Later(Everything):
    async def episode_ended(self, event: EpisodeEnded) -> None:  # type: ignore[override]
        raise AssertionError


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
def test_a_handler_that_returns_something_is_switched_off() -> None:
    answering, later, whole = Answering(), Later(), Everything()
    recorders = ActiveRecorders(
        [("answering", Started(answering)), ("later", Started(later)), ("all", Started(whole))], RUN
    )
    for event in (LOGGED, EPISODE, ENDED):
        recorders.notify(event)
    assert (answering.heard, whole.heard) == ([], [LOGGED, EPISODE, ENDED])
    first, second = recorders.failures
    place = line_of("def metrics_logged(self, event: MetricsLogged) -> bool:  # type: ignore[override]")
    assert first == (
        f"recorder answering was switched off: its metrics_logged ({place}) returned True (bool); allowed: None"
    )
    assert "recorder later was switched off: its episode_ended" in second
    assert "(coroutine); allowed: None" in second


class Deaf:
    def episode_ended(self) -> None: ...


def test_a_handler_that_takes_no_event_is_named_with_its_place() -> None:
    recorders = ActiveRecorders([("deaf", Started(Deaf()))], RUN)
    recorders.notify(EPISODE)
    (sentence,) = recorders.failures
    assert sentence == (
        "recorder deaf was switched off: TypeError: Deaf.episode_ended() takes 1 positional argument but 2 were given "
        f"in its episode_ended ({line_of('def episode_ended(self) -> None: ...')})"
    )
