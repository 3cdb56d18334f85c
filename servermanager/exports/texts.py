"""Scenes as texts: X3D (ISO/IEC 19775), and Wavefront OBJ with its file of materials."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from .gltf import placed
from .pieces import joined
from .scene import ExportedScene, Part

_AT_A_TIME: Final = 10_000
"""Numbers that become text at a time."""
_ROWS: Final = 500
"""Rows of numbers that do, in one go: within a few milliseconds."""


def x3d(scene: ExportedScene) -> memoryview:
    """Return a scene as an X3D file."""
    return joined(one.encode("utf-8") for one in _x3d_pieces(scene))


def _x3d_pieces(scene: ExportedScene) -> Iterator[str]:
    camera = scene.camera
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<X3D profile="Interchange" version="3.3">\n'
    yield '  <head><meta name="generator" content="Async ParaView in Python"/></head>\n'
    yield "  <Scene>\n"
    yield f'    <Background skyColor="{_few(scene.background[:3])}"/>\n'
    position, center = _few(camera["CameraPosition"]), _few(camera["CameraFocalPoint"])
    turned = _few(_axis_angle(scene))
    if camera["CameraParallelProjection"]:
        half = float(camera["CameraParallelScale"])
        aspect = scene.size[0] / scene.size[1]
        kind = f'OrthoViewpoint fieldOfView="{_few((-half * aspect, -half, half * aspect, half))}"'
    else:
        kind = f'Viewpoint fieldOfView="{math.radians(float(camera["CameraViewAngle"])):.9g}"'
    yield f'    <{kind} position="{position}" orientation="{turned}" centerOfRotation="{center}"/>\n'
    for part in scene.parts:
        yield from _shape(part)
    yield "  </Scene>\n"
    yield "</X3D>\n"


def _shape(part: Part) -> Iterator[str]:
    color = _few(part.color)
    shaded = part.lit and part.kind == "triangles"
    own = f'diffuseColor="{color}"' if shaded else f'diffuseColor="0 0 0" emissiveColor="{color}"'
    yield "    <Shape>\n"
    yield f'      <Appearance><Material {own} transparency="{1.0 - part.opacity:.9g}"/></Appearance>\n'
    if part.kind == "points":
        yield "      <PointSet>\n"
        yield from _points(part, part.indices[:, 0])
        yield "      </PointSet>\n"
    else:
        set_, solid = ("IndexedFaceSet", 'solid="false" ') if part.kind == "triangles" else ("IndexedLineSet", "")
        ended = np.column_stack([part.indices.astype(np.int64), np.full(len(part.indices), -1)])
        yield f'      <{set_} {solid}colorPerVertex="true" coordIndex="'
        yield from _numbers(ended)
        yield '">\n'
        yield from _points(part)
        if part.normals is not None and part.kind == "triangles":
            yield from _element("Normal vector", part.normals)
        yield f"      </{set_}>\n"
    yield "    </Shape>\n"


def _points(part: Part, chosen: np.ndarray | slice = slice(None)) -> Iterator[str]:
    yield from _element("Coordinate point", part.positions[chosen], 17)
    if part.colors is not None:
        yield from _element("ColorRGBA color", part.colors[chosen] / 255.0)


def _element(begin: str, array: np.ndarray, digits: int = 9) -> Iterator[str]:
    yield f'        <{begin}="'
    yield from _numbers(array, digits)
    yield '"/>\n'


def _few(numbers: Sequence[float]) -> str:
    return " ".join(f"{float(one):.9g}" for one in numbers)


def _numbers(array: np.ndarray, digits: int = 9) -> Iterator[str]:
    """Yield numbers with blanks between them, some at a time."""
    flat = array.reshape(-1)
    for begin in range(0, len(flat), _AT_A_TIME):
        some = flat[begin : begin + _AT_A_TIME].tolist()
        texts = map(str, some) if flat.dtype.kind in "iu" else (f"{one:.{digits}g}" for one in some)
        yield (" " if begin else "") + " ".join(texts)


def _axis_angle(scene: ExportedScene) -> tuple[float, float, float, float]:
    """Return the axis and the angle by which a camera that looks along -z is turned."""
    turned = placed(scene)[:3, :3]
    angle = math.acos(max(-1.0, min(1.0, (float(np.trace(turned)) - 1.0) / 2.0)))
    axis = np.array([turned[2, 1] - turned[1, 2], turned[0, 2] - turned[2, 0], turned[1, 0] - turned[0, 1]])
    if np.linalg.norm(axis) < 1e-9:  # not turned, or by half a turn
        if angle < 1.0:
            return 0.0, 0.0, 1.0, 0.0
        axis = np.sqrt(np.maximum(np.diag(turned) + 1.0, 0.0) / 2.0)
        signs = np.sign(turned[int(np.argmax(axis))])
        axis = axis * np.where(signs == 0, 1.0, signs)
    axis = axis / np.linalg.norm(axis)
    return float(axis[0]), float(axis[1]), float(axis[2]), angle


def obj(scene: ExportedScene, materials: str) -> tuple[memoryview, bytes]:
    """Return a scene as an OBJ file, and its file of materials, whose name is `materials`.

    Colors of points stand behind their coordinates, as most programs read them; opacities of points have no place.
    """
    looks = ["# Async ParaView in Python"]
    for number, part in enumerate(scene.parts, start=1):
        color = "1 1 1" if part.colors is not None else _few(part.color)
        shown = ["illum 1"] if part.lit and part.kind == "triangles" else ["illum 0", f"Ke {color}"]
        looks += ["", f"newmtl {_name(number)}", f"Kd {color}", f"d {part.opacity:.9g}", *shown]
    pieces = _obj_pieces(scene, materials)
    return joined(one.encode("utf-8") for one in pieces), ("\n".join(looks) + "\n").encode("utf-8")


def _name(number: int) -> str:
    return f"part{number}"


def _obj_pieces(scene: ExportedScene, materials: str) -> Iterator[str]:
    yield f"# Async ParaView in Python\nmtllib {materials}\n"
    first = 1
    for number, part in enumerate(scene.parts, start=1):
        yield f"o {_name(number)}\nusemtl {_name(number)}\n"
        line, values = _vertices(part)
        yield from _rows(line, values)
        letter = {"triangles": "f", "lines": "l", "points": "p"}[part.kind]
        yield from _rows(f"{letter}{' %d' * part.indices.shape[1]}\n", part.indices.astype(np.int64) + first)
        first += len(part.positions)


def _vertices(part: Part) -> tuple[str, np.ndarray]:
    """Return how a vertex is written, and the numbers of all."""
    if part.colors is None:
        return "v %.17g %.17g %.17g\n", part.positions
    values = np.empty((len(part.positions), 6))
    values[:, :3] = part.positions
    np.divide(part.colors[:, :3], 255.0, out=values[:, 3:])
    return "v %.17g %.17g %.17g %.6g %.6g %.6g\n", values


def _rows(line: str, values: np.ndarray) -> Iterator[str]:
    """Yield a line for each row, some at a time, each time in one go: a list for each row makes Python look for cycles.

    numpy has nothing to calculate here: it gives Python's lock back for moments, and who waits for the lock begins to
    wait anew each time, without a turn as long as such moments come often (docs/adr/0034).
    """
    for begin in range(0, len(values), _ROWS):
        some = values[begin : begin + _ROWS]
        yield line * len(some) % tuple(some.reshape(-1).tolist())
