"""Variables of NetCDF 4 that VTK does not read: enumerations, whose integers are added behind it, texts and records.

One of them makes VTK's readers fail, or worse, whatever else is in the file: they are switched off before it reads.
"""

from __future__ import annotations

from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkOutputWindow, vtkStringArray
from vtkmodules.vtkCommonDataModel import vtkDataObject
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from ....base.errors import FileError
from .values import NotInstalled, dataset, is_enumeration

_KINDS: Final = {"VLType": "lists", "CompoundType": "records"}
_STATUS: Final = ("VariableArray", "PointArray", "CellArray")
"""What readers have lists of, by the names of their methods."""

_left_out: WeakKeyDictionary[Any, tuple[str, dict[str, str]]] = WeakKeyDictionary()
"""For which file of a reader what was found: variables, and what they hold."""


def leave_out_types(reader: Any) -> dict[str, str]:
    """Switch off what VTK does not read, tell it once, and return it, with what it holds.

    Raises `FileError` if the file has nothing else, and `NotInstalled` without netCDF4, which knows the types.
    """
    path = reader.GetFileName()
    if not path:
        return {}
    known = _left_out.get(reader)
    if known is None or known[0] != path:
        known = _left_out[reader] = (path, _unread(path))
        _tell(path, known[1])
    if known[1]:
        reader.UpdateInformation()
        for kind in _STATUS:
            _switch_off(reader, kind, known[1])
    return known[1]


def _unread(path: str) -> dict[str, str]:
    try:
        with dataset(path) as file:
            found = {name: _held(variable) for name, variable in file.variables.items()}
    except OSError:
        return {}  # the reader tells
    unread = {name: held for name, held in found.items() if held is not None}
    if unread and len(unread) == len(found):
        raise FileError(
            f"{path}: none of its variables holds numbers on a grid: {_named(unread)}; netCDF4 or xarray reads them in "
            "Python, session.send_data hands arrays over"
        )
    return unread


def _held(variable: Any) -> str | None:
    """Return what a variable holds that VTK does not read; None if it does."""
    if variable.dtype is str:
        return "texts"
    return "an enumeration" if is_enumeration(variable) else _KINDS.get(type(variable.datatype).__name__)


def _tell(path: str, unread: dict[str, str]) -> None:
    others = {name: held for name, held in unread.items() if held != "an enumeration"}
    if others:
        vtkOutputWindow.GetInstance().DisplayWarningText(f"{path}: left out is what holds no numbers: {_named(others)}")


def _named(unread: dict[str, str]) -> str:
    return ", ".join(f"{name} ({held})" for name, held in list(unread.items())[:20])


def _switch_off(reader: Any, kind: str, unread: dict[str, str]) -> None:
    if not hasattr(reader, f"Set{kind}Status"):
        return
    names = [getattr(reader, f"Get{kind}Name")(at) for at in range(getattr(reader, f"GetNumberOf{kind}s")())]
    for name in names:
        if name in unread and getattr(reader, f"Get{kind}Status")(name):
            getattr(reader, f"Set{kind}Status")(name, 0)


def add_enumerations(reader: Any, data: Any) -> None:
    """Add the integers of enumerations on the dimensions that were read, and their names as field data.

    `NAME_values` and `NAME_meanings` are what CF calls flag_values and flag_meanings. What does not fit is told.
    """
    path = reader.GetFileName()
    if not path or data is None or not data.IsA("vtkDataSet"):
        return
    try:
        with dataset(path) as file:
            for name, variable in file.variables.items():
                if is_enumeration(variable):
                    _add(reader, data, name, variable, file)
    except NotInstalled:
        return  # told before it read


def _add(reader: Any, data: Any, name: str, variable: Any, file: Any) -> None:
    where = [
        (attributes, file.variables[attributes.GetArrayName(at)].dimensions)
        for attributes in (data.GetPointData(), data.GetCellData())
        for at in range(attributes.GetNumberOfArrays())
        if attributes.GetArrayName(at) in file.variables
    ]
    attributes = next((one for one, dimensions in where if _fit(dimensions, variable.dimensions)), None)
    values = None if attributes is None else _at_time(reader, data, variable, attributes.GetNumberOfTuples())
    if attributes is None or values is None:
        vtkOutputWindow.GetInstance().DisplayWarningText(
            f"{reader.GetFileName()}: {name} ({', '.join(variable.dimensions)}) holds an enumeration and is left out: "
            "it is read beside numbers on the same dimensions"
        )
        return
    array = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
    array.SetName(name)
    attributes.AddArray(array)
    names: dict[str, int] = variable.datatype.enum_dict
    numbers, texts = numpy_to_vtk(np.array(list(names.values()), variable.dtype), deep=True), vtkStringArray()
    for one in names:
        texts.InsertNextValue(one)
    for made, end in ((numbers, "values"), (texts, "meanings")):
        made.SetName(f"{name}_{end}")
        data.GetFieldData().AddArray(made)


def _fit(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether variables are on the same dimensions, but for the first one, time."""
    return other in (one, one[1:]) or other[1:] == one


def _at_time(reader: Any, data: Any, variable: Any, count: int) -> Any:
    """Return the integers at the time of the data, (count,); None if there are not so many."""
    if variable.size == count:
        return np.asarray(variable[...]).ravel()
    steps = reader.GetOutputInformation(0).Get(vtkStreamingDemandDrivenPipeline.TIME_STEPS()) or ()
    time = data.GetInformation().Get(vtkDataObject.DATA_TIME_STEP())
    if time is None or len(steps) != variable.shape[0] or variable.size != count * len(steps):
        return None
    return np.asarray(variable[int(np.argmin(np.abs(np.array(steps) - time)))]).ravel()
