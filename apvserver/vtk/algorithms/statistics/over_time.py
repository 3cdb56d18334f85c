"""Algorithms of our own around VTK's plots of statistics over time: each time's statistics are counted again.

VTK 9.7.2 counts what is no number where quartiles are concerned, has one quartile of an odd number of values half a
value too low, and quartiles of integers without fractions; of hidden points it leaves the values out, and counts them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final
from weakref import ref

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkSelectionNode
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from ...base.array_types import as_numpy
from ...base.blocks import places, uncovered
from ...base.data_making import add_array
from ...base.errors import VtkError
from ..array_algorithm import ArrayAlgorithm, FollowingAlgorithm
from ..measures.histograms import counting

Row = Mapping[str, float]
"""What the columns of one time have, by their names."""

_ASKED: Final = vtkStreamingDemandDrivenPipeline.UPDATE_TIME_STEP()
_MARKS: Final = "vtkGhostType"
_BLOCK: Final = re.compile(r"block=(\d+)$")
_STATISTIC: Final = re.compile(r"\w+\((.*)\)$", re.DOTALL)
_SHARES: Final = np.linspace(0.0, 1.0, 5)
_WHOLE: Final = 0
"""Stands for what is no composite among the places of a composite, which begin at 1."""


class NotedStatistics(ArrayAlgorithm):
    """NotedStatistics - Hands data on as it is, and notes the statistics of each time that goes through."""

    def __init__(self) -> None:
        super().__init__()
        self._filter: ref[Any] | None = None
        self.noted: dict[float, dict[int, Row]] = {}
        """By the time that was asked for, and the places of blocks."""

    def serve(self, filter: Any) -> None:
        """Note what that filter, a vtkExtractDataArraysOverTime, wants to know."""
        self._filter = ref(filter)

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Note what time is asked for."""
        asked = outInfo.GetInformationObject(0)
        self._time = asked.Get(_ASKED) if asked.Has(_ASKED) else 0.0
        return super().RequestData(request, inInfo, outInfo)

    def change(self, output: Any, *inputs: Any) -> None:
        """Count."""
        filter = None if self._filter is None else self._filter()
        if filter is not None and filter.GetReportStatisticsOnly():
            self.noted[self._time] = _statistics(output, filter.GetFieldAssociation())


class CountedStatistics(FollowingAlgorithm):
    """CountedStatistics - Puts what was counted at each time in the place of VTK's statistics.

    The filter before it is a vtkExtractDataArraysOverTime, whose own input is a NotedStatistics, or a
    vtkExtractSelectedArraysOverTime, whose extractor tells what it has extracted at each time.
    """

    part_of: ClassVar = "PlotDataOverTime or PlotSelectionOverTime"

    def __init__(self) -> None:
        super().__init__()
        self._selected: list[dict[int, Row]] = []

    def follow(self, filter: Any) -> None:
        """Take what that filter, or what is before it, sees."""
        super().follow(filter)
        if hasattr(filter, "GetSelectionExtractor"):
            filter.AddObserver("StartEvent", lambda *_: self._selected.clear())
            filter.GetSelectionExtractor().AddObserver("EndEvent", self._note)
        else:
            filter.GetInputConnection(0, 0).GetProducer().serve(filter)

    def _note(self, extractor: Any, _event: str) -> None:
        if self.followed().GetReportStatisticsOnly():
            association = _association(extractor.GetInputDataObject(1, 0))
            self._selected.append(_statistics(extractor.GetOutputDataObject(0), association))

    def change(self, output: Any, *inputs: Any) -> None:
        """Replace columns, and leave out those of marks."""
        filter = self.followed()
        if not filter.GetReportStatisticsOnly():
            return
        empty: dict[str, None] = {}
        for place, table in places(output):
            times = vtk_to_numpy(table.GetColumnByName("Time"))
            named = _BLOCK.search(_name_of(output, place))
            which = int(named[1]) if named else _WHOLE
            if hasattr(filter, "GetSelectionExtractor"):
                of_times = [each.get(which) for each in self._selected]
            else:
                noted = filter.GetInputConnection(0, 0).GetProducer().noted
                of_times = [noted.get(time, {}).get(which) for time in times]
            if len(of_times) != len(times):
                raise VtkError(f"{len(of_times)} times were seen, and there are {len(times)}")
            _replace(table.GetRowData(), of_times, empty)
        if empty:
            self.warn(f"without a finite number at some time, and so without statistics: {', '.join(empty)}")


def _association(selection: Any) -> int:
    """Return of what the elements are that a selection selects, as VTK's filter takes it: of its first node."""
    if selection is None or not selection.GetNumberOfNodes():
        return int(vtkDataObject.POINT)
    return int(vtkSelectionNode.ConvertSelectionFieldToAttributeType(selection.GetNode(0).GetFieldType()))


def _name_of(blocks: Any, place: Any) -> str:
    about = blocks.GetMetaData(place) if blocks.HasMetaData(place) else None
    return (about.Get(blocks.NAME()) or "") if about is not None else ""


def _statistics(data: Any, association: int) -> dict[int, Row]:
    if not data.IsA("vtkCompositeDataSet"):
        return {_WHOLE: _row(data, association)}
    found = places(uncovered(data))
    return {place.GetCurrentFlatIndex(): _row(leaf, association) for place, leaf in found}


def _row(data: Any, association: int) -> Row:
    row: dict[str, float] = {}
    attributes = data.GetAttributes(association)
    count = data.GetNumberOfElements(association)
    if attributes is None or not count:
        return row
    seen = counting(data, association, count)
    row["N"] = float(np.count_nonzero(seen))
    for name, values in _columns(data, attributes, association):
        row.update(_of_values(name, values[seen]))
    return row


def _columns(data: Any, attributes: Any, association: int) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """Yield numbers by the names that VTK's filter has for them."""
    if association == vtkDataObject.POINT and data.IsA("vtkDataSet"):
        yield from zip("XYZ", as_numpy(data.GetPoints().GetData()).T, strict=True)
    for index in range(attributes.GetNumberOfArrays()):
        array = attributes.GetArray(index)
        if array is None or array.GetName() in (None, "", _MARKS):
            continue
        values = as_numpy(array)
        if array.GetNumberOfComponents() == 1:
            yield array.GetName(), values
            continue
        for component in range(array.GetNumberOfComponents()):
            for label in {str(component), array.GetComponentName(component) or str(component)}:
                yield f"{array.GetName()} ({label})", values[:, component]
        yield f"{array.GetName()} (Magnitude)", np.linalg.norm(values.astype(np.float64), axis=1)


def _of_values(name: str, values: npt.NDArray[Any]) -> Row:
    numbers = values.astype(np.float64)
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        return {f"{one}({name})": np.nan for one in ("min", "q1", "med", "q3", "max", "avg", "std", "sum")}
    quarters = np.quantile(numbers, _SHARES, method="averaged_inverted_cdf")
    found = dict(zip(("min", "q1", "med", "q3", "max"), quarters, strict=True))
    found["avg"], found["sum"] = numbers.mean(), numbers.sum()
    found["std"] = numbers.std(ddof=1) if len(numbers) > 1 else 0.0
    return {f"{one}({name})": float(value) for one, value in found.items()}


def _replace(rows: Any, of_times: list[Row | None], empty: dict[str, None]) -> None:
    for index in reversed(range(rows.GetNumberOfArrays())):
        array = rows.GetArray(index)
        name = "" if array is None else array.GetName()
        statistic = _STATISTIC.match(name)
        if statistic and statistic[1] == _MARKS:
            rows.RemoveArray(index)
        elif any(name in row for row in of_times if row is not None):
            values = vtk_to_numpy(array).astype(np.float64)
            for time, row in enumerate(of_times):
                if row is not None and name in row:
                    values[time] = row[name]
            if statistic and np.isnan(values).any():
                empty[statistic[1]] = None
            add_array(rows, name, values)
