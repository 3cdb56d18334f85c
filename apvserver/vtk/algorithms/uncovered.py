"""The blocks of a data object as data sets that can be computed with: nothing covered twice, no trees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from vtkmodules.vtkCommonDataModel import vtkDataSet

from async_paraview.vtk_imports import one_at_a_time

from ..base.blocks import leaves, places, uncovered


def leaves_of(data: Any) -> Iterator[Any]:
    """Yield the data sets that a data object consists of; what finer levels cover is hidden, trees are grids."""
    if data.IsA("vtkCompositeDataSet"):
        for leaf in leaves(uncovered(data)):
            yield from leaves_of(leaf)
    elif data.IsA("vtkHyperTreeGrid"):
        with one_at_a_time:
            from vtkmodules.vtkFiltersHyperTree import vtkHyperTreeGridToUnstructuredGrid  # late: few data are trees

        convert = vtkHyperTreeGridToUnstructuredGrid()
        convert.SetInputData(data)
        convert.Update()
        yield convert.GetOutput()
    elif isinstance(data, vtkDataSet):
        yield data


def each_block(data: Any, work: Callable[[Any], Any]) -> Any:
    """Return the same composite of what `work` makes of each of its data sets; of one data set, that."""
    if not data.IsA("vtkCompositeDataSet"):
        return work(data) if isinstance(data, vtkDataSet) else data
    data = uncovered(data)
    made = data.NewInstance()
    made.ShallowCopy(data)
    for place, leaf in places(data):
        made.SetDataSet(place, each_block(leaf, work))
    return made
