"""Scenes for vtk.js: .vtkjs and .vtksz archives, and pages that show them by themselves.

.vtkjs has a data set for each part, as vtkJSONSceneExporter writes and ParaView Glance opens them; .vtksz has the
objects of a render window, as vtkJSONRenderWindowExporter, and ParaView's VTKSZ, write them.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

from .gltf import clipped, middle_of
from .pieces import Bytes, WrittenPieces, bytes_of, in_base64, joined
from .scene import ExportedScene, Part

_LOADER: Final = "OfflineLocalView"
_PAGE: Final = ("tools", "static_viewer.html")
_BODY_ENDS: Final = "</body>"
_CELLS: Final = {"triangles": "polys", "lines": "lines", "points": "verts"}
_REPRESENTATION: Final = {"triangles": 2, "lines": 2, "points": 0}
"""Of vtk.js: surfaces have lines as well; points are drawn as such."""
_AT_A_TIME: Final = 1 << 20
"""Bytes that are packed at a time."""
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The time of all members: the same scene is the same archive."""


class NoViewer(ValueError):
    """There is no vtk.js here to be put into a page."""


@dataclass(frozen=True)
class _Array:
    """Numbers of a data set."""

    name: str
    values: np.ndarray
    components: int

    @property
    def raw(self) -> memoryview:
        """Return the numbers, the lowest byte first."""
        return bytes_of(self.values)

    @cached_property
    def hash(self) -> str:
        """Return what the numbers are called by."""
        return hashlib.sha256(self.raw).hexdigest()[:32]

    @property
    def javascript(self) -> str:
        """Return the class of JavaScript that has such numbers."""
        return {"float32": "Float32Array", "uint32": "Uint32Array", "uint8": "Uint8Array"}[self.values.dtype.name]


@dataclass(frozen=True)
class _DataSet:
    """A part as polygonal data, near the middle of the scene: vtk.js has numbers of single precision."""

    points: _Array
    cells: _Array
    colors: _Array | None
    normals: _Array | None

    @classmethod
    def of(cls, part: Part, middle: np.ndarray) -> _DataSet:
        """Make it of a part."""
        corners = part.indices.shape[1]
        counted = np.full((len(part.indices), 1 + corners), corners, np.uint32)
        counted[:, 1:] = part.indices
        return cls(
            _Array("Points", (part.positions - middle).astype(np.float32), 3),
            _Array(_CELLS[part.kind], counted.reshape(-1), 1),
            None if part.colors is None else _Array("Colors", part.colors, 4),
            None if part.normals is None else _Array("Normals", part.normals.astype(np.float32), 3),
        )

    def arrays(self) -> Iterator[_Array]:
        """Yield all arrays."""
        yield from (one for one in (self.points, self.cells, self.colors, self.normals) if one is not None)


def _look(part: Part) -> dict[str, Any]:
    """Return the properties of what a part is drawn with."""
    shaded = part.lit and part.kind == "triangles"
    return {
        "representation": _REPRESENTATION[part.kind],
        "edgeVisibility": False,
        "color": list(part.color),
        "diffuseColor": list(part.color),
        "ambientColor": list(part.color),
        "ambient": 0.0 if shaded else 1.0,
        "diffuse": 1.0 if shaded else 0.0,
        "specular": 0.0,
        "interpolation": 1 if part.normals is not None else 0,
        "lighting": shaded,
        "opacity": part.opacity,
        "pointSize": part.size if part.kind == "points" else 1.0,
        "lineWidth": part.size if part.kind == "lines" else 1.0,
    }


def _mapping(part: Part) -> dict[str, Any]:
    """Return how a part gets its colors: as they are, if each point has one."""
    return {"colorByArrayName": "", "colorMode": 0, "scalarMode": 0, "scalarVisibility": part.colors is not None}


def _camera(scene: ExportedScene, middle: np.ndarray) -> dict[str, Any]:
    camera = scene.camera
    return {
        "position": list(camera["CameraPosition"]),
        "focalPoint": list(camera["CameraFocalPoint"]),
        "viewUp": list(camera["CameraViewUp"]),
        "viewAngle": float(camera["CameraViewAngle"]),
        "parallelProjection": bool(camera["CameraParallelProjection"]),
        "parallelScale": float(camera["CameraParallelScale"]),
        "clippingRange": list(clipped(scene, middle)),
    }


# --- a data set for each part


def vtkjs(scene: ExportedScene) -> memoryview:
    """Return a scene as an archive of data sets."""
    middle = middle_of(scene)
    members: dict[str, Sequence[Bytes]] = {}
    for number, part in enumerate(scene.parts):
        made = _DataSet.of(part, middle)
        members[f"{number}/index.json"] = [_json(_data_set(made))]
        members |= {f"{number}/data/{one.hash}": [one.raw] for one in made.arrays()}
    camera = _camera(scene, middle)
    index = {
        "version": 1.0,
        "background": list(scene.background[:3]),
        "camera": camera,
        "centerOfRotation": camera["focalPoint"],
        "scene": [_in_scene(number, part, middle) for number, part in enumerate(scene.parts)],
        "lookupTables": {},
    }
    return _archive({"index.json": [_json(index)], **members})


def _in_scene(number: int, part: Part, middle: np.ndarray) -> dict[str, Any]:
    return {
        "name": f"part {number + 1}",
        "type": "httpDataSetReader",
        "httpDataSetReader": {"url": str(number)},
        "actor": {"origin": [0, 0, 0], "scale": [1, 1, 1], "position": middle.tolist()},
        "actorRotation": [0, 0, 0, 1],
        "mapper": _mapping(part),
        "property": _look(part),
    }


def _data_set(made: _DataSet) -> dict[str, Any]:
    own = [one for one in (made.colors, made.normals) if one is not None]
    return {
        "vtkClass": "vtkPolyData",
        "points": _described(made.points, "vtkPoints"),
        made.cells.name: _described(made.cells, "vtkCellArray"),
        "pointData": {
            "vtkClass": "vtkDataSetAttributes",
            "activeScalars": -1 if made.colors is None else 0,
            "activeNormals": -1 if made.normals is None else len(own) - 1,
            "arrays": [{"data": _described(one, "vtkDataArray")} for one in own],
        },
    }


def _described(array: _Array, kind: str) -> dict[str, Any]:
    return {
        "vtkClass": kind,
        "name": array.name,
        "numberOfComponents": array.components,
        "dataType": array.javascript,
        "size": int(array.values.size),
        "ref": {"encode": "LittleEndian", "basepath": "data", "id": array.hash},
    }


# --- the objects of a render window


def vtksz(scene: ExportedScene) -> memoryview:
    """Return a scene as an archive of the objects of a render window."""
    window, arrays = _window(scene)
    return _archive({"index.json": [_json(window)], **{f"data/{name}": [raw] for name, raw in arrays.items()}})


def html(scene: ExportedScene) -> memoryview:
    """Return a page that shows a scene by itself, with vtk.js in it. Raises NoViewer where that is not installed."""
    window, arrays = _window(scene)
    before, ends, after = viewer().rpartition(_BODY_ENDS)
    held = _archive({"index.json": [b'{"scene":', _json(window), b',"hashes":{', *_hashes(arrays), b"}}"]})
    begin = (
        "<script>\nfunction loadDataSet() {\n"
        "  const container = document.querySelector('.content') || document.querySelector('body');\n"
        f'  {_LOADER}.load(container, {{ base64Str: "'
    )
    end = '" });\n}\n</script>\n'
    return joined([f"{before}{begin}".encode(), *in_base64(held), f"{end}{ends}{after}".encode()])


def _hashes(arrays: Mapping[str, memoryview]) -> Iterator[bytes]:
    """Yield arrays as entries of JSON, by their names."""
    for index, (name, raw) in enumerate(arrays.items()):
        yield f'{"," if index else ""}"{name}":{{"content":"'.encode()
        yield from in_base64(raw)
        yield b'"}'


def viewer() -> str:
    """Return a page with vtk.js. Raises NoViewer."""
    try:
        import trame_vtk
    except ImportError:
        raise NoViewer(
            "a page that shows a scene has vtk.js in it, which comes with trame-vtk (of Kitware, BSD-3-Clause): "
            "pip install 'async-paraview[html]'; or export .vtksz, .vtkjs or .glb"
        ) from None
    place = Path(trame_vtk.__file__).parent.joinpath(*_PAGE)
    text = place.read_text(encoding="utf-8") if place.is_file() else ""
    if _LOADER not in text or _BODY_ENDS not in text:
        raise NoViewer(f"{place} is no page with {_LOADER}, which shows scenes; .vtksz and .glb need none")
    return text


def _window(scene: ExportedScene) -> tuple[dict[str, Any], dict[str, memoryview]]:
    """Return the objects of a render window, each with those that it needs, and the numbers by their names."""
    numbers, arrays = itertools.count(1), dict[str, memoryview]()
    middle = middle_of(scene)
    renderer, camera = str(next(numbers)), str(next(numbers))
    calls: list[Any] = [["setActiveCamera", [_instance(camera)]]]
    needed = [_object(camera, renderer, "vtkCamera", _camera(scene, middle))]
    for part in scene.parts:
        actor = str(next(numbers))
        calls.append(["addViewProp", [_instance(actor)]])
        needed.append(_actor(actor, renderer, part, middle, numbers, arrays))
    background = [*scene.background[:3], 1.0]
    properties = {"background": background, "twoSidedLighting": True, "lightFollowCamera": True, "layer": 0}
    made = _object(renderer, "0", "vtkRenderer", properties, calls, needed)
    shown = [["addRenderer", [_instance(renderer)]]]
    window = _object("0", "0x0", "vtkRenderWindow", {"numberOfLayers": 1}, shown, [made])
    return {**window, "mtime": 1}, arrays


def _actor(
    id_: str, parent: str, part: Part, middle: np.ndarray, numbers: Iterator[int], arrays: dict[str, memoryview]
) -> dict[str, Any]:
    data, mapper, look = (str(next(numbers)) for _ in range(3))
    made = _DataSet.of(part, middle)
    arrays |= {one.hash: one.raw for one in made.arrays()}
    fields = [
        {**_named(one), "location": "pointData", "registration": registration}
        for one, registration in ((made.colors, "setScalars"), (made.normals, "setNormals"))
        if one is not None
    ]
    held = {
        "points": _named(made.points, "vtkPoints"),
        made.cells.name: _named(made.cells, "vtkCellArray"),
        "fields": fields,
    }
    needed = [
        _object(look, id_, "vtkProperty", _look(part)),
        _object(
            mapper, id_, "vtkMapper", _mapping(part), [["setInputData", [_instance(data)]]],
            [_object(data, mapper, "vtkPolyData", held)],
        ),
    ]  # fmt: skip
    calls = [["setProperty", [_instance(look)]], ["setMapper", [_instance(mapper)]]]
    placed = {"origin": [0, 0, 0], "scale": [1, 1, 1], "position": middle.tolist(), "visibility": True}
    return _object(id_, parent, "vtkActor", placed, calls, needed)


def _instance(id_: str) -> str:
    return f"instance:${{{id_}}}"


def _object(
    id_: str,
    parent: str,
    kind: str,
    properties: Mapping[str, Any],
    calls: list[Any] | None = None,
    needed: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    return {
        "id": id_, "parent": parent, "type": kind, "properties": dict(properties), "calls": calls or [],
        "dependencies": needed or [],
    }  # fmt: skip


def _named(array: _Array, kind: str = "vtkDataArray") -> dict[str, Any]:
    return {
        "vtkClass": kind,
        "name": array.name,
        "numberOfComponents": array.components,
        "dataType": array.javascript,
        "size": int(array.values.size),
        "hash": array.hash,
    }


# --- archives


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode("utf-8")


def _archive(members: Mapping[str, Sequence[Bytes]]) -> memoryview:
    """Return an archive (zip) of members by their names, each of pieces."""
    written = WrittenPieces()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in members.items():
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.file_size = sum(map(len, pieces))
            with archive.open(member, "w") as file:
                for one in pieces:
                    for begin in range(0, len(one), _AT_A_TIME):
                        file.write(memoryview(one)[begin : begin + _AT_A_TIME])
    return written.content()
