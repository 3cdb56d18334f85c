"""Whether a client stays interactive: what `python -m bench interactivity` measures, on whole sessions with VTK."""

from __future__ import annotations

from ..scenario import Scenario
from . import execution, files, heartbeat, images, pipelines

SCENARIOS: list[Scenario] = [
    *heartbeat.SCENARIOS,
    *execution.SCENARIOS,
    *pipelines.SCENARIOS,
    *images.SCENARIOS,
    *files.SCENARIOS,
]

CLASSIC: dict[str, str] = {
    "heartbeat/contour of a wavelet": "blocked for all of it",
    "heartbeat/Delaunay3D": "blocked for all of it",
    "heartbeat/busy Python filter": "blocked for all of it",
    "requests beside a filter": "none answered",
    "set, update, information": "2.9 ms",
    "fetch of a 256^3 float image": "0.022 GB/s",
    "images beside a filter": "none",
    "images while the camera moves": "7.3 a second",
    "moves of streamlines": "each executed: stale moves cannot be skipped",
}
"""The same with ParaView 5.11 (pvserver and pvpython), measured once on a machine of this kind, without our code."""

__all__ = ["CLASSIC", "SCENARIOS"]
