"""An algorithm of our own: reads files that are one data set at different times, with any reader for a single file."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, ClassVar, Final

from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkMultiBlockDataSet
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from ..algorithms.own_algorithms import told, warn
from ..base.errors import VtkError
from ..types.adapters.selections import choose, offered, selections_of, want, wanted
from ..types.catalog import construct
from ..types.definitions import PropertyDefinition
from ..types.own_properties import OwnProperties, text
from ..types.properties import set_properties
from .deliveries import undelivered
from .file_states import FileStates, states_of
from .reader_choice import choose_reader
from .readers.own_reader import at_or_before
from .references import check_references
from .series_arrays import SeriesArrays
from .series_steps import Piece, Steps, blocks_of, planned
from .truncation.checks import check_truncation

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
_NAME: Final = "FileSeriesReader"
TIME_ARRAY: Final = "TimeValue"
"""What VTK calls the time of a file among the arrays of its data set."""
_Shape = list[tuple[float, ...] | None]


class FileSeriesReader(OwnProperties, VTKPythonAlgorithmBase):
    """FileSeriesReader - Reads files that are one data set at different times."""

    PROPERTIES: ClassVar[tuple[PropertyDefinition, ...]] = (text("TimeArray", TIME_ARRAY),)

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=0, nOutputPorts=1, outputType="vtkDataObject")
        self._names: list[str] = []
        self._times: list[float] = []
        self._parts: list[str] = []
        self._time_array = TIME_ARRAY
        self._own: dict[str, tuple[FileStates, tuple[float, ...]]] = {}
        self._planned: tuple[dict[str, tuple[float, ...]], Steps] | None = None
        self._offered: dict[str, dict[str, bool]] = {}
        self._arrays = SeriesArrays()
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

    def SetPartNames(self, names: tuple[str, ...]) -> None:
        """SetPartNames(self, names) -> None"""
        if list(names) != self._parts:
            self._parts = list(names)
            self._changed()

    def GetPartNames(self) -> tuple[str, ...]:
        """GetPartNames(self) -> tuple"""
        return tuple(self._parts)

    def offered_by_files(self, name: str) -> dict[str, bool]:
        """Return what the files that were looked into have to choose of, by the property; see `selections`."""
        return self._offered.get(name, {})

    def files_looked_at(self) -> tuple[str, ...]:
        """Return the files that the output depends on, of those in `FileNames`; see `file_states`."""
        return tuple(self._looked_at)

    def states_looked_at(self) -> FileStates:
        """Return how those files were then."""
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
            with suppress(VtkError):
                if self._shape_at(time) != self._shape:
                    self.Modified()
        self._time = time

    # --- the pipeline

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Give the output the kind of the first file, or a multi-block if there are several files for a time."""
        return told(_NAME, lambda: self._make_output(outInfo.GetInformationObject(0)))

    def RequestInformation(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Announce the times; of images also the extent."""
        return told(_NAME, lambda: self._announce(outInfo.GetInformationObject(0)))

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Read the data of the last time that is not after the one asked for."""
        information = outInfo.GetInformationObject(0)
        if not told(_NAME, lambda: self._read(information)):
            # What works on several times asks for a time again, for ever, if that fails. The error has been told.
            information.Get(vtkDataObject.DATA_OBJECT()).Initialize()
            self._failed = True
        return 1

    # --- inside

    def _changed(self) -> None:
        self._forget()
        self.Modified()

    def _forget(self) -> None:
        self._reader_of = None
        self._planned = None
        self._looked_at.clear()
        self._offered.clear()
        self._arrays.forget()

    def _steps(self) -> Steps:
        """Return the files of each time."""
        if self._time_array != self.value_of("TimeArray"):
            self._time_array = self.value_of("TimeArray")
            self._own.clear()
            self._forget()
        own = {} if self._times and len(set(self._names)) == len(self._names) else self._own_times()
        if self._planned is None or self._planned[0] != own:
            self._planned = own, planned(self._names, self._times, self._parts, own)
        return self._planned[1]

    def _own_times(self) -> dict[str, tuple[float, ...]]:
        """Return the times that the files have in themselves; no other is looked at if the first has none."""
        found: dict[str, tuple[float, ...]] = {}
        for name in self._names:
            states = states_of([name])
            if name not in self._own or self._own[name][0] != states:
                self._own[name] = states, _times_in(self._reader(name))
            self._looked_at |= states
            found[name] = self._own[name][1]
            if not found[name]:
                return {}
        return found

    def _reader(self, name: str) -> Any:
        """Return the reader for a file as it is now. One is kept, that of the file that was read last."""
        states = states_of([name])
        self._looked_at |= states
        if self._reader_of is None or self._reader_of[:2] != (name, states):
            type_name, properties = choose_reader(name)
            check_references(name, type_name)
            check_truncation(name, type_name)
            reader = construct(type_name)
            set_properties(reader, properties)
            if reader.IsA("vtkXMLReader"):
                reader.SetActiveTimeDataArrayName(self._time_array)
            self._reader_of = name, states, reader
        reader = self._reader_of[2]
        for selection in selections_of(type(self)):
            want(reader, selection.name, wanted(self, selection.name))
        choose(reader, strict=False)
        for key, names in offered(reader).items():
            self._offered.setdefault(key, {}).update(names)
        return reader

    def _check_wanted(self) -> None:
        """Check that what is to be read is in some file: all are looked into only for what the first does not have."""
        for selection in selections_of(type(self)):
            asked = wanted(self, selection.name)
            for name in self._names:
                if all(one in self._offered.get(selection.name, {}) for one in asked):
                    break
                self._reader(name)
            there = self._offered.get(selection.name, {})
            for one in asked:
                if one not in there:
                    has = ", ".join(there) or "none"
                    raise VtkError(f"{selection.name}: no file has a {selection.noun} {one!r}; they have: {has}")

    def _make_output(self, information: Any) -> None:
        steps = self._steps()
        if blocks_of(steps):
            made = vtkMultiBlockDataSet()
        else:
            reader = self._reader(next(iter(steps.values()))[0].file)
            reader.UpdateDataObject()
            made = reader.GetOutputDataObject(0).NewInstance()
        held = information.Get(made.DATA_OBJECT())
        if held is None or held.GetClassName() != made.GetClassName():
            information.Set(made.DATA_OBJECT(), made)

    def _announce(self, information: Any) -> None:
        times = list(self._steps())
        self._check_wanted()
        information.Set(_PIPELINE.TIME_STEPS(), times, len(times))
        information.Set(_PIPELINE.TIME_RANGE(), (times[0], times[-1]), 2)
        self._shape = self._shape_at(self._time)
        if self._shape is not None:
            found = self._reader(self._pieces_at(self._time)[0].file).GetOutputInformation(0)
            for key in _ANNOUNCED:
                information.CopyEntry(found, key)

    def _shape_at(self, time: float | None) -> _Shape | None:
        """Return what its file says of an image, or of another grid with an extent, at a time; None if it is none."""
        if blocks_of(self._steps()):
            return None
        reader = self._reader(self._pieces_at(time)[0].file)
        reader.UpdateInformation()
        found = reader.GetOutputInformation(0)
        if not found.Has(_PIPELINE.WHOLE_EXTENT()):
            return None
        return [found.Get(key) if found.Has(key) else None for key in _ANNOUNCED[:4]]

    def _refuse_other_size(self, time: float) -> None:
        """Refuse a time that was not announced: only what works on several times at once asks for it."""
        found = None if self._shape is None else self._shape_at(time)
        if found is not None and self._shape is not None and found[0] != self._shape[0]:
            raise VtkError(
                f"at time {time:g} the grid has the extent {list(found[0] or ())}, and {list(self._shape[0] or ())} at "
                "another: what works on several times at once takes grids of one size"
            )

    def _pieces_at(self, time: float | None) -> list[Piece]:
        """Return the files of the last time that is not after the one asked for."""
        steps = self._steps()
        return steps[at_or_before(list(steps), time)]

    def _read(self, information: Any) -> None:
        steps, output = self._steps(), information.Get(vtkMultiBlockDataSet.DATA_OBJECT())
        key = _PIPELINE.UPDATE_TIME_STEP()
        time = at_or_before(list(steps), information.Get(key) if information.Has(key) else None)
        self._refuse_other_size(time)
        first = next(iter(steps.values()))[0].file
        kept = {first} if any(piece.inner is None for piece in steps[time]) else set(self._names)
        self._looked_at = {path: state for path, state in self._looked_at.items() if path in kept}
        blocks = blocks_of(steps)
        if blocks:
            self._read_blocks(steps[time], blocks, output)
        else:
            (piece,) = steps[time]
            data = self._read_piece(piece)
            if data.GetClassName() != output.GetClassName():
                raise VtkError(
                    f"{piece.file} holds a {data.GetClassName()}, the first file a {output.GetClassName()}: "
                    "what changes its kind is no series; open the files one by one"
                )
            output.ShallowCopy(data)
        output.GetInformation().Set(output.DATA_TIME_STEP(), time)

    def _read_blocks(self, pieces: list[Piece], blocks: list[str], output: Any) -> None:
        """Read each part, the same block at all times; a part that is not there yet, or any more, is empty."""
        output.SetNumberOfBlocks(len(blocks))
        for number, name in enumerate(blocks):
            if name:
                output.GetMetaData(number).Set(output.NAME(), name)
        for index, piece in enumerate(pieces):
            data = self._read_piece(piece)
            block = data.NewInstance()
            block.ShallowCopy(data)
            output.SetBlock(blocks.index(piece.part) if piece.part else index, block)

    def _read_piece(self, piece: Piece) -> Any:
        reader = self._reader(piece.file)
        check_references(piece.file, type(reader).__name__)
        check_truncation(piece.file, type(reader).__name__)
        missing = choose(reader, strict=False)
        if piece.inner is None:
            reader.Update()
        else:
            reader.UpdateTimeStep(piece.inner)
        for told_of_it in (*missing, *undelivered(reader)):
            _warn(f"{piece.file}: {told_of_it}")
        data = reader.GetOutputDataObject(0)
        chosen = [selection.name for selection in selections_of(type(self)) if wanted(self, selection.name)]
        for told_of_it in self._arrays.lacking(piece.part, data, chosen):
            _warn(f"{piece.file}: {told_of_it}")
        return data


def _times_in(reader: Any) -> tuple[float, ...]:
    """Return the times that a file has in itself."""
    reader.UpdateInformation()
    found = reader.GetOutputInformation(0)
    times = tuple(found.Get(_PIPELINE.TIME_STEPS())) if found.Has(_PIPELINE.TIME_STEPS()) else ()
    # VTK's simple readers, such as those of the legacy format, say 0 of every file.
    return () if times == (0.0,) and reader.IsA("vtkSimpleReader") else times


def _warn(text: str) -> None:
    warn(f"{_NAME}: {text}")
