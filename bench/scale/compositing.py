"""How much longer a picture takes of which two ranks draw a half each, than two processes take to draw a half each."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
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


def _ms_at_once(views: Sequence[Any], pool: ThreadPoolExecutor) -> float:
    began = time.perf_counter()
    for one in [pool.submit(view.screenshot) for view in views]:
        one.result()
    return 1000.0 * (time.perf_counter() - began)


def measure(quick: bool) -> Iterator[Figure]:
    """Make pictures in one process, in two at once, and on two ranks, in turn.

    Raises Absent without MPI, or without two processors.
    """
    require_ranks()
    times = 3 if quick else TIMES
    taken: dict[str, list[float]] = {"alone": [], "at once": [], "ranks": []}
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(2))

        def opened(ranks: int, top: int) -> Any:
            # 0: Mesa draws with the thread that asks it to, and no other
            return _view(stack.enter_context(ranked_session(ranks, LP_NUM_THREADS="0")), top)

        # the lower half, drawn by one process, and by another one; and both halves, each by its rank
        half, other, whole = opened(1, 0), opened(1, 0), opened(2, SIDE // 2)
        for view in (half, other, whole):
            _ms(view)
        before = whole.capabilities()["drawing"]["composited"]
        for _ in range(times):
            taken["alone"].append(_ms(half))
            taken["at once"].append(_ms_at_once([half, other], pool))
            taken["ranks"].append(_ms(whole))
        if whole.capabilities()["drawing"]["composited"] - before != times:
            raise AssertionError("pictures were made otherwise than by two ranks")
    alone, at_once, together = (min(taken[name]) for name in ("alone", "at once", "ranks"))
    width, height = SIZE
    name = f"compositing 2 ranks {width} x {height}, beside"
    note = f"{together:.1f} ms for both halves, the shortest of {times};"
    target = None if quick else at_most(BOUND_MS)
    of_two = f"{note} {at_once:.1f} ms for two processes that draw one each at the same time"
    yield Figure(f"{name} drawing by two at once", together - at_once, "ms", times, target, of_two)
    of_one = f"{note} {alone:.1f} ms for one of them while nobody else draws"
    yield Figure(f"{name} drawing by one alone", together - alone, "ms", times, target, of_one)


MEASUREMENTS = (
    Measurement(
        "compositing",
        "A picture of surfaces in two halves, each drawn by its rank, beside pictures of one half by two processes at "
        "the same time, and by one alone, with one thread each: how much longer it takes. What two that draw at once "
        "take from each other, of memory and caches, is no part of the first.",
        measure,
    ),
)
