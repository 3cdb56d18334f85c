"""Lines of many short pieces as a few long ones: sorted, with the distance along each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonCore import vtkIdList
from vtkmodules.vtkCommonDataModel import (
    VTK_LINE,
    VTK_POLY_LINE,
    vtkCompositeDataSet,
    vtkMultiBlockDataSet,
    vtkPolyData,
)
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm
from vtkmodules.vtkFiltersCore import vtkCleanPolyData

from ...base.array_types import as_numpy
from ...base.blocks import children
from ...base.data_making import array_of, cells_of, points_of
from ..cell_groups import groups_of
from ..own_algorithms import data_of, output_of, told

Numbers = npt.NDArray[np.float64]
Edge = tuple[int, int]
_DISTANCE: Final = "arc_length"


class SortedLines(VTKPythonAlgorithmBase):
    """SortedLines - Makes one line of all pieces that go on from each other, a block for each line."""

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=1, outputType="vtkMultiBlockDataSet")

    def FillInputPortInformation(self, port: int, info: Any) -> int:
        """Take surfaces and lines, and blocks of them."""
        for kind in ("vtkPolyData", "vtkDataObjectTree"):
            info.Append(vtkAlgorithm.INPUT_REQUIRED_DATA_TYPE(), kind)
        return 1

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make the blocks."""
        return told(type(self).__name__, lambda: output_of(outInfo).ShallowCopy(_sorted(data_of(inInfo))))


def _sorted(data: Any) -> Any:
    """Return the lines of a surface as blocks; of blocks the same for each of them, with their names."""
    if not data.IsA("vtkCompositeDataSet"):
        return _blocks((f"segment_{number}", line) for number, line in enumerate(lines_of(data)))
    return _blocks(
        (name, _sorted(one))
        for name, one in children(data)
        if one is not None and (one.IsA("vtkPolyData") or one.IsA("vtkCompositeDataSet"))
    )


def _blocks(named: Iterator[tuple[str, Any]]) -> Any:
    made = vtkMultiBlockDataSet()
    for index, (name, block) in enumerate(named):
        made.SetBlock(index, block)
        made.GetMetaData(index).Set(vtkCompositeDataSet.NAME(), name)
    return made


def lines_of(data: Any) -> Iterator[Any]:
    """Yield each line of a surface as data of its own, with the distance along it."""
    clean = vtkCleanPolyData()  # points at the same place are one
    clean.SetInputData(data)
    clean.SetTolerance(0.0)
    clean.ConvertLinesToPointsOff()
    clean.ConvertPolysToLinesOff()
    clean.ConvertStripsToPolysOff()
    clean.Update()
    whole = clean.GetOutput()
    if not whole.GetNumberOfPoints():
        return
    places = as_numpy(whole.GetPoints().GetData()).astype(np.float64)
    for ids in _chains(_edges_of(whole), places):
        yield _line(whole, ids, places)


def _edges_of(data: Any) -> list[Edge]:
    """Return the edges of all visible lines, each once."""
    found: dict[Edge, None] = {}
    for group in groups_of(data):
        if group.kind in (VTK_LINE, VTK_POLY_LINE):
            ends = np.stack([group.points[:, :-1], group.points[:, 1:]], axis=-1).reshape(-1, 2)
            found |= {(min(a, b), max(a, b)): None for a, b in ends.tolist() if a != b}
    return list(found)


def _chains(edges: list[Edge], places: Numbers) -> Iterator[list[int]]:
    """Yield the points of each line: from end to end, then those without ends, whose first point is the last."""
    around: dict[int, list[int]] = defaultdict(list)
    for number, edge in enumerate(edges):
        for point in edge:
            around[point].append(number)
    following: dict[tuple[int, int], int] = {}
    for point, ids in around.items():
        following |= _pairs(point, ids, edges, places)
    left = dict.fromkeys(range(len(edges)))
    ends = [(number, point) for number in left for point in edges[number] if (number, point) not in following]
    for first, begin in [*ends, *((number, edges[number][0]) for number in left)]:
        if first in left:
            yield _walk(first, begin, edges, following, left)


def _walk(
    edge: int, begin: int, edges: list[Edge], following: dict[tuple[int, int], int], left: dict[int, None]
) -> list[int]:
    ids, here, now = [begin], begin, edge
    while now in left:
        del left[now]
        here = edges[now][0] if edges[now][1] == here else edges[now][1]
        ids.append(here)
        now = following.get((now, here), -1)
    return ids


def _pairs(point: int, ids: list[int], edges: list[Edge], places: Numbers) -> dict[tuple[int, int], int]:
    """Return which edge goes on from which at a point: the two that are straightest and most alike, then the next."""
    found: dict[tuple[int, int], int] = {}
    if len(ids) < 2:
        return found
    if len(ids) == 2:
        return {(ids[0], point): ids[1], (ids[1], point): ids[0]}
    others = [edges[one][0] if edges[one][1] == point else edges[one][1] for one in ids]
    ways = places[others] - places[point]
    lengths = np.linalg.norm(ways, axis=1)
    with np.errstate(invalid="ignore"):  # an edge to where there is no finite place goes on as nothing else does
        ways /= lengths[:, None]
        straight = (1.0 - ways @ ways.T) / 2.0
        alike = np.minimum.outer(lengths, lengths) / np.maximum.outer(lengths, lengths)
        scores = np.nan_to_num(straight * alike)
    taken: set[int] = set()
    pairs = [(-scores[i, j], i, j) for i in range(len(ids)) for j in range(i + 1, len(ids))]
    for _, i, j in sorted(pairs):
        if not taken & {i, j}:
            taken |= {i, j}
            found |= {(ids[i], point): ids[j], (ids[j], point): ids[i]}
    return found


def _line(data: Any, ids: list[int], places: Numbers) -> Any:
    made, chosen = vtkPolyData(), vtkIdList()
    for one in ids:
        chosen.InsertNextId(one)
    made.SetPoints(points_of(as_numpy(data.GetPoints().GetData())[ids]))
    made.SetLines(cells_of([0, len(ids)], range(len(ids))))
    made.GetPointData().CopyAllOn()
    made.GetPointData().CopyAllocate(data.GetPointData(), len(ids))
    for row, one in enumerate(ids):
        made.GetPointData().CopyData(data.GetPointData(), one, row)
    steps = np.linalg.norm(np.diff(places[ids], axis=0), axis=1)
    taken = made.GetPointData().HasArray(_DISTANCE)
    name = f"PlotEdges {_DISTANCE}" if taken else _DISTANCE
    made.GetPointData().AddArray(array_of(np.r_[0.0, np.cumsum(steps)], name))
    return made
