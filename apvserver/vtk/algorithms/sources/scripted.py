"""A source that is a Python script of a client, where the server allows that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkDataObjectTypes

from ...types.definitions import PropertyDefinition
from ...types.own_properties import OwnProperties

_KINDS: Final = (
    ("vtkPolyData", 0), ("vtkStructuredGrid", 2), ("vtkRectilinearGrid", 3), ("vtkUnstructuredGrid", 4),
    ("vtkImageData", 6), ("vtkMultiblockDataSet", 13), ("vtkHierarchicalBoxDataSet", 15), ("vtkTable", 19),
    ("vtkMolecule", 33), ("vtkPartitionedDataSet", 37), ("vtkPartitionedDataSetCollection", 38),
)  # fmt: skip
_OVERLAPPING: Final = 15
Method = Callable[[], None]


class ScriptedSource(OwnProperties, VTKPythonAlgorithmBase):
    """ScriptedSource - Data that a script makes: `output` is the data object to fill, `self` the source, `np` numpy."""

    PROPERTIES: ClassVar = (
        PropertyDefinition("OutputDataSetType", "enum", 1, 0, enumeration=_KINDS, doc="The type of the data."),
    )

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=0, outputType="vtkDataObject")
        self._execute: Method | None = None
        self._inform: Method | None = None

    def SetExecuteMethod(self, method: Method) -> None:
        """Have this called to fill the output."""
        self._execute = method

    def SetInformationMethod(self, method: Method) -> None:
        """Have this called to tell times and extents before anything is made."""
        self._inform = method

    def GetOutput(self) -> Any:
        """Return the data object to fill."""
        return self.GetOutputDataObject(0)

    GetPolyDataOutput = GetStructuredGridOutput = GetRectilinearGridOutput = GetOutput
    GetUnstructuredGridOutput = GetImageDataOutput = GetMultiBlockOutput = GetTableOutput = GetOutput

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make the data object, of the type that is set."""
        number = int(self.value_of("OutputDataSetType"))
        kind = "vtkOverlappingAMR" if number == _OVERLAPPING else vtkDataObjectTypes.GetClassNameFromTypeId(number)
        information = outInfo.GetInformationObject(0)
        held = information.Get(vtkDataObject.DATA_OBJECT())
        if held is None or held.GetClassName() != kind:
            information.Set(vtkDataObject.DATA_OBJECT(), vtkDataObjectTypes.NewDataObject(kind))
        return 1

    def RequestInformation(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Have the script tell times and extents."""
        if self._inform is not None:
            self._inform()
        return 1

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Have the script fill the data object; what goes wrong there is told by it."""
        vtkDataObject.GetData(outInfo, 0).Initialize()
        if self._execute is not None:
            self._execute()
        return 1
