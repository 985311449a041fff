"""What an environment forbids is never done, in either loop: exploring, greedily, or by the policy that is kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from rlkit import Progress, Sampling, as_gymnasium, component
from rlkit.contracts.compiled_environment import spaces_of
from rlkit.experiment.experiment import Limits
from rlkit.loops.compiled.loop import CompiledLoop
from rlkit.loops.compiled.making import greedy_of, make_compiled
from rlkit.loops.evaluating import evaluate
from rlkit.loops.stepwise import StepwiseLoop
from rlkit.programs.making import make
from rlkit.programs.ready import ReadyPrograms
from rlkit.worlds.world import ActionFailure, EnvironmentFailure, World
from rlkit.worlds.worlds import Worlds
from rlkit_dqn.agents.dqn import DQN
from rlkit_dqn.buffers.uniform import UniformBuffer
from rlkit_dqn.explorations.boltzmann import Boltzmann
from rlkit_dqn.explorations.epsilon_greedy import EpsilonGreedy
from rlkit_dqn.explorations.ez_greedy import EZGreedy
from rlkit_dqn.networks.mlp import MLP
from tests.loops.masked import ACTIONS, Doors, Watched
from tests.unverified import unverified

SEED, STEPS, START = 3, 300, Progress(0, 0, 0)
COLUMNS = ("action", "terminated", "truncated", "allowed", "next_allowed")


@component
class Ignoring:
    """Takes the last action, allowed or not."""

    def select(self, values, seen, call):
        import tensorflow as tf

        return tf.fill((values.shape[0],), ACTIONS - 1)


def agent_with(exploration: Any, **parts: Any) -> DQN:
    buffer = UniformBuffer(capacity=600)
    return DQN(batch_size=8, network=MLP(hidden=(8,)), buffer=buffer, exploration=exploration, **parts)


def stepwise(exploration: Any, environments: int = 1, debug: bool = True, **parts: Any) -> ReadyPrograms:
    agent, spaces = agent_with(exploration, **parts), spaces_of(Doors())._replace(environments=environments)
    return make(agent, agent.buffer, spaces, SEED, debug=debug, verify=unverified)


def compiled(world: Doors, exploration: Any, **options: Any) -> ReadyPrograms:
    agent = agent_with(exploration)
    return make_compiled(agent, agent.buffer, world, spaces_of(world), SEED, verify=unverified, **options)


def loop_in(ready: ReadyPrograms, *watched: Any, **limits: int) -> StepwiseLoop:
    worlds = [
        World(one, ready.spaces, seed=SEED, stream="environment", steps_per_episode=None, index=index)
        for index, one in enumerate(watched)
    ]
    return StepwiseLoop(ready, Worlds(worlds), Limits(**limits), metrics_interval=1)


def compiled_loop(ready: ReadyPrograms, **limits: int) -> CompiledLoop:
    return CompiledLoop(ready, Limits(**limits), environment="Doors", metrics_interval=1)


@pytest.fixture(scope="module")
def in_litert() -> ReadyPrograms:
    return stepwise(EpsilonGreedy(start=0.5, end=0.5), debug=False)


@pytest.fixture(scope="module")
def in_xla() -> ReadyPrograms:
    return compiled(Doors(), EpsilonGreedy(start=0.5, end=0.5))


@pytest.fixture(scope="module")
def both_trained(in_litert: ReadyPrograms, in_xla: ReadyPrograms) -> tuple[Watched, Any, Any]:
    """What the environment saw of the stepwise loop, and the rows of both rings."""
    watched, slots, sampling = Watched(as_gymnasium(Doors())), np.arange(STEPS), Sampling(STEPS)
    loop = loop_in(in_litert, watched, steps=STEPS)
    list(loop.train())
    rows = loop._ring.gather(slots, sampling, COLUMNS).columns
    list(compiled_loop(in_xla, steps=STEPS).train())
    ring: Any = in_xla.episodes._ring  # type: ignore[attr-defined]
    others = ring.gather(slots, sampling, np.int64(STEPS - 1), COLUMNS).columns
    return watched, *({name: np.asarray(one[name])[:, 0] for name in COLUMNS} for one in (rows, others))


def test_exploring_does_nothing_forbidden(both_trained):
    watched, *_ = both_trained
    assert len(watched.actions) == STEPS
    watched.assert_obedient()


@pytest.mark.parametrize(
    "exploration", [Boltzmann(temperature=5.0), EZGreedy(start=0.7, end=0.7)], ids=["boltzmann", "ez_greedy"]
)
def test_nor_does_another_exploration_in_several_environments(exploration):
    watched = [Watched(as_gymnasium(Doors())) for _ in range(3)]
    ready = stepwise(exploration, 3, learning_starts=STEPS)  # what is learned makes no difference here
    list(loop_in(ready, *watched, steps=STEPS).train())
    for one in watched:
        one.assert_obedient()


def test_both_loops_store_the_masks_that_the_actions_were_chosen_under(both_trained):
    watched, rows, others = both_trained
    for name in COLUMNS:
        np.testing.assert_array_equal(rows[name], others[name], name)
    np.testing.assert_array_equal(rows["allowed"], watched.masks)
    np.testing.assert_array_equal(rows["action"], watched.actions)


def test_what_is_allowed_next_is_stored_and_everything_is_where_the_episode_terminated(both_trained):
    _, rows, _ = both_trained
    ended = rows["terminated"] | rows["truncated"]
    goes_on = ~ended[:-1]
    np.testing.assert_array_equal(rows["next_allowed"][:-1][goes_on], rows["allowed"][1:][goes_on])
    assert rows["terminated"].any() and rows["next_allowed"][rows["terminated"]].all()
    assert not rows["next_allowed"][rows["truncated"]].all()


def test_greedy_episodes_do_nothing_forbidden_in_either_loop(in_litert, in_xla):
    watched = Watched(as_gymnasium(Doors()))
    world = World(watched, in_litert.spaces, seed=SEED, stream="evaluation", steps_per_episode=None)
    found = evaluate(in_litert, world, 30, START)
    watched.assert_obedient()
    assert found.returns == tuple(map(float, found.lengths))
    assert greedy_of(in_xla).evaluate(SEED, 30, START, "Doors") == found


def test_the_policy_takes_the_mask_as_an_input_and_obeys_it(in_litert, in_xla):
    rng = np.random.default_rng(0)
    for ready in (in_litert, in_xla):
        model, weights = ready.acting.backend.policy(), ready.acting.backend.read()
        interpreter = Interpreter(model_content=model)
        names = [f"variable_{place:03d}" for place in range(len(weights))]
        values = [np.asarray(value) for value in weights.values()]
        interpreter.get_signature_runner("write_variables")(**dict(zip(names, values, strict=True)))
        act = interpreter.get_signature_runner("act_greedy")
        inputs = {name: np.zeros(told["shape"], told["dtype"]) for name, told in act.get_input_details().items()}
        assert inputs["allowed"].shape == (1, ACTIONS) and inputs["allowed"].dtype == bool
        swayed = 0
        for _ in range(100):
            observation, allowed = rng.random((1, ACTIONS), np.float32), rng.random((1, ACTIONS)) < 0.4
            allowed[0, rng.integers(ACTIONS)] = True
            given = {**inputs, "observation": observation}
            del given["allowed"]
            chosen, free = (act(**given, allowed=mask)["action"][0] for mask in (allowed, np.ones_like(allowed)))
            assert allowed[0, chosen]
            assert chosen == free or not allowed[0, free]
            swayed += chosen != free
        assert swayed > 20


SHUT = "forbids every action"


@pytest.mark.parametrize(("shut_from", "place"), [(0, "the reset of episode 0"), (2, "episode 0, step 1")])
def test_a_mask_that_forbids_everything_ends_a_stepwise_run_with_its_place(in_litert, shut_from, place):
    loop = loop_in(in_litert, as_gymnasium(Doors(shut_from=shut_from)), steps=STEPS)
    with pytest.raises(EnvironmentFailure, match=f"^environment Doors, {place}: .*{SHUT}"):
        list(loop.train())


@pytest.mark.parametrize(("shut_from", "place"), [(0, "the reset of episode 0"), (2, "episode 0, step 1")])
def test_a_mask_that_forbids_everything_ends_a_compiled_run_with_its_place(shut_from, place):
    ready = compiled(Doors(shut_from=shut_from), EpsilonGreedy(), debug=True)
    with pytest.raises(EnvironmentFailure, match=f"^environment Doors, {place}: .*{SHUT}"):
        list(compiled_loop(ready, steps=STEPS).train())
    with pytest.raises(EnvironmentFailure, match=f"^environment Doors, {place}: .*{SHUT}"):
        greedy_of(ready).evaluate(SEED, 1, START, "Doors")


def test_a_mask_that_a_later_info_lacks_is_told_with_its_place(in_litert):
    loop = loop_in(in_litert, Watched(as_gymnasium(Doors()), lose_at=1), steps=STEPS)
    with pytest.raises(
        EnvironmentFailure, match=r"^environment Doors, episode 0, step 1: step gave the action_mask NoneT"
    ):
        list(loop.train())


def test_an_exploration_that_ignores_the_mask_is_found_out_in_both_loops():
    chose = r"^exploration Ignoring, select \(\S+:\d+\) chose action 3, which is not allowed there"
    message = chose + r".* \(environment Doors, episode \d+, step \d+\)$"
    with pytest.raises(ActionFailure, match=message):
        list(loop_in(stepwise(Ignoring()), as_gymnasium(Doors()), steps=STEPS).train())
    with pytest.raises(ActionFailure, match=message):
        list(compiled_loop(compiled(Doors(), Ignoring(), debug=True), steps=STEPS).train())
