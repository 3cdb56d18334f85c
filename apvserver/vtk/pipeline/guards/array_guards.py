"""What some of VTK's classes take for something else: integers, blocks, boxes and directions; see `guards`."""

from __future__ import annotations

from typing import Any

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkDataObject

from ...algorithms.turned import is_turned_image
from ...base.array_types import as_numpy, is_exact_in_doubles
from ...base.blocks import parts


def categories(algorithm: Any) -> str | None:
    """Require active scalars, whose most frequent value it is: without them there is nothing, and nothing is said."""
    if not algorithm.GetCategoricalData():
        return None
    if not algorithm.GetProcessAllArrays():  # VTK 9.7 reads what is not there
        return "CategoricalData works with ProcessAllArrays on: switch one of them"
    data = algorithm.GetInputDataObject(0, 0)
    marked = [one.GetPointData().GetScalars() is not None for one in parts(data)] if data is not None else [True]
    if all(marked):
        return None
    return "CategoricalData looks at the active scalars of the points, and the input has none marked as such"


def cells_by_number(algorithm: Any) -> str | None:
    """Require numbers of cells to sort the cells by."""
    chosen, data = algorithm.GetInputArrayInformation(0), algorithm.GetInputDataObject(0, 0)
    name = chosen.Get(vtkDataObject.FIELD_NAME()) if chosen.Has(vtkDataObject.FIELD_NAME()) else None
    for leaf in parts(data) if data is not None else ():
        cells = leaf.GetCellData() if leaf.IsA("vtkDataSet") else None
        if cells is not None and (cells.GetScalars() if name is None else cells.GetArray(name)) is None:
            there = ", ".join(cells.GetArrayName(index) or "" for index in range(cells.GetNumberOfArrays())) or "none"
            return (
                f"Scalars needs an array of numbers of cells, by which it sorts them; there is: {there}. "
                "Choose one, or PointDatatoCellData brings those of points to the cells"
            )
    return None


def octree(algorithm: Any) -> str | None:
    """Require the array that says which corners of a cell have a point, which VTK finds by its name."""
    data = algorithm.GetInputDataObject(0, 0)
    for leaf in parts(data) if data is not None else ():
        if leaf.IsA("vtkDataSet") and leaf.GetCellData().GetArray("octree") is None:
            return (
                "the cells of its input have no array named octree (bytes, a bit for each corner); "
                "PointSetToOctreeImage makes such images"
            )
    return None


def limits(algorithm: Any) -> str | None:
    """Refuse integers beyond 2**53 that are neighbors: VTK compares in doubles, which take them for equal."""
    chosen, data = algorithm.GetInputArrayInformation(0), algorithm.GetInputDataObject(0, 0)
    name, association = chosen.Get(vtkDataObject.FIELD_NAME()), chosen.Get(vtkDataObject.FIELD_ASSOCIATION())
    lower, upper = [algorithm.GetLowerThreshold()], [algorithm.GetUpperThreshold()]
    limits = ([*lower, *upper], lower, upper)[algorithm.GetThresholdFunction()]
    for leaf in parts(data) if data is not None and name else ():
        attributes = leaf.GetAttributesAsFieldData(association)
        array = attributes.GetArray(name) if attributes is not None else None
        if array is None or is_exact_in_doubles(array):
            continue
        values = as_numpy(array)
        for limit in limits:
            close = values[values.astype(np.float64) == limit]
            if close.size and np.any(close != int(limit)):
                return (
                    f"{name} has integers beyond 2**53 next to the limit {int(limit)}, which VTK takes for equal to "
                    "it: choose a limit that is not next to one of them"
                )
    return None


def boxes(algorithm: Any) -> str | None:
    """Require an adaptive mesh to say where its blocks lie: VTK divides by the sizes of boxes, and ends the process."""
    data = algorithm.GetInputDataObject(0, 0)
    if data is None or not data.IsA("vtkOverlappingAMR"):
        return None
    for level in range(data.GetNumberOfLevels()):
        for index in range(data.GetNumberOfBlocks(level)):
            if data.GetDataSetAsImageData(level, index) is not None and data.GetAMRBox(level, index).Empty():
                return (
                    f"the adaptive mesh has no box for block {index} of level {level}; MergeBlocks makes one grid of it"
                )
    return None


def one_source(algorithm: Any) -> str | None:
    """Require a single source: of a composite VTK makes one result for each block, with 0 where the others are."""
    data = algorithm.GetInputDataObject(1, 0) if algorithm.GetNumberOfInputConnections(1) else None
    if data is None or not data.IsA("vtkCompositeDataSet"):
        return None
    return f"it looks into one data set, Source is a {data.GetClassName()}; ResampleWithDataset takes all blocks as one"


def turned(algorithm: Any) -> str | None:
    """Refuse turned images: what is made of them lies where it would be without their direction matrix."""
    data = algorithm.GetInputDataObject(0, 0)
    if data is None or not any(map(is_turned_image, parts(data))):
        return None
    return "it takes the axes of an image for those of space, and the input is turned (its direction matrix)"
