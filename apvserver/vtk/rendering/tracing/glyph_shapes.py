"""Shapes that stand at points, as triangles: what a graphics card draws many times is put together here."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkFiltersCore import vtkTriangleFilter

from async_paraview.records import dataclass

from ...base.array_types import repeated
from ..exports.scene_parts import TRIANGLES, ScenePart, ShapeFacts

Floats = npt.NDArray[np.float64]
_ALONG: Final = np.eye(3)
"""Shapes point along x."""


@dataclass(frozen=True)
class Shape:
    """The triangles of one shape, which points along x."""

    positions: Floats
    normals: Floats | None
    faces: Any

    @classmethod
    def of(cls, data: Any) -> Shape:
        """Return a shape that polygons of VTK make."""
        split = vtkTriangleFilter()
        split.SetInputData(data)
        split.PassVertsOff()
        split.PassLinesOff()
        split.Update()
        made = split.GetOutput()
        normals = made.GetPointData().GetNormals()
        faces = vtk_to_numpy(made.GetPolys().GetConnectivityArray()).reshape(-1, 3).astype(np.int64)
        positions = vtk_to_numpy(made.GetPoints().GetData()).astype(np.float64)
        return cls(positions, None if normals is None else vtk_to_numpy(normals).astype(np.float64), faces)


@dataclass(frozen=True)
class Placed:
    """Shapes at points: how large, as numbers or triples; toward where, or None; then moved by a matrix."""

    shape: Shape
    scales: Floats
    directions: Floats | None
    matrix: Floats
    facts: ShapeFacts


def turning(directions: Floats) -> Floats:
    """Return for each direction, shape (n, 3), the matrix that turns x to it, as VTK's mapper of glyphs turns.

    That is by half a turn around what lies in the middle between both; where there is no direction, not at all.
    """
    lengths = np.linalg.norm(directions, axis=1)
    middle = directions.copy()
    middle[:, 0] += lengths
    backward = (lengths > 0.0) & (np.abs(directions[:, 1:]).max(axis=1) == 0.0) & (directions[:, 0] < 0.0)
    middle[backward] = (0.0, 1.0, 0.0)
    norms = np.linalg.norm(middle, axis=1)
    unit = middle / np.where(norms > 0.0, norms, 1.0)[:, None]
    turned = 2.0 * unit[:, :, None] * unit[:, None, :] - _ALONG
    turned[(lengths == 0.0) | (norms == 0.0)] = _ALONG
    turned[(lengths > 0.0) & (np.abs(directions[:, 1:]).max(axis=1) == 0.0) & (directions[:, 0] > 0.0)] = _ALONG
    return np.asarray(turned)


def placed_shapes(placed: Placed) -> ScenePart | None:
    """Return all of them as triangles; None: there are none."""
    shape, facts = placed.shape, placed.facts
    places = facts.places
    if not len(places) or not len(shape.faces):
        return None
    scales = np.broadcast_to(placed.scales, (len(places), 3)) if placed.scales.shape[1] == 1 else placed.scales
    turned = np.broadcast_to(_ALONG, (len(places), 3, 3)) if placed.directions is None else turning(placed.directions)
    own = np.einsum("nij,nkj->nki", turned, scales[:, None, :] * shape.positions[None])
    positions = (own + places[:, None, :]).reshape(-1, 3) @ placed.matrix[:3, :3].T + placed.matrix[:3, 3]
    normals = None
    if shape.normals is not None:
        upright = shape.normals[None] / np.where(scales == 0.0, 1.0, scales)[:, None, :]
        normals = np.einsum("nij,nkj->nki", turned, upright).reshape(-1, 3) @ np.linalg.inv(placed.matrix[:3, :3])
        normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-300)
    count = len(shape.positions)
    faces = (shape.faces[None] + count * np.arange(len(places))[:, None, None]).reshape(-1, 3)
    colors = None if facts.colors is None else repeated(facts.colors, count)
    return ScenePart(
        kind=TRIANGLES,
        positions=positions,
        normals=normals,
        colors=colors,
        indices=faces.astype(np.uint32),
        color=facts.color,
        opacity=facts.opacity,
        lit=True,
        size=1.0,
    )
