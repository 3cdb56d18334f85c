"""Algorithms of our own around statistics over time: the marks of hidden points and cells are no numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkDataSetAttributes
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from ...base.array_types import copied
from ...base.blocks import parts
from ...types.own_properties import OwnProperties, switch
from ..array_algorithm import ArrayAlgorithm

_MARKS: Final = vtkDataSetAttributes.GhostArrayName()
_MAXIMUM: Final = "_maximum"
_ASKED: Final = vtkStreamingDemandDrivenPipeline.UPDATE_TIME_STEP()
_STEPS: Final = vtkStreamingDemandDrivenPipeline.TIME_STEPS()
_STATISTICS: Final = ("_average", "_minimum", _MAXIMUM, "_stddev")


class NotedMarks(ArrayAlgorithm):
    """NotedMarks - Hands data on as it is, and notes whether something in it is marked, at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.noted = False

    def change(self, output: Any, *inputs: Any) -> None:
        """Look at the marks."""
        self.noted |= any(one.HasArray(_MARKS) for one in _attributes(output))


class MarkedStatistics(OwnProperties, ArrayAlgorithm):
    """MarkedStatistics - Makes marks of the statistics of marks: what is hidden at some time is hidden.

    VTK 9.7.2 takes marks for numbers, and what has none for seen. The input is what a vtkTemporalStatistics has made of
    a NotedMarks, with maxima: of the kinds of marks of points and cells, hidden is the largest.
    """

    PROPERTIES: ClassVar = (switch("ComputeMaximum", True, "Whether the largest values stay."),)

    def change(self, output: Any, *inputs: Any) -> None:
        """Replace the statistics of marks; say so where marks are lost."""
        marked, maximum = False, self.value_of("ComputeMaximum")
        for attributes in _attributes(output):
            largest = attributes.GetArray(_MARKS + _MAXIMUM)
            if largest is not None:
                marked = True
                marks = copied(vtk_to_numpy(largest).astype(np.uint8))
                marks.SetName(_MARKS)
                attributes.AddArray(marks)
            names = [attributes.GetArrayName(index) or "" for index in range(attributes.GetNumberOfArrays())]
            for name in names:
                of_marks = name in {_MARKS + one for one in _STATISTICS}
                if of_marks or (not maximum and name.endswith(_MAXIMUM)):
                    attributes.RemoveArray(name)
        source: Any = self
        while not isinstance(source, NotedMarks):  # others, which promote integers, are between
            source = source.GetInputConnection(0, 0).GetProducer()
        if source.noted and not marked:
            self.warn(
                "some points or cells are hidden at other times than the first, and the values that they have there "
                "count; they do not where all times have a vtkGhostType, also one of zeros"
            )
        source.noted = False


class TimeAskedFor(ArrayAlgorithm):
    """TimeAskedFor - Says of data which time it is of: VTK 9.7.2 gives averages the last time that they are made of."""

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Note the time step of the input that is nearest to what is asked for."""
        made = super().RequestData(request, inInfo, outInfo)
        asked, source = outInfo.GetInformationObject(0), inInfo[0].GetInformationObject(0)
        if made and asked.Has(_ASKED) and source.Has(_STEPS):
            steps = source.Get(_STEPS)
            time = min(steps, key=lambda one: abs(one - asked.Get(_ASKED)))
            vtkDataObject.GetData(outInfo, 0).GetInformation().Set(vtkDataObject.DATA_TIME_STEP(), time)
        return made

    def change(self, output: Any, *inputs: Any) -> None:
        """Leave the arrays as they are."""


def _attributes(data: Any) -> Iterator[Any]:
    for leaf in parts(data):
        if leaf.IsA("vtkDataSet"):
            yield leaf.GetPointData()
            yield leaf.GetCellData()
