"""Vectors and the surfaces that they are on: what of them lies in the surface, and what goes through it."""

from __future__ import annotations

from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt
from vtkmodules import vtkCommonDataModel as model

from ...base.array_types import as_numpy, repeated
from ...base.data_making import array_of
from ...base.errors import InvalidProperty
from ...types.definitions import PropertyDefinition
from ...types.own_properties import OwnProperties
from ..array_algorithm import ArrayAlgorithm
from ..cell_groups import groups_of
from ..measures.measures import coordinates_of, counts_by_dimension
from ..own_algorithms import chosen_array
from ..uncovered import each_block

Numbers = npt.NDArray[np.float64]
FLOW: Final = "Surface Flow"
_SCALE: Final = "Perpendicular Scale"
_PARALLEL, _PERPENDICULAR, _PERPENDICULAR_SCALE = range(3)
_FACES: Final = frozenset({
    model.VTK_TRIANGLE, model.VTK_QUAD, model.VTK_PIXEL, model.VTK_POLYGON, model.VTK_QUADRATIC_TRIANGLE,
    model.VTK_QUADRATIC_QUAD, model.VTK_BIQUADRATIC_QUAD, model.VTK_BIQUADRATIC_TRIANGLE, model.VTK_QUADRATIC_POLYGON,
    model.VTK_QUADRATIC_LINEAR_QUAD, model.VTK_LAGRANGE_TRIANGLE, model.VTK_LAGRANGE_QUADRILATERAL,
    model.VTK_BEZIER_TRIANGLE, model.VTK_BEZIER_QUADRILATERAL,
})  # fmt: skip


class ConstrainedVectors(OwnProperties, ArrayAlgorithm):
    """ConstrainedVectors - Leaves of vectors what lies in a surface, or what is perpendicular to it."""

    PROPERTIES: ClassVar = (
        PropertyDefinition(
            "ConstraintMode",
            "enum",
            1,
            _PARALLEL,
            enumeration=(
                ("Parallel", _PARALLEL),
                ("Perpendicular", _PERPENDICULAR),
                ("PerpendicularScale", _PERPENDICULAR_SCALE),
            ),
            doc="What is left of the vectors; the last makes numbers.",
        ),
    )

    def __init__(self) -> None:
        ArrayAlgorithm.__init__(self)

    def change(self, output: Any, *inputs: Any) -> None:
        """Change the vectors of all blocks that have them. Raises `InvalidProperty` where there are no faces."""
        output.ShallowCopy(each_block(inputs[0], self._constrained))

    def _constrained(self, data: Any) -> Any:
        made = data.NewInstance()
        made.ShallowCopy(data)
        array = chosen_array(self, data)
        if array is None or not data.GetNumberOfPoints():
            return made
        vectors = as_numpy(array).astype(np.float64)
        normals = _normals(data)
        through = (normals * vectors).sum(axis=1)
        mode = int(self.value_of("ConstraintMode"))
        if mode == _PERPENDICULAR_SCALE:
            made.GetPointData().SetScalars(array_of(through, _SCALE))
            return made
        across = through[:, None] * normals
        left = across if mode == _PERPENDICULAR else vectors - across
        kind = np.float32 if as_numpy(array).dtype == np.float32 else np.float64
        made.GetPointData().SetVectors(array_of(left.astype(kind), array.GetName()))
        return made


class SurfaceFlux(ArrayAlgorithm):
    """SurfaceFlux - Gives the data with vectors and how much of them goes through the surface, and nothing else."""

    def change(self, output: Any, *inputs: Any) -> None:
        """Make the arrays of all blocks. Raises `InvalidProperty` where there are no faces."""
        output.ShallowCopy(each_block(inputs[0], self._through))

    def _through(self, data: Any) -> Any:
        made = data.NewInstance()
        array = chosen_array(self, data)
        if array is None or not data.GetNumberOfPoints():
            return made
        made.CopyStructure(data)
        for attributes, own in ((made.GetPointData(), data.GetPointData()), (made.GetCellData(), data.GetCellData())):
            if (ghosts := own.GetArray("vtkGhostType")) is not None:
                attributes.AddArray(ghosts)
        made.GetPointData().SetVectors(array)
        through = (_normals(data) * as_numpy(array).astype(np.float64)).sum(axis=1)
        made.GetPointData().SetScalars(array_of(through, FLOW))
        return made


def _normals(data: Any) -> Numbers:
    """Return for each point the direction against the faces around it, of length 1; 0 where there are none.

    Faces count by their sizes, and all of them as the first one is turned, as in ParaView: its normal is the one that
    comes out against the order of the points of that face. Raises `InvalidProperty` if there are cells and no faces.
    """
    points, cells, across = _corners(data)
    total = np.zeros((data.GetNumberOfPoints(), 3))
    if not len(points):
        if (counts := counts_by_dimension(data)).any():
            kinds = [name for name, count in zip(("points", "lines", "", "volumes"), counts, strict=True) if count]
            raise InvalidProperty(f"it works on faces, and there are {' and '.join(kinds)} only: use ExtractSurface")
        return total
    order = np.lexsort((cells, points))
    points, across = points[order], across[order]
    begins = np.flatnonzero(np.r_[True, points[1:] != points[:-1]])
    turn = np.arange(len(points)) - repeated(begins, np.diff(np.r_[begins, len(points)]))
    for number in range(int(turn.max()) + 1):
        now = turn == number
        ids, added = points[now], across[now]
        alike = (added * total[ids]).sum(axis=1) > 0
        total[ids] += np.where(alike[:, None], added, -added)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    np.divide(total, length, out=total, where=length > 0)
    return total


def _corners(data: Any) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Numbers]:
    """Return for each corner of each face its point, its cell, and the cross product of two sides of the face."""
    places = coordinates_of(data)
    found: list[tuple[Any, Any, Any]] = []
    for group in groups_of(data):
        triples = [group.points]
        if group.kind == model.VTK_TRIANGLE_STRIP:
            corners = range(group.points.shape[1] - 2)
            triples = [group.points[:, [i, i + 1 + i % 2, i + 2 - i % 2]] for i in corners]
        elif group.kind not in _FACES:
            continue
        for ids in triples:
            first, second, third = (places(ids[:, corner]) for corner in range(3))
            across = np.cross(second - first, third - first)
            count = ids.shape[1]
            found.append((ids.ravel(), repeated(group.cells, count), repeated(across, count)))
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 3))
    ids, cells, across = (np.concatenate(one) for one in zip(*found, strict=True))
    return ids, cells, across
