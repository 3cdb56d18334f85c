"""Images with a direction matrix, and voxels that are turned: hexahedra for filters that take their edges for the axes.

An image may lie at any angle in space. The cells of VTK's images are voxels and pixels, whose formulas take edges for
parallel to the axes: volumes, gradients and places are wrong where they are not. The same points as a structured grid
are right; its points are computed from the image when they are looked at, and take no memory.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray, vtk_to_numpy
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
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

from ..base.blocks import parts

AS_GRIDS: Final = frozenset(
    {
        "AppendedGrids", "vtkAppendDataSets", "vtkAppendFilter",
        "vtkAxisAlignedReflectionFilter", "vtkAxisAlignedTransformFilter",
        "vtkBoxClipDataSet", "vtkCellDerivatives", "vtkCellValidator", "vtkClipDataSet", "vtkConnectivityFilter",
        "vtkContourFilter", "vtkDataSetGradient", "vtkDataSetGradientPrecompute", "vtkExtractCells",
        "vtkExtractGeometry", "vtkExtractSelection", "vtkGaussianSplatter", "vtkImplicitModeller",
        "vtkIntegrateAttributes", "vtkLengthDistribution", "vtkMergeBlocks",
        "vtkPAxisAlignedReflectionFilter", "vtkPReflectionFilter", "vtkPStreamTracer",
        "vtkRedistributeDataSetFilter", "vtkReflectionFilter", "vtkRotationFilter", "vtkShepardMethod",
        "vtkShrinkFilter", "vtkSphereTreeFilter", "vtkStreamTracer", "vtkSurfaceReconstructionFilter",
        "vtkTessellatorFilter",
        "vtkThreshold", "VisibleCells",
    }
)  # fmt: skip
"""Classes that are wrong on turned images, by exact name; VTK 9.7.2. They get structured grids instead."""
IMAGES_ONLY: Final = frozenset(
    {
        "vtkClipVolume", "vtkExtractSurface", "vtkImageDivergence", "vtkImageGradient", "vtkImageLaplacian",
        "vtkImageToPolyDataFilter", "vtkLabeledImagePointSampler", "vtkLinkEdgels", "vtkRecursiveDividingCubes",
        "vtkSynchronizedTemplates2D", "vtkSynchronizedTemplates3D", "vtkSynchronizedTemplatesCutter3D",
    }
)  # fmt: skip
"""Classes that are wrong on turned images and take nothing else: refused."""
_IN_ORDER: Final = {VTK_VOXEL: (VTK_HEXAHEDRON, (0, 1, 3, 2, 4, 5, 7, 6)), VTK_PIXEL: (VTK_QUAD, (0, 1, 3, 2))}
_STRAIGHT: Final = 1e-9
"""An edge is parallel to an axis if its length along that is less than all of it by no more than this part of it."""
_CHUNK: Final = 50_000
_MOST_KNOWN: Final = 1000
_known: dict[tuple[int, int, int], bool] = {}
"""Whether grids have turned voxels, by the times of their points, cells and types."""


def is_turned_image(data: Any) -> bool:
    """Whether data is an image whose axes are not those of space, in their order and direction."""
    return bool(data.IsA("vtkImageData")) and not data.GetDirectionMatrix().IsIdentity()


def to_be_made_straight(classes: Collection[str], data: Any) -> bool:
    """Whether algorithms must not get data as it is: a turned image that one takes for straight, or turned voxels."""
    as_grids = not AS_GRIDS.isdisjoint(classes)
    return any(
        (as_grids and is_turned_image(one)) or (one.IsA("vtkUnstructuredGrid") and _has_turned_voxels(one))
        for one in parts(data)
    )


def straight(data: Any) -> Any:
    """The same data without turned images and voxels: with structured grids, hexahedra and quadrilaterals instead."""
    if data.IsA("vtkCompositeDataSet"):
        made = data.NewInstance()
        made.CopyStructure(data)
        made.SetFieldData(data.GetFieldData())
        iterator = data.NewIterator()
        iterator.InitTraversal()
        while not iterator.IsDoneWithTraversal():
            made.SetDataSet(iterator, straight(iterator.GetCurrentDataObject()))
            iterator.GoToNextItem()
        return made
    if is_turned_image(data):
        return as_structured_grid(data)
    if data.IsA("vtkUnstructuredGrid") and _has_turned_voxels(data):
        return with_hexahedra(data)
    return data


def as_structured_grid(image: Any) -> Any:
    """An image as a structured grid, whose points are computed as they are asked for."""
    made = vtkStructuredGrid()
    made.SetExtent(image.GetExtent())
    made.SetPoints(image.GetPoints())
    _share_attributes(image, made)
    return made


class Straightened(VTKPythonAlgorithmBase):  # type: ignore[misc]
    """Stands between a source and a filter that takes turned images for straight."""

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(
            self, nInputPorts=1, inputType="vtkDataObject", nOutputPorts=1, outputType="vtkDataObject"
        )

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """The kind of data is that of the input; of a turned image a structured grid."""
        data = inInfo[0].GetInformationObject(0).Get(vtkDataObject.DATA_OBJECT())
        if data is None:
            return 0
        wanted = "vtkStructuredGrid" if is_turned_image(data) else data.GetClassName()
        information = outInfo.GetInformationObject(0)
        held = information.Get(vtkDataObject.DATA_OBJECT())
        if held is None or held.GetClassName() != wanted:
            made = vtkStructuredGrid() if is_turned_image(data) else data.NewInstance()
            information.Set(vtkDataObject.DATA_OBJECT(), made)
        return 1

    def RequestInformation(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """What is said of an image is not true of a grid."""
        for key in (vtkDataObject.DIRECTION(), vtkDataObject.ORIGIN(), vtkDataObject.SPACING()):
            outInfo.GetInformationObject(0).Remove(key)
        return 1

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Everything but points and cells is shared."""
        data = inInfo[0].GetInformationObject(0).Get(vtkDataObject.DATA_OBJECT())
        outInfo.GetInformationObject(0).Get(vtkDataObject.DATA_OBJECT()).ShallowCopy(straight(data))
        return 1


def forget_direction(algorithm: Any) -> None:
    """Keep what makes images of something else from giving them the direction of an image upstream of that."""
    key = vtkDataObject.DIRECTION()
    for port in range(algorithm.GetNumberOfOutputPorts()):
        information = algorithm.GetOutputInformation(port)
        if information.Has(key):
            data = information.Get(vtkDataObject.DATA_OBJECT())
            if data is not None and not data.IsA("vtkImageData"):
                information.Remove(key)


def _share_attributes(data: Any, made: Any) -> None:
    made.GetPointData().ShallowCopy(data.GetPointData())
    made.GetCellData().ShallowCopy(data.GetCellData())
    made.GetFieldData().ShallowCopy(data.GetFieldData())
    if data.GetInformation().Has(vtkDataObject.DATA_TIME_STEP()):
        made.GetInformation().CopyEntry(data.GetInformation(), vtkDataObject.DATA_TIME_STEP())


def _voxels(grid: Any, kind: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The ids of the cells of that kind, and the places of their first points in the connectivity."""
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
    """Whether an edge from the first point of a cell leaves its axis, or goes back; that of a pixel may be any axis."""
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
    """A grid whose voxels are hexahedra and whose pixels are quadrilaterals."""
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
    cells.SetData(numpy_to_vtkIdTypeArray(offsets, deep=True), numpy_to_vtkIdTypeArray(connectivity, deep=True))
    made = vtkUnstructuredGrid()
    made.SetPoints(grid.GetPoints())
    faces, places = grid.GetPolyhedronFaces(), grid.GetPolyhedronFaceLocations()
    kinds = numpy_to_vtk(types, deep=True)
    if faces is not None and faces.GetNumberOfCells():
        made.SetPolyhedralCells(kinds, cells, places, faces)
    else:
        made.SetCells(kinds, cells)
    _share_attributes(grid, made)
    return made
