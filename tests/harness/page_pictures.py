"""Pages (SVG, PDF, EPS) as pictures and as text, made by programs that share no code with the product."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from .time_limits import scaled

_GHOSTSCRIPT: Final = ("gs", "-q", "-dSAFER", "-dNOPAUSE", "-dBATCH", "-dEPSCrop")
_SMOOTH: Final = ("-dTextAlphaBits=4", "-dGraphicsAlphaBits=4")
_LIMIT_S: Final = 60.0


def _program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} shows such pages, and is not here: apt-get install {package}")
    return found


def _run(command: list[str]) -> bytes:
    done = subprocess.run(command, capture_output=True, timeout=scaled(_LIMIT_S), check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]
    return done.stdout


def picture_of(page: Path, dots_per_inch: int) -> npt.NDArray[Any]:
    """Return a page as pixels, rows x columns x 3. Skips where there is no program that draws it."""
    if page.suffix == ".svg":
        rsvg, dpi = _program("rsvg-convert", "librsvg2-bin"), str(dots_per_inch)
        drawn = _run([rsvg, "-d", dpi, "-p", dpi, "-f", "png", str(page)])
        return np.asarray(Image.open(io.BytesIO(drawn)).convert("RGB")).astype(int)
    _program("gs", "ghostscript")
    to = page.with_name(f"{page.name}.png")
    _run([*_GHOSTSCRIPT, *_SMOOTH, "-sDEVICE=png16m", f"-r{dots_per_inch}", f"-sOutputFile={to}", str(page)])
    return np.asarray(Image.open(to).convert("RGB")).astype(int)


def words_of(page: Path) -> list[str]:
    """Return the words on a PDF or EPS page. Skips where there is no program that reads them."""
    _program("gs", "ghostscript")
    to = page.with_name(f"{page.name}.txt")
    _run([*_GHOSTSCRIPT, "-sDEVICE=txtwrite", f"-sOutputFile={to}", str(page)])
    return to.read_text("utf-8").split()


def block_differences(one: npt.NDArray[Any], other: npt.NDArray[Any], side: int) -> npt.NDArray[Any]:
    """Return by how much two pictures differ in each square of so many pixels, in levels, the mean of each."""
    rows, columns = (min(a, b) // side for a, b in zip(one.shape[:2], other.shape[:2], strict=True))
    means = [
        picture[: rows * side, : columns * side].reshape(rows, side, columns, side, 3).mean(axis=(1, 3))
        for picture in (one, other)
    ]
    return np.asarray(np.abs(means[0] - means[1]).max(axis=2))
