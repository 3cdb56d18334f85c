"""Whether what came from outside can be trusted: of damaged files VTK's readers make cells that end the process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from async_paraview.datasets import DataSetError, check_structure

from ...base.blocks import places
from ...files.file_states import paths_of, reads_files
from .nothing_made import held_output

_OF_SCRIPTS: Final = frozenset({
    "vtkProgrammableFilter", "vtkProgrammableSource", "vtkProgrammableDataObjectSource",
    "ProgrammedFilter", "ScriptedSource",
})  # fmt: skip


def unsound(algorithm: Any) -> list[str]:
    """Return what is wrong with the structure of what a reader, or a script, has just made; it is emptied then.

    What VTK makes itself is not looked at.
    """
    if not (reads_files(algorithm) or type(algorithm).__name__ in _OF_SCRIPTS):
        return []
    found = []
    for port in range(algorithm.GetNumberOfOutputPorts()):
        data = held_output(algorithm, port)
        wrong = [] if data is None else list(_wrong(data))
        if wrong:
            data.Initialize()
            found += [f"{_origin(algorithm)} cannot be used: {one}" for one in wrong]
    return found


def _wrong(data: Any) -> Iterator[str]:
    if not data.IsA("vtkCompositeDataSet"):
        yield from _of_one(data, "")
        return
    for place, block in places(data):
        if block is not None:
            yield from _of_one(block, f"block {place.GetCurrentFlatIndex()}: ")


def _of_one(data: Any, where: str) -> Iterator[str]:
    try:
        check_structure(data)
    except DataSetError as error:
        yield f"{where}{error}"


def _origin(algorithm: Any) -> str:
    names = list(paths_of(algorithm)) if reads_files(algorithm) else []
    if not names:
        return f"what {type(algorithm).__name__} has made"
    return f"what {type(algorithm).__name__} has read of {names[0]}" + (", ..." if len(names) > 1 else "")
