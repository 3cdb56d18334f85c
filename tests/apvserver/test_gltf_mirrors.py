"""glTF by hand: nodes that mirror their mesh have its triangles the other way round, others as they are stored."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apvserver.vtk.files.series import choose_for
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.opening import leaves, opened, points

PLACES = np.array([(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)], "<f4")
FACES = np.array([(0, 2, 1), (0, 1, 3), (1, 2, 3), (2, 0, 3)], "u1")
STRIP = np.array([0, 1, 3, 2, 0, 1], "u1")
"""Around the tetrahedron: (0 1 3), (3 1 2), (3 2 0), (0 2 1)."""
TRIANGLES, TRIANGLE_STRIP, POINTS = 4, 5, 0


def write(
    path: Path, nodes: list[dict[str, Any]], roots: list[int], indices: Any = FACES, mode: int = TRIANGLES
) -> Path:
    numbers = PLACES.tobytes() + indices.tobytes()
    uri = "data:application/octet-stream;base64," + base64.b64encode(numbers).decode()
    places = {"bufferView": 0, "componentType": 5126, "count": 4, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 1]}
    corners = {"bufferView": 1, "componentType": 5121, "count": indices.size, "type": "SCALAR"}
    text = {
        "asset": {"version": "2.0"},
        "buffers": [{"byteLength": len(numbers), "uri": uri}],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": 48},
            {"buffer": 0, "byteOffset": 48, "byteLength": indices.size},
        ],
        "accessors": [places, corners],
        "meshes": [
            {
                "primitives": [
                    {"attributes": {"POSITION": 0}, "mode": POINTS},
                    {"attributes": {"POSITION": 0}, "indices": 1, "mode": mode},
                ]
            }
        ],
        "nodes": nodes,
        "scenes": [{"nodes": roots}],
        "scene": 0,
    }
    path.write_text(json.dumps(text))
    return path


def volume(surface: Any) -> float:
    """By the divergence theorem, over triangles and strips: positive if they are seen from outside."""
    places, found = points(surface).astype(float), 0.0
    for index in range(surface.GetNumberOfCells()):
        cell = surface.GetCell(index)
        ids = [cell.GetPointId(one) for one in range(cell.GetNumberOfPoints())]
        threes = [ids] if len(ids) == 3 else [ids[at : at + 3][:: -1 if at % 2 else 1] for at in range(len(ids) - 2)]
        found += sum(np.linalg.det(places[three]) for three in threes) / 6
    return found


def volumes(data: Any) -> list[float]:
    return [volume(one) for _, one in leaves(data) if one.GetNumberOfPolys() or one.GetNumberOfStrips()]


@pytest.mark.parametrize(("indices", "mode"), [(FACES, TRIANGLES), (STRIP, TRIANGLE_STRIP)])
def test_surfaces_of_mirrored_nodes_are_seen_from_outside(tmp_path: Path, indices: Any, mode: int) -> None:
    nodes: list[dict[str, Any]] = [
        {"mesh": 0},
        {"mesh": 0, "scale": [-1, 1, 1]},
        {"children": [3, 4], "scale": [1, -2, 1]},
        {"mesh": 0, "translation": [5, 0, 0]},
        {"mesh": 0, "scale": [1, 1, -1]},
        {"mesh": 0, "matrix": [0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]},
    ]
    made = opened(write(tmp_path / "a.gltf", nodes, [0, 1, 2, 5], indices, mode))
    assert volumes(made) == pytest.approx([1 / 6, 1 / 6, 2 / 6, 2 / 6, 1 / 6])
    assert [one.GetNumberOfVerts() for _, one in leaves(made)] == [4, 0] * 5


def test_they_are_turned_once(tmp_path: Path) -> None:
    pipeline, executor = Pipeline(), Executor()
    pipeline.create(1, *choose_for([str(write(tmp_path / "a.gltf", [{"mesh": 0, "scale": [1, 1, -1]}], [0]))]))
    for _ in range(3):
        pipeline.algorithm(1).Modified()
        executor.execute(pipeline, 1)
        made = pipeline.algorithm(1).GetOutputDataObject(0)
        assert volumes(made) == pytest.approx([1 / 6])
        assert [one.GetNumberOfVerts() for _, one in leaves(made)] == [4, 0]
