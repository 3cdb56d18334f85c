"""An algorithm of our own that chooses the places of a line at which data is looked into, by its cells if wanted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonCore import mutable, vtkIdList, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkGenericCell, vtkStaticCellLocator
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm

from ...base.array_types import copied
from ...base.blocks import parts
from ...base.errors import VtkError
from ...base.values.distinct import distinct
from ...types.definitions import PropertyDefinition
from ...types.own_properties import OwnProperties
from ..own_algorithms import data_of, output_of, told
from ..turned import straight

_BOUNDARIES, _CENTERS, _UNIFORM = 0, 1, 2
_SAME: Final = 1e-9
"""Of the line: how near to each other two boundaries are one."""
_INSIDE: Final = 1e-6
"""Of the way through a cell: how far from its boundary a place is that lies in the cell, and in no other."""
_Place = NDArray[np.float64]


class LinePlaces(OwnProperties, VTKPythonAlgorithmBase):
    """LinePlaces - The points of a straight line, or the places where it enters, leaves or is in the cells of data."""

    PROPERTIES: ClassVar = (
        PropertyDefinition(
            "SamplingPattern",
            "enum",
            1,
            _UNIFORM,
            enumeration=(
                ("Sample At Cell Boundaries", _BOUNDARIES),
                ("Sample At Segment Centers", _CENTERS),
                ("Sample Uniformly", _UNIFORM),
            ),
            doc="Where on the line it is looked.",
        ),
    )

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=2, nOutputPorts=1, outputType="vtkPolyData")

    def is_uniform(self) -> bool:
        """Return whether the places are those of the line, whatever the data."""
        return bool(self.value_of("SamplingPattern") == _UNIFORM)

    def FillInputPortInformation(self, port: int, info: Any) -> int:
        """Take a line, and the data that it goes through."""
        for kind in ("vtkPolyData",) if port == 0 else ("vtkDataSet", "vtkCompositeDataSet", "vtkHyperTreeGrid"):
            info.Append(vtkAlgorithm.INPUT_REQUIRED_DATA_TYPE(), kind)
        return 1

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make the places."""
        return told("LinePlaces", lambda: self._choose(data_of(inInfo), data_of(inInfo, 1), output_of(outInfo)))

    def _choose(self, line: Any, data: Any, output: Any) -> None:
        pattern = self.value_of("SamplingPattern")
        if pattern == _UNIFORM:
            output.ShallowCopy(line)
            return
        first, last = (np.array(line.GetPoint(index)) for index in (0, line.GetNumberOfPoints() - 1))
        leaves = [straight(leaf) for leaf in parts(data) if leaf.GetNumberOfCells()]
        if any(leaf.IsA("vtkHyperTreeGrid") for leaf in leaves):
            raise VtkError("the cells of a hyper tree grid are not looked for along a line: sample uniformly")
        locators = [_locator(leaf) for leaf in leaves]
        ends = np.array([t for locator in locators for t in _crossings(locator, first, last)])
        _fill(output, first, last, _places(ends, pattern, locators, first, last))


def _locator(leaf: Any) -> Any:
    made = vtkStaticCellLocator()
    made.SetDataSet(leaf)
    made.BuildLocator()
    return made


def _crossings(locator: Any, first: _Place, last: _Place) -> Iterator[float]:
    """Yield where a line enters and leaves cells, as parts of its length."""
    found, data = vtkIdList(), locator.GetDataSet()
    cell: Any = vtkGenericCell()
    locator.FindCellsAlongLine(first, last, 0.0, found)
    for index in range(found.GetNumberOfIds()):
        data.GetCell(found.GetId(index), cell)
        sides = cell.GetNumberOfFaces() if cell.GetCellDimension() == 3 else cell.GetNumberOfEdges()
        for side in range(sides):
            one = cell.GetFace(side) if cell.GetCellDimension() == 3 else cell.GetEdge(side)
            at: Any = mutable(0.0)
            sub: Any = mutable(0)
            tolerance = _SAME * float(np.linalg.norm(last - first))
            if one.IntersectWithLine(first, last, tolerance, at, [0.0] * 3, [0.0] * 3, sub):
                yield float(at)


def _places(ends: NDArray[np.float64], pattern: int, locators: list[Any], first: _Place, last: _Place) -> list[float]:
    """Return the places in order, of each piece of the line that lies in one cell."""
    limits = distinct(np.clip(np.concatenate([ends, [0.0, 1.0]]), 0.0, 1.0))
    limits = limits[np.concatenate([[True], np.diff(limits) > _SAME])]
    found: list[float] = []
    for low, high in pairwise(limits.tolist()):
        middle = (low + high) / 2
        if any(locator.FindCell(first + middle * (last - first)) >= 0 for locator in locators):
            inside = _INSIDE * (high - low)
            found += [middle] if pattern == _CENTERS else [low + inside, high - inside]
    return found


def _fill(output: Any, first: _Place, last: _Place, places: list[float]) -> None:
    """Make one line through the places."""
    coordinates = first + np.outer(places, last - first)
    points, cells = vtkPoints(), vtkCellArray()
    points.SetData(copied(coordinates.reshape(-1, 3)))
    if len(places) > 1:
        cells.InsertNextCell(len(places), list(range(len(places))))
    output.SetPoints(points)
    output.SetLines(cells)
