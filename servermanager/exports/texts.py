"""Scenes as texts: X3D (ISO/IEC 19775), and Wavefront OBJ with its file of materials."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from .gltf import placed
from .scene import ExportedScene, Part


def x3d(scene: ExportedScene) -> bytes:
    """Return a scene as an X3D file."""
    return ("\n".join(_x3d_lines(scene)) + "\n").encode("utf-8")


def _x3d_lines(scene: ExportedScene) -> Iterator[str]:
    camera = scene.camera
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<X3D profile="Interchange" version="3.3">'
    yield '  <head><meta name="generator" content="Async ParaView in Python"/></head>'
    yield "  <Scene>"
    yield f'    <Background skyColor="{_numbers(np.array(scene.background[:3]))}"/>'
    position = _numbers(np.array(camera["CameraPosition"], float))
    center = _numbers(np.array(camera["CameraFocalPoint"], float))
    turned = _numbers(np.array(_axis_angle(scene)))
    if camera["CameraParallelProjection"]:
        half = float(camera["CameraParallelScale"])
        aspect = scene.size[0] / scene.size[1]
        field = _numbers(np.array([-half * aspect, -half, half * aspect, half]))
        kind = f'OrthoViewpoint fieldOfView="{field}"'
    else:
        kind = f'Viewpoint fieldOfView="{math.radians(float(camera["CameraViewAngle"])):.9g}"'
    yield f'    <{kind} position="{position}" orientation="{turned}" centerOfRotation="{center}"/>'
    for part in scene.parts:
        yield from _shape(part)
    yield "  </Scene>"
    yield "</X3D>"


def _shape(part: Part) -> Iterator[str]:
    color = _numbers(np.array(part.color))
    shaded = part.lit and part.kind == "triangles"
    own = f'diffuseColor="{color}"' if shaded else f'diffuseColor="0 0 0" emissiveColor="{color}"'
    yield "    <Shape>"
    yield f'      <Appearance><Material {own} transparency="{1.0 - part.opacity:.9g}"/></Appearance>'
    if part.kind == "triangles":
        ended = np.column_stack([part.indices.astype(np.int64), np.full(len(part.indices), -1)])
        yield f'      <IndexedFaceSet solid="false" colorPerVertex="true" coordIndex="{_numbers(ended)}">'
        yield from _points(part)
        if part.normals is not None:
            yield f'        <Normal vector="{_numbers(part.normals)}"/>'
        yield "      </IndexedFaceSet>"
    elif part.kind == "lines":
        ended = np.column_stack([part.indices.astype(np.int64), np.full(len(part.indices), -1)])
        yield f'      <IndexedLineSet colorPerVertex="true" coordIndex="{_numbers(ended)}">'
        yield from _points(part)
        yield "      </IndexedLineSet>"
    else:
        yield "      <PointSet>"
        yield from _points(part, part.indices[:, 0])
        yield "      </PointSet>"
    yield "    </Shape>"


def _points(part: Part, chosen: np.ndarray | slice = slice(None)) -> Iterator[str]:
    yield f'        <Coordinate point="{_numbers(part.positions[chosen], 17)}"/>'
    if part.colors is not None:
        yield f'        <ColorRGBA color="{_numbers(part.colors[chosen] / 255.0)}"/>'


def _numbers(array: np.ndarray, digits: int = 9) -> str:
    if array.dtype.kind in "iu":
        return " ".join(map(str, array.reshape(-1).tolist()))
    return " ".join(f"{one:.{digits}g}" for one in array.reshape(-1).tolist())


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


def obj(scene: ExportedScene, materials: str) -> tuple[bytes, bytes]:
    """Return a scene as an OBJ file, and its file of materials, whose name is `materials`.

    Colors of points stand behind their coordinates, as most programs read them; opacities of points have no place.
    """
    lines, looks, first = ["# Async ParaView in Python", f"mtllib {materials}"], ["# Async ParaView in Python"], 1
    for number, part in enumerate(scene.parts, start=1):
        name = f"part{number}"
        color = "1 1 1" if part.colors is not None else " ".join(f"{one:.9g}" for one in part.color)
        shown = ["illum 1"] if part.lit and part.kind == "triangles" else ["illum 0", f"Ke {color}"]
        looks += ["", f"newmtl {name}", f"Kd {color}", f"d {part.opacity:.9g}", *shown]
        lines += [f"o {name}", f"usemtl {name}", *_vertices(part), *_corners(part, first)]
        first += len(part.positions)
    return ("\n".join(lines) + "\n").encode("utf-8"), ("\n".join(looks) + "\n").encode("utf-8")


def _vertices(part: Part) -> Iterator[str]:
    if part.colors is None:
        yield from (f"v {x:.17g} {y:.17g} {z:.17g}" for x, y, z in part.positions.tolist())
    else:
        shares = part.colors[:, :3] / 255.0
        for (x, y, z), (red, green, blue) in zip(part.positions.tolist(), shares.tolist(), strict=True):
            yield f"v {x:.17g} {y:.17g} {z:.17g} {red:.6g} {green:.6g} {blue:.6g}"


def _corners(part: Part, first: int) -> Iterator[str]:
    letter = {"triangles": "f", "lines": "l", "points": "p"}[part.kind]
    for corners in (part.indices.astype(np.int64) + first).tolist():
        yield f"{letter} {' '.join(map(str, corners))}"
