"""Opens a file as a client's `session.open` does, without processes, and gives the data."""

from pathlib import Path
from typing import Any

from vtkmodules.util.numpy_support import vtk_to_numpy

from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.files.series import choose_for
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline


def opened(path: Path, *, time: float | None = None, port: int = 0, warnings: list[str] | None = None) -> Any:
    """The data object of a port at a time. What VTK warns of is added to `warnings`. Raises what opening raises."""
    pipeline = Pipeline()
    pipeline.create(1, *choose_for([str(path)]))

    def note(message: Message) -> None:
        if warnings is not None:
            warnings.append(message.text)

    Executor().execute(pipeline, 1, time=time, on_message=note)
    data = pipeline.algorithm(1).GetOutputDataObject(port)
    kept = data.NewInstance()
    kept.ShallowCopy(data)
    return kept


def times(path: Path) -> tuple[float, ...]:
    """The times that the reader of a file announces."""
    pipeline = Pipeline()
    pipeline.create(1, *choose_for([str(path)]))
    algorithm = pipeline.algorithm(1)
    algorithm.UpdateInformation()
    information = algorithm.GetOutputInformation(0)
    key = information.TIME_STEPS() if hasattr(information, "TIME_STEPS") else algorithm.GetExecutive().TIME_STEPS()
    return tuple(information.Get(key)) if information.Has(key) else ()


def leaves(data: Any) -> list[tuple[str, Any]]:
    """The data sets in a composite one and their names, in order."""
    if data.IsA("vtkPartitionedDataSetCollection"):
        blocks = [
            (_name(data, index), data.GetPartitionedDataSet(index))
            for index in range(data.GetNumberOfPartitionedDataSets())
        ]
        return [(name, one.GetPartition(index)) for name, one in blocks for index in range(one.GetNumberOfPartitions())]
    if not data.IsA("vtkMultiBlockDataSet"):
        return [("", data)]
    found = []
    for index in range(data.GetNumberOfBlocks()):
        block = data.GetBlock(index)
        name = _name(data, index)
        if block is not None:
            found += [(inner or name, one) for inner, one in leaves(block)]
    return found


def _name(data: Any, index: int) -> str:
    return (data.GetMetaData(index).Get(data.NAME()) or "") if data.HasMetaData(index) else ""


def points(data: Any) -> Any:
    """The places of the points, a row for each."""
    return vtk_to_numpy(data.GetPoints().GetData())


def values(attributes: Any, name: str) -> Any:
    """The numbers of an array."""
    return vtk_to_numpy(attributes.GetArray(name))


def volume(data: Any, what: str = "Volume") -> float:
    """The sum of the volumes, or of another of the measures, of all cells of the highest dimension."""
    from vtkmodules.vtkFiltersParallel import vtkIntegrateAttributes

    integrate = vtkIntegrateAttributes()
    integrate.SetInputData(data)
    integrate.Update()
    measured = integrate.GetOutput().GetCellData().GetArray(what)
    return float(measured.GetValue(0)) if measured is not None else 0.0
