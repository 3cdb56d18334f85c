"""An algorithm of our own: a small shape at points, turned and scaled by arrays, as ParaView's Glyph does it.

VTK's scales by scalars or by the vectors that also turn it, and by nothing unless it is told; this one scales by the
array that was chosen, vectors by their length.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonCore import VTK_FLOAT
from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkPolyData
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm
from vtkmodules.vtkFiltersCore import vtkCellCenters, vtkGlyph3D, vtkPointDataToCellData

from ..base.array_types import retyped
from ..base.errors import InvalidProperty
from ..geometry.doubles import promote
from ..types.averaging import POINTS
from ..types.own_properties import OwnProperties, number, switch
from .chosen_points import chosen_points, random_ids
from .own_algorithms import told, warn

MAGNITUDE: Final = 0
COMPONENTS: Final = 1
_SCALE: Final = "apv glyph scale"
_VECTORS: Final = "apv glyph vectors"
_OF_VTK: Final = "GlyphVector"
"""What VTK adds of its own."""
_SCALE_ARRAY, _ORIENTATION_ARRAY = 0, 1
_MOST_POINTS: Final = 2**31 - 1
Numbers = npt.NDArray[np.float64]


class ArrayGlyph(OwnProperties, VTKPythonAlgorithmBase):  # type: ignore[misc]
    """ArrayGlyph - Puts a small shape at points, or in the middle of cells, turned and scaled by arrays."""

    PROPERTIES: ClassVar = (
        number("ScaleFactor", 1.0),
        number("VectorScaleMode", MAGNITUDE),
        number("MaximumNumberOfPoints", 5000, limits=(0, _MOST_POINTS)),
        number("RandomSeed", 1),
        switch("Orient", True),
    )

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=2, outputType="vtkPolyData")

    def FillInputPortInformation(self, port: int, info: Any) -> int:
        """Take the points of any data set, and polygonal data as the shape."""
        info.Set(vtkAlgorithm.INPUT_REQUIRED_DATA_TYPE(), ("vtkDataSet", "vtkPolyData")[port])
        return 1

    def SetSourceConnection(self, output: Any) -> None:
        """SetSourceConnection(self, output:vtkAlgorithmOutput) -> None"""
        self.SetInputConnection(1, output)

    # --- the pipeline

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make a shape for each point that has all numbers it takes; of blocks VTK asks one at a time."""
        data, shape = (vtkDataObject.GetData(inInfo[port], 0) for port in (0, 1))
        output = vtkDataObject.GetData(outInfo, 0)
        return told("ArrayGlyph", lambda: output.ShallowCopy(self._glyphs(data, shape)))

    def _glyphs(self, data: Any, shape: Any) -> Any:
        scale, along = self._chosen(_SCALE_ARRAY), self._chosen(_ORIENTATION_ARRAY)
        kinds = {one[0] for one in (scale, along) if one is not None}
        if len(kinds) > 1:
            data = _with_averages(data)
        places = self._places(data, of_cells=vtkDataObject.CELL in kinds)
        attributes = places.GetPointData()
        lacking = [one[1] for one in (scale, along) if one is not None and attributes.GetArray(one[1]) is None]
        if lacking:
            if places.GetNumberOfPoints():
                warn(f"ArrayGlyph: a block does not have {lacking[0]}, while others do: no shapes there")
            return vtkPolyData()
        count = places.GetNumberOfPoints()
        if not count:
            return vtkPolyData()
        scales = np.ones(count) if scale is None else self._scales(attributes.GetArray(scale[1]))
        vectors = np.tile([1.0, 0, 0], (count, 1)) if along is None else _floats(attributes.GetArray(along[1]))
        if scales.ndim > 1 and along is not None and self.value_of("Orient") and along != scale:
            raise InvalidProperty(
                "Scale by Components stretches along the vectors of OrientationArray: set ScaleArray to the same "
                "array, switch Orient off, or scale by the magnitude"
            )
        whole = np.isfinite(scales.reshape(count, -1)).all(axis=1) & np.isfinite(vectors).all(axis=1)
        if not whole.all():
            places, scales, vectors = chosen_points(places, np.flatnonzero(whole)), scales[whole], vectors[whole]
        if not places.GetNumberOfPoints():
            return vtkPolyData()
        return self._shaped(places, shape, scales, vectors, along is not None)

    def _chosen(self, index: int) -> tuple[int, str] | None:
        """Return the association and the name of an array, None if none was chosen."""
        if index >= self.GetNumberOfInputArraySpecifications():
            return None
        information = self.GetInputArrayInformation(index)
        name = information.Get(vtkDataObject.FIELD_NAME())
        return (information.Get(vtkDataObject.FIELD_ASSOCIATION()), name) if name else None

    def _places(self, data: Any, *, of_cells: bool) -> Any:
        """Return the points of the data, or the middles of its cells; if there are too many, some of them at random."""
        if of_cells:
            centers = vtkCellCenters()
            centers.SetInputData(data)
            centers.Update()
            data = centers.GetOutput()
        ids = random_ids(data.GetNumberOfPoints(), self.value_of("MaximumNumberOfPoints"), self.value_of("RandomSeed"))
        return chosen_points(data, ids)

    def _scales(self, array: Any) -> Numbers:
        values = _floats(array)
        if values.ndim == 1:
            return values
        if self.value_of("VectorScaleMode") == MAGNITUDE:
            return np.asarray(np.linalg.norm(values, axis=1))
        if values.shape[1] != 3:
            raise InvalidProperty(f"Scale by Components takes 3 components, {array.GetName()!r} has {values.shape[1]}")
        return values

    def _shaped(self, places: Any, shape: Any, scales: Numbers, vectors: Numbers, turned: bool) -> Any:
        by_components = scales.ndim > 1
        held = vtkPolyData()
        held.ShallowCopy(places)
        for name, values in ((_SCALE, scales), (_VECTORS, scales if by_components else vectors)):
            array = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
            array.SetName(name)
            held.GetPointData().AddArray(array)
        glyph = vtkGlyph3D()
        glyph.SetInputData(held)
        glyph.SetSourceData(shape)
        glyph.SetInputArrayToProcess(0, 0, 0, vtkDataObject.FIELD_ASSOCIATION_POINTS, _SCALE)
        glyph.SetInputArrayToProcess(1, 0, 0, vtkDataObject.FIELD_ASSOCIATION_POINTS, _VECTORS)
        glyph.SetScaleMode(2 if by_components else 0)
        glyph.SetColorModeToColorByScalar()
        glyph.SetOrient(turned and self.value_of("Orient"))
        glyph.SetScaleFactor(self.value_of("ScaleFactor"))
        single = places.GetPoints().GetDataType() == VTK_FLOAT
        glyph.SetOutputPointsPrecision(vtkAlgorithm.SINGLE_PRECISION if single else vtkAlgorithm.DOUBLE_PRECISION)
        glyph.Update()
        made = glyph.GetOutput()
        added = () if places.GetPointData().HasArray(_OF_VTK) else (_OF_VTK,)
        for name in (_SCALE, _VECTORS, *added):
            made.GetPointData().RemoveArray(name)
        return made


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
