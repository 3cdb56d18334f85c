"""Large memory is given back while other threads go on.

When Python lets go of the last reference to data of VTK, its memory goes back to the system with Python's lock kept:
34 ms for a gigabyte. An execution of VTK runs without the lock, and what it makes takes the place of what was made
before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkFiltersCore import vtkPassThrough

_LARGE_KIB: Final = 32 * 1024
"""Of less memory, a millisecond."""


@contextmanager
def freed_beside(data_objects: Iterable[Any]) -> Iterator[None]:
    """Have memory of data objects that nobody holds any more at the end of the block be freed without Python's lock.

    Objects that others hold, or share arrays with, stay as they are.
    """
    held = [_holder(data) for data in data_objects if data is not None and data.GetActualMemorySize() >= _LARGE_KIB]
    try:
        yield
    finally:
        for holder in held:
            holder.SetInputDataObject(vtkPolyData())
            holder.Update()


def _holder(data: Any) -> Any:
    """Return an algorithm whose output shares the arrays of a data object, and which holds nothing else of it."""
    holder = vtkPassThrough()
    holder.SetInputDataObject(data)
    holder.Update()
    holder.SetInputDataObject(vtkPolyData())
    return holder
