"""The ratios to reach, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MEDIAN: Final = "median"
P99: Final = "p99"
AT_MOST: Final = "at most"
AT_LEAST: Final = "at least"


@dataclass(frozen=True, slots=True)
class Target:
    """A bound for one backend in one scenario.

    With `against` (a label of the same scenario, "*" for the contender's own floor) the bound is for the ratio of the
    backend's `statistic` to that one's; without, for the statistic itself. `statistic` is the median, the 99th
    percentile, or the name of one of the further numbers that the scenario measures.
    """

    scenario: str
    backend: str
    sense: str
    bound: float
    against: str | None = None
    statistic: str = MEDIAN
    unit: str = ""

    @property
    def text(self) -> str:
        """What is asked for, in words."""
        what = "" if self.statistic == MEDIAN else f"{self.statistic} "
        times = (
            f" x {'its floor' if self.against == '*' else self.against}" if self.against else f" {self.unit}".rstrip()
        )
        return f"{what}{self.sense} {self.bound:g}{times}"

    def met(self, value: float) -> bool:
        """Whether a ratio, or a statistic, is good enough."""
        return value <= self.bound if self.sense == AT_MOST else value >= self.bound

    def applies_to(self, scenario: str, backend: str) -> bool:
        """Whether it is about this backend in this scenario."""
        return self.scenario == scenario and self.backend in (backend, "*")


_REQUEST = "request/{}/100 B"

_FIGURES: Final = (
    "01_surface", "02_contours", "03_volume", "04_streamlines", "05_arrows", "06_contour_lines", "07_cells",
    "08_categories", "09_log", "10_nan", "11_transparent", "12_charts", "13_texts", "14_views",
)  # fmt: skip

TARGETS: Final = (
    Target(_REQUEST.format("1 in flight"), "inproc", AT_MOST, 1.5, "queue"),
    Target("packet within a process/1 GiB", "inproc", AT_MOST, 1.2, "*"),
    Target(_REQUEST.format("1 in flight"), "zmq tcp", AT_MOST, 1.0, "zmq.asyncio"),
    Target(_REQUEST.format("1 in flight"), "zmq tcp", AT_MOST, 1.6, "pyzmq"),
    Target(_REQUEST.format("1 in flight"), "zmq tcp", AT_MOST, 1.15, "wslink"),
    Target(_REQUEST.format("32 in flight"), "zmq tcp", AT_LEAST, 6.0, "zmq.asyncio"),
    Target(_REQUEST.format("32 in flight"), "zmq tcp", AT_LEAST, 10.0, "grpc.aio"),
    Target("request/32 in flight/1 KiB", "zmq tcp", AT_LEAST, 5.0, "zmq.asyncio"),
    Target(_REQUEST.format("32 in flight"), "zmq tcp", AT_LEAST, 1.7, "wslink"),
    Target("request/32 in flight/1 KiB", "zmq tcp", AT_LEAST, 1.7, "wslink"),
    Target(_REQUEST.format("256 in flight"), "zmq tcp", AT_LEAST, 8.0, "zmq.asyncio"),
    Target("array receive/64 KiB", "zmq tcp", AT_LEAST, 0.5, "pyzmq"),
    Target("array send/64 KiB", "zmq tcp", AT_LEAST, 0.5, "pyzmq"),
    Target("array receive/64 MiB", "zmq tcp", AT_LEAST, 0.9, "pyzmq"),
    Target("array send/64 MiB", "zmq tcp", AT_LEAST, 0.9, "pyzmq"),
    Target("array receive/64 MiB", "zmq tcp", AT_LEAST, 4.0, "grpc.aio"),
    Target("array receive/64 MiB", "zmq ipc", AT_LEAST, 1.5, "zmq tcp"),
    Target("mixed/another endpoint", "zmq tcp", AT_MOST, 20.0, statistic=P99, unit="ms"),
    Target("mixed/same endpoint", "zmq tcp", AT_MOST, 50.0, statistic=P99, unit="ms"),
    Target("mixed/another endpoint", "inproc", AT_MOST, 20.0, statistic=P99, unit="ms"),
    Target("mixed/same endpoint", "inproc", AT_MOST, 50.0, statistic=P99, unit="ms"),
    Target("fan-out/100 subscribers, one stopped", "zmq tcp", AT_LEAST, 0.95, "*"),
    Target("fan-out/100 subscribers, one stopped", "inproc", AT_LEAST, 0.95, "*"),
    Target("fan-out/100 subscribers, one stopped", "*", AT_MOST, 1.05, statistic="held of the budget"),
    Target("idle/memory of each, in the server", "zmq tcp", AT_MOST, 64.0, unit="KiB"),
    Target("idle/memory of each, in the client", "zmq tcp", AT_MOST, 64.0, unit="KiB"),
    Target("idle/memory of each, in the one process", "inproc", AT_MOST, 64.0, unit="KiB"),
    Target("idle/request beside 1000, held by other processes", "zmq tcp", AT_MOST, 2.0, "*", P99),
    Target("idle/request beside 1000, held by the same process", "zmq tcp", AT_MOST, 2.0, "*", P99),
    Target("idle/request beside 1000, held by the same process", "inproc", AT_MOST, 2.0, "*", P99),
    *(
        Target(f"heartbeat/{what}", "*", AT_MOST, bound, statistic=statistic, unit="ms")
        for what in ("contour of a wavelet", "Delaunay3D", "busy Python filter")
        for statistic, bound in ((MEDIAN, 50.0), (P99, 10.0))
    ),
    Target("requests beside a filter", "*", AT_MOST, 50.0, statistic=P99, unit="ms"),
    Target("set, update, information", "remote, zmq", AT_MOST, 1.5, unit="ms"),
    Target("set, update, information", "remote, inproc", AT_MOST, 1.5, unit="ms"),
    Target("fetch of a 256^3 float image", "*", AT_LEAST, 0.55, unit="GB/s"),
    Target("fetch of a 256^3 float image", "*", AT_LEAST, 0.7, "*"),
    Target("change to interruption", "*", AT_MOST, 50.0, unit="ms"),
    Target("change to interruption", "*", AT_MOST, 300.0, statistic="p95", unit="ms"),
    Target("moves of streamlines", "*", AT_MOST, 1.5, unit="x tracing"),
    Target("1000 proxies in a chain", "*", AT_MOST, 1000.0, unit="ms"),
    Target("1000 proxies in a chain", "*", AT_MOST, 20.0, statistic="KiB each", unit="KiB"),
    Target("images beside a filter", "*", AT_LEAST, 0.6, unit="x idle"),
    Target("images beside a filter", "*", AT_MOST, 4.0, statistic="longest gap, in idle frames"),
    Target("images while the camera moves", "*", AT_LEAST, 4.0, statistic="x still rate"),
    Target("camera move to image", "*", AT_MOST, 10.0, unit="ms"),
    Target("camera move to image", "*", AT_MOST, 15.0, statistic="p95", unit="ms"),
    Target("a client that does not read", "*", AT_MOST, 20.0, statistic="grew by MiB"),
    Target("a client that does not read", "*", AT_MOST, 2.0, statistic="images before the last one"),
    *(
        Target(f"open and show/{extension}", "*", AT_MOST, 1.15, "*")
        for extension in (".vti", ".vtu", ".vtp", ".vtk", ".vtkhdf", ".stl", ".ply", ".ex2", ".nii", ".mha")
    ),
    Target("script of 20 filters", "apvpython", AT_MOST, 0.7, "pvpython"),
    *(Target(f"figure/{name}", "apvpython", AT_MOST, 0.5, "pvpython") for name in _FIGURES),
    Target("windows and geometries that went", "*", AT_MOST, 1.05, unit="x before"),
)
