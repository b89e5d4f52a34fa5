"""Make the pictures of the guide small: `python -m tools.pictures docs/images`."""

import sys
from pathlib import Path

from PIL import Image

COLOURS = 128
"""Enough for pages without photographs."""


def reduce(path: Path) -> tuple[int, int]:
    """Write the picture with at most `COLOURS` colours; bytes before and after. One that has them already stays."""
    before = path.stat().st_size
    with Image.open(path) as picture:
        if picture.mode != "P":
            small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            small.save(path, optimize=True)
    return before, path.stat().st_size


def main() -> None:
    """Reduce every PNG of a folder."""
    for path in sorted(Path(sys.argv[1]).glob("*.png")):
        before, after = reduce(path)
        if after != before:
            print(f"{path.name}: {before // 1024} kB -> {after // 1024} kB")


if __name__ == "__main__":
    main()
