"""The ports of algorithm classes: their names and types, and the group that a class belongs to."""

from typing import Any

from vtkmodules.vtkCommonDataModel import vtkDataObjectTypes
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm, vtkTrivialProducer

from .definitions import Group, InputDefinition

_TYPES = vtkAlgorithm.INPUT_REQUIRED_DATA_TYPE()
_OPTIONAL = vtkAlgorithm.INPUT_IS_OPTIONAL()
_REPEATABLE = vtkAlgorithm.INPUT_IS_REPEATABLE()
_EMPTY = ("vtkPolyData", "vtkUnstructuredGrid", "vtkImageData", "vtkTable", "vtkMultiBlockDataSet")


def input_definitions(algorithm: Any) -> tuple[InputDefinition, ...]:
    """Return the input ports of an instance that has no connections yet; connections are tried and removed again."""
    count = algorithm.GetNumberOfInputPorts()
    names = {0: "Input", **_named_ports(algorithm)} if count > 1 else {0: "Input"}
    return tuple(_input(algorithm, port, names.get(port, f"Input{port + 1}")) for port in range(count))


def _input(algorithm: Any, port: int, name: str) -> InputDefinition:
    information = algorithm.GetInputPortInformation(port)
    types = tuple(information.Get(_TYPES, index) for index in range(information.Length(_TYPES)))
    return InputDefinition(
        name=name,
        data_types=types,
        repeatable=bool(information.Get(_REPEATABLE)),
        optional=bool(information.Get(_OPTIONAL)),
    )


def nothing_for(algorithm: Any, port: int) -> Any | None:
    """Return an empty data set for a port that takes a list of inputs, if it must not be empty: None where it may."""
    information = algorithm.GetInputPortInformation(port)
    if not information.Get(_REPEATABLE) or information.Get(_OPTIONAL):
        return None
    wanted = [information.Get(_TYPES, index) for index in range(information.Length(_TYPES))]
    for name in (*_EMPTY, *wanted):
        made = vtkDataObjectTypes.NewDataObject(name)
        if made is not None and (not wanted or any(made.IsA(one) for one in wanted)):
            return made
    return None


def _named_ports(algorithm: Any) -> dict[int, str]:
    """Return which port each SetXConnection method connects: the only place where VTK names its ports."""
    names: dict[int, str] = {}
    producer = vtkTrivialProducer()
    for method in dir(algorithm):
        name = method.removeprefix("Set").removesuffix("Connection")
        if method != f"Set{name}Connection" or name == "Input":
            continue
        if not (getattr(algorithm, method).__doc__ or "").startswith(f"{method}(self, "):
            continue
        before = _connections(algorithm)
        try:
            getattr(algorithm, method)(producer.GetOutputPort())
        except TypeError:
            continue  # takes an index or a port number as well
        for port, (old, new) in enumerate(zip(before, _connections(algorithm), strict=True)):
            if new > old and port > 0:
                names[port] = name.removeprefix("Input") or name
                algorithm.RemoveAllInputConnections(port)
    return names


def _connections(algorithm: Any) -> list[int]:
    return [algorithm.GetNumberOfInputConnections(p) for p in range(algorithm.GetNumberOfInputPorts())]


def group_of(cls: Any, inputs: int) -> Group:
    """Return the menu that a class belongs to, from its ancestors, its name and its number of inputs."""
    ancestors = {base.__name__ for base in cls.__mro__}
    name = cls.__name__
    if ancestors & {"vtkAbstractMapper", "vtkDataRepresentation"}:
        return "mappers"
    if "Writer" in name or "Exporter" in name or "vtkWriter" in ancestors:
        return "writers"
    if inputs == 0:
        return "readers" if "Reader" in name or "Import" in name else "sources"
    return "readers" if name.endswith("Reader") else "filters"
