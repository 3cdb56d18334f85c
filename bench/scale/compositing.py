"""How much longer a picture takes of which two ranks draw a half each, than one process takes to draw one half."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Final

from ..reliability.figures import Figure, Measurement, at_most
from .ranks import ranked_session, require_ranks

SIZE: Final = (1920, 1080)
SIDE: Final = 64
TIMES: Final = 15
BOUND_MS: Final = 12.0


def _view(session: Any, top: int) -> Any:
    """Return a view of the surfaces in the part of a wavelet up to a layer, all of the picture within their box."""
    half = SIDE // 2
    source = session.sources.Wavelet(WholeExtent=[-half, half, -half, half, -half, top])
    surface = session.filters.Contour(Input=source, Isosurfaces=[110.5, 157.0909, 190.5])
    view = session.views.RenderView(ViewSize=list(SIZE), OrientationAxesVisibility=False)
    session.show(surface, view)
    view.CameraPosition, view.CameraFocalPoint = [10.0, -110.0, 25.0], [0.0, 0.0, 0.0]
    view.CameraViewUp, view.CameraViewAngle = [0.0, 0.0, 1.0], 30.0
    return view


def _ms(view: Any) -> float:
    began = time.perf_counter()
    view.screenshot()
    return 1000.0 * (time.perf_counter() - began)


def measure(quick: bool) -> Iterator[Figure]:
    """Make pictures on one rank and on two in turn. Raises Absent without MPI, or without two processors."""
    require_ranks()
    times = 3 if quick else TIMES
    taken: dict[int, list[float]] = {1: [], 2: []}
    with ExitStack() as stack:
        # the lower half, drawn by one process; and both halves, each by its rank
        views = {
            ranks: _view(stack.enter_context(ranked_session(ranks, LP_NUM_THREADS="1")), top)
            for ranks, top in ((1, 0), (2, SIDE // 2))
        }
        for view in views.values():
            _ms(view)
        before = views[2].capabilities()["drawing"]["composited"]
        for _ in range(times):
            for ranks, view in views.items():
                taken[ranks].append(_ms(view))
        if views[2].capabilities()["drawing"]["composited"] - before != times:
            raise AssertionError("pictures were made otherwise than by two ranks")
    alone, together = min(taken[1]), min(taken[2])
    note = f"{together:.1f} ms for both halves, {alone:.1f} ms for one, the shortest of {times}"
    target = None if quick else at_most(BOUND_MS)
    width, height = SIZE
    yield Figure(f"compositing 2 ranks {width} x {height}, beside drawing", together - alone, "ms", times, target, note)


MEASUREMENTS = (
    Measurement(
        "compositing",
        "A picture of surfaces in two halves, each drawn by its rank, beside that of one half in one process, each "
        "with one thread of Mesa: how much longer it takes.",
        measure,
    ),
)
