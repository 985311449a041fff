"""`rlkit evaluate`: how good a trained agent is, and what it looks like."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rlkit.cli import UsageError
from rlkit.cli.options import add_out, add_preparation, prepare

if TYPE_CHECKING:
    from rlkit.runs.evaluating import Evaluation
    from rlkit.runs.finding import FoundRun

_EXAMPLES = """\
examples:
  rlkit evaluate last                              the newest run: 10 greedy episodes
  rlkit evaluate cartpole_dqn --episodes 100       the newest run of an experiment
  rlkit evaluate 20261122-211530-seed0             a run, by its id
  rlkit evaluate runs/cartpole_dqn/20261122-211530-seed0 --weights final
  rlkit evaluate last --seed 1000                  in episodes that the run's own evaluations never saw
  rlkit evaluate last --video cartpole.mp4         a video of the first 2 episodes (.mp4 or .gif)
  rlkit evaluate last --render                     in a window, at the environment's own pace

Nothing is learned and nothing is written but the video. With the run's own seed the episodes start as those of its
own evaluations do. The standard deviation is that of these episodes (divided by their number).

exit status: 0 when it was evaluated; 1 when the environment or a part failed; 2 when it cannot be evaluated."""


def add_parser(subparsers: Any) -> None:
    """Add the command to the program's parser."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "evaluate",
        help="play greedy episodes with a trained agent; make a video",
        description="Play greedy episodes with the weights of a run: no exploration, no learning.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("run", metavar="RUN", help="a run's folder or id, an experiment's name (its newest), or last")
    parser.add_argument("--episodes", type=_positive, default=10, metavar="N", help="how many (default: 10)")
    parser.add_argument("--seed", type=int, metavar="N", help="of the environment, instead of the run's")
    parser.add_argument("--weights", choices=("final", "best"), help="default: best where there are any, else final")
    parser.add_argument(
        "--video", type=Path, metavar="FILE", help="write a video of the first 2 episodes: .mp4 or .gif"
    )
    parser.add_argument("--render", action="store_true", help="show the episodes in a window")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_out(parser)
    add_preparation(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Evaluate, and print what came of it."""
    prepare(args)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from rlkit.experiment.errors import ExperimentError
    from rlkit.faults.authors import one_line, where
    from rlkit.runs.evaluating import evaluate_run
    from rlkit.runs.finding import RunNotFound, find
    from rlkit.runs.video import VideoError
    from rlkit.runs.weights import WeightsError
    from rlkit.runs.window import NoWindow

    try:
        run = find(args.run, args.out)
        # What an environment prints must not stand in the middle of the JSON.
        with contextlib.redirect_stdout(sys.stderr) if args.json else contextlib.nullcontext():
            found = evaluate_run(
                run,
                episodes=args.episodes,
                seed=args.seed,
                weights=args.weights,
                video=args.video,
                render=args.render,
                quiet=False,
            )
    except ExperimentError:
        raise
    except (RunNotFound, WeightsError, VideoError, NoWindow) as error:
        raise UsageError(str(error)) from error
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # sys.exit in a step among them
        from rlkit.worlds.world import ActionFailure, EnvironmentFailure

        whole = isinstance(error, (ActionFailure, EnvironmentFailure))  # their messages have the place
        place, message = ("", str(error)) if whole else (where(error), one_line(error))
        print(f"rlkit: error: {message}" + (f" ({place})" if place else ""), file=sys.stderr)
        return 1
    print(_as_json(run, found, args.video) if args.json else "\n".join(_lines(run, found, args.video)))
    return 0


def _lines(run: FoundRun, found: Evaluation, video: Path | None) -> list[str]:
    import numpy as np

    count = len(found.returns)
    lines = [
        f"{run.experiment}, run {run.run_id}: {count} greedy episode{'s' * (count > 1)}, seed {found.seed}",
        f"weights     {_weights(found)}",
        f"return      mean {np.mean(found.returns):.2f}, standard deviation {np.std(found.returns):.2f}, "
        f"minimum {min(found.returns):g}, maximum {max(found.returns):g}",
        "",
        f"{'episode':>7}  {'return':>10}  {'length':>7}",
    ]
    rows = zip(found.returns, found.lengths, strict=True)
    lines += [f"{number:>7}  {value:>10g}  {length:>7,}" for number, (value, length) in enumerate(rows, start=1)]
    lines += [f"warning     {sentence}" for sentence in found.warnings]
    return [*lines, "", f"video       {video}"] if video is not None else lines


def _weights(found: Evaluation) -> str:
    facts = found.facts
    step, update = facts.get("step", 0), facts.get("update")
    at = f"update {update:,}" if update and not step else f"step {step:,}"
    text = f"{found.weights}, saved at {at}"
    if "score" not in facts:
        return text
    by = {"evaluation": "in evaluation", "training": "of the last 50 training episodes"}.get(facts.get("by", ""), "")
    return f"{text}, when the mean return {by} was highest ({facts['score']:.2f})"


def _as_json(run: FoundRun, found: Evaluation, video: Path | None) -> str:
    import json

    import numpy as np

    content = {
        "run": run.run_id,
        "folder": str(run.folder),
        "experiment": run.experiment,
        "weights": {"name": found.weights, **found.facts},
        "seed": found.seed,
        "episodes": len(found.returns),
        "mean": float(np.mean(found.returns)),
        "standard_deviation": float(np.std(found.returns)),
        "minimum": min(found.returns),
        "maximum": max(found.returns),
        "returns": found.returns,
        "lengths": found.lengths,
        "warnings": found.warnings,
        "video": None if video is None else str(video),
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _positive(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"found '{text}'; allowed: a whole number, at least 1")
    return value
