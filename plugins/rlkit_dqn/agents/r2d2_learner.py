"""Recurrent replay distributed DQN at work."""

from __future__ import annotations

import inspect
from contextlib import nullcontext

import tensorflow as tf

from rlkit import (
    Act,
    Call,
    Discrete,
    Learned,
    Nest,
    Noise,
    NStep,
    Sample,
    Seen,
    Spaces,
    Step,
    Tensor,
    apply,
    greedy,
    masked,
    n_step,
    name_of,
    observation_spec,
)
from rlkit_dqn.agents.action_values import ActionValues
from rlkit_dqn.agents.bootstrapped import BootstrappedLearner, Outs
from rlkit_dqn.agents.following import first_of, shortened, with_needs
from rlkit_dqn.agents.r2d2 import R2D2
from rlkit_dqn.agents.row_priorities import mean_of_valid, priorities
from rlkit_dqn.agents.sequences import (
    ACTION,
    NONE,
    REWARD,
    STATE,
    Sequence,
    between,
    next_actions,
    sequence_of,
    windows_of,
    without_burn_in,
)
from rlkit_dqn.agents.unrolling import burned_in, unrolled
from rlkit_dqn.agents.value_rescaling import rescaled, unscaled
from rlkit_dqn.contracts.bootstrap import Backup
from rlkit_dqn.contracts.head import Rows


class R2D2Learner(BootstrappedLearner):
    """It stores with each step the state that it acted from, and learns from sequences."""

    def __init__(self, agent: R2D2, spaces: Spaces) -> None:
        """Raises ValueError for a network that is the same object twice, or remembers nothing, or a head that does.

        Raises:
            ParameterError: for an exploration without the probabilities that the bootstrap needs.
        """
        assert isinstance(spaces.action, Discrete)
        self.agent, self.rescale, self.actions = agent, agent.rescale, spaces.action.n
        self.reads_previous = bool(getattr(agent.network, "reads_previous", False))
        super().__init__(agent, spaces)
        torso, last = self.online.parts
        if "state" not in inspect.signature(torso.call).parameters:
            raise ValueError(f"agent r2d2: {type(agent.network).__name__}.build returned a network without `state`")
        if "state" in inspect.signature(last.call).parameters:
            raise ValueError(f"agent r2d2: {name_of(agent.head)} carries a state; only the network may")

    def inputs(self, spaces: Spaces) -> Nest:
        """See `Network`: a dict for one that reads what came before, too."""
        observation = observation_spec(spaces.observation)
        if not self.reads_previous:
            return observation
        before = {ACTION: tf.TensorSpec((self.actions,)), REWARD: tf.TensorSpec(())}
        return {"observation": observation, **before}

    def values(self, out: Nest) -> Tensor:
        """Action values (B, n), in units of the return."""
        values = self.head.values(out)
        return unscaled(values) if self.rescale else values

    def initial_memory(self, environments: int) -> Nest:
        """The network's state at an episode's start."""
        return self.online.torso.initial_state(environments)

    def act(self, seen: Seen, memory: Nest, call: Call, explore: bool) -> Act:
        """See `Learner.act`. A noisy network is noisy while exploring only.

        Extras: the state that it acts from, and what came before the step if the network reads it.
        """
        noise = call.noise if explore else None
        action, reward = tf.where(seen.first, NONE, seen.previous_action), seen.previous_reward
        inputs = self._inputs(seen.observation, action, reward)
        features, after = apply(self.online.torso, inputs, noise, memory)
        values = self.values(self.online.out(features, noise))
        if not explore:
            return Act(greedy(values, seen.allowed), after, {})
        extras = {f"{STATE}{place:03d}": leaf for place, leaf in enumerate(tf.nest.flatten(memory))}
        if self.reads_previous:
            extras |= {ACTION: action, REWARD: reward}
        return Act(self.exploration.select(masked(values, seen.allowed), seen, call), after, extras)

    def learn(self, sample: Sample, call: Call) -> Learned:
        """See `Learner.learn`.

        Metrics, over the steps learned from: `loss`; `td_error`, mean |td_error|, rescaled where values are; `q_value`,
        mean of the greatest action value, in units of the return. Priority: see `priorities`.
        """
        length, noise = self.agent.length, call.noise
        sequence = sequence_of(sample)
        whole = without_burn_in(sample, self.agent.burn_in)
        windows = windows_of(shortened(whole, length), self.agent.n_step)
        step, ahead = first_of(windows.steps), n_step(windows, self.discount(call))
        # Where no step is valid there is no next one either: nothing counts there, and no policy is over no actions.
        ahead = ahead._replace(next_allowed=ahead.next_allowed | ~windows.valid[:, :1])
        rows = sample.weight.shape[0]
        # Where each step bootstraps: after the valid steps of its window, in features by time.
        ahead_of = tf.range(length * rows) + rows * tf.reduce_sum(tf.cast(windows.valid, tf.int32), axis=1)
        with tf.GradientTape() as tape:
            features, following = self._features(self.online, sequence, tape, noise)
            out = self.online.out(features, noise)
            with tape.stop_recording():
                targets = (self.target, *self.further.older)
                around = [self._features(network, sequence, None, noise) for network in targets]
                next_targets = tuple(
                    network.out(tf.gather(tf.concat(found, 0), ahead_of), noise)
                    for network, found in zip(targets, around, strict=True)
                )
                outs = Outs(
                    out,
                    self.target.out(around[0][0], noise),
                    self.online.out(tf.gather(tf.concat([features, following], 0), ahead_of), noise),
                    next_targets,
                )
                estimates = self.estimates(step, ahead, outs)
                if self.needs:
                    action = next_actions(whole, ahead_of, ahead) if "next_action" in self.needs else None
                    estimates = with_needs(estimates, self.exploration, windows, ahead, action, call)
                backup = self.bootstrap.backup(estimates, call)
            given = self._rows(out, step, ahead, next_targets[0], backup)
            losses, td_error = self.head.losses(given, call)
            valid = tf.cast(windows.valid[:, 0], tf.float32)
            loss = mean_of_valid(windows.weight * losses, valid)
        learned = self.descend(tape, loss, given, td_error, call)
        if hasattr(self.exploration, "learned"):
            # The first step of each sequence: it alone is valid in all.
            first = Step(*tf.nest.map_structure(lambda column: column[:rows], tuple(step)))
            self.exploration.learned(td_error[:rows], first, learned)
        surprise = tf.abs(td_error)
        greatest = tf.reduce_max(masked(self.values(out), step.allowed), axis=-1)
        metrics = {"loss": loss, "td_error": mean_of_valid(surprise, valid), "q_value": mean_of_valid(greatest, valid)}
        by_time = tf.reshape(surprise, (length, rows)), tf.reshape(valid, (length, rows))
        return Learned(metrics, priorities(*by_time, self.agent.eta))

    def _rows(self, out: Nest, step: Step, ahead: NStep, next_out: Nest, backup: Backup) -> Rows:
        """What the head learns; with rescaling the target itself, h(r + γⁿ h⁻¹(Q⁻)), which nothing is added to."""
        if not self.rescale:
            return Rows(out, step.action, ahead.reward, ahead.discount, next_out, backup, self.loss)
        policy, bonus, next_bonus = backup
        following = tf.reduce_sum(policy * (self.values(next_out) + next_bonus), axis=-1)
        target = rescaled(ahead.reward + bonus + ahead.discount * following)
        return Rows(out, step.action, target, tf.zeros_like(target), next_out, Backup(policy), self.loss)

    def _features(
        self, network: ActionValues, sequence: Sequence, tape: tf.GradientTape | None, noise: Noise
    ) -> tuple[Tensor, Tensor]:
        """Of the steps learned from, (length · B, features) by time, and of what follows them, (B, features).

        The gradient is recorded of the first ones alone.
        """
        torso, before, end = network.torso, self.agent.burn_in, self.agent.burn_in + self.agent.length
        inputs = self._inputs(sequence.observation, sequence.previous_action, sequence.previous_reward)
        stored = tf.nest.pack_sequence_as(torso.initial_state(1), between(sequence.stored, 0, before + 1))
        still = nullcontext if tape is None else tape.stop_recording
        with still():
            state = burned_in(torso, between(inputs, 0, before), stored, sequence.begins[: before + 1], noise)
        features, state = unrolled(torso, between(inputs, before, end), state, noise)
        with still():
            last, _ = unrolled(torso, between(inputs, end, end + 1), state, noise)
        return tf.reshape(features, (-1, features.shape[-1])), last[0]

    def _inputs(self, observation: Tensor, action: Tensor, reward: Tensor) -> Nest:
        """What the network reads of (…, *o), (…) and (…)."""
        if not self.reads_previous:
            return observation
        return {"observation": observation, ACTION: tf.one_hot(action, self.actions), REWARD: reward}
