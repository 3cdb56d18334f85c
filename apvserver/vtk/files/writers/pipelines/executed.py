"""Writers of a pipeline: what they write appears when it is complete, also where they are to write numbered files."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from vtkmodules.vtkCommonCore import vtkOutputWindow

from ....base.data_roots import writable_path
from ....base.errors import FileError
from ....base.vtk_messages import capture
from ....types.catalog import construct
from ....types.properties import set_properties
from ....types.reflection import reflected
from ..staging import staged_directory
from ..writing import Written, set_on, write_by
from ..written_as import give, written_as
from .numbered import is_numbered, names_of, slices
from .several import WRITERS as OF_SEVERAL
from .several import write_several

_IN_MEMORY: Final = ("GetWriteToOutputString", "GetWriteToMemory")
"""What says of a writer that it writes no file."""


def execute_writer(algorithm: Any) -> None:
    """Execute an algorithm without outputs. A writer's file appears when it is complete; what fails is told to VTK."""
    data = algorithm.GetInputDataObject(0, 0) if algorithm.GetNumberOfInputPorts() else None
    if not _writes_files(algorithm, data):
        algorithm.Update()
        return
    called = ""
    try:
        with capture():  # what it tells comes back in the error
            called, written = _write(algorithm, data)
        if written.left_out is not None:
            vtkOutputWindow.GetInstance().DisplayWarningText(f"{called}: {written.left_out}")
    except FileError as error:
        vtkOutputWindow.GetInstance().DisplayErrorText(str(error))


def _writes_files(algorithm: Any, data: Any) -> bool:
    if type(algorithm).__name__ in OF_SEVERAL:
        return data is not None or not algorithm.GetNumberOfInputPorts()
    in_memory = any(getattr(algorithm, one, bool)() for one in _IN_MEMORY)
    return data is not None and hasattr(algorithm, "SetFileName") and not in_memory


def _write(algorithm: Any, data: Any) -> tuple[str, Written]:
    """Write as the properties say; returns how that is called, too."""
    if type(algorithm).__name__ in OF_SEVERAL:
        return type(algorithm).__name__, write_several(algorithm, data)
    if is_numbered(algorithm):
        return algorithm.GetFilePrefix(), _write_slices(algorithm, data)
    return algorithm.GetFileName(), _write_file(algorithm, data)


def _write_file(algorithm: Any, data: Any) -> Written:
    path = algorithm.GetFileName()
    if not path:
        raise FileError("FileName is empty: it names the file to be written")
    writable_path(path)  # it may lead elsewhere by now
    _refuse_blocks(algorithm, data)
    try:
        given = written_as(type(algorithm).__name__, data)
        return write_by(algorithm if given is data else _like(algorithm, given), Path(path), data)
    finally:
        algorithm.SetFileName(path)


def _write_slices(algorithm: Any, data: Any) -> Written:
    """Write a file for each slice; all appear when the last is complete."""
    names = names_of(algorithm, data)
    for name in names:
        writable_path(str(name))
    size_bytes, told = 0, dict[str, None]()
    with staged_directory(names[0], follow=False) as staging:
        for name, one in zip(names, slices(data), strict=True):
            if algorithm.GetAbortExecute():
                raise FileError(f"{name}: interrupted; nothing was changed")
            try:
                written = write_by(_like(algorithm, one), staging.directory / name.name, one)
            except FileError as error:
                raise FileError(str(error).replace(str(staging.directory), str(staging.place.parent))) from error
            size_bytes += written.size_bytes
            told.update(dict.fromkeys(filter(None, [written.left_out])))
        staging.publish([name.name for name in names])
    return Written(size_bytes, "; ".join(told) or None)


def _refuse_blocks(writer: Any, data: Any) -> None:
    """Refuse blocks: VTK would execute the writer for each of them, and leave the last in the file."""
    kinds = reflected(type(writer).__name__).definition.inputs[0].data_types
    if data.IsA("vtkCompositeDataSet") and kinds and not any(map(data.IsA, kinds)):
        raise FileError(
            f"it holds one {kinds[0]}, not the blocks of a {data.GetClassName()}; MergeBlocks makes one of them"
        )


def _like(algorithm: Any, data: Any) -> Any:
    """Return a writer like one of a pipeline, beside it, that is given other data."""
    made = construct(type(algorithm).__name__)
    set_properties(made, set_on(algorithm))
    give(made, data)
    return made
