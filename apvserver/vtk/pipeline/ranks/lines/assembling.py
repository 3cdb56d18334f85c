"""Lines of many parts, which several ranks have followed, put together to what a vtkStreamTracer makes of the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkDoubleArray
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkFiltersFlowPaths import vtkStreamTracer

from ....base.data_making import add_array, cells_of, cropped, points_of
from ....base.vtk_messages import capture
from ..taking import like
from .tracing import CELLS, Tracing
from .values import normals_along, rotation, turn


def form_of(image: Any, tracing: Tracing) -> Any:
    """Return a line of a few points with all arrays as VTK makes them of such an image: what all lines are like."""
    low = image.GetExtent()[::2]
    small = cropped(image, [one for first in low for one in (first, first + 1)])
    vectors = _of(small, tracing).GetArray(tracing.vectors)
    along = np.zeros((vectors.GetNumberOfTuples(), 3), vtk_to_numpy(vectors).dtype)
    along[:, 0] = 1
    changed = small.NewInstance()
    changed.ShallowCopy(small)
    _of(changed, tracing).AddArray(like(vectors, along))
    seed = vtkPolyData()
    seed.SetPoints(points_of(np.array([changed.GetCenter()], np.float64)))
    tracer: Any = vtkStreamTracer()
    tracer.SetInputData(changed)
    tracer.SetSourceData(seed)
    tracer.SetInputArrayToProcess(0, 0, 0, tracing.association, tracing.vectors)
    tracer.SetComputeVorticity(tracing.vorticity)
    tracer.SetIntegrationStepUnit(vtkStreamTracer.CELL_LENGTH_UNIT)
    tracer.SetInitialIntegrationStep(0.1)
    tracer.SetMaximumIntegrationStep(0.1)
    tracer.SetMaximumPropagation(changed.GetLength())
    with capture():  # what there is to say of lines is said of those that are wanted
        tracer.Update()
    return tracer.GetOutput()


def _of(image: Any, tracing: Tracing) -> Any:
    return image.GetCellData() if tracing.association == CELLS else image.GetPointData()


def _formed(form: Any, values: Mapping[str, npt.NDArray[Any]], left_out: Sequence[str] = ()) -> Any:
    """Return data with the arrays of points that lines have, and these values, but for some arrays."""
    made = vtkPolyData()
    made.GetFieldData().ShallowCopy(form.GetFieldData())
    source, target = form.GetPointData(), made.GetPointData()
    for index in range(source.GetNumberOfArrays()):
        array = source.GetArray(index)
        if array.GetName() in left_out:
            continue
        given = values.get(array.GetName())
        empty = np.zeros((0, array.GetNumberOfComponents()), vtk_to_numpy(array).dtype)
        number, mark = target.AddArray(like(array, empty if given is None else given)), source.IsArrayAnAttribute(index)
        if mark >= 0:
            target.SetActiveAttribute(number, mark)
    return made


def assembled(
    form: Any, tracing: Tracing, seeds: int, parts: Sequence[tuple[Any, Any, Mapping[str, npt.NDArray[Any]]]]
) -> Any:
    """Return lines from what each rank has of them.

    `seeds` is how many there are; each part is: runs of points, (line, part of the line, points) in the order of the
    points; which lines ended there and why, (line, reason); and values at the points, by names.
    """
    runs, ends = (np.concatenate([one[index] for one in parts]).reshape(-1, width) for index, width in ((0, 3), (1, 2)))
    order = _in_order(runs)
    values = {name: np.concatenate([one[2][name] for one in parts])[order] for name in parts[0][2]}
    counts = np.bincount(runs[:, 0], runs[:, 2]).astype(np.int64) if len(runs) else np.zeros(0, np.int64)
    numbers = np.flatnonzero(counts)
    counts = counts[numbers]
    firsts = np.cumsum(counts) - counts
    if tracing.vorticity:
        values["Rotation"] = rotation(values["AngularVelocity"], values["IntegrationTime"], firsts)
    places = values.pop("Points")
    with_normals = tracing.vorticity and len(places) > 1
    made = _formed(form, values, () if with_normals else ("Normals",))
    made.SetPoints(points_of(places))
    is_line = counts > 1
    if is_line.any():
        reasons = np.zeros(int(numbers[-1]) + 1, np.int32)
        reasons[ends[:, 0]] = ends[:, 1]
        corners = np.flatnonzero(np.repeat(is_line, counts))
        made.SetLines(cells_of(np.concatenate([[0], np.cumsum(counts[is_line])]), corners))
        lines = numbers[is_line]
        add_array(made.GetCellData(), "ReasonForTermination", reasons[lines])
        add_array(made.GetCellData(), "SeedIds", (lines % seeds).astype(np.int32))
    if with_normals:
        _add_normals(made, tracing, values["Rotation"])
    return made


def _in_order(runs: Any) -> Any:
    """Return the numbers of the points in the order of lines and of their parts."""
    begins = np.cumsum(runs[:, 2]) - runs[:, 2]
    order = np.lexsort((runs[:, 1], runs[:, 0]))
    counts = runs[order, 2]
    starts = np.cumsum(counts) - counts
    found = np.arange(int(counts.sum())) - np.repeat(starts, counts) + np.repeat(begins[order], counts)
    return found.astype(np.int64)


def _add_normals(made: Any, tracing: Tracing, angles: Any) -> None:
    normals = vtkDoubleArray()
    normals.SetName("Normals")
    normals.SetNumberOfComponents(3)
    normals.SetNumberOfTuples(made.GetNumberOfPoints())
    values = vtk_to_numpy(normals)
    values[:] = 1.0, 0.0, 0.0
    normals_along(made, normals)
    vectors = vtk_to_numpy(made.GetPointData().GetArray(tracing.vectors)).astype(np.float64)
    values[:] = turn(values.copy(), vectors, angles)
    made.GetPointData().AddArray(normals)
