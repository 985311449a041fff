"""A contact sheet of a video: every n-th frame with its number, side by side in one picture.

`python benchmarks/contact_sheet.py VIDEO PICTURE` reads what `rlkit evaluate RUN --episodes 1 --video VIDEO` wrote: its
frame k is the picture after k steps. Needs the extra `video`.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import imageio.v3 as imageio
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw
from report import existing_file

Frame = npt.NDArray[np.uint8]
_LABEL = 14
"""Height of the line above each frame, in pixels."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Every n-th frame of a video, with its number, in one picture.")
    parser.add_argument("video", type=existing_file)
    parser.add_argument("picture", type=Path, help="to write; .png or another of Pillow's formats")
    parser.add_argument("--every", type=_positive, default=25, metavar="N", help="frames from one to the next (25)")
    parser.add_argument("--columns", type=_positive, default=7, help="frames side by side (7)")
    parser.add_argument("--width", type=_positive, default=150, help="of each frame, in pixels (150)")
    arguments = parser.parse_args()
    frames = [frame[..., :3] for frame in imageio.imiter(arguments.video)]
    sheet = contact_sheet(frames, every=arguments.every, columns=arguments.columns, width=arguments.width)
    # A palette of 64 colours is enough for pictures of games, and a quarter of the bytes.
    Image.fromarray(sheet).quantize(64).save(arguments.picture, optimize=True)
    size = arguments.picture.stat().st_size
    print(f"{arguments.picture}: {len(frames)} frames, every {arguments.every}th of them shown, {size:,} bytes")


def contact_sheet(frames: list[Frame], *, every: int, columns: int, width: int) -> Frame:
    """Frames (height, width, 3), all of one size, to one picture: every n-th and the last, each below its number."""
    shown = sorted({*range(0, len(frames), every), len(frames) - 1})
    height = round(frames[0].shape[0] * width / frames[0].shape[1])
    rows = -(-len(shown) // columns)
    sheet = Image.new("RGB", (min(columns, len(shown)) * width, rows * (height + _LABEL)), "white")
    draw: Any = ImageDraw.Draw(sheet)
    for place, number in enumerate(shown):
        left, top = place % columns * width, place // columns * (height + _LABEL)
        draw.text((left + 4, top + 1), str(number), fill="black")
        sheet.paste(Image.fromarray(frames[number]).resize((width - 2, height - 2)), (left + 1, top + _LABEL + 1))
    return np.asarray(sheet)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"found {text!r}; allowed are whole numbers from 1")
    return int(text)


if __name__ == "__main__":
    main()
