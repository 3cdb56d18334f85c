"""What .vtkhdf and Exodus files cannot hold of blocks and arrays, VTK 9.7: found by writing and reading each kind.

Some of it ends the process in IOSS (names of its own fields, two blocks of one name, ghost cells); the rest is left
out, or put into the file so that nothing reads it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

from ...base.blocks import children, parts

_KINDS: Final = (("points", "GetPointData"), ("cells", "GetCellData"), ("rows", "GetRowData"))
_WITH_FIELDS: Final = ("vtkPolyData", "vtkUnstructuredGrid")
"""Whose arrays of the whole are read from .vtkhdf files."""
_OF_IOSS: Final = frozenset(
    {
        "ids", "connectivity", "connectivity_raw", "implicit_ids", "mesh_model_coordinates", "mesh_model_coordinates_x",
        "mesh_model_coordinates_y", "mesh_model_coordinates_z", "owning_processor", "node_connectivity_status",
        "element_side", "element_side_raw",
    }
)  # fmt: skip
MADE_ANEW: Final = frozenset({"object_id", "__vtk_old_global_ids__"})
"""What the reader of Exodus files adds, whatever a file holds."""
_LONGEST_NAME: Final = 32
_COMPONENTS: Final = (1, 3, 6)
_EXACT: Final = 2**53
_AXES: Final = ("x", "y")
_BLOCKS: Final = "vtkMultiBlockDataSet"
_GHOSTS: Final = "vtkGhostType"
_XML: Final = "VTK's XML formats (.vtu, .vtp, .vti, ...) hold them"


def hdf_names(data: Any) -> str | None:
    """Require names that stay apart: VTK makes each dot and slash an underscore, and keeps one of those alike."""
    wrong = sorted({name for _, _, name, _ in _arrays(data) if set("./") & set(name)})
    return f"names in it have no dots and slashes, and there are {_listed(wrong)}; {_XML}" if wrong else None


def hdf_types(data: Any) -> str | None:
    """Refuse texts and bits, which are no arrays of points, cells or rows there."""
    wrong = sorted({name for _, _, name, array in _arrays(data) if not _is_number(array)})
    return f"its arrays are numbers of 8 bits or more, and {_listed(wrong)} are not; {_XML}" if wrong else None


def hdf_blocks(data: Any) -> str | None:
    """Require blocks with names that are all different, and pieces of one block that are alike."""
    if not data.IsA("vtkCompositeDataSet"):
        return None
    if data.IsA("vtkUniformGridAMR"):
        return "VTK writes no AMR there; .vthb holds it"
    if (other := _no_data_set(data, "vtkHyperTreeGrid")) is not None:
        return f"blocks in it are data sets with points and cells, and there is a {other}; .vtm and .vtpc hold tables"
    for composite in _composites(data):
        names = [name or "" for name, _ in children(composite)]
        again = next((name for name, count in Counter(names).items() if name and count > 1), None)
        wrong = again if again is not None else next((name for name in names if "/" in name), None)
        if wrong is not None and not composite.IsA("vtkPartitionedDataSet"):
            return (
                f"blocks in it have different names without slashes, and there is {wrong!r}; .vtm and .vtpc hold them"
            )
        if composite.IsA("vtkPartitionedDataSet") and (why := _unlike(composite)) is not None:
            return f"{why}; .vtpd and .vtpc hold them"
    return None


def xml_blocks(data: Any) -> str | None:
    """Refuse blocks that are graphs: VTK leaves them away."""
    graph = next((part.GetClassName() for part in parts(data) if part.IsA("vtkGraph")), None)
    return (
        f"blocks in it are data sets, tables and trees of cells, and there is a {graph}; .vtk holds it"
        if graph
        else None
    )


def _no_data_set(data: Any, *also: str) -> str | None:
    """Return the class of the first part that is no data set, and not one of those either."""
    return next((part.GetClassName() for part in parts(data) if not any(map(part.IsA, ("vtkDataSet", *also)))), None)


def _unlike(pieces: Any) -> str | None:
    found = [block for _, block in children(pieces)]
    if not found or any(block is None for block in found):
        return "its pieces are all there, and some of these are missing"
    kinds = {(block.GetClassName(), *sorted(_signature(*found[1:]) for found in _arrays(block))) for block in found}
    return "pieces of one block in it have the same arrays, and these have not" if len(kinds) > 1 else None


def _signature(kind: str, name: str, array: Any) -> str:
    return f"{kind} {name} {array.GetDataType()} {array.GetNumberOfComponents()}"


def exodus_blocks(data: Any) -> str | None:
    """Require blocks with cells, with names that are all different, with the same arrays."""
    if data.IsA(_BLOCKS) or data.IsA("vtkUniformGridAMR"):
        return "it holds a vtkPartitionedDataSetCollection or one data set; .vtm and .vthb hold these blocks"
    if (other := _no_data_set(data)) is not None:
        return f"it holds cells, and there is a {other}; .vtm and .vtpc hold tables"
    found = [(None, data)] if not data.IsA("vtkPartitionedDataSetCollection") else list(children(data))
    again = [name for name, count in Counter(name for name, _ in found if name).items() if count > 1]
    if again:
        return f"its blocks have different names, and {again[0]!r} is there again; .vtpc holds them"
    if (
        any(block is None or not sum(part.GetNumberOfCells() for part in parts(block)) for _, block in found)
        or not found
    ):
        return "each of its blocks has cells, and one of these has none; .vtpc and .vtu hold it"
    arrays = [
        {(kind, name, array.GetNumberOfComponents()) for _, kind, name, array in _arrays(part)} for part in parts(data)
    ]
    lacking = sorted(arrays[0].union(*arrays) - arrays[0].intersection(*arrays))
    if lacking:
        names = _listed(dict.fromkeys(f"{name} ({kind})" for kind, name, _ in lacking))
        return f"an array in it is in all blocks, and some lack {names}; PassArrays leaves them away, .vtpc holds them"
    return None


def exodus_names(data: Any) -> str | None:
    """Refuse arrays called like a field of the library, which ends the process there; letter case does not count."""
    for part in parts(data):
        for kind, get in _KINDS[:2]:
            attributes = getattr(part, get)()
            names = [
                name for _, at, name, array in _arrays(part) if at == kind and array is not attributes.GetGlobalIds()
            ]
            if taken := [name for name in names if name.casefold() in _OF_IOSS]:
                return (
                    f"{_listed(taken)} are names that Exodus has for itself; Calculator makes others, .vtu holds them"
                )
            if long := [name for name in names if len(name.encode()) > _LONGEST_NAME]:
                return f"names in it are at most {_LONGEST_NAME} letters long, and there is {long[0]!r}; .vtu holds it"
            folded = Counter(map(str.casefold, names))
            if again := [name for name in names if folded[name.casefold()] > 1]:
                return (
                    f"{_listed(again)} differ in upper and lower case only, which Exodus does not see; .vtu holds them"
                )
    return None


def exodus_arrays(data: Any) -> str | None:
    """Require numbers of double precision, of 1, 3 or 6 components, of cells that are no ghosts."""
    for part in parts(data):
        for owner, _, name, array in _arrays(part):
            if not _is_number(array):
                return f"it holds numbers, and {name} is {array.GetDataTypeAsString()}; .vtu holds it"
            if array.GetNumberOfComponents() not in _COMPONENTS:
                return f"it holds 1, 3 or 6 components, and {name} has {array.GetNumberOfComponents()}; .vtu holds it"
            if name == _GHOSTS and owner is part.GetCellData() and vtk_to_numpy(array).any():
                return "it holds no ghost cells, and there are some; RemoveGhosts leaves them away, .vtu holds them"
            if _is_long(array):
                return f"it holds integers up to 2**53, and {name} has larger ones; .vtu holds them"
    return None


def left_out_of_hdf(data: Any) -> Iterator[str]:
    """Yield what is not in a .vtkhdf file, in words."""
    if data.GetClassName() not in _WITH_FIELDS:
        fields = sorted({_name(*field) for one in (data, *parts(data)) for field in _fields(one)})
        if fields:
            yield f"these arrays of the whole are not in the file, or not read back: {_listed(fields)}"
    named = sorted({name for _, _, name, array in _arrays(data) if array.HasAComponentName()})
    if named:
        yield f"the names of the components of {_listed(named)} are not in the file"
    yield from _time(data)


def left_out_of_exodus(data: Any) -> Iterator[str]:
    """Yield what is not in an Exodus file, in words."""
    fields = sorted({_name(*field) for one in (data, *parts(data)) for field in _fields(one)})
    if fields:
        yield f"these arrays of whole blocks are not in the file: {_listed(fields)}"
    made_anew = sorted({name for _, _, name, _ in _arrays(data) if name in MADE_ANEW or name == _GHOSTS})
    if made_anew:
        yield f"these arrays are not in the file, or made anew when it is read: {_listed(made_anew)}"
    whole = sorted(
        {name for _, _, name, array in _arrays(data) if vtk_to_numpy(array).dtype.kind in "iu"} - set(made_anew)
    )
    if whole:
        yield f"numbers become double: {_listed(whole)}"
    names = {name for _, _, name, array in _arrays(data) if array.GetNumberOfComponents() == 1}
    joined = sorted(name for name in names if name[-1:] == "x" and all(name[:-1] + axis in names for axis in _AXES))
    if joined:
        yield f"readers make one vector of these and those that end with other axes: {_listed(joined)}"
    yield from _time(data)


def _time(data: Any) -> Iterator[str]:
    information, key = data.GetInformation(), data.DATA_TIME_STEP()
    if information.Has(key) and information.Get(key):
        yield f"the time {information.Get(key):g} is not in the file"


def _arrays(data: Any) -> Iterator[tuple[Any, str, str, Any]]:
    """Yield attributes, of what, name and array, of points, cells and rows."""
    for part in parts(data):
        for kind, get in _KINDS:
            attributes: Any = getattr(part, get)() if hasattr(part, get) else None
            for index in range(attributes.GetNumberOfArrays() if attributes is not None else 0):
                yield attributes, kind, _name(attributes, index), attributes.GetAbstractArray(index)


def _fields(data: Any) -> Iterator[tuple[Any, int]]:
    held = data.GetFieldData()
    return ((held, index) for index in range(held.GetNumberOfArrays() if held is not None else 0))


def _name(attributes: Any, index: int) -> str:
    return attributes.GetArrayName(index) or "(without a name)"


def _is_number(array: Any) -> bool:
    return bool(array.IsNumeric()) and array.GetDataTypeAsString() != "bit"


def _is_long(array: Any) -> bool:
    """Return whether there are integers that a number of double precision does not hold."""
    values = vtk_to_numpy(array)
    long = values.dtype.kind in "iu" and values.itemsize == np.int64().itemsize and values.size > 0
    return long and max(int(values.max()), -int(values.min())) > _EXACT


def _composites(data: Any) -> Iterator[Any]:
    yield data
    for _, block in children(data):
        if block is not None and block.IsA("vtkCompositeDataSet"):
            yield from _composites(block)


def _listed(names: Any) -> str:
    return ", ".join(names)
