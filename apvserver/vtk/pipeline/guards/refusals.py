"""What some of VTK's classes end the process on, or make nothing of without a word: refused before they run.

Which classes and on which VTK is said in `base/facts/execution.toml`, measured by `tests/apvserver/test_sweep.py` and
as each guard says. On a VTK that was not measured all of them look.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator
from typing import Any, Final

from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkSelectionNode

from ...base.blocks import parts
from ...base.facts import vtk_facts
from . import array_guards as arrays
from . import data_guards as facts
from .input_arrays import arrays_of
from .pipeline_guards import raw_image, several_inputs, timed, times, volume_of_interest

Guard = Callable[[Any], str | None]
_EDGE_RATIO: Final = 0
"""Of VTK's measures of quality."""
_BY_VALUE: Final = 0
"""Of the orders in which vtkCutter cuts."""
DataGuard = Callable[[Any], str | None]


def harmful(algorithm: Any) -> str | None:
    """Return why an algorithm, whose inputs are up to date, must not be executed; None if it can be."""
    kind: Any = type(algorithm)
    guards, looks = _of_class(kind, vtk_facts.installed_version())
    for guard in guards:
        if (why := guard(algorithm)) is not None:
            return why
    if not looks:
        return None
    held = list(_inputs(algorithm))
    return next((why for look in looks for data in held if (why := look(data)) is not None), None)


@functools.cache
def _of_class(kind: Any, _version: str) -> tuple[tuple[Guard, ...], tuple[DataGuard, ...]]:
    """Return what looks at instances of a class and at their inputs: by its name, or that of an ancestor.

    Once a module of parallel classes is imported, VTK makes vtkPResampleWithDataSet where a vtkResampleWithDataSet was
    asked for.
    """
    names = [one.__name__ for one in kind.__mro__]
    guards, looks = vtk_facts.by_name("execution", "guards"), vtk_facts.by_name("execution", "looks")
    only_images = not vtk_facts.names("execution", "wrong_on_turned_images", "images_only").isdisjoint(names)
    found = [_GUARDS[guard] for name in names for guard in guards.get(name, ())]
    return (
        (*found, arrays.turned) if only_images else tuple(found),
        tuple(getattr(facts, look) for name in names for look in looks.get(name, ())),
    )


def _inputs(algorithm: Any) -> Iterator[Any]:
    for port in range(algorithm.GetNumberOfInputPorts()):
        for connection in range(algorithm.GetNumberOfInputConnections(port)):
            data = algorithm.GetInputDataObject(port, connection)
            if data is not None:
                yield data


def _averaged_texts(algorithm: Any) -> str | None:
    """Refuse texts for vtkStaticCleanUnstructuredGrid, which averages them and reads what is not there."""
    data = algorithm.GetInputDataObject(0, 0)
    if data is None or not algorithm.GetAveragePointData():
        return None
    why = facts.texts_of_points(data)
    return None if why is None else f"AveragePointData is on, and {why}"


def _endless_function(algorithm: Any) -> str | None:
    """Refuse implicit functions without a finite value somewhere: images are cut outside of their memory."""
    getter = next(
        one
        for one in ("GetCutFunction", "GetClipFunction", "GetImplicitFunction", "GetRegion")
        if hasattr(algorithm, one)
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
    normal = function.GetNormal() if hasattr(function, "GetNormal") else ()
    if not all(map(math.isfinite, normal)):  # of planes along axes, values do not tell
        return f"the normal of its {function.GetClassName()} is {list(normal)}: its numbers must be finite"
    value = function.EvaluateFunction(first.GetCenter())
    if math.isfinite(value):
        return None
    return f"its {function.GetClassName()} is {value} in the middle of the data: its numbers must be finite"


def _columns(algorithm: Any) -> str | None:
    """Refuse a component outside of a column, and texts: what is not there is read, texts as if they were numbers."""
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


def _no_file(reader: Any) -> str | None:
    """Require the file: a name with another extension is not taken, and then there is none to read."""
    if reader.GetFileName():
        return None
    return "it has no file: it reads the .hierarchy or the .boundary of ENZO, and names with other ends are not taken"


def _no_plane(algorithm: Any) -> str | None:
    """Require the plane, which is looked at even if it is not there."""
    if algorithm.GetPlaneMode() != algorithm.PLANE or algorithm.GetReflectionPlane() is not None:
        return None
    return "PlaneMode is Plane, and there is no ReflectionPlane"


def _other_side(algorithm: Any) -> str | None:
    """Refuse what is cut away as an output of its own: it is what is kept once more, or nothing of an image."""
    if not algorithm.GetGenerateClippedOutput():
        return None
    return (
        "GenerateClippedOutput is on, for which VTK gives the kept side twice, or nothing; "
        "vtkTableBasedClipDataSet has both sides, and InsideOut gives the other one"
    )


def _texts_passed(algorithm: Any) -> str | None:
    """Refuse texts that stay beside what is sampled: they are read as if they were numbers."""
    passed = {"points": algorithm.GetPassPointArrays(), "cells": algorithm.GetPassCellArrays()}
    data = algorithm.GetInputDataObject(0, 0)
    looks = {"points": facts.texts_of_points, "cells": facts.texts_of_cells}
    found = (looks[where](data) for where, on in passed.items() if on and data is not None)
    return next((f"arrays of the mesh are passed, and {why}" for why in found if why is not None), None)


def _uninitialised_kernel(algorithm: Any) -> str | None:
    """Refuse a kernel that must not be initialized: it looks for points in nothing."""
    kernel = algorithm.GetKernel()
    if kernel is None or kernel.GetRequiresInitialization():
        return None
    return f"RequiresInitialization of its kernel, a {kernel.GetClassName()}, is off: it must be on"


def _lines(algorithm: Any) -> str | None:
    """Refuse data without lines: of that VTK makes nothing, without a word."""
    data = algorithm.GetInputDataObject(0, 0)
    if data is None or not data.IsA("vtkPolyData") or data.GetNumberOfLines() or not data.GetNumberOfCells():
        return None
    return (
        f"it works on lines, and the input has none among its {data.GetNumberOfCells()} cells; ExtractEdges makes some"
    )


def _component(algorithm: Any) -> str | None:
    """Refuse a component far outside of the array, which is read; the one after the last is the magnitude."""
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
    """Check what lines are followed in; seeds may be points of anything."""
    data = algorithm.GetInputDataObject(0, 0)
    why = arrays.boxes(algorithm)
    return why if why is not None or data is None else facts.hidden_cells(data) or facts.no_cells(data)


def _enclosed(algorithm: Any) -> str | None:
    """Refuse to close the sides of what has no cells: VTK reads its points all the same."""
    data = algorithm.GetInputDataObject(0, 0)
    if data is None or not getattr(algorithm, "GetGenerateEnclosure", bool)():
        return None
    if all(part.GetNumberOfCells() for part in parts(data)):
        return None
    return "GenerateEnclosure closes the sides of a surface, and the input, or a block of it, has no cells"


def _edge_ratio(algorithm: Any) -> str | None:
    """Refuse hexahedra: the edges between bottom and top are not looked at for the longest."""
    if int(algorithm.GetHexQualityMeasure()) != _EDGE_RATIO:
        return None
    return "HexQualityMeasure is Edge Ratio, for which VTK leaves out four of the edges; Maximum Edge Ratio has all"


def _strides(reader: Any) -> str | None:
    """Refuse strides: every n-th value is written over the end of a buffer, and is not every n-th."""
    stride = reader.GetStride()
    if tuple(stride) == (1, 1, 1):
        return None
    return (
        f"Stride is {list(stride)}, which VTK's reader does not do; ExtractSubset takes every n-th point (SampleRate)"
    )


def _compressed(algorithm: Any) -> str | None:
    """Refuse compressed numbers of regions: packed with what stands in the memory, some large ones are lost."""
    data = algorithm.GetInputDataObject(0, 0)
    if data is None or not algorithm.GetCompressArrays() or not algorithm.GetColorRegions():
        return None
    why = facts.points_in_no_cell(data)
    return None if why is None else f"{why}, and CompressArrays is on: it must be off"


def _sorted_by_cells(algorithm: Any) -> str | None:
    """Refuse to cut cells of several dimensions one by one: their values go to other pieces."""
    data = algorithm.GetInputDataObject(0, 0)
    if data is None or algorithm.GetSortBy() == _BY_VALUE:
        return None
    why = facts.several_dimensions(data)
    return None if why is None else f"SortBy is Sort By Cell, and {why}"


def _left_out(algorithm: Any) -> str | None:
    """Refuse faces to be left out that have other points than the input: VTK looks them up by the input's numbers."""
    left_out = algorithm.GetInputDataObject(1, 0) if algorithm.GetNumberOfInputConnections(1) else None
    if left_out is None:
        return None
    count = left_out.GetNumberOfPoints()
    for part in parts(algorithm.GetInputDataObject(0, 0)):
        if part.IsA("vtkDataSet") and part.GetNumberOfPoints() != count:
            return f"the faces to leave out have {count} points and the input {part.GetNumberOfPoints()}: give the same"
    return None


def _queries(algorithm: Any) -> str | None:
    """Refuse selections by queries, which VTK knows none of."""
    selection = algorithm.GetInputDataObject(1, 0) if algorithm.GetNumberOfInputConnections(1) else None
    nodes = [] if selection is None else [selection.GetNode(index) for index in range(selection.GetNumberOfNodes())]
    if all(one.GetContentType() != vtkSelectionNode.QUERY for one in nodes):
        return None
    return (
        "a selection by a query is not followed over time here: ExtractSelection takes what the query is true for at "
        "each time, and PlotDataOverTime plots that"
    )


_GUARDS: Final[dict[str, Guard]] = {
    "averaged_texts": _averaged_texts,
    "categories": arrays.categories,
    "cells_by_number": arrays.cells_by_number,
    "columns": _columns,
    "component": _component,
    "compressed": _compressed,
    "edge_ratio": _edge_ratio,
    "enclosed": _enclosed,
    "endless_function": _endless_function,
    "left_out": _left_out,
    "limits": arrays.limits,
    "lines": _lines,
    "no_file": _no_file,
    "no_plane": _no_plane,
    "octree": arrays.octree,
    "other_side": _other_side,
    "probed": _probed,
    "queries": _queries,
    "raw_image": raw_image,
    "resampled": _resampled,
    "several_inputs": several_inputs,
    "sorted_by_cells": _sorted_by_cells,
    "strides": _strides,
    "timed": timed,
    "times": times,
    "traced": _traced,
    "uninitialised_kernel": _uninitialised_kernel,
    "volume_of_interest": volume_of_interest,
}
"""What looks at the algorithm, by its name in `base/facts/execution.toml`, which says for which classes."""
