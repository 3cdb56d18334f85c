"""Data beyond memory, in pieces one after the other: the memory that takes beside VTK alone, and the same result."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ..reliability.figures import Figure, Measurement, at_least, at_most
from .children import folder, room_for, run
from .hexahedra import BYTES_EACH, PARTS, write_hexahedra

CELLS: Final = 1e8
QUICK_CELLS: Final = 1e6
_AREA: Final = 1e-6
"""By how much areas differ at most that are added up in another order."""


def contour(quick: bool) -> Iterator[Figure]:
    """Make a contour of hexahedra in eight pieces, here and with VTK alone."""
    cells = QUICK_CELLS if quick else CELLS
    with folder() as name:
        room_for(name, 1.1 * cells * BYTES_EACH)
        path, count = write_hexahedra(Path(name), cells)
        plain = run(["-m", "bench.scale.programs.contour_by_vtk", str(path), str(PARTS)])
        ours = run(
            ["-m", "bench.scale.programs.contour_in_pieces", str(path)],
            APV_COMMUNICATION_BACKEND="inproc",
            APV_STREAM="64MiB",
        )
    same = ours.said["cells"] == plain.said["cells"] and math.isclose(
        ours.said["area"], plain.said["area"], rel_tol=_AREA
    )
    what = f"{count:.3g} hexahedra, {ours.said['cells']} triangles"
    yield Figure("peak memory, VTK alone in pieces", plain.peak_bytes / 1e9, "GB", note=f"{plain.seconds:.0f} s")
    yield Figure("peak memory", ours.peak_bytes / 1e9, "GB", note=f"{what}; {ours.seconds:.0f} s")
    target = None if quick else at_most(1.3)  # of little data it is that of the program
    yield Figure("peak memory beside VTK alone", ours.peak_bytes / plain.peak_bytes, "x", target=target)
    yield Figure("same number of triangles, same area", float(same), target=at_least(1.0), note=what)


MEASUREMENTS: Final = (
    Measurement(
        "pieces/contour",
        "a contour of 1e8 hexahedra in a file of eight parts, made in eight pieces, beside VTK alone in eight pieces",
        contour,
    ),
)
