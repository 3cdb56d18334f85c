"""Nothing that a session does keeps Python's lock for long: filters, writers and operations, over a million cells each.

In one process the client's loop waits for that lock. What keeps it longer is listed here, with how long.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from apvserver.vtk.types.toml_definitions import OBJECTS, curated_table, hand_written_names

from ..harness.stall_worker import SIDE
from ..harness.time_limits import scaled

ROOT: Final = Path(__file__).parents[2]
MOST_S: Final = 0.02
KEPT_LONGER: Final[dict[str, float]] = {}
"""Seconds that a type may keep the lock for, and why: what was measured, and what else was tried. There is none."""
SMALLER: Final = {
    "Delaunay2D": 30,
    "Delaunay3D": 30,
    "GaussianResampling": 30,
    "NormalGlyphs": 60,
    "StreamTracerWithCustomSource": 10,
    "ValidateCells": 50,
}
"""The side of what these are tried on, which take more than a minute for data of side 100."""
SOURCES: Final[dict[str, dict[str, Any]]] = {
    "Cone": {"Resolution": 1_000_000},
    "Cylinder": {"Resolution": 300_000},
    "Disk": {"RadialResolution": 1000, "CircumferentialResolution": 1000},
    "FastUniformGrid": {"WholeExtent": [0, 99] * 3},
    "Line": {"Resolution": 1_000_000},
    "ParametricTorus": {"UResolution": 1000, "VResolution": 1000},
    "Plane": {"XResolution": 1000, "YResolution": 1000},
    "PointCloud": {"NumberOfPoints": 1_000_000},
    "PointSource": {"NumberOfPoints": 1_000_000},
    "SeedLine": {"Resolution": 1_000_000},
    "Sphere": {"ThetaResolution": 707, "PhiResolution": 709},
    "SplineSource": {"Resolution": 100_000},
    "Superquadric": {"ThetaResolution": 707, "PhiResolution": 709},
    "Wavelet": {"WholeExtent": [0, 99] * 3},
}
"""Properties with which sources make much."""
READERS: Final = {
    "CSVReader": ("table", ".csv"),
    "LegacyVTKReader": ("grid", ".vtk"),
    "PLYReader": ("surface", ".ply"),
    "STLReader": ("surface", ".stl"),
    "VTKHDFReader": ("grid", ".vtkhdf"),
    "WavefrontOBJReader": ("surface", ".obj"),
    "XMLImageDataReader": ("image", ".vti"),
    "XMLPolyDataReader": ("surface", ".vtp"),
    "XMLUnstructuredGridReader": ("grid", ".vtu"),
}
"""What is written for readers, and as what."""
NOT_SWEPT: Final = {
    **dict.fromkeys(
        (
            "AnnotateTime", "Arrow", "Axes", "BlockSelectionSource", "BlockSelectorsSelectionSource", "Box",
            "CompositeDataIDSelectionSource", "FrustumSelectionSource", "GlobalIDSelectionSource",
            "HierarchicalDataIDSelectionSource", "IDSelectionSource", "LocationSelectionSource", "Logo", "ProbePoint",
            "Ruler", "SelectionQuerySource", "Text", "Text3D", "ThresholdSelectionSource", "ValueSelectionSource",
        ),
        "makes little, whatever it is told",
    ),
    "ProgrammableSource": "executes what its user writes",
    **dict.fromkeys(("FileSeriesReader", "PVDReader"), "reads by means of the other readers"),
    **dict.fromkeys(
        (
            "CGNSReader", "DICOMReader", "EnSightReader", "IOSSReader", "ImageReader", "MRCReader", "MetaImageReader",
            "NIfTIReader", "NetCDFReader", "NrrdReader", "OpenFOAMReader",
            "PNGSeriesReader", "TIFFReader", "UGRIDReader", "XDMFReader", "Xdmf3ReaderS",
            "Xdmf3ReaderT",
            "XMLMultiBlockDataReader", "XMLPartitionedDataSetCollectionReader", "XMLRectilinearGridReader",
            "XMLStructuredGridReader", "glTFReader",
        ),
        "none of the data here can be written as such a file",
    ),
}  # fmt: skip
"""Curated types that are not swept, and why."""
CASE_S: Final = scaled(120.0)
SWEPT: Final = ("filters", "writers")
"""Groups of types that are tried on all kinds of data."""
KINDS: Final = ("image", "grid", "surface", "table")
PARTS: Final = 8
"""Filters and writers are swept in so many parts, every eighth of them in each, which take some minutes."""

posix_only = pytest.mark.skipif(os.name != "posix", reason="how long a thread has computed is not told on Windows")


class Worker:
    """A process that executes one case after the other; another one where it ends, or one takes too long."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def ask(self, type_name: str, kind: str, **more: Any) -> dict[str, Any]:
        side = SMALLER.get(type_name, SIDE)
        process = self._process or self._started()
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(json.dumps({"type": type_name, "kind": kind, "side": side, **more}) + "\n")
        process.stdin.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            line = process.stdout.readline() if selector.select(CASE_S) else None
        if line:
            answer: dict[str, Any] = json.loads(line)
            return answer
        self.close()
        return {"type": type_name, "kind": kind, "outcome": "ended" if line == "" else "slow"}

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _started(self) -> subprocess.Popen[str]:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.harness.stall_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
        )
        return self._process


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker()
    yield made
    made.close()


def types(*groups: str) -> list[str]:
    plain = (name for name in hand_written_names() if not name.startswith(OBJECTS))
    return [name for name in plain if curated_table(name).get("group") in groups]


def too_long(found: list[dict[str, Any]]) -> list[str]:
    """Each that kept the lock for longer than is known of it, or ended its process, as a line."""
    return [
        f"{one['type']} of {one['kind']}: {one.get('kept_s', one['outcome'])} {one.get('where', '')}"
        for one in found
        if one["outcome"] == "ended" or one.get("kept_s", 0.0) > scaled(KEPT_LONGER.get(one["type"], MOST_S))
    ]


@posix_only
@pytest.mark.alone
def test_a_filter_of_a_million_cells_leaves_the_lock_to_others(worker: Worker) -> None:
    found = worker.ask("Calculator", "image")
    assert found["outcome"] == "ok", found
    assert too_long([found]) == []


def test_each_type_is_swept_or_it_is_said_why_not() -> None:
    assert set(types("sources")) == {*SOURCES, *NOT_SWEPT} & set(types("sources"))
    assert set(types("readers")) == {*READERS, *NOT_SWEPT} & set(types("readers"))
    listed = [*SOURCES, *READERS, *NOT_SWEPT]
    assert len(listed) == len(set(listed)) and set(listed) == set(types("sources", "readers"))
    plain = [name for name in hand_written_names() if not name.startswith(OBJECTS)]
    assert set(plain) == set(types(*SWEPT, "sources", "readers")), "there is a group that nobody sweeps"
    assert {*KEPT_LONGER, *SMALLER} <= set(types(*SWEPT))


@posix_only
@pytest.mark.deep
@pytest.mark.alone
@pytest.mark.timeout(scaled(1800))
def test_no_source_and_no_reader_keeps_the_lock(worker: Worker) -> None:
    found = [worker.ask(name, "none", properties=properties) for name, properties in SOURCES.items()]
    found += [worker.ask(name, kind, extension=extension) for name, (kind, extension) in READERS.items()]
    assert [one for one in found if one["outcome"] != "ok"] == []
    assert too_long(found) == []


OPERATIONS_S: Final = scaled(1800.0)


def operations(kind: str) -> list[dict[str, Any]]:
    """What came of each operation with data of a kind, in a process of its own."""
    swept = subprocess.run(
        [sys.executable, "-m", "tests.harness.stall_operations", kind],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=OPERATIONS_S,
    )
    assert swept.returncode == 0, swept.stderr[-2000:]
    return [json.loads(line) for line in swept.stdout.splitlines()]


@posix_only
@pytest.mark.deep
@pytest.mark.alone
@pytest.mark.timeout(scaled(1900))
@pytest.mark.parametrize("kind", KINDS)
def test_no_operation_keeps_the_lock(kind: str, tmp_path: Path) -> None:
    """The client's loop and both services are threads of one process: whatever one of them does counts."""
    found = operations(kind)
    (tmp_path / "operations.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    assert [one for one in found if one["outcome"] == "odd"] == []
    done = {one["type"] for one in found if one["outcome"] == "ok"}
    assert done >= {"send", "describe", "fetch", "rows, sorted", "histogram"}
    assert done >= (
        {"draw PlotMatrixView"} if kind == "table" else {"show Surface", "pick", "select cells", "export obj"}
    )
    assert too_long(found) == []


@posix_only
@pytest.mark.deep
@pytest.mark.alone
@pytest.mark.timeout(scaled(1800))
@pytest.mark.parametrize("part", range(PARTS))
def test_no_filter_and_no_writer_keeps_the_lock(part: int, worker: Worker, tmp_path: Path) -> None:
    names = types(*SWEPT)[part::PARTS]
    found = [worker.ask(name, kind) for name in names for kind in KINDS]
    (tmp_path / "stalls.json").write_text(json.dumps(found, indent=1), encoding="utf-8")  # pytest keeps the last three
    assert sum(one["outcome"] == "ok" for one in found) > len(names), "most take some of these data"
    assert [one for one in found if one["outcome"] == "slow"] == [], "not judged: to be tried on something SMALLER"
    assert too_long(found) == []
