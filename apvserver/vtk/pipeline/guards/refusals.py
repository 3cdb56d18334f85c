"""What some of VTK's classes end the process on, or make nothing of without a word: refused before they run.

Measured with VTK 9.7.2, by `tests/apvserver/test_sweep.py` and what is said at each guard.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator
from typing import Any, Final

from vtkmodules.vtkCommonDataModel import vtkDataObject

from ...base.blocks import parts
from ..input_arrays import arrays_of
from . import array_guards as arrays
from . import data_guards as facts
from .pipeline_guards import raw_image, times, volume_of_interest

Guard = Callable[[Any], str | None]
_EDGE_RATIO: Final = 0
"""Of VTK's measures of quality."""
DataGuard = Callable[[Any], str | None]


def harmful(algorithm: Any) -> str | None:
    """Why an algorithm, whose inputs are up to date, must not be executed; None if it can be."""
    kind: Any = type(algorithm)
    for name in _names(kind):
        guard = _GUARDS.get(name)
        if guard is not None and (why := guard(algorithm)) is not None:
            return why
        for look in _LOOKS.get(name, ()):
            if (why := next(filter(None, map(look, _inputs(algorithm))), None)) is not None:
                return why
    if algorithm.IsA("vtkThreadedImageAlgorithm"):
        return next((why for data in _inputs(algorithm) if (why := facts.no_scalars(data)) is not None), None)
    return None


@functools.cache
def _names(kind: Any) -> tuple[str, ...]:
    """The names of a class and its ancestors that are guarded.

    Once a module of parallel classes is imported, VTK makes vtkPResampleWithDataSet where a vtkResampleWithDataSet was
    asked for.
    """
    return tuple(one.__name__ for one in kind.__mro__ if one.__name__ in _GUARDS or one.__name__ in _LOOKS)


def _inputs(algorithm: Any) -> Iterator[Any]:
    for port in range(algorithm.GetNumberOfInputPorts()):
        for connection in range(algorithm.GetNumberOfInputConnections(port)):
            data = algorithm.GetInputDataObject(port, connection)
            if data is not None:
                yield data


def _averaged_texts(algorithm: Any) -> str | None:
    """vtkStaticCleanUnstructuredGrid averages what are no numbers: it reads what is not there."""
    data = algorithm.GetInputDataObject(0, 0)
    if data is None or not algorithm.GetAveragePointData():
        return None
    why = facts.texts_of_points(data)
    return None if why is None else f"AveragePointData is on, and {why}"


def _endless_function(algorithm: Any) -> str | None:
    """Where an implicit function has no finite value, images are cut outside of their memory."""
    getter = next(
        one for one in ("GetCutFunction", "GetClipFunction", "GetImplicitFunction") if hasattr(algorithm, one)
    )
    function, data = getattr(algorithm, getter)(), algorithm.GetInputDataObject(0, 0)
    values = (
        [algorithm.GetValue(i) for i in range(algorithm.GetNumberOfContours())] if getter == "GetCutFunction" else []
    )
    if not all(map(math.isfinite, values)):
        return f"the values at which it cuts must be finite, and are {values}"
    first = next((part for part in parts(data) if part.IsA("vtkDataSet") and part.GetNumberOfPoints()), None)
    if function is None or first is None or not math.isfinite(sum(first.GetBounds())):
        return None
    value = function.EvaluateFunction(first.GetCenter())
    if math.isfinite(value):
        return None
    return f"its {function.GetClassName()} is {value} in the middle of the data: its numbers must be finite"


def _columns(algorithm: Any) -> str | None:
    """A component outside of a column is read, and so are texts as if they were numbers."""
    table = algorithm.GetInputDataObject(0, 0)
    if table is None or not table.IsA("vtkTable"):
        return None
    for axis in "XYZ":
        name, component = getattr(algorithm, f"Get{axis}Column")(), getattr(algorithm, f"Get{axis}Component")()
        column = table.GetColumnByName(name) if name else None
        if column is not None and not column.IsA("vtkDataArray"):
            return f"{axis}Column is {name}, a column that holds no numbers"
        if column is not None and not 0 <= component < column.GetNumberOfComponents():
            return f"{axis}Component is {component}, and {name} has {column.GetNumberOfComponents()}, counted from 0"
    return None


def _no_plane(algorithm: Any) -> str | None:
    """A plane that is not there is looked at."""
    if algorithm.GetPlaneMode() != algorithm.PLANE or algorithm.GetReflectionPlane() is not None:
        return None
    return "PlaneMode is Plane, and there is no ReflectionPlane"


def _texts_passed(algorithm: Any) -> str | None:
    """Texts that stay beside what is sampled are read as if they were numbers."""
    passed = {"points": algorithm.GetPassPointArrays(), "cells": algorithm.GetPassCellArrays()}
    data = algorithm.GetInputDataObject(0, 0)
    looks = {"points": facts.texts_of_points, "cells": facts.texts_of_cells}
    found = (looks[where](data) for where, on in passed.items() if on and data is not None)
    return next((f"arrays of the mesh are passed, and {why}" for why in found if why is not None), None)


def _uninitialised_kernel(algorithm: Any) -> str | None:
    """A kernel that must not be initialised looks for points in nothing."""
    kernel = algorithm.GetKernel()
    if kernel is None or kernel.GetRequiresInitialization():
        return None
    return f"RequiresInitialization of its kernel, a {kernel.GetClassName()}, is off: it must be on"


def _lines(algorithm: Any) -> str | None:
    """Of data without lines VTK makes nothing, without a word."""
    data = algorithm.GetInputDataObject(0, 0)
    if data is None or not data.IsA("vtkPolyData") or data.GetNumberOfLines() or not data.GetNumberOfCells():
        return None
    return (
        f"it works on lines, and the input has none among its {data.GetNumberOfCells()} cells; ExtractEdges makes some"
    )


def _component(algorithm: Any) -> str | None:
    """A component far outside of the array is read; the one after the last is the magnitude."""
    name = algorithm.GetInputArrayInformation(0).Get(vtkDataObject.FIELD_NAME())
    data, wanted = algorithm.GetInputDataObject(0, 0), algorithm.GetComponent()
    if data is None or not name:
        return None
    arrays = [one for part in parts(data) for one in arrays_of(part) if one.GetName() == name]
    most = max((array.GetNumberOfComponents() for array in arrays), default=None)
    if most is None or 0 <= wanted <= most:
        return None
    return f"Component is {wanted} and {name} has {most} component(s), counted from 0; {most} is the magnitude"


def _probed(algorithm: Any) -> str | None:
    return arrays.one_source(algorithm) or _texts_passed(algorithm) or _places(algorithm)


def _resampled(algorithm: Any) -> str | None:
    return _texts_passed(algorithm) or _places(algorithm)


def _places(algorithm: Any) -> str | None:
    data = algorithm.GetInputDataObject(0, 0)
    return None if data is None else facts.ghosts_of_places(data)


def _traced(algorithm: Any) -> str | None:
    """Looks at what lines are followed in; seeds may be points of anything."""
    data = algorithm.GetInputDataObject(0, 0)
    why = arrays.boxes(algorithm)
    return why if why is not None or data is None else facts.hidden_cells(data) or facts.no_cells(data)


def _edge_ratio(algorithm: Any) -> str | None:
    """The edges of a hexahedron between its bottom and its top are not looked at for the longest."""
    if int(algorithm.GetHexQualityMeasure()) != _EDGE_RATIO:
        return None
    return "HexQualityMeasure is EDGE_RATIO, for which VTK leaves out four of the edges; MAX_EDGE_RATIO has all"


def _strides(reader: Any) -> str | None:
    """Every n-th value is written over the end of a buffer, and is not every n-th."""
    stride = reader.GetStride()
    if tuple(stride) == (1, 1, 1):
        return None
    return (
        f"Stride is {list(stride)}, which VTK's reader does not do; ExtractSubset takes every n-th point (SampleRate)"
    )


def _compressed(algorithm: Any) -> str | None:
    """Numbers of regions are packed with what stands in the memory: some are lost where those numbers are large."""
    data = algorithm.GetInputDataObject(0, 0)
    if data is None or not algorithm.GetCompressArrays() or not algorithm.GetColorRegions():
        return None
    why = facts.points_in_no_cell(data)
    return None if why is None else f"{why}, and CompressArrays is on: it must be off"


_GUARDS: Final[dict[str, Guard]] = {
    **dict.fromkeys(("vtkExtractVOI", "vtkExtractGrid", "vtkExtractRectilinearGrid"), volume_of_interest),
    **dict.fromkeys(("vtkTubeFilter", "vtkRibbonFilter"), _lines),
    **dict.fromkeys(
        ("vtkCutter", "vtkTableBasedClipDataSet", "vtkClipDataSet", "vtkExtractGeometry"), _endless_function
    ),
    **dict.fromkeys(arrays.IMAGES_ONLY, arrays.turned),
    "vtkProbeFilter": _probed,
    "vtkResampleWithDataSet": _resampled,
    "vtkStreamTracer": _traced,
    "vtkConnectivityFilter": _compressed,
    "vtkMeshQuality": _edge_ratio,
    "vtkXdmfReader": _strides,
    "vtkPointDataToCellData": arrays.categories,
    "vtkThreshold": arrays.limits,
    **dict.fromkeys(("vtkTableToPolyData", "vtkTableToStructuredGrid"), _columns),
    **dict.fromkeys(("vtkImageReader", "vtkImageReader2"), raw_image),
    "vtkAxisAlignedReflectionFilter": _no_plane,
    "vtkExtractHistogram": _component,
    "vtkPointInterpolator": _uninitialised_kernel,
    "vtkStaticCleanUnstructuredGrid": _averaged_texts,
    "vtkTemporalInterpolator": times,
}
"""By the name of a class or an ancestor of it, what looks at the algorithm."""

_LOOKS: Final[dict[str, tuple[DataGuard, ...]]] = {
    **dict.fromkeys(
        ("vtkContourFilter", "vtkContourGrid", "vtkCutter", "vtkTableBasedClipDataSet", "vtkClipDataSet"),
        (facts.cells_that_lose_values,),
    ),
    "vtkStaticCleanUnstructuredGrid": (facts.boundless,),
    "vtkStreamTracer": (facts.boundless,),
    "vtkAxisAlignedReflectionFilter": (facts.strips_of_a_grid,),
    "vtkCurvatures": (facts.no_polygons,),
    "vtkDataSetSurfaceFilter": (facts.explicit_grid,),
    "vtkExtractHistogram": (facts.tables_beside_others, facts.nothing_in_it),
    "vtkGaussianSplatter": (facts.nothing_in_it,),
    **dict.fromkeys(
        ("vtkGenericDataObjectWriter", "vtkDataObjectWriter", "vtkCompositeDataWriter", "vtkTemporalStatistics"),
        (facts.levels_without_blocks,),
    ),
    "vtkPointDataToCellData": (facts.texts_of_points, facts.cells_without_points),
    "vtkPointInterpolator": (facts.texts_of_points,),
    "vtkResampleWithDataSet": (facts.empty_trees,),
    "vtkTextureMapToPlane": (facts.in_a_line,),
}
"""By the name of a class or an ancestor of it, what looks at each input."""
