"""What an execution would take at least, by what an algorithm announces: refused before, not ended meanwhile."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

from vtkmodules.vtkCommonCore import vtkDataArray, vtkInformationVector
from vtkmodules.vtkCommonDataModel import vtkDataObject
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from ....memory import size_text
from ....settings import adopted
from ...files.hdf5_content import image_arrays
from ...types.limits import memory_bytes
from ..pieces.parts import has_parts
from ..pieces.parts import least_bytes as least_bytes_in_file

_WHOLE_EXTENT: Final = vtkStreamingDemandDrivenPipeline.WHOLE_EXTENT()
_ANNOUNCES_NO_ARRAYS: Final = "vtkHDFReader"
_COORDINATES_BYTES: Final = 12
"""Of a point of a structured grid, in single precision."""
_FEW_BYTES: Final = 16 * 1024**2
"""So much is not looked at: nothing is bounded as tightly as that."""


def beyond_memory(algorithm: Any, extent: Sequence[int] | None = None) -> str | None:
    """Return why the outputs of an algorithm, whose inputs are up to date, would not fit; None if they may.

    With an extent that part of an image is to be made, else all of it.

    It is asked what it would make, as the execution does itself. Only outputs are counted whose size that says: images
    and structured and rectilinear grids. Of what has an input, which may announce arrays that do not come out, only
    the active one counts.
    """
    algorithm.UpdateInformation()
    ports = range(algorithm.GetNumberOfOutputPorts())
    sizes = {port: least_bytes(algorithm, port, extent) for port in ports}
    outputs = [port for port in ports if sizes[port]]
    if not outputs:  # most are this: what there is need not be asked of the system
        return _grid_beyond_memory(algorithm)
    needed, allowed = sum(sizes.values()), memory_bytes()
    if needed <= allowed:
        return None
    made = extent or algorithm.GetOutputInformation(outputs[0]).Get(_WHOLE_EXTENT)
    dimensions = " x ".join(map(str, _dimensions(made)))
    return f"{dimensions} points take {_of_allowed(needed, allowed)}"


def _grid_beyond_memory(reader: Any) -> str | None:
    """Return why the grid in a file would not fit; None if it may, or that is not known."""
    needed = least_bytes_in_file(reader)
    if needed <= _FEW_BYTES or needed <= (allowed := memory_bytes()):
        return None
    why = f"the grid in this file takes {_of_allowed(needed, allowed)}"
    if has_parts(reader):
        return why
    return (
        f"{why}. In one part it can only be read as a whole: written in parts (.pvtu, .pvtp) it would be executed in "
        "pieces, one after the other"
    )


def _of_allowed(needed: float, allowed: float) -> str:
    bounded = " that each session may use (--max-memory)" if adopted().max_memory == allowed else " that there is"
    return f"{size_text(needed)} or more, of {size_text(allowed)} of memory{bounded}"


def least_bytes(algorithm: Any, port: int, extent: Sequence[int] | None = None) -> int:
    """Return what an output takes at least, from what was announced; 0 where that is not known, or it is small.

    With an extent only that part of it is made.
    """
    needed = announced_bytes(algorithm, port, extent)
    return needed if needed > _FEW_BYTES else 0


def announced_bytes(algorithm: Any, port: int, extent: Sequence[int] | None = None) -> int:
    """Return what an output, or a part of it, takes at least, from what was announced; 0 where that is not known."""
    information, data = algorithm.GetOutputInformation(port), algorithm.GetOutputDataObject(port)
    if data is None or not information.Has(_WHOLE_EXTENT):
        return 0
    is_grid = data.IsA("vtkStructuredGrid")
    if not (is_grid or data.IsA("vtkImageData") or data.IsA("vtkRectilinearGrid")):
        return 0  # it may announce the extent of its input
    dimensions = _dimensions(extent or information.Get(_WHOLE_EXTENT))
    points, cells = math.prod(dimensions), math.prod(max(1, one - 1) for one in dimensions)
    each_point = sum(_of_arrays(algorithm, port, "Point"))
    each_cell = sum(_of_arrays(algorithm, port, "Cell"))
    return int(points * (each_point + is_grid * _COORDINATES_BYTES) + cells * each_cell)


def _of_arrays(algorithm: Any, port: int, where: str) -> Iterator[int]:
    """Yield the bytes of a tuple of each array that is announced, and was not deselected."""
    key = vtkDataObject.POINT_DATA_VECTOR() if where == "Point" else vtkDataObject.CELL_DATA_VECTOR()
    information = algorithm.GetOutputInformation(port)
    selected = getattr(algorithm, f"Get{where}ArrayStatus", None)
    announced: Any = information.Get(key) if information.Has(key) else vtkInformationVector()
    if type(algorithm).__name__ == _ANNOUNCES_NO_ARRAYS:
        arrays = image_arrays(algorithm.GetFileName() or "", where)
        yield from (size for name, size in arrays.items() if selected is None or selected(name))
    for index in range(announced.GetNumberOfInformationObjects()):
        one = announced.GetInformationObject(index)
        typed = one.Has(vtkDataObject.FIELD_ARRAY_TYPE()) and one.Has(vtkDataObject.FIELD_NUMBER_OF_COMPONENTS())
        if algorithm.GetNumberOfInputPorts():
            comes = one.Has(vtkDataObject.FIELD_ACTIVE_ATTRIBUTE()) and one.Get(vtkDataObject.FIELD_ACTIVE_ATTRIBUTE())
        else:
            comes = selected is None or selected(one.Get(vtkDataObject.FIELD_NAME()))
        if typed and comes:
            size = vtkDataArray.GetDataTypeSize(one.Get(vtkDataObject.FIELD_ARRAY_TYPE()))
            yield size * one.Get(vtkDataObject.FIELD_NUMBER_OF_COMPONENTS())


def _dimensions(extent: Any) -> list[int]:
    return [max(0, last - first + 1) for first, last in zip(extent[::2], extent[1::2], strict=True)]
