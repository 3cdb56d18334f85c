"""Algorithms of our own that look into data at places: of one data set, or of all blocks of a composite as one."""

from __future__ import annotations

from typing import Any, ClassVar, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonCore import VTK_DOUBLE, VTK_FLOAT, vtkCharArray
from vtkmodules.vtkCommonDataModel import vtkDataObject
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm, vtkStreamingDemandDrivenPipeline

from ...base.blocks import parts
from ...base.blocks import places as blocks_at
from ...base.errors import VtkError
from ...types.own_properties import OwnProperties, number, switch
from ..blanking import blank
from ..own_algorithms import data_of, like, output_of, told, warn
from .samples import VALID, Block, Configure, Samples, SamplingStopped, array_of, block_of, sampled

_PIPELINE: Final = vtkStreamingDemandDrivenPipeline
_FINEST_LAST: Final = ("vtkUniformGridAMR", "vtkAMRDataObject")
"""Composites whose later blocks are finer: those give the values where both are."""


_EXACT: Final = 1e-10
"""Of the size of a block: what rounding may do to a place that is in a cell."""
_NOWHERE: Final = "none of the points lies in a cell of the data: all values are NaN"
_NO_CELLS: Final = (
    "the data has points but no cells, and values are looked up in cells: all are NaN. PointDatasetInterpolator makes "
    "values of points around, Delaunay3D makes cells"
)


class DataSampler(OwnProperties, VTKPythonAlgorithmBase):
    """DataSampler - The values of a data set, or of all blocks of a composite, at the points of another data set."""

    PROPERTIES: ClassVar = (
        number("Tolerance", 1.0, "How far outside of a cell a point still belongs to it, if that is not computed."),
        switch("ComputeTolerance", True, "Whether the tolerance is chosen by the sizes of cells."),
        switch(
            "PassPointArrays",
            False,
            "Whether the point arrays of the mesh stay, unless one of the data is called like them.",
        ),
        switch("PassCellArrays", False, "Whether the cell arrays of the mesh stay."),
        switch(
            "MarkBlankPointsAndCells",
            False,
            "Whether points outside of the data, and cells with such points, are hidden.",
        ),
    )

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=2, nOutputPorts=1, outputType="vtkDataObject")
        self._blocks: dict[tuple[str, int], Block] = {}
        self.kept: list[Samples] | None = None
        """The samples of the last execution, for who puts those of pieces together: a list, if they are to be kept."""

    def SetSourceConnection(self, connection: Any) -> None:
        """SetSourceConnection(self, connection:vtkAlgorithmOutput) -> None"""
        self.SetInputConnection(1, connection)

    def FillInputPortInformation(self, port: int, info: Any) -> int:
        """Take data sets and composites; what is looked into may be a hyper tree grid as well."""
        for kind in ("vtkDataSet", "vtkCompositeDataSet", *(("vtkHyperTreeGrid",) if port else ())):
            info.Append(vtkAlgorithm.INPUT_REQUIRED_DATA_TYPE(), kind)
        return 1

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Give the output the kind of the places."""
        return like(data_of(inInfo), outInfo)

    def RequestInformation(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Announce the times of the data that is looked into, and the extent of the places."""
        source, output = inInfo[1].GetInformationObject(0), outInfo.GetInformationObject(0)
        for key in (_PIPELINE.TIME_STEPS(), _PIPELINE.TIME_RANGE()):
            if source.Has(key):
                output.CopyEntry(source, key)
        self._announce_scalars(vtkDataObject.GetData(inInfo[1]), output)
        return 1

    def RequestUpdateExtent(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Ask for all of both inputs."""
        for port in range(2):
            information = inInfo[port].GetInformationObject(0)
            if information.Has(_PIPELINE.WHOLE_EXTENT()):
                information.Set(_PIPELINE.UPDATE_EXTENT(), information.Get(_PIPELINE.WHOLE_EXTENT()), 6)
        return 1

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make the structure of the places, with the values that the data has there."""
        return told(
            "DataSampler", lambda: self._unless_stopped(data_of(inInfo), data_of(inInfo, 1), output_of(outInfo))
        )

    # --- inside

    def _unless_stopped(self, places: Any, source: Any, output: Any) -> None:
        try:
            self._sample(places, source, output)
        except SamplingStopped as error:
            if not self.GetAbortExecute():
                raise VtkError(f"{error}, and nobody has asked for that") from error

    def _announce_scalars(self, source: Any, output: Any) -> None:
        """Announce the type of numbers, which filters of images ask for before there are some."""
        found = [leaf.GetPointData().GetScalars() for leaf in parts(source) if leaf.IsA("vtkDataSet")] if source else []
        types = {(one.GetDataType(), one.GetNumberOfComponents()) for one in found if one is not None}
        if types:
            single = {kind for kind, _ in types} == {VTK_FLOAT}
            components = max(count for _, count in types)
            vtkDataObject.SetPointDataActiveScalarInfo(output, VTK_FLOAT if single else VTK_DOUBLE, components)

    def _sample(self, places: Any, source: Any, output: Any) -> None:
        blocks, anywhere = self._prepared(source), False
        remarks: list[str] = []
        if not places.IsA("vtkCompositeDataSet"):
            anywhere = self._fill(places, output, blocks, remarks)
        else:
            output.CopyStructure(places)
            for place, leaf in blocks_at(places):
                made = leaf.NewInstance()
                anywhere |= self._fill(leaf, made, blocks, remarks)
                output.SetDataSet(place, made)
        output.GetFieldData().PassData(places.GetFieldData())
        time = vtkDataObject.DATA_TIME_STEP()
        if source.GetInformation().Has(time):
            output.GetInformation().Set(time, source.GetInformation().Get(time))
        if not anywhere and any(block.data.GetNumberOfPoints() for block in blocks):
            has_cells = any(block.data.GetNumberOfCells() for block in blocks)
            remarks.append(_NOWHERE if has_cells else _NO_CELLS)
        for remark in dict.fromkeys(remarks):
            warn(f"DataSampler: {remark}")

    def _prepared(self, source: Any) -> list[Block]:
        """Return the blocks, in the order in which they count.

        What VTK builds to search in them is kept while they last.
        """
        found = [_data_set(leaf) for leaf in parts(source)]
        if any(source.IsA(kind) for kind in _FINEST_LAST):
            found.reverse()
        keys = [(leaf.__this__, leaf.GetMTime()) for leaf in found]
        self._blocks = {key: self._blocks.get(key) or block_of(leaf) for key, leaf in zip(keys, found, strict=True)}
        return [self._blocks[key] for key in keys]

    def _fill(self, places: Any, output: Any, blocks: list[Block], remarks: list[str]) -> bool:
        """Return whether any place lies in the data."""
        samples = sampled(places, blocks, self._searches())
        if self.kept is not None:
            self.kept.append(samples)
        output.CopyStructure(places)
        add_values(output, samples)
        for on, found, kept in (
            (self.value_of("PassPointArrays"), places.GetPointData(), output.GetPointData()),
            (self.value_of("PassCellArrays"), places.GetCellData(), output.GetCellData()),
        ):
            for index in range(found.GetNumberOfArrays() if on else 0):
                array = found.GetAbstractArray(index)
                if not kept.HasArray(array.GetName() or ""):
                    kept.AddArray(array)
        if self.value_of("MarkBlankPointsAndCells"):
            blank(output, ~samples.valid)
        remarks += samples.remarks
        return bool(samples.valid.any()) or not len(samples.valid)

    def _searches(self) -> list[Configure]:
        """Return the searches: a cell that holds a place comes before one within the tolerance of VTK's choice."""
        return [self._exact, self._tolerant] if self.value_of("ComputeTolerance") else [self._tolerant]

    def _exact(self, probe: Any) -> None:
        probe.SetContainerAlgorithm(self)
        probe.SetComputeTolerance(False)
        probe.SetTolerance(_EXACT * probe.GetSource().GetLength())

    def _tolerant(self, probe: Any) -> None:
        probe.SetContainerAlgorithm(self)
        probe.SetComputeTolerance(self.value_of("ComputeTolerance"))
        probe.SetTolerance(self.value_of("Tolerance"))


def _data_set(leaf: Any) -> Any:
    if not leaf.IsA("vtkHyperTreeGrid"):
        return leaf
    from vtkmodules.vtkFiltersHyperTree import vtkHyperTreeGridToUnstructuredGrid

    convert = vtkHyperTreeGridToUnstructuredGrid()
    convert.SetInputData(leaf)
    convert.Update()
    return convert.GetOutput()


def add_values(output: Any, samples: Samples) -> None:
    """Add the values of samples, and which places have some, to the points of an output."""
    attributes = output.GetPointData()
    for name, values in samples.values.items():
        attributes.AddArray(array_of(values, name, samples.columns[name]))
    for kind, name in samples.attributes.items():
        if name in samples.values:
            attributes.SetActiveAttribute(name, kind)
    mask = vtkCharArray()
    mask.SetName(VALID)
    mask.SetNumberOfTuples(len(samples.valid))
    if len(samples.valid):
        vtk_to_numpy(mask)[:] = samples.valid.astype(np.int8)
    attributes.AddArray(mask)
