"""The Open Mining Format: elements stand at the project's origin plus their own, whatever they are.

The files are written by hand, in the layout that the format's own library (omf 1.0.1) describes and reads.
"""

import json
import struct
import uuid
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.opening import leaves

PROJECT, ORIGIN = np.array([1000.0, 2000.0, 300.0]), np.array([50.0, 60.0, 7.0])
CORNERS = np.array([[0.0, 0, 0], [1, 0, 0], [1, 2, 0], [0, 2, 0]])


class Written:
    """The parts of a file: arrays, and the entries that describe them."""

    def __init__(self) -> None:
        self.data = b""
        self.entries: dict[str, Any] = {}

    def entry(self, kind: str, **content: Any) -> str:
        number = str(uuid.UUID(int=len(self.entries) + 1, version=4))
        when = "2026-01-01T00:00:00Z"
        self.entries[number] = {"date_created": when, "date_modified": when, **content, "__class__": kind}
        return number

    def array(self, kind: str, values: Any) -> str:
        packed = zlib.compress(values.tobytes())
        place = {"start": 60 + len(self.data), "dtype": values.dtype.str, "length": len(packed)}
        self.data += packed
        return self.entry(kind, array=place)

    def element(self, name: str, kind: str, geometry: str, origin: Any = ORIGIN, **content: Any) -> str:
        place = self.entry(geometry, origin=list(map(float, origin)), **content)
        texts = {"name": name, "description": "", "subtype": kind.removesuffix("Element").removesuffix("Set").lower()}
        return self.entry(kind, **texts, data=[], color=[1, 2, 3], textures=[], geometry=place)

    def save(self, path: Path, elements: list[str]) -> None:
        origin = PROJECT.tolist()
        project = self.entry("Project", name="mine", description="", units="", elements=elements, origin=origin)
        start = 60 + len(self.data)
        header = struct.pack("<4s32s16sQ", b"\x84\x83\x82\x81", b"OMF-v0.9.0", uuid.UUID(project).bytes, start)
        path.write_bytes(header + self.data + json.dumps(self.entries).encode())


def five_elements(path: Path) -> None:
    file = Written()
    corners = file.array("Vector3Array", CORNERS)
    segments = file.array("Int2Array", np.array([[0, 1], [1, 2], [2, 3]]))
    triangles = file.array("Int3Array", np.array([[0, 1, 2], [0, 2, 3]]))
    heights = file.array("ScalarArray", np.zeros(4))
    axes: dict[str, Any] = {"axis_u": [1.0, 0, 0], "axis_v": [0.0, 1, 0], "tensor_u": [1.0], "tensor_v": [2.0]}
    elements = [
        file.element("blocks", "VolumeElement", "VolumeGridGeometry", **axes, axis_w=[0.0, 0, 1], tensor_w=[3.0]),
        file.element("points", "PointSetElement", "PointSetGeometry", vertices=corners),
        file.element("lines", "LineSetElement", "LineSetGeometry", vertices=corners, segments=segments),
        file.element("triangles", "SurfaceElement", "SurfaceGeometry", vertices=corners, triangles=triangles),
        file.element("grid", "SurfaceElement", "SurfaceGridGeometry", **axes, offset_w=heights),
        file.element("points", "PointSetElement", "PointSetGeometry", 2 * ORIGIN, vertices=corners),
    ]
    file.save(path, elements)


def read(
    path: Path, *, without: str | None = None, times: int = 1, warnings: list[str] | None = None
) -> dict[str, list[float]]:
    """The lowest corners of the elements; a name that is there again has a prime."""
    told = [] if warnings is None else warnings
    pipeline = Pipeline()
    pipeline.create(1, "OMFReader", {"FileName": str(path)})
    reader = pipeline.algorithm(1)
    if without is not None:
        reader.UpdateInformation()
        reader.GetDataElementArraySelection().DisableArray(without)
    for _ in range(times):
        reader.Modified()
        Executor().execute(pipeline, 1, on_message=lambda message: told.append(message.text))
    found: dict[str, list[float]] = {}
    for name, part in leaves(reader.GetOutputDataObject(0)):
        found[name if name not in found else f"{name}'"] = list(part.GetBounds()[::2])
    return found


@pytest.mark.parametrize("times", [1, 3])
def test_every_element_stands_at_its_origin(tmp_path: Path, times: int) -> None:
    five_elements(tmp_path / "mine.omf")
    corner = (PROJECT + ORIGIN).tolist()
    assert read(tmp_path / "mine.omf", times=times) == {
        "blocks": corner, "points": corner, "lines": corner, "triangles": corner, "grid": corner,
        "points'": (PROJECT + 2 * ORIGIN).tolist(),
    }  # fmt: skip


def test_an_element_that_is_left_out_moves_no_other(tmp_path: Path) -> None:
    five_elements(tmp_path / "mine.omf")
    assert read(tmp_path / "mine.omf", without="lines")["triangles"] == (PROJECT + ORIGIN).tolist()


def test_places_that_cannot_be_told_are_an_error(tmp_path: Path) -> None:
    file = Written()
    corners = file.array("Vector3Array", CORNERS)
    number = file.element("points", "PointSetElement", "PointSetGeometry", vertices=corners)
    geometry = file.entries[file.entries[number]["geometry"]]
    geometry["origin"] = geometry["origin"][:2]
    file.save(tmp_path / "mine.omf", [number])
    with pytest.raises(ExecutionFailed, match="where its elements stand cannot be told"):
        read(tmp_path / "mine.omf")


def test_what_is_not_read_is_told(tmp_path: Path) -> None:
    file = Written()
    corners = file.array("Vector3Array", CORNERS)
    number = file.element("points", "PointSetElement", "PointSetGeometry", vertices=corners)
    del file.entries[number]["subtype"]
    file.save(tmp_path / "mine.omf", [number])
    warnings: list[str] = []
    assert read(tmp_path / "mine.omf", warnings=warnings) == {}
    assert any("makes nothing of 'points'" in text for text in warnings), warnings
