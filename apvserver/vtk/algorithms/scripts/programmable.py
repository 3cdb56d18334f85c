"""A filter whose work is a script; what VTK's does not, it makes other kinds of data, and announces times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import vtkDataObjectTypes
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm

from ...base.errors import VtkError
from ...types.definitions import PropertyDefinition
from ...types.own_properties import OwnProperties, switch, text
from ..own_algorithms import data_of, like, output_of, told

_SAME: Final = 8
_KINDS: Final = {
    "vtkPolyData": 0, "vtkStructuredGrid": 2, "vtkRectilinearGrid": 3, "vtkUnstructuredGrid": 4, "vtkImageData": 6,
    "vtkUniformGrid": 10, "vtkMultiblockDataSet": 13, "vtkHierarchicalBoxDataSet": 15, "vtkTable": 19,
    "vtkHyperTreeGrid": 32, "vtkMolecule": 33, "vtkPartitionedDataSet": 37, "vtkPartitionedDataSetCollection": 38,
}  # fmt: skip
"""ParaView's names and numbers of kinds of data."""
_CLASSES: Final = {13: "vtkMultiBlockDataSet", 15: "vtkOverlappingAMR"}
"""What those are called in VTK that have another name there."""
Script = Callable[[], None]


class ProgrammedFilter(OwnProperties, VTKPythonAlgorithmBase):
    """ProgrammedFilter - What a script makes of data; `types.adapters.scripting` makes methods of scripts."""

    PROPERTIES: ClassVar = (
        PropertyDefinition(
            "OutputDataSetType",
            "enum",
            1,
            _SAME,
            enumeration=(("Same as Input", _SAME), *_KINDS.items()),
            doc="The kind of data that the script makes.",
        ),
        switch("CopyArrays", False, "Whether the output begins as a copy of the input with its arrays."),
        text("PythonPath", "", "Folders of the server in which scripts find modules, with a colon between them."),
    )

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=1, nOutputPorts=1, outputType="vtkDataObject")
        self._execute: Script | None = None
        self._inform: Script | None = None
        self._extend: Script | None = None

    def SetExecuteMethod(self, method: Script) -> None:
        """SetExecuteMethod(self, method:Callback) -> None"""
        self._execute = method
        self.Modified()

    def SetInformationMethod(self, method: Script) -> None:
        """SetInformationMethod(self, method:Callback) -> None"""
        self._inform = method
        self.Modified()

    def GetOutput(self) -> Any:
        """Return the data that the script makes."""
        return self.GetOutputDataObject(0)

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Give the output the kind that was asked for, or that of the input."""
        wanted = self.value_of("OutputDataSetType")
        if wanted == _SAME:
            return like(data_of(inInfo), outInfo)
        name = next(name for name, number in _KINDS.items() if number == wanted)
        made = vtkDataObjectTypes.NewDataObject(_CLASSES.get(wanted, name))
        return told(type(self).__name__, lambda: self._take(made, outInfo))

    def _take(self, made: Any, outInfo: Any) -> None:
        if made is None:
            raise VtkError("this VTK makes no data of the kind that OutputDataSetType names")
        like(made, outInfo)

    def RequestInformation(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Have the script announce times and extents."""
        return 1 if self._inform is None else told(type(self).__name__, self._inform)

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Have the script make the data."""
        self._begin(inInfo, output_of(outInfo))
        return 1 if self._execute is None else told(type(self).__name__, self._execute)

    def SetUpdateExtentMethod(self, method: Script) -> None:
        """SetUpdateExtentMethod(self, method:Callback) -> None"""
        self._extend = method
        self.Modified()

    def GetInput(self) -> Any:
        """Return the first data that the script works on."""
        return self.GetInputDataObject(0, 0)

    def FillInputPortInformation(self, port: int, info: Any) -> int:
        """Take any data, and several."""
        info.Set(vtkAlgorithm.INPUT_REQUIRED_DATA_TYPE(), "vtkDataObject")
        info.Set(vtkAlgorithm.INPUT_IS_REPEATABLE(), 1)
        return 1

    def RequestUpdateExtent(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Have the script say which part of the input it needs."""
        return 1 if self._extend is None else told(type(self).__name__, self._extend)

    def _begin(self, inInfo: Any, output: Any) -> None:
        """Make what the script begins with."""
        data = data_of(inInfo)
        if data is None or data.GetClassName() != output.GetClassName():
            output.Initialize()
        elif self.value_of("CopyArrays"):
            output.ShallowCopy(data)
        elif hasattr(output, "CopyStructure"):
            output.CopyStructure(data)
        else:
            output.Initialize()
