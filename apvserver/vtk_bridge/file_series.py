"""An algorithm of our own: reads files that are one data set at different times, with any reader for a single file."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonCore import vtkOutputWindow
from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkMultiBlockDataSet
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from apvserver.vtk_bridge.catalog import construct
from apvserver.vtk_bridge.errors import VtkBridgeError
from apvserver.vtk_bridge.file_states import FileStates, states_of
from apvserver.vtk_bridge.intact import check_intact
from apvserver.vtk_bridge.properties import set_properties
from apvserver.vtk_bridge.readers import choose_reader
from apvserver.vtk_bridge.references import check_references

_PIPELINE: Final = vtkStreamingDemandDrivenPipeline
_ANNOUNCED: Final = (
    _PIPELINE.WHOLE_EXTENT(),
    vtkDataObject.ORIGIN(),
    vtkDataObject.SPACING(),
    vtkDataObject.DIRECTION(),
    vtkDataObject.POINT_DATA_VECTOR(),
    vtkDataObject.CELL_DATA_VECTOR(),
)
"""What readers of images say of them before they read: filters of images make their results by that."""
_Shape = list[tuple[float, ...] | None]


class FileSeriesReader(VTKPythonAlgorithmBase):  # type: ignore[misc]
    """FileSeriesReader - Reads files that are one data set at different times."""

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=0, nOutputPorts=1, outputType="vtkDataObject")
        self._names: list[str] = []
        self._times: list[float] = []
        self._reader_of: tuple[str, FileStates, Any] | None = None
        self._looked_at: FileStates = {}
        self._time: float | None = None
        self._failed = False
        self._shape: _Shape | None = None

    # --- properties, see `adapters`

    def AddFileName(self, name: str) -> None:
        """AddFileName(self, name:str) -> None"""
        self._names.append(name)
        self._changed()

    def ClearFileNames(self) -> None:
        """ClearFileNames(self) -> None"""
        self._names.clear()
        self._changed()

    def GetNumberOfFileNames(self) -> int:
        """GetNumberOfFileNames(self) -> int"""
        return len(self._names)

    def GetFileName(self, index: int) -> str:
        """GetFileName(self, index:int) -> str"""
        return self._names[index]

    def SetSeriesTimes(self, times: tuple[float, ...]) -> None:
        """SetSeriesTimes(self, times) -> None"""
        if list(times) != self._times:
            self._times = list(times)
            self._changed()

    def GetSeriesTimes(self) -> tuple[float, ...]:
        """GetSeriesTimes(self) -> tuple"""
        return tuple(self._times)

    def files_looked_at(self) -> tuple[str, ...]:
        """The files that the output depends on, of those in `FileNames`; see `file_states`."""
        return tuple(self._looked_at)

    def states_looked_at(self) -> FileStates:
        """How those files were then."""
        return dict(self._looked_at)

    def announce_at(self, time: float | None) -> None:
        """Say before an execution at which time that will be: images may have another extent then.

        VTK's filters ask for the extent that was announced, and it is announced once for all times: where it differs,
        this makes all that is downstream look at it again. A file that cannot be read is told by the execution.
        """
        if self._failed:
            self._failed = False
            self.Modified()
        if self._shape is not None:
            with suppress(VtkBridgeError):
                if self._shape_at(time) != self._shape:
                    self.Modified()
        self._time = time

    # --- the pipeline

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """The kind of data is that of the first file, or a multi-block if there are several files for a time."""
        return self._told(lambda: self._make_output(outInfo.GetInformationObject(0)))

    def RequestInformation(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """The times; of images also the extent."""
        return self._told(lambda: self._announce(outInfo.GetInformationObject(0)))

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """The data of the last time that is not after the one asked for."""
        information = outInfo.GetInformationObject(0)
        if not self._told(lambda: self._read(information)):
            # What works on several times asks for a time again, for ever, if that fails. The error has been told.
            information.Get(vtkDataObject.DATA_OBJECT()).Initialize()
            self._failed = True
        return 1

    # --- inside

    def _changed(self) -> None:
        self._reader_of = None
        self._looked_at.clear()
        self.Modified()

    def _told(self, work: Any) -> int:
        """Do the work; what is wrong becomes an error of the algorithm."""
        try:
            work()
        except VtkBridgeError as error:
            vtkOutputWindow.GetInstance().DisplayErrorText(f"FileSeriesReader: {error}")
            return 0
        return 1

    def _steps(self) -> dict[float, list[str]]:
        """The files of each time. Without times they are numbered from 0."""
        if self._times and len(self._times) != len(self._names):
            raise VtkBridgeError(
                f"TimeValues has {len(self._times)} values for {len(self._names)} files: one for each, or none"
            )
        if not self._names:
            raise VtkBridgeError("FileNames is empty: it names the files of the series")
        steps: dict[float, list[str]] = {}
        for time, name in zip(self._times or map(float, range(len(self._names))), self._names, strict=True):
            steps.setdefault(time, []).append(name)
        return dict(sorted(steps.items()))

    def _reader(self, name: str) -> Any:
        """The reader for a file as it is now. One is kept, that of the file that was read last."""
        states = states_of([name])
        self._looked_at |= states
        if self._reader_of is None or self._reader_of[:2] != (name, states):
            type_name, properties = choose_reader(name)
            check_references(name, type_name)
            check_intact(name, type_name)
            reader = construct(type_name)
            set_properties(reader, properties)
            self._reader_of = name, states, reader
        return self._reader_of[2]

    def _make_output(self, information: Any) -> None:
        first = next(iter(self._steps().values()))
        if len(first) > 1:
            made = vtkMultiBlockDataSet()
        else:
            reader = self._reader(first[0])
            reader.UpdateDataObject()
            made = reader.GetOutputDataObject(0).NewInstance()
        held = information.Get(made.DATA_OBJECT())
        if held is None or held.GetClassName() != made.GetClassName():
            information.Set(made.DATA_OBJECT(), made)

    def _announce(self, information: Any) -> None:
        times = list(self._steps())
        information.Set(_PIPELINE.TIME_STEPS(), times, len(times))
        information.Set(_PIPELINE.TIME_RANGE(), (times[0], times[-1]), 2)
        self._shape = self._shape_at(self._time)
        if self._shape is not None:
            found = self._reader(self._files_at(self._time)[0]).GetOutputInformation(0)
            for key in _ANNOUNCED:
                information.CopyEntry(found, key)

    def _shape_at(self, time: float | None) -> _Shape | None:
        """What its file says of an image, or of another grid with an extent, at a time; None if it is none."""
        names = self._files_at(time)
        if len(names) > 1:
            return None
        reader = self._reader(names[0])
        reader.UpdateInformation()
        found = reader.GetOutputInformation(0)
        if not found.Has(_PIPELINE.WHOLE_EXTENT()):
            return None
        return [found.Get(key) if found.Has(key) else None for key in _ANNOUNCED[:4]]

    def _refuse_other_size(self, time: float) -> None:
        """Only what works on several times at once asks for a time that was not announced."""
        found = None if self._shape is None else self._shape_at(time)
        if found is not None and self._shape is not None and found[0] != self._shape[0]:
            raise VtkBridgeError(
                f"at time {time:g} the grid has the extent {list(found[0] or ())}, and {list(self._shape[0] or ())} at "
                "another: what works on several times at once takes grids of one size"
            )

    def _files_at(self, time: float | None) -> list[str]:
        """The files of the last time that is not after the one asked for."""
        steps = self._steps()
        return steps[_last_time(steps, time)]

    def _read(self, information: Any) -> None:
        steps, output = self._steps(), information.Get(vtkMultiBlockDataSet.DATA_OBJECT())
        key = _PIPELINE.UPDATE_TIME_STEP()
        wanted = information.Get(key) if information.Has(key) else None
        time = _last_time(steps, wanted)
        names = steps[time]
        self._refuse_other_size(time)
        first = next(iter(steps.values()))[0]
        self._looked_at = {path: state for path, state in self._looked_at.items() if path == first}
        for index, name in enumerate(names):
            reader = self._reader(name)
            check_references(name, reader.GetClassName())
            check_intact(name, reader.GetClassName())
            reader.Update()
            data = reader.GetOutputDataObject(0)
            if len(names) == 1 and data.GetClassName() == output.GetClassName():
                output.ShallowCopy(data)
            elif output.IsA("vtkMultiBlockDataSet"):
                block = data.NewInstance()
                block.ShallowCopy(data)
                output.SetBlock(index, block)
            else:
                raise VtkBridgeError(f"{name} holds a {data.GetClassName()}, the first file a {output.GetClassName()}")
        output.GetInformation().Set(output.DATA_TIME_STEP(), time)


def _last_time(steps: dict[float, list[str]], wanted: float | None) -> float:
    """The last time that is not after the wanted one; the first if there is none, or none is wanted."""
    first = next(iter(steps))
    return max((one for one in steps if wanted is not None and one <= wanted), default=first)
