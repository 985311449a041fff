"""Evaluation: how far it is, and what ends it."""

from __future__ import annotations

from rlkit.loops.evaluating import EvaluationCourse


def test_whoever_waits_is_told_the_episode_and_its_steps() -> None:
    course = EvaluationCourse()
    course.begin(2)
    assert not course.follow(1500)
    assert course.words == "greedy episode 1/2  step 1,500"
    course.ended(cut=False)
    assert course.words == "greedy episode 2/2  step 0"
    course.ended(cut=False)
    assert course.words == "greedy episode 2/2  step 0"
    assert course.warnings == ()


def test_it_ends_when_its_seconds_are_over_and_says_how_far_it_came() -> None:
    course = EvaluationCourse(seconds=0.0)
    course.begin(3)
    course.ended(cut=True)
    assert course.follow(7)
    cut, late = course.warnings
    assert cut.startswith("a greedy episode was cut after 27,000 steps")
    assert late == (
        "evaluation ended after 0 s with 1 of 3 greedy episodes; the one that was open had 7 steps and is not counted"
    )


def test_it_ends_when_somebody_asks_for_it() -> None:
    asked: list[bool] = []
    course = EvaluationCourse(asked=lambda: bool(asked))
    course.begin(1)
    assert not course.follow(1)
    asked.append(True)
    assert course.follow(2)
    assert course.warnings == ()
