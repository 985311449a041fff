"""Learning in the compiled loop: select rows, hand them to the learner, tell the selection how surprising they were."""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from rlkit.contracts.data import Progress
from rlkit.contracts.tensor import Tensor, Variable
from rlkit.loops.compiled.faults import FINE, NO_MASS, NO_NEW_MASS, mass_fault, selection_fault
from rlkit.loops.due import ticks
from rlkit.noise.in_graph import graph_noise
from rlkit.programs.calling import Call, reads
from rlkit.programs.program import GraphFunction
from rlkit.programs.ready import MASS, ReadyPrograms, added_at_once
from rlkit.replay.graph_ring import GraphRing
from rlkit.replay.graph_trees import graph_tree_for

ENOUGH, ROOM = 64, 128
"""Logged learning steps at which to return to the host, and those that there is room for until then."""


class Log(NamedTuple):
    """What learning has to say at the next return to the host."""

    rows: Tensor
    """int64 scalar: how many of them are full."""
    metrics: Tensor
    """(ROOM, 3 + metrics) float64: update, step, episode, then the metrics in the order of the program's."""
    fault: Tensor
    """int64 scalar: `FINE`, or what is wrong with the rows that were selected last."""
    finite: Tensor
    """() bool: no metric was NaN or infinite; the step at which one was is in the row after the full ones."""


class Learning:
    """As many learning steps as are due."""

    def __init__(self, ready: ReadyPrograms, ring: GraphRing, call: Call) -> None:
        self._environments = ready.spaces.environments
        self._due, self._ticks = ready.due, ticks(ready.due, self._environments)
        self._sampling, self._ring, self._call = ready.storage.sampling, ring, call
        shapes, selection = ready.shapes, ready.selection
        self._columns = shapes.columns
        functions = {function.name: function for function in (*shapes.program.functions, *selection.functions)}
        self._learn, self._select = functions["learn"], functions["select"]
        self._added, self._update = functions.get("added"), functions.get("update")
        self._gathered = [name for name in shapes.columns if reads(self._learn, name)]
        self._tree = graph_tree_for(ring.capacity, ready.rank_exponent) if ready.by_mass else None
        self._drawing = ready.drawing_noise
        self._row = 3 + len(shapes.metrics)
        self.announced: Variable = tf.Variable(0, dtype=tf.int64, trainable=False)
        """Steps that the selection was told of."""

    def begin(self) -> None:
        """Begin a run: nothing was stored or learned."""
        self.announced.assign(0)
        if self._tree is not None:
            self._tree.clear()

    def blank_log(self) -> Log:
        """Nothing was learned yet."""
        return Log(
            tf.zeros((), tf.int64),
            tf.zeros((ROOM, self._row), tf.float64),
            tf.constant(FINE, tf.int64),
            tf.constant(True),
        )

    def learn(
        self,
        progress: Progress,
        length: Tensor,
        ended: Tensor,
        log: Log,
        *,
        keys: dict[str, Tensor],
        updates: Tensor,
        interval: Tensor,
    ) -> tuple[Tensor, Log]:
        """Learn what the steps just stored make due; returns the learning steps done so far.

        Args:
            progress: as completed, those steps included.
            length: (B,) int64, the steps of the open episodes.
            ended: (B,) bool, those steps ended them.
            log: continued.
            keys: of the streams of the selection and the learner.
            updates: int64 scalar, at which learning step to end.
            interval: int64 scalar, learning steps from one logged to the next.
        """
        stored = tf.minimum(progress.step, self._ring.capacity)
        over = tf.reduce_sum(tf.cast(ended, tf.int64))
        struck = tf.reduce_sum(self._ticks(progress.step, progress.episode, (length - 1,), over))
        due = tf.where(stored >= self._due.first, self._due.times * struck, tf.zeros((), tf.int64))
        last = tf.minimum(progress.update + due, updates)

        # A loop of none or a few turns, where a branch would copy weights and ring in and out.
        def turn(update: Tensor, *log: Tensor) -> tuple[Tensor, ...]:
            now = progress._replace(update=update)
            metrics, fault = self._learning_step(now, stored, keys)
            return update + 1, *self._logged(Log(*log), now, metrics, fault, interval)

        update, *written = tf.while_loop(lambda update, *_: update < last, turn, [progress.update, *log])
        return update, Log(*written)

    def _learning_step(self, progress: Progress, stored: Tensor, keys: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """The metrics, and what is wrong with the rows."""
        now, select, learn = tf.stack(progress), self._select, self._learn
        fault = tf.constant(FINE, tf.int64)
        if self._added is not None:
            fault = self._announce(self._added, progress, keys["added"])
        drawn: dict[str, Tensor] = {}
        if self._tree is not None:
            words = graph_noise(self._drawing, keys["draw"], progress.update)["integers"]
            drawn = {f"drawn_{name}": value for name, value in self._tree.draw(words)._asdict().items()}
        chosen = self._call(
            select,
            stored=stored,
            next_slot=progress.step % self._ring.capacity,
            progress=now,
            **drawn,
            **graph_noise(select.noise, keys["select"], progress.update),
        )
        slots = chosen["slots"]
        windows = self._ring.gather(slots, self._sampling, progress.step - 1, self._gathered)
        unread = {spec.name: tf.zeros(spec.shape, spec.dtype) for spec in learn.inputs if spec.name in self._columns}
        learned = self._call(
            learn,
            **{**unread, **windows.columns},
            valid=windows.valid,
            slots=slots,
            weight=chosen["weight"],
            progress=now,
            **graph_noise(learn.noise, keys["learn"], progress.update),
        )
        if self._update is not None:
            noise = graph_noise(self._update.noise, keys["update"], progress.update)
            told = self._call(self._update, slots=slots, priority=learned["priority"], progress=now, **noise)
            if self._tree is not None:
                fault = tf.maximum(fault, mass_fault(told[MASS], True, NO_MASS))
                self._tree.set(slots, told[MASS])
        return learned["metrics"], tf.maximum(fault, selection_fault(slots, chosen["weight"], stored))

    def _logged(self, log: Log, before: Progress, metrics: Tensor, fault: Tensor, interval: Tensor) -> Log:
        update = before.update + 1
        counts = tf.cast(tf.stack([update, before.step, before.episode]), tf.float64)
        row = tf.concat([counts, tf.cast(metrics, tf.float64)], 0)
        # Every learning step writes into the first row that is free, and one to be logged takes that row.
        written = tf.tensor_scatter_nd_update(log.metrics, log.rows[None, None], row[None])
        finite = tf.math.is_finite(tf.reduce_sum(metrics))
        kept = finite & (update % interval == 0)
        return Log(log.rows + tf.cast(kept, tf.int64), written, tf.maximum(log.fault, fault), log.finite & finite)

    def _announce(self, added: GraphFunction, progress: Progress, key: Tensor) -> Tensor:
        """Tell the selection of the slots that were filled since the last time, oldest first; returns a fault."""
        capacity, step = self._ring.capacity, progress.step

        def some(told: Tensor, fault: Tensor) -> tuple[Tensor, Tensor]:
            room = added_at_once(self._due, self._environments)
            count, place = tf.minimum(step - told, room), tf.range(room, dtype=tf.int64)
            slots = (told + place) % capacity
            noise = graph_noise(added.noise, key, told // self._environments)
            ended = self._ring.ended(slots)
            heard = self._call(added, slots=slots, count=count, ended=ended, progress=tf.stack(progress), **noise)
            if self._tree is not None:
                fault = tf.maximum(fault, mass_fault(heard[MASS], place < count, NO_NEW_MASS))
                known = tf.minimum(place, count - 1)  # those beyond are the last one once more
                self._tree.set(tf.gather(slots, known), tf.gather(heard[MASS], known))
            return told + count, fault

        begin, fine = tf.maximum(self.announced.read_value(), step - capacity), tf.constant(FINE, tf.int64)
        told, fault = tf.while_loop(lambda told, _: told < step, some, [begin, fine])
        self.announced.assign(told)
        return fault
