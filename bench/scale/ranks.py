"""How much sooner two ranks have what one has to make alone: contours of images, with the image and without it."""

from __future__ import annotations

import importlib.util
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from apvserver.ranks.launching import launcher
from servermanager import sync
from services_core import ConfigurationError

from ..reliability.figures import Absent, Figure, Measurement, at_least

SIDE: Final = 384
QUICK_SIDE: Final = 128
TIMES: Final = 5
RANKS: Final = (1, 2)


@contextmanager
def ranked_session(ranks: int, **more: str) -> Iterator[Any]:
    """Give a session built in, in worker processes with one thread of VTK each, and more variables."""
    variables = {"APV_COMMUNICATION_BACKEND": "zmq", "APV_RANKS": str(ranks), "APV_VTK_THREADS": "1", **more}
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        session = sync.connect()
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    with session:
        yield session


def _seconds(surface: Any) -> float:
    began = time.perf_counter()
    surface.update_pipeline()
    return time.perf_counter() - began


def _seconds_at_once(surfaces: Sequence[Any], pool: ThreadPoolExecutor) -> float:
    began = time.perf_counter()
    for one in [pool.submit(surface.update_pipeline) for surface in surfaces]:
        one.result()
    return time.perf_counter() - began


def require_ranks() -> None:
    """Raise Absent without MPI, or without two processors."""
    if importlib.util.find_spec("mpi4py") is None:
        raise Absent("mpi4py is not installed (async-paraview[mpi])")
    try:
        launcher(2)
    except ConfigurationError as error:
        raise Absent(str(error)) from error
    if (os.cpu_count() or 1) < 2:
        raise Absent("two ranks need two processors")


def measure(quick: bool) -> Iterator[Figure]:
    """Make contours on one rank, on two, and halves in two processes at once, in turn.

    Raises Absent without MPI, or without two processors.
    """
    require_ranks()
    side, times = (QUICK_SIDE, 2) if quick else (SIDE, TIMES)
    contours: dict[int, list[float]] = {ranks: [] for ranks in RANKS}
    images: dict[int, list[float]] = {ranks: [] for ranks in RANKS}
    cells: dict[int, set[int]] = {ranks: set() for ranks in RANKS}
    apart: list[float] = []
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(2))
        low, high = -(side // 2), side - 1 - side // 2

        def begun(ranks: int, *along_z: int) -> tuple[Any, Any]:
            session = stack.enter_context(ranked_session(ranks))
            source = session.sources.Wavelet(WholeExtent=[low, high, low, high, *along_z])
            surface = session.filters.Contour(Input=source, Isosurfaces=[157.0909])
            _seconds(surface)
            return source, surface

        made = {ranks: begun(ranks, low, high) for ranks in RANKS}
        middle = low + (high - low) // 2
        halves = [begun(1, low, middle)[1], begun(1, middle, high)[1]]
        for number in range(times):
            for half in halves:
                half.Isosurfaces = [140.5 + number]
            apart.append(_seconds_at_once(halves, pool))
            for ranks, (source, surface) in made.items():
                surface.Isosurfaces = [140.5 + number]
                contours[ranks].append(_seconds(surface))
                cells[ranks].add(surface.update_pipeline().number_of_cells)
                source.XFreq = 61.0 + number
                images[ranks].append(_seconds(surface))
    if cells[1] != cells[2]:
        raise AssertionError(f"two ranks make other contours than one: {cells}")
    for what, taken, bound in (("contour", contours, 1.7), ("image and contour", images, None)):
        alone, together = min(taken[1]), min(taken[2])
        note = f"{alone:.2f} s and {together:.2f} s, the shortest of {times}"
        target = None if bound is None or quick else at_least(bound)
        yield Figure(f"{what} of {side}^3, 2 ranks beside 1", alone / together, "x", times, target, note)
    note = f"{min(apart):.2f} s: what this machine gives two that share nothing but its memory and caches"
    yield Figure(
        f"contours of halves of {side}^3 at once, beside 1", min(contours[1]) / min(apart), "x", times, None, note
    )


MEASUREMENTS = (
    Measurement(
        "ranks",
        "The contour of a wavelet on one rank and on two, each with one thread of VTK: how many times as fast two are; "
        "and two processes without ranks that make a half each at the same time.",
        measure,
    ),
)
