"""Images with a direction matrix, and voxels that are turned: hexahedra for filters that take their edges for the axes.

An image may lie at any angle in space. The cells of VTK's images are voxels and pixels, whose formulas take edges for
parallel to the axes: volumes, gradients and places are wrong where they are not. The same points as a structured grid
are right; its points are computed from the image when they are looked at, and take no memory.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonCore import VTK_ID_TYPE
from vtkmodules.vtkCommonDataModel import (
    VTK_HEXAHEDRON,
    VTK_PIXEL,
    VTK_QUAD,
    VTK_VOXEL,
    vtkCellArray,
    vtkDataObject,
    vtkStructuredGrid,
    vtkUnstructuredGrid,
)
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from ..base.array_types import copied
from ..base.blocks import parts, places
from ..base.facts import vtk_facts
from .mixed_cells import as_unstructured_grid, has_several_dimensions
from .own_algorithms import data_of, like, output_of

_IN_ORDER: Final = {VTK_VOXEL: (VTK_HEXAHEDRON, (0, 1, 3, 2, 4, 5, 7, 6)), VTK_PIXEL: (VTK_QUAD, (0, 1, 3, 2))}
_DATA_OBJECT: Final = vtkDataObject.DATA_OBJECT()
_DIRECTION: Final = vtkDataObject.DIRECTION()
_PIPELINE: Final = vtkStreamingDemandDrivenPipeline
_STRAIGHT: Final = 1e-9
"""An edge is parallel to an axis if its length along that is less than all of it by no more than this part of it."""
_CHUNK: Final = 50_000
_MOST_KNOWN: Final = 1000
_known: dict[tuple[int, int, int], bool] = {}
"""Whether grids have turned voxels, by the times of their points, cells and types."""


def is_turned_image(data: Any) -> bool:
    """Return whether data is an image whose axes are not those of space, in their order and direction."""
    return bool(data.IsA("vtkImageData")) and not data.GetDirectionMatrix().IsIdentity()


def to_be_made_straight(classes: Collection[str], data: Any) -> bool:
    """Return whether algorithms must not get data as it is: turned images, mixed surfaces, or voxels."""
    as_grids = not vtk_facts.names("execution", "wrong_on_turned_images", "gets_grids").isdisjoint(classes)
    unmixed, unless_strips = (
        not vtk_facts.names("execution", "wrong_on_mixed_surfaces", entry).isdisjoint(classes)
        for entry in ("gets_grids", "gets_grids_unless_strips")
    )
    return any(
        (as_grids and is_turned_image(one))
        or (unmixed and _is_mixed_surface(one))
        or (unless_strips and _is_mixed_surface(one) and not one.GetNumberOfStrips())
        or (one.IsA("vtkUnstructuredGrid") and _has_turned_voxels(one))
        for one in parts(data)
    )


def straight(data: Any) -> Any:
    """Return the same data without turned images and voxels, as structured grids, hexahedra and quadrilaterals.

    Surfaces with cells of several dimensions become unstructured grids.
    """
    if data.IsA("vtkCompositeDataSet"):
        made = data.NewInstance()
        made.CopyStructure(data)
        made.SetFieldData(data.GetFieldData())
        for place, leaf in places(data):
            made.SetDataSet(place, straight(leaf))
        return made
    if is_turned_image(data):
        return as_structured_grid(data)
    if _is_mixed_surface(data):
        made = as_unstructured_grid(data)
        _share_attributes(data, made)
        return made
    if data.IsA("vtkUnstructuredGrid") and _has_turned_voxels(data):
        return with_hexahedra(data)
    return data


def as_structured_grid(image: Any) -> Any:
    """Return an image as a structured grid, whose points are computed as they are asked for."""
    made = vtkStructuredGrid()
    made.SetExtent(image.GetExtent())
    made.SetPoints(image.GetPoints())
    _share_attributes(image, made)
    return made


class Straightened(VTKPythonAlgorithmBase):
    """Stands between a source and a filter that takes turned images for straight, or mixed surfaces wrongly.

    What is straight is given to `prepare`, whose result is of the same kind. With `from_zero` extents of images begin
    at 0, at the same places.
    """

    def __init__(self, prepare: Callable[[Any], Any] | None = None, *, from_zero: bool = False) -> None:
        self._prepare, self._from_zero = prepare, from_zero
        VTKPythonAlgorithmBase.__init__(
            self, nInputPorts=1, inputType="vtkDataObject", nOutputPorts=1, outputType="vtkDataObject"
        )

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Give the output the kind of the input; of a turned image a structured grid."""
        data = data_of(inInfo)
        if data is not None and is_turned_image(data):
            return like(vtkStructuredGrid(), outInfo)
        return like(vtkUnstructuredGrid() if data is not None and _is_mixed_surface(data) else data, outInfo)

    def RequestInformation(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Take back what is said of an image, and is not true of a grid."""
        for key in (vtkDataObject.DIRECTION(), vtkDataObject.ORIGIN(), vtkDataObject.SPACING()):
            outInfo.GetInformationObject(0).Remove(key)
        given, said = inInfo[0].GetInformationObject(0), outInfo.GetInformationObject(0)
        if self._from_zero and given.Has(_PIPELINE.WHOLE_EXTENT()):
            said.Set(_PIPELINE.WHOLE_EXTENT(), _moved_to_zero(given.Get(_PIPELINE.WHOLE_EXTENT())), 6)
        return 1

    def RequestUpdateExtent(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Ask for all of an image that is moved: extents are others behind it."""
        given = inInfo[0].GetInformationObject(0)
        if self._from_zero and given.Has(_PIPELINE.WHOLE_EXTENT()):
            given.Set(_PIPELINE.UPDATE_EXTENT(), given.Get(_PIPELINE.WHOLE_EXTENT()), 6)
        return 1

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Share everything but points and cells."""
        made = straight(data_of(inInfo))
        if self._prepare is not None:
            made = self._prepare(made)
        output_of(outInfo).ShallowCopy(_from_zero(made) if self._from_zero else made)
        return 1


def has_images_from_elsewhere(data: Any) -> bool:
    """Return whether data is an image, or has one among its blocks, whose extent does not begin at 0."""
    return any(one.IsA("vtkImageData") and any(one.GetExtent()[::2]) for one in parts(data))


def _from_zero(data: Any) -> Any:
    if not has_images_from_elsewhere(data):
        return data
    made = data.NewInstance()
    made.ShallowCopy(data)
    if data.IsA("vtkCompositeDataSet"):
        for place, leaf in places(data):
            made.SetDataSet(place, _from_zero(leaf))
    elif data.GetNumberOfPoints():
        made.SetExtent(_moved_to_zero(data.GetExtent()))
        made.SetOrigin(data.GetPoint(0))
    return made


def _moved_to_zero(extent: Any) -> list[int]:
    return [end - extent[index - index % 2] for index, end in enumerate(extent)]


def _is_mixed_surface(data: Any) -> bool:
    return bool(data.IsA("vtkPolyData")) and has_several_dimensions(data)


def forget_direction(algorithm: Any) -> None:
    """Keep what makes images of something else from giving them the direction of an image upstream of that."""
    for port in range(algorithm.GetNumberOfOutputPorts()):
        information = algorithm.GetOutputInformation(port)
        if _DIRECTION.Has(information):
            data = _DATA_OBJECT.Get(information)
            if data is not None and not data.IsA("vtkImageData"):
                information.Remove(_DIRECTION)


def _share_attributes(data: Any, made: Any) -> None:
    made.GetPointData().ShallowCopy(data.GetPointData())
    made.GetCellData().ShallowCopy(data.GetCellData())
    made.GetFieldData().ShallowCopy(data.GetFieldData())
    if data.GetInformation().Has(vtkDataObject.DATA_TIME_STEP()):
        made.GetInformation().CopyEntry(data.GetInformation(), vtkDataObject.DATA_TIME_STEP())


def _voxels(grid: Any, kind: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the ids of the cells of that kind, and the places of their first points in the connectivity."""
    ids = np.flatnonzero(vtk_to_numpy(grid.GetCellTypes()) == kind)
    return ids, vtk_to_numpy(grid.GetCells().GetOffsetsArray())[ids]


def _kinds(grid: Any) -> set[int]:
    found = grid.GetDistinctCellTypesArray()
    return {found.GetValue(i) for i in range(found.GetNumberOfValues())}


def _has_turned_voxels(grid: Any) -> bool:
    if not grid.GetNumberOfCells() or grid.GetPoints() is None or _kinds(grid).isdisjoint(_IN_ORDER):
        return False
    # No two states of VTK's objects have the same time.
    state = grid.GetPoints().GetMTime(), grid.GetCells().GetMTime(), grid.GetCellTypes().GetMTime()
    if state not in _known:
        while len(_known) >= _MOST_KNOWN:
            _known.pop(next(iter(_known)))
        _known[state] = any(_any_turned(grid, kind) for kind in _IN_ORDER)
    return _known[state]


def _any_turned(grid: Any, kind: int) -> bool:
    """Return whether an edge from the first point of a cell leaves its axis, or goes back; a pixel has any axis."""
    _, begins = _voxels(grid, kind)
    connectivity = vtk_to_numpy(grid.GetCells().GetConnectivityArray())
    points = vtk_to_numpy(grid.GetPoints().GetData())
    chunks = (begins[first : first + _CHUNK] for first in range(0, len(begins), _CHUNK))
    leaves_axes = _leaves_axes if kind == VTK_VOXEL else _is_turned_in_plane
    return any(leaves_axes(points, connectivity, some) for some in chunks)


def _leaves_axes(points: Any, connectivity: Any, begins: Any) -> bool:
    first = points[connectivity[begins]]
    for number, axis in ((1, 0), (2, 1), (4, 2)):
        edges = points[connectivity[begins + number]] - first
        along = edges[:, axis] * (_STRAIGHT**0.5)
        for other in (one for one in range(3) if one != axis):
            if not (np.abs(edges[:, other]) <= along).all():
                return True
    return False


def _is_turned_in_plane(points: Any, connectivity: Any, begins: Any) -> bool:
    first, axes = points[connectivity[begins]], []
    for number in (1, 2):
        edges = np.abs(points[connectivity[begins + number]] - first)
        axes.append(edges.argmax(axis=1))
        lengths = np.linalg.norm(edges, axis=1)
        if (lengths - edges.max(axis=1) > _STRAIGHT * lengths).any():
            return True
    return bool((axes[0] == axes[1]).any())


def with_hexahedra(grid: Any) -> Any:
    """Return a grid whose voxels are hexahedra and whose pixels are quadrilaterals."""
    types = vtk_to_numpy(grid.GetCellTypes()).copy()
    connectivity = vtk_to_numpy(grid.GetCells().GetConnectivityArray()).astype(np.int64)
    for kind, (other, order) in _IN_ORDER.items():
        ids, begins = _voxels(grid, kind)
        types[ids] = other
        for place in range(2, len(order), 4):
            one, next_one = begins + place, begins + place + 1
            connectivity[one], connectivity[next_one] = connectivity[next_one], connectivity[one]
    cells = vtkCellArray()
    offsets = vtk_to_numpy(grid.GetCells().GetOffsetsArray()).astype(np.int64)
    cells.SetData(copied(offsets, VTK_ID_TYPE), copied(connectivity, VTK_ID_TYPE))
    made = vtkUnstructuredGrid()
    made.SetPoints(grid.GetPoints())
    faces, where = grid.GetPolyhedronFaces(), grid.GetPolyhedronFaceLocations()
    kinds = copied(types)
    if faces is not None and faces.GetNumberOfCells():
        made.SetPolyhedralCells(kinds, cells, where, faces)
    else:
        made.SetCells(kinds, cells)
    _share_attributes(grid, made)
    return made
