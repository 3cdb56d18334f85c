"""Scenes as glTF 2.0 (Khronos): .glb, all in one binary file, and .gltf, all in one text."""

from __future__ import annotations

import json
import math
import struct
from typing import Any, Final

import numpy as np

from .pieces import bytes_of, in_base64, joined
from .scene import ExportedScene, Part

_MODES: Final = {"triangles": 4, "lines": 1, "points": 0}
_FLOAT: Final = 5126
_UNSIGNED: Final = 5125
_MAGIC: Final = 0x46546C67
_JSON: Final = 0x4E4F534A
_BINARY: Final = 0x004E4942
_FOR_VERTICES: Final = 34962
_FOR_CORNERS: Final = 34963
_HERE: Final = "@"
"""Stands for the numbers in a text; it is in no other part of one."""


def glb(scene: ExportedScene) -> memoryview:
    """Return a scene as one binary file."""
    document, blob = _document(scene)
    text = json.dumps(document, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % 4)
    size = sum(map(len, blob))
    end = -size % 4
    length = 12 + 8 + len(text) + 8 + size + end
    head = struct.pack("<III", _MAGIC, 2, length) + struct.pack("<II", len(text), _JSON) + text
    return joined([head, struct.pack("<II", size + end, _BINARY), *blob, b"\0" * end])


def gltf(scene: ExportedScene) -> memoryview:
    """Return a scene as one text, with its numbers in it."""
    document, blob = _document(scene)
    document["buffers"][0]["uri"] = f"data:application/octet-stream;base64,{_HERE}"
    before, _, after = json.dumps(document, indent=1).partition(_HERE)
    return joined([before.encode("utf-8"), *in_base64(joined(blob)), after.encode("utf-8")])


def linear(color: Any) -> np.ndarray:
    """Return colors as they are on a screen, 0 to 1, as amounts of light: glTF has those (IEC 61966-2-1)."""
    screen = np.asarray(color, np.float64)
    return np.where(screen <= 0.04045, screen / 12.92, ((screen + 0.055) / 1.055) ** 2.4)


class _Blob:
    """The numbers of a file, and what is told of them."""

    def __init__(self) -> None:
        self.pieces: list[memoryview | bytes] = []
        self.size = 0
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []

    def put(self, piece: memoryview | bytes) -> None:
        """Put bytes behind the others."""
        self.pieces.append(piece)
        self.size += len(piece)

    def add(self, array: np.ndarray, kind: str, component: int, target: int, *, limits: bool = False) -> int:
        """Return the number of an accessor for an array."""
        self.put(b"\0" * (-self.size % 4))
        raw = bytes_of(array)
        self.views.append({"buffer": 0, "byteOffset": self.size, "byteLength": len(raw), "target": target})
        self.put(raw)
        found: dict[str, Any] = {
            "bufferView": len(self.views) - 1, "componentType": component, "count": len(array), "type": kind,
        }  # fmt: skip
        if limits:
            found |= {"min": array.min(axis=0).tolist(), "max": array.max(axis=0).tolist()}
        self.accessors.append(found)
        return len(self.accessors) - 1


def _document(scene: ExportedScene) -> tuple[dict[str, Any], list[memoryview | bytes]]:
    blob, meshes = _Blob(), []
    materials: list[dict[str, Any]] = []
    middle = middle_of(scene)
    for part in scene.parts:
        meshes.append({"primitives": [_primitive(part, blob, len(materials), middle)]})
        materials.append(_material(part))
    nodes: list[dict[str, Any]] = [{"mesh": number, "translation": middle.tolist()} for number in range(len(meshes))]
    nodes.append({"camera": 0, "matrix": placed(scene).T.reshape(-1).tolist(), "name": "camera"})
    document: dict[str, Any] = {
        "asset": {"version": "2.0", "generator": "Async ParaView in Python"},
        "scene": 0,
        "scenes": [{"nodes": list(range(len(nodes)))}],
        "nodes": nodes,
        "cameras": [_camera(scene, middle)],
    }
    if meshes:
        document |= {
            "meshes": meshes, "materials": materials, "accessors": blob.accessors, "bufferViews": blob.views,
            "buffers": [{"byteLength": blob.size}],
        }  # fmt: skip
    else:
        document["buffers"] = [{"byteLength": 4}]
        blob.put(b"\0\0\0\0")
    if any(not part.lit or part.kind != "triangles" for part in scene.parts):
        document["extensionsUsed"] = ["KHR_materials_unlit"]
    return document, blob.pieces


def middle_of(scene: ExportedScene) -> np.ndarray:
    """Return a place near which numbers of single precision are fine enough."""
    if not scene.parts:
        return np.zeros(3)
    low = np.min([part.positions.min(axis=0) for part in scene.parts], axis=0)
    high = np.max([part.positions.max(axis=0) for part in scene.parts], axis=0)
    return np.asarray((low + high) / 2)


def _primitive(part: Part, blob: _Blob, material: int, middle: np.ndarray) -> dict[str, Any]:
    near = (part.positions - middle).astype(np.float32)
    attributes = {"POSITION": blob.add(near, "VEC3", _FLOAT, _FOR_VERTICES, limits=True)}
    if part.normals is not None:
        lengths = np.linalg.norm(part.normals, axis=1, keepdims=True)
        upward = np.zeros((len(lengths), 3), np.float32)
        upward[:, 2] = 1
        unit = np.divide(part.normals, lengths, out=upward, where=lengths > 0)
        attributes["NORMAL"] = blob.add(unit.astype(np.float32), "VEC3", _FLOAT, _FOR_VERTICES)
    if part.colors is not None:
        shares = part.colors / 255.0
        light = np.column_stack([linear(shares[:, :3]), shares[:, 3]]).astype(np.float32)
        attributes["COLOR_0"] = blob.add(light, "VEC4", _FLOAT, _FOR_VERTICES)
    corners = blob.add(part.indices.reshape(-1), "SCALAR", _UNSIGNED, _FOR_CORNERS)
    return {"attributes": attributes, "indices": corners, "material": material, "mode": _MODES[part.kind]}


def _material(part: Part) -> dict[str, Any]:
    color = (1.0, 1.0, 1.0) if part.colors is not None else linear(part.color).tolist()
    found: dict[str, Any] = {
        "pbrMetallicRoughness": {
            "baseColorFactor": [*color, part.opacity], "metallicFactor": 0.0, "roughnessFactor": 1.0,
        },
        "doubleSided": True,
    }  # fmt: skip
    if part.opacity < 1.0 or (part.colors is not None and part.colors[:, 3].min() < 255):
        found["alphaMode"] = "BLEND"
    if not part.lit or part.kind != "triangles":
        found["extensions"] = {"KHR_materials_unlit": {}}
    return found


def placed(scene: ExportedScene) -> np.ndarray:
    """Return where the camera is, and how it is turned: it looks along its own negative z."""
    camera = scene.camera
    position = np.array(camera["CameraPosition"], float)
    back = position - np.array(camera["CameraFocalPoint"], float)
    back /= np.linalg.norm(back)
    right = np.cross(np.array(camera["CameraViewUp"], float), back)
    right /= np.linalg.norm(right)
    matrix = np.eye(4)
    matrix[:3, 0], matrix[:3, 1], matrix[:3, 2], matrix[:3, 3] = right, np.cross(back, right), back, position
    return matrix


def clipped(scene: ExportedScene, middle: np.ndarray) -> tuple[float, float]:
    """Return between which distances of the camera all is."""
    away = float(np.linalg.norm(np.array(scene.camera["CameraPosition"], float) - middle))
    reach = max((float(np.abs(part.positions - middle).max()) for part in scene.parts), default=1.0) * math.sqrt(3)
    far = (away + reach) * 2.0 or 1.0
    return max(far * 1e-4, away - reach * 1.01), far


def _camera(scene: ExportedScene, middle: np.ndarray) -> dict[str, Any]:
    aspect = scene.size[0] / scene.size[1]
    camera = scene.camera
    near, far = clipped(scene, middle)
    if camera["CameraParallelProjection"]:
        half = float(camera["CameraParallelScale"])
        return {
            "type": "orthographic",
            "orthographic": {"xmag": half * aspect, "ymag": half, "zfar": far, "znear": 0.0},
        }
    angle = math.radians(float(camera["CameraViewAngle"]))
    return {"type": "perspective", "perspective": {"aspectRatio": aspect, "yfov": angle, "zfar": far, "znear": near}}
