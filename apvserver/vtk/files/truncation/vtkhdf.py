"""Whether VTK's reader takes all that a VTKHDF file holds: without an order it leaves out blocks and arrays unsaid.

https://docs.vtk.org/en/latest/vtk_file_formats/vtkhdf_file_format/index.html
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from typing import Any, Final

_ROOT: Final = "VTKHDF"
_ASSEMBLY: Final = "Assembly"
_NUMBERS: Final = "iuf"
_PLACES: Final = ("PointData", "CellData")
_FIELD: Final = "FieldData"


def unfit(path: str) -> str | None:
    """Return what would be left out or misread; None if nothing is, or if h5py is not there to look."""
    status = os.stat(path)
    return _unfit(path, status.st_mtime_ns, status.st_size)


@functools.lru_cache(maxsize=1000)
def _unfit(path: str, _modified_ns: int, _size: int) -> str | None:
    try:
        import h5py
    except ImportError:
        return None
    try:
        with h5py.File(path, "r") as file:
            root = file.get(_ROOT)
            if not isinstance(root, h5py.Group):
                return None
            return _unordered(root) or _strange(root)
    except (OSError, RuntimeError, KeyError, ValueError):
        return None  # damaged: the reader says so


def _unordered(root: Any) -> str | None:
    """Return which groups do not say the order of what is in them, in a file of blocks."""
    import h5py

    assembly = root.get(_ASSEMBLY)
    if not isinstance(assembly, h5py.Group):
        return None
    names = [one.name for one in (root, *_groups(assembly)) if not _has_order(one)]
    if not names:
        return None
    return (
        f"what is in {', '.join(names[:8])} has no order of creation: blocks or their arrays would be left out; make "
        "these groups with that order, as h5py does by create_group(name, track_order=True)"
    )


def _groups(group: Any) -> Iterator[Any]:
    """Yield a group and those in it, but for what links lead to."""
    import h5py

    yield group
    for name in group:
        if isinstance(group.get(name, getlink=True), h5py.HardLink) and isinstance(group[name], h5py.Group):
            yield from _groups(group[name])


def _has_order(group: Any) -> bool:
    import h5py

    return bool(group.id.get_create_plist().get_link_creation_order() & h5py.h5p.CRT_ORDER_TRACKED) or not len(group)


def _strange(root: Any) -> str | None:
    """Return the first array whose values are neither numbers nor, of the field data, texts that are read."""
    import h5py

    for one in (root, *(block for name, block in root.items() if name != _ASSEMBLY and isinstance(block, h5py.Group))):
        for place in (*_PLACES, _FIELD):
            arrays = one.get(place)
            for array in arrays.values() if isinstance(arrays, h5py.Group) else ():
                if isinstance(array, h5py.Dataset) and not _is_read(array, place):
                    return (
                        f"{array.name} holds {_told(array)}; arrays are integers or numbers with fractions, at least "
                        "one number in a row (truth values as uint8, complex numbers as two columns), texts are of "
                        "the field data, ASCII and of any length (in h5py string_dtype('ascii'))"
                    )
    return None


def _is_read(array: Any, place: str) -> bool:
    import h5py

    text = h5py.check_string_dtype(array.dtype)
    if text is not None:
        return place == _FIELD and text.encoding == "ascii" and text.length is None and array.ndim > 0
    return array.dtype.kind in _NUMBERS and array.ndim > 0


def _told(array: Any) -> str:
    import h5py

    what = "texts" if h5py.check_string_dtype(array.dtype) is not None else f"values of type {array.dtype}"
    return what if array.ndim else f"{what}, a single one without an axis"
