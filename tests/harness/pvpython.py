"""What ParaView's own pvpython makes of the scripts in tests/paraview_scripts: numbers, and small pictures.

`python -m tests.harness.pvpython` runs them, where pvpython and an X server without a screen (Xvfb) are installed, and
writes tests/paraview_scripts/facts.json and the pictures beside it.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from bench.scripts import pvpython

HOME: Final = Path(__file__).parents[1] / "paraview_scripts"
SCRIPTS: Final = tuple(sorted((HOME / "scripts").glob("*.py")))
FACTS: Final = HOME / "facts.json"
PICTURES: Final = HOME / "pictures"
COARSE: Final = 4
"""Pictures are kept, and compared, as the means of so many pixels by so many."""

Pixels = npt.NDArray[np.float64]


def numbers_of(output: str) -> dict[str, Any]:
    """Return what a script has printed: a line of JSON. Raises AssertionError if there is none."""
    lines = [line for line in output.splitlines() if line.startswith("{")]
    assert lines, f"no numbers were printed: {output}"
    found: dict[str, Any] = json.loads(lines[-1])
    return found


def coarse(path: Path) -> Pixels:
    """Return a picture as means of squares of pixels: (height, width, 3), from 0 to 1."""
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB"), float) / 255.0
    height, width = (length // COARSE for length in pixels.shape[:2])
    cut = pixels[: height * COARSE, : width * COARSE]
    means: Pixels = cut.reshape(height, COARSE, width, COARSE, 3).mean(axis=(1, 3))
    return means


def kept(path: Path) -> Pixels:
    """Return a picture that was kept coarse."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"), float) / 255.0


def drawn(picture: Pixels) -> npt.NDArray[np.bool_]:
    """Return where something is drawn: what differs from the picture's upper left corner."""
    different: npt.NDArray[np.bool_] = np.abs(picture - picture[0, 0]).max(axis=2) > 0.06
    return different


def overlap(one: Pixels, other: Pixels) -> float:
    """Return how much of what is drawn in either picture is drawn in both, 0 to 1."""
    first, second = drawn(one), drawn(other)
    return float((first & second).sum() / max(1, (first | second).sum()))


def distance(one: Pixels, other: Pixels) -> float:
    """Return the mean difference of colors, 0 to 1, where something is drawn in either picture."""
    where = drawn(one) | drawn(other)
    return float(np.abs(one - other)[where].mean()) if where.any() else 0.0


def run(script: Path, directory: Path, display: str) -> dict[str, Any]:
    """Return the numbers of a script, whose pictures are written into the directory."""
    ended = pvpython.run(script, directory, display)
    assert ended.returncode == 0, f"{script.name}: {ended.stdout}\n{ended.stderr}"
    return numbers_of(ended.stdout)


def main() -> None:
    """Run the scripts that are named, else all, and keep what comes out."""
    if why := pvpython.missing():
        sys.exit(why)
    facts = json.loads(FACTS.read_text(encoding="utf-8")) if FACTS.exists() else {"scripts": {}}
    facts["version"] = pvpython.version()
    PICTURES.mkdir(exist_ok=True)
    chosen = [one for one in SCRIPTS if not sys.argv[1:] or one.stem in sys.argv[1:]]
    with pvpython.x_server() as display:
        for script in chosen:
            with tempfile.TemporaryDirectory() as name:
                facts["scripts"][script.stem] = run(script, Path(name), display)
                for picture in sorted(Path(name).glob(f"{script.stem}*.png")):
                    if picture.stem.partition(".")[0] == picture.stem:
                        small = (coarse(picture) * 255).round().astype(np.uint8)
                        Image.fromarray(small).save(PICTURES / picture.name, optimize=True)
            print(script.stem, "ran")
    FACTS.write_text(json.dumps(facts, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
