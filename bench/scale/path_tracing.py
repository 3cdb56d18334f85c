"""A pass along paths of light through the frog, beside one drawing of it by OpenGL."""

from __future__ import annotations

import importlib.util
import statistics
import time
from collections.abc import Iterator
from typing import Any, Final

from servermanager import examples, sync

from ..reliability.figures import Absent, Figure, Measurement, at_most

SIZE: Final = (800, 600)
PASSES: Final = 4
_TISSUES: Final = range(1, 30)


def _measure(quick: bool) -> Iterator[Figure]:
    if importlib.util.find_spec("mitsuba") is None:
        raise Absent("Mitsuba is not installed: pip install 'async-paraview[raytracing]'")
    trials = 3 if quick else 9
    with sync.connect(backend="inproc") as session:
        tissues = session.filters.SurfaceNets3D(Input=session.open(examples.frog()), Values=list(_TISSUES))
        drawn, traced = (session.views.RenderView(ViewSize=SIZE) for _ in range(2))
        for view in (drawn, traced):
            session.show(tissues, view)
            view.reset_camera("+Z")
            view.screenshot(format="rgb")
        traced.update(EnableRayTracing=True, ProgressivePasses=1)
        began = time.perf_counter()
        traced.screenshot(format="rgb")
        built_s = time.perf_counter() - began
        drawings, passes = [], []
        for _ in range(trials):  # in turn: whatever else the machine does falls to both
            drawings.append(_drawing_s(drawn))
            traced.update(ProgressivePasses=1)
            one_s = _drawing_s(traced)
            traced.update(ProgressivePasses=1 + PASSES)
            passes.append((_drawing_s(traced) - one_s) / PASSES)
    drawing_s, pass_s = statistics.median(drawings), statistics.median(passes)
    yield Figure("one drawing of the frog at 800x600 by OpenGL", drawing_s * 1e3, "ms", trials)
    yield Figure("a pass along its paths", pass_s * 1e3, "ms", trials)
    yield Figure("a pass, in drawings", pass_s / drawing_s, "x", trials, at_most(1.0))
    yield Figure("first traced picture, with building the scene", built_s, "s")


def _drawing_s(view: Any) -> float:
    """Return for how long a picture was drawn, as the server says."""
    return float(view.screenshot(format="rgb").render_s)


MEASUREMENTS: Final = (
    Measurement(
        "path-tracing",
        "the surfaces of the frog's tissues, drawn by OpenGL, and traced: what one pass more takes",
        _measure,
    ),
)
