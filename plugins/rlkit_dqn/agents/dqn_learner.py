"""Deep Q-learning at work."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import tensorflow as tf

from rlkit import (
    Act,
    Call,
    Learned,
    Nest,
    NStep,
    Sample,
    Seen,
    Spaces,
    Step,
    Tensor,
    greedy,
    masked,
    n_step,
    working,
)
from rlkit_dqn.agents.bootstrapped import BootstrappedLearner, Outs, Rowwise
from rlkit_dqn.agents.by_member import as_rows, compared, extras, reads_members
from rlkit_dqn.agents.dqn import DQN
from rlkit_dqn.agents.following import first_of, next_action, shortened, with_needs
from rlkit_dqn.agents.rewarding import rewarded, tell_learned, tell_seen
from rlkit_dqn.agents.window_returns import settled, window_returns
from rlkit_dqn.contracts.bootstrap import Backup
from rlkit_dqn.contracts.head import Rows
from rlkit_dqn.contracts.regularizer import Valued
from rlkit_dqn.contracts.returns import last_only


class DQNLearner(BootstrappedLearner):
    """It acts on what it observes alone, and learns from single steps or rows of `n_step`."""

    def __init__(self, agent: DQN, spaces: Spaces) -> None:
        """Raises ValueError for a network that is the same object twice, or remembers.

        Raises:
            ParameterError: for an exploration without the probabilities that the bootstrap needs.
        """
        super().__init__(agent, spaces)
        self.length = agent.n_step
        self.returns = None if last_only(agent.returns) else working(agent.returns, spaces)
        self.regularizer = None if agent.regularizer is None else working(agent.regularizer, spaces)
        self.bonus = None if agent.bonus is None else working(agent.bonus, spaces)
        self.of_members = reads_members(agent.exploration)
        self.online.check_stateless("dqn")

    def initial_memory(self, environments: int) -> Nest:
        """Nothing is remembered from step to step."""
        return ()

    def act(self, seen: Seen, memory: Nest, call: Call, explore: bool) -> Act:
        """See `Learner.act`. A noisy network is noisy while exploring only."""
        out = self.online(seen.observation, call.noise if explore else None)
        if not explore:
            return Act(greedy(self.values(out), seen.allowed), memory, {})
        tell_seen(self.bonus, seen, call)
        values = compared(self.head, out, seen, members=self.of_members)
        action = self.exploration.select(values, seen, call)
        return Act(action, memory, extras(self.head, seen.first.shape[0], call))

    def tries(self, seen: Seen, call: Call) -> tuple[Tensor, Tensor] | None:
        """See `Learner`: as the exploration says, if it does, and no bonus must see what is acted on."""
        if not hasattr(self.exploration, "tries") or hasattr(self.bonus, "seen"):
            return None
        tried: tuple[Tensor, Tensor] = self.exploration.tries(seen, call)
        return tried

    def learn(self, sample: Sample, call: Call) -> Learned:
        """See `Learner.learn`.

        Metrics: `loss`; `td_error`, mean |td_error|; `q_value`, mean over the sample of the greatest action value
        (the measure of progress in Mnih et al., 2013); `regularizer`, mean of what it adds, if there is
        one; `bonus`, mean of what one adds to the rewards, if there is one. Priority: |td_error|.
        """
        whole, sample = sample, shortened(sample, self.length)
        step, noise, gamma = first_of(sample.steps), call.noise, self.discount(call)
        rewards, bonus = rewarded(self.bonus, sample, call)
        with tf.GradientTape() as tape:
            out = self.online(step.observation, noise)
            others = [network(step.observation, noise) for network in self.further.learning]
            with tape.stop_recording():
                if self.returns is None:
                    ahead = n_step(rewards, gamma)
                    next_out, backup = self._bootstrapped(step, ahead, out, whole, sample, call)
                    rows = Rows(
                        out, step.action, ahead.reward, ahead.discount, next_out, backup, self.loss, step.extras
                    )
                else:
                    goal = window_returns(self.returns, rewards, gamma, self._of_each_step(call), whole, call)
                    rows = settled(out, self.values(out), step.action, goal, self.loss)
            losses, td_error = self.head.losses(rows, call)
            for other in others:
                losses += self.head.losses(rows._replace(out=other), call).losses
            costs = self._costs([out, *others], step, call)
            losses = losses if costs is None else losses + costs
            loss = tf.reduce_mean(sample.weight * losses)
        learned = self.descend(tape, loss, rows, td_error, call)
        if hasattr(self.exploration, "learned"):
            self.exploration.learned(td_error, step, learned)
        tell_learned(self.bonus, sample, learned)
        surprise = tf.abs(td_error)
        q_value = tf.reduce_mean(tf.reduce_max(masked(self.values(out), step.allowed), axis=-1))
        metrics = {"loss": loss, "td_error": tf.reduce_mean(surprise), "q_value": q_value}
        if costs is not None:
            metrics["regularizer"] = tf.reduce_mean(costs)
        if bonus is not None:
            metrics["bonus"] = bonus
        return Learned(metrics, surprise)

    def _bootstrapped(
        self, step: Step, ahead: NStep, out: Nest, whole: Sample, sample: Sample, call: Call
    ) -> tuple[Nest, Backup]:
        """What the target network gives after the steps, and what the bootstrap makes of it."""
        observation, noise = ahead.next_observation, call.noise
        next_out, further = self.target(observation, noise), self.further.at_next(observation, noise)
        target, next_online = self.target(step.observation, noise), self.online(observation, noise)
        estimates = self.estimates(step, ahead, Outs(out, target, next_online, (next_out, *further)))
        if self.needs:
            action = next_action(whole, ahead, sample.valid.shape[1]) if "next_action" in self.needs else None
            estimates = with_needs(estimates, self.exploration, sample, ahead, action, call)
        return next_out, self.bootstrap.backup(estimates, call)

    def _of_each_step(self, call: Call) -> Callable[[Step, NStep, Sample, Sample], tuple[Tensor, Backup]]:
        """For `window_returns`."""

        def bootstrapped(step: Step, ahead: NStep, whole: Sample, sample: Sample) -> tuple[Tensor, Backup]:
            out = self.online(step.observation, call.noise)
            next_out, backup = self._bootstrapped(step, ahead, out, whole, sample, call)
            return self.values(next_out), backup

        return bootstrapped

    def _costs(self, outs: Sequence[Nest], step: Step, call: Call) -> Tensor | None:
        """(B,): what the values of all networks that learn cost beside their TD errors; None if they do not."""
        if self.regularizer is None:
            return None
        each = [masked(self.values(out), step.allowed) for out in outs]
        return tf.add_n([self.regularizer.cost(Valued(values, step.action, step.allowed), call) for values in each])

    def by_row(self) -> Rowwise:
        """Each member of an ensemble is bootstrapped by itself."""
        return as_rows(self.head)
