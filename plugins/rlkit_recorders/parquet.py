"""The run's rows as Parquet files, typed and compressed, for pandas, Polars, DuckDB and the like."""

from __future__ import annotations

from typing import Any

from rlkit import EpisodeEnded, EvaluationEnded, MetricsLogged, RunEnded, RunView, Spaces, component, parameter
from rlkit_recorders.extras import require


@component
class Parquet:
    """Tables in the run folder, under parquet/: episodes/, metrics/ and evaluation/, each a folder of Parquet files.

    The columns are those of episodes.jsonl, metrics.jsonl and evaluation.jsonl, after `experiment`, `run` and `seed`,
    which tell runs apart where many are read at once. Each file is whole, so a run that is killed keeps all but the
    rows since the last one. Compressed with Zstandard. Needs the extra `parquet`.
    """

    rows: int = parameter(default=10_000, doc="rows of a table after which they are written", at_least=1)
    seconds: float = parameter(
        default=60.0, doc="age of a table's oldest unwritten row at which the next row has them written", above=0
    )

    def check(self, spaces: Spaces) -> None:
        """Raises ValueError if pyarrow is not installed."""
        require("parquet", "parquet", "pyarrow")

    def start(self, run: RunView) -> ParquetTables:
        """The working recorder of one run."""
        return ParquetTables(run, self.rows, self.seconds)


class ParquetTables:
    """The tables of one run."""

    def __init__(self, run: RunView, rows: int, seconds: float) -> None:
        import pyarrow as pa

        from rlkit_recorders.parquet_table import ParquetTable

        of_run = {"experiment": run.experiment, "run": run.run_id, "seed": run.seed}
        first = {"experiment": pa.string(), "run": pa.string(), "seed": pa.int64()}
        count, number, flag = pa.int64(), pa.float64(), pa.bool_()

        def table(name: str, columns: dict[str, Any]) -> ParquetTable:
            return ParquetTable(run.folder / "parquet" / name, first | columns, of_run, rows, seconds)

        self._episodes = table(
            "episodes",
            {
                "episode": count,
                "step": count,
                "length": count,
                "return": number,
                "terminated": flag,
                "truncated": flag,
                "seconds": number,
            },
        )
        self._metrics = table("metrics", {"update": count, "step": count, "episode": count})
        self._evaluations = table(
            "evaluation",
            {
                "step": count,
                "episode": count,
                "update": count,
                "returns": pa.list_(number),
                "lengths": pa.list_(count),
                "seconds": number,
            },
        )

    def episode_ended(self, event: EpisodeEnded) -> None:
        """A row of episodes/."""
        own = {
            "episode": event.episode,
            "step": event.step,
            "length": event.length,
            "return": event.episode_return,
            "terminated": event.terminated,
            "truncated": event.truncated,
            "seconds": event.seconds,
        }
        self._episodes.append(own, event.reports)

    def metrics_logged(self, event: MetricsLogged) -> None:
        """A row of metrics/."""
        self._metrics.append({"update": event.update, "step": event.step, "episode": event.episode}, event.metrics)

    def evaluation_ended(self, event: EvaluationEnded) -> None:
        """A row of evaluation/."""
        own = {
            "step": event.step,
            "episode": event.episode,
            "update": event.update,
            "returns": list(event.returns),
            "lengths": list(event.lengths),
            "seconds": event.seconds,
        }
        self._evaluations.append(own, {})

    def run_ended(self, event: RunEnded) -> None:
        """Write what is left; a table of which nothing happened gets its columns."""
        for table in (self._episodes, self._metrics, self._evaluations):
            table.close()
