"""An algorithm of our own: a small shape at points, turned and scaled by arrays, as ParaView's Glyph does it.

VTK's scales by scalars or by the vectors that also turn it, and by nothing unless it is told; this one scales by the
array that was chosen, vectors by their length, and chooses points as `masks` says.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonCore import VTK_FLOAT
from vtkmodules.vtkCommonDataModel import (
    vtkDataObject,
    vtkDataObjectTree,
    vtkDataSet,
    vtkMultiBlockDataSet,
    vtkPolyData,
)
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm
from vtkmodules.vtkFiltersCore import vtkPointDataToCellData

from ...base.array_types import repeated, retyped
from ...base.blocks import places as blocks_at
from ...base.errors import InvalidProperty
from ...geometry.doubles import promote
from ...types.averaging import POINTS
from ...types.own_properties import OwnProperties, number, switch, transform
from ..blanking import seen_cells, seen_points
from ..chosen_points import chosen_points
from ..measures.middles import middles_of
from ..own_algorithms import data_of, like, output_of, told, warn
from .masks import Ids, Mode, cell_sizes, points_near, sampled, spread_points, surface_of
from .shapes import Placed, shaped

MAGNITUDE: Final = 0
COMPONENTS: Final = 1
_SCALE_ARRAY, _ORIENTATION_ARRAY = 0, 1
_MOST_POINTS: Final = 2**31 - 1
_MOST_PLACES: Final = 1_000_000
"""Each is looked for by itself: in about a second in all."""
Numbers = npt.NDArray[np.float64]


class ArrayGlyph(OwnProperties, VTKPythonAlgorithmBase):
    """ArrayGlyph - Puts a small shape at points, or in the middle of cells, turned and scaled by arrays."""

    PROPERTIES: ClassVar = (
        number("ScaleFactor", 1.0),
        number("VectorScaleMode", MAGNITUDE),
        number("GlyphMode", int(Mode.BOUNDS), limits=(0, 4)),
        number("Stride", 1, limits=(1, _MOST_POINTS)),
        number("MaximumNumberOfSamplePoints", 5000, limits=(1, _MOST_PLACES)),
        number("Seed", 10339, limits=(1, _MOST_POINTS)),
        switch("Orient", True),
        transform("SourceTransform", "What is done to the shape before it is placed."),
    )

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=2, outputType="vtkDataObject")

    def FillInputPortInformation(self, port: int, info: Any) -> int:
        """Take the points of any data set or composite, and polygonal data as the shape."""
        for kind in ("vtkPolyData",) if port else ("vtkDataSet", "vtkCompositeDataSet"):
            info.Append(vtkAlgorithm.INPUT_REQUIRED_DATA_TYPE(), kind)
        return 1

    def SetSourceConnection(self, output: Any) -> None:
        """SetSourceConnection(self, output:vtkAlgorithmOutput) -> None"""
        self.SetInputConnection(1, output)

    # --- the pipeline

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make polygonal data, of a composite one of it."""
        data = data_of(inInfo)
        if data is None or not data.IsA("vtkCompositeDataSet"):
            return like(vtkPolyData(), outInfo)
        return like(data if isinstance(data, vtkDataObjectTree) else vtkMultiBlockDataSet(), outInfo)

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make a shape for each point that is chosen and has all numbers it takes."""
        return told("ArrayGlyph", lambda: self._fill(data_of(inInfo), data_of(inInfo, 1), output_of(outInfo)))

    def _fill(self, data: Any, shape: Any, output: Any) -> None:
        if not data.IsA("vtkCompositeDataSet"):
            mask = self._mask([data])
            output.ShallowCopy(self._glyphs(data, shape, mask, 0))
            return
        output.CopyStructure(data)
        mask = self._mask([leaf for _, leaf in blocks_at(data) if isinstance(leaf, vtkDataSet)])
        index = 0
        for place, leaf in blocks_at(data):
            if isinstance(leaf, vtkDataSet):
                output.SetDataSet(place, self._glyphs(leaf, shape, mask, index))
                index += 1
        output.GetFieldData().PassData(data.GetFieldData())

    def _mask(self, leaves: list[Any]) -> _Mask:
        return _Mask(
            Mode(self.value_of("GlyphMode")),
            self.value_of("Stride"),
            self.value_of("MaximumNumberOfSamplePoints"),
            self.value_of("Seed"),
            leaves,
        )

    def _glyphs(self, data: Any, shape: Any, mask: _Mask, index: int) -> Any:
        scale, along = self._chosen(_SCALE_ARRAY), self._chosen(_ORIENTATION_ARRAY)
        kinds = {one[0] for one in (scale, along) if one is not None}
        data, of_cells = mask.data(index), vtkDataObject.CELL in kinds
        if len(kinds) > 1:
            data = _with_averages(data)
        ids = mask.ids(index, of_cells=of_cells)
        places = chosen_points(middles_of(data) if of_cells else data, ids)
        attributes = places.GetPointData()
        lacking = [one[1] for one in (scale, along) if one is not None and attributes.GetArray(one[1]) is None]
        if lacking:
            if places.GetNumberOfPoints():
                warn(f"ArrayGlyph: a block does not have {lacking[0]}, while others do: no shapes there")
            return vtkPolyData()
        count = places.GetNumberOfPoints()
        if not count:
            return vtkPolyData()
        scales = np.ones((count, 3)) if scale is None else self._scales(attributes.GetArray(scale[1]))
        vectors = repeated([[1.0, 0, 0]], count) if along is None else _floats(attributes.GetArray(along[1]))
        whole = np.isfinite(scales).all(axis=1) & np.isfinite(vectors).all(axis=1)
        if not whole.all():
            places, scales, vectors = chosen_points(places, np.flatnonzero(whole)), scales[whole], vectors[whole]
        if not places.GetNumberOfPoints():
            return vtkPolyData()
        single = places.GetPoints().GetDataType() == VTK_FLOAT
        turned = vectors if along is not None and self.value_of("Orient") else None
        placed = Placed(places, scales * self.value_of("ScaleFactor"), turned, single)
        made = shaped(placed, shape, self.value_of("SourceTransform"))
        made.GetFieldData().PassData(data.GetFieldData())
        return made

    def _chosen(self, index: int) -> tuple[int, str] | None:
        """Return the association and the name of an array, None if none was chosen."""
        if index >= self.GetNumberOfInputArraySpecifications():
            return None
        information = self.GetInputArrayInformation(index)
        name = information.Get(vtkDataObject.FIELD_NAME())
        return (information.Get(vtkDataObject.FIELD_ASSOCIATION()), name) if name else None

    def _scales(self, array: Any) -> Numbers:
        """Return by how much shapes are stretched along each axis."""
        values = _floats(array)
        if values.ndim == 1:
            return repeated(values, 3).reshape(-1, 3)
        if self.value_of("VectorScaleMode") == MAGNITUDE:
            return repeated(np.linalg.norm(values, axis=1), 3).reshape(-1, 3)
        if values.shape[1] not in (2, 3):
            raise InvalidProperty(f"Scale by Components takes 3 components, {array.GetName()!r} has {values.shape[1]}")
        return np.column_stack([values, np.ones((len(values), 3 - values.shape[1]))])


class _Mask:
    """The points of some data sets that get shapes, as they are chosen of all of them together."""

    def __init__(self, mode: Mode, stride: int, most: int, seed: int, leaves: list[Any]) -> None:
        self._mode, self._stride, self._most, self._seed = mode, stride, most, seed
        self._leaves = [surface_of(leaf) for leaf in leaves] if mode is Mode.SURFACE else leaves
        self._sizes: list[Numbers] = []
        self._places, self._radius = np.zeros((0, 3)), 0.0
        if mode in (Mode.SURFACE, Mode.VOLUME):
            self._sizes = [cell_sizes(leaf, mode) for leaf in self._leaves]
        if mode is Mode.BOUNDS and (bounds := _bounds_of(leaves)) is not None:
            self._places, self._radius = spread_points(bounds, most, seed)

    def data(self, index: int) -> Any:
        """Return the data whose points, or cells, the numbers of `ids` are those of."""
        return self._leaves[index]

    def ids(self, index: int, *, of_cells: bool) -> Ids:
        """Return the points, or the cells, that get shapes: seen ones, in order."""
        data = self._leaves[index]
        seen = seen_cells(data) if of_cells else seen_points(data)
        chosen = self._ids(index, data, len(seen), of_cells)
        return chosen[seen[chosen]]

    def _ids(self, index: int, data: Any, count: int, of_cells: bool) -> Ids:
        if self._mode in (Mode.ALL, Mode.EVERY_NTH):
            return np.arange(0, count, self._stride if self._mode is Mode.EVERY_NTH else 1, dtype=np.int64)
        if self._mode is Mode.BOUNDS:
            return points_near(middles_of(data) if of_cells else data, self._places, self._radius)
        total, own = sum(sizes.sum() for sizes in self._sizes), self._sizes[index]
        share = int(self._most * own.sum() / total) if total > 0 else 0
        return sampled(data, own, share, self._seed, of_cells=of_cells)


def _bounds_of(leaves: list[Any]) -> tuple[float, ...] | None:
    """Return the bounds of all together; None if there is nothing, or something is nowhere."""
    bounds = np.array([leaf.GetBounds() for leaf in leaves if leaf.GetNumberOfPoints()])
    if not len(bounds) or not np.isfinite(bounds).all():
        return None
    low, high = bounds[:, ::2].min(axis=0), bounds[:, 1::2].max(axis=0)
    return tuple(float(one) for pair in zip(low, high, strict=True) for one in pair)


def _with_averages(data: Any) -> Any:
    """Return the data with the averages of its point arrays in the cells."""
    held, average = data.NewInstance(), vtkPointDataToCellData()
    held.ShallowCopy(data)
    promote(held, POINTS)
    average.SetInputData(held)
    average.Update()
    return average.GetOutput()


def _floats(array: Any) -> Numbers:
    return np.asarray(vtk_to_numpy(retyped(array)), np.float64)
