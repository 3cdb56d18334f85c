"""Setters that VTK does not wrap as properties: lists set by index, file lists, the arrays to process.

Each adapter is one row of a table: the property's name, the methods a class must have to get it, and three plain
functions that check, write and read a value. Objects such as implicit functions have no adapter yet.
"""

import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import Any
from weakref import WeakKeyDictionary

from vtkmodules.vtkCommonCore import vtkStringArray
from vtkmodules.vtkCommonDataModel import vtkDataObject

from async_paraview.domains import OFFERED
from async_paraview.records import dataclass

from ...base.errors import InvalidProperty
from ..definitions import PropertyDefinition, PropertyType
from .array_lists import array_lists_of, read_names, write_names
from .boxes import BOX_METHODS, CYLINDER_METHODS, Box, read_box, read_cylinder, write_box, write_cylinder
from .calculator import NEEDS, check_function, read_function, write_function
from .calls import CALLS, Calls
from .extents import DIMENSIONS, EXTENTS, LOWEST, check_three, read_extent, write_extent
from .netcdf_dimensions import read_dimensions, write_dimensions
from .plot3d_functions import check_functions, read_functions, write_functions
from .scripting import EXECUTE, check_script, read_script, write_script
from .selected_ids import check_ids, read_ids, write_ids
from .selections import Selection, forget, selections_of, want, wanted
from .selectors import METHODS as SELECTOR_METHODS
from .selectors import read_selectors, write_selectors

ASSOCIATIONS: dict[str, int] = {
    "POINTS": vtkDataObject.FIELD_ASSOCIATION_POINTS,
    "CELLS": vtkDataObject.FIELD_ASSOCIATION_CELLS,
    "FIELD": vtkDataObject.FIELD_ASSOCIATION_NONE,
    "POINTS_THEN_CELLS": vtkDataObject.FIELD_ASSOCIATION_POINTS_THEN_CELLS,
    "VERTICES": vtkDataObject.FIELD_ASSOCIATION_VERTICES,
    "EDGES": vtkDataObject.FIELD_ASSOCIATION_EDGES,
    "ROWS": vtkDataObject.FIELD_ASSOCIATION_ROWS,
}
_ASSOCIATION_NAMES = {number: name for name, number in ASSOCIATIONS.items()}
MAX_ENTRIES = 1_000_000
"""Longest list that an indexed property takes: VTK allocates what the count says before anything is checked."""


@dataclass(frozen=True)
class Adapter:
    """A property made of several VTK calls.

    `needs` are the methods that give a class this property; with a parenthesis they say how the signature begins.
    `hides` are the properties it replaces. `check` returns the normalised value or raises `InvalidProperty`.
    With `partial`, what the value does not mention stays as it was; `reset(instance, fresh, index)` then makes all of
    it, or one place of a list, what it is in an instance that was made anew.
    """

    name: str
    type: PropertyType
    needs: tuple[str, ...]
    check: Callable[[str, Any], Any]
    write: Callable[[Any, Any], None]
    read: Callable[[Any], Any]
    doc: str
    hides: tuple[str, ...] = ()
    path: bool = False
    partial: bool = False
    reset: Callable[[Any, Any, int | None], None] | None = None
    domain: Mapping[str, Any] = field(default_factory=dict)


def adapters_of(cls: Any) -> tuple[Adapter, ...]:
    """Return the adapters that apply to an algorithm class."""
    return _adapters_of(cls)


@functools.cache
def _adapters_of(cls: Any) -> tuple[Adapter, ...]:
    found: dict[str, Adapter] = {}
    lists = [_array_list(name, getter) for name, getter in array_lists_of(cls).items()]
    for adapter in (*ADAPTERS, *map(_calls, CALLS), *map(_selection, selections_of(cls)), *lists):
        if all(_has(cls, need) for need in adapter.needs):
            found.setdefault(adapter.name, adapter)
    return tuple(found.values())


def _has(cls: Any, need: str) -> bool:
    method = getattr(cls, need.partition("(")[0], None)
    return method is not None and ("(" not in need or (method.__doc__ or "").startswith(need))


def adapted_properties(algorithm: Any) -> tuple[PropertyDefinition, ...]:
    """Return the definitions of the adapted properties of an algorithm, their defaults read from the instance."""
    inputs = hasattr(algorithm, "GetNumberOfInputPorts") and algorithm.GetNumberOfInputPorts()
    return tuple(
        PropertyDefinition(
            adapter.name,
            adapter.type,
            1 if isinstance(value := adapter.read(algorithm), int | float) else 0,
            value,
            doc=adapter.doc,
            kind="indexed",
            path=adapter.path,
            domain=adapter.domain,
        )
        for adapter in adapters_of(type(algorithm))
        if inputs or adapter.name != "SelectInputArray"
    )


def _items(name: str, value: Any) -> list[Any]:
    if isinstance(value, str | bytes | dict) or not hasattr(value, "__iter__"):
        raise InvalidProperty(f"{name} expects a list, not {type(value).__name__} {value!r:.80}")
    items = list(value)
    if len(items) > MAX_ENTRIES:
        raise InvalidProperty(f"{name} takes at most {MAX_ENTRIES} entries, not {len(items)}")
    return items


def _check_floats(name: str, value: Any) -> tuple[float, ...]:
    items = [value] if isinstance(value, int | float) else _items(name, value)
    for index, item in enumerate(items):
        if isinstance(item, bool) or not (hasattr(item, "__float__") and not isinstance(item, str)):
            raise InvalidProperty(f"{name}[{index}] expects a number, not {type(item).__name__} {item!r:.80}")
    return tuple(float(item) for item in items)


def _check_string(name: str, value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise InvalidProperty(f"{name} expects a string, not {type(value).__name__} {value!r:.80}")
    return value


def _check_strings(name: str, value: Any) -> tuple[str, ...]:
    items = _items(name, value)
    for index, item in enumerate(items):
        if not isinstance(item, str) or "\0" in item:
            raise InvalidProperty(f"{name}[{index}] expects a string, not {type(item).__name__} {item!r:.80}")
    return tuple(items)


def _check_arrays(name: str, value: Any) -> tuple[tuple[str, str] | None, ...]:
    items = [value] if isinstance(value, str) else _items(name, value)
    if len(items) == 2 and all(isinstance(item, str | int) for item in items):
        items = [items]
    return tuple(None if item is None else _check_array(name, item) for item in items)


def _check_array(name: str, value: Any) -> tuple[str, str]:
    pair = [] if isinstance(value, str) else _items(name, value)
    if len(pair) != 2 or not isinstance(pair[1], str) or "\0" in pair[1]:
        raise InvalidProperty(f'{name} expects an array like ("POINTS", "pressure"), not {value!r:.80}')
    association = _ASSOCIATION_NAMES.get(pair[0], "") if isinstance(pair[0], int) else pair[0]
    if association not in ASSOCIATIONS:
        known = ", ".join(ASSOCIATIONS)
        raise InvalidProperty(f"{name}: unknown association {pair[0]!r}; known ones are {known}")
    return association, pair[1]


def _check_selection(name: str, value: Any) -> dict[str, bool] | tuple[str, ...]:
    if not isinstance(value, dict):
        return _check_strings(name, value)
    for key, switch in value.items():
        if not isinstance(key, str) or switch not in (0, 1):
            raise InvalidProperty(
                f"{name} expects a list of names, or a mapping of names to on or off, not {key!r}: {switch!r}"
            )
    return {key: bool(switch) for key, switch in value.items()}


def _write_arrays(algorithm: Any, arrays: tuple[tuple[str, str] | None, ...]) -> None:
    for index, array in enumerate(arrays):
        if array is not None:
            algorithm.SetInputArrayToProcess(index, 0, 0, ASSOCIATIONS[array[0]], array[1])


def _read_arrays(algorithm: Any) -> tuple[tuple[str, str] | None, ...]:
    arrays = []
    for index in range(algorithm.GetNumberOfInputArraySpecifications()):
        information = algorithm.GetInputArrayInformation(index)
        name = information.Get(vtkDataObject.FIELD_NAME())
        association = _ASSOCIATION_NAMES.get(information.Get(vtkDataObject.FIELD_ASSOCIATION()))
        arrays.append((association, name) if name and association else None)
    while arrays and arrays[-1] is None:
        arrays.pop()
    return tuple(arrays)


def _reset_arrays(algorithm: Any, fresh: Any, index: int | None) -> None:
    count = max(one.GetNumberOfInputArraySpecifications() for one in (algorithm, fresh))
    for place in range(count) if index is None else (index,):
        algorithm.SetInputArrayToProcess(place, fresh.GetInputArrayInformation(place))


_COUNTS = ("NumberOfContours", "NumberOfLabels", "ContourValues")


def _values(label: str, count: str) -> Adapter:
    number, count_getter = f"SetNumberOf{count}", f"GetNumberOf{count}"

    def write(algorithm: Any, values: tuple[float, ...]) -> None:
        # Only what differs is set, so that equal values do not make the algorithm out of date.
        if getattr(algorithm, count_getter)() != len(values):
            getattr(algorithm, number)(len(values))
        for index, value in enumerate(values):
            algorithm.SetValue(index, value)

    def read(algorithm: Any) -> tuple[float, ...]:
        return tuple(algorithm.GetValue(index) for index in range(getattr(algorithm, count_getter)()))

    needs = ("SetValue(self, i:int, ", "GetValue", number, count_getter)
    doc = f"The list of {label}; setting it sets their number too."
    return Adapter("Values", "float", needs, _check_floats, write, read, doc, _COUNTS)


def _file_list(name: str, add: str, clear: str, count: str, get: str) -> Adapter:
    def write(algorithm: Any, paths: tuple[str, ...]) -> None:
        if read(algorithm) != paths:
            getattr(algorithm, clear)()
            for path in paths:
                getattr(algorithm, add)(path)

    def read(algorithm: Any) -> tuple[str, ...]:
        return tuple(getattr(algorithm, get)(index) for index in range(getattr(algorithm, count)()))

    doc = "The files that are read as one data set or as a series."
    return Adapter(name, "str", (add, clear, f"{count}(self)", get), _check_strings, write, read, doc, path=True)


def _write_string_array(algorithm: Any, paths: tuple[str, ...]) -> None:
    if _read_string_array(algorithm) == paths:
        return
    names = vtkStringArray()
    for path in paths:
        names.InsertNextValue(path)
    algorithm.SetFileNames(names if paths else None)  # an empty array ends the process in GetHeaderSize


def _read_string_array(algorithm: Any) -> tuple[str, ...]:
    names = algorithm.GetFileNames()
    return tuple(names.GetValue(index) for index in range(names.GetNumberOfValues())) if names else ()


def _selection(selection: Selection) -> Adapter:
    name = selection.name
    doc = f"Which ({selection.noun}) of those in the file are read: a list of names, or names with on and off. "
    doc += "All, unless told otherwise." if selection.whole else "Others are as the reader has them by itself."
    return Adapter(
        name,
        "array_selection",
        (),
        _check_selection,
        lambda reader, value: want(reader, name, value),
        lambda reader: wanted(reader, name),
        doc,
        reset=lambda reader, fresh, index: forget(reader, name),
        domain={"kind": OFFERED},
    )


def _calls(calls: Calls) -> Adapter:
    doc = f"What {calls.add} takes" + (", one call after the other." if calls.each else ".")
    hides = ("NumberOfPoints",) if calls.count else ()
    return Adapter(calls.name, calls.type, calls.needs, calls.check, calls.write, calls.read, doc, hides)


def _array_list(name: str, getter: str) -> Adapter:
    return Adapter(
        name,
        "str",
        (),
        _check_selection,
        functools.partial(write_names, getter),
        functools.partial(read_names, getter),
        "Names; or a map of names to on or off, of which those that are on count.",
    )


@dataclass(frozen=True)
class _Placement:
    """What a vtkTransform was set to; its matrix does not tell: mirroring and turning look alike there."""

    translate: tuple[float, ...] = (0.0, 0.0, 0.0)
    rotate: tuple[float, ...] = (0.0, 0.0, 0.0)
    scale: tuple[float, ...] = (1.0, 1.0, 1.0)


_placements: WeakKeyDictionary[Any, _Placement] = WeakKeyDictionary()


def _of_transform(name: str, part: str, check: Callable[[str, Any], Any], doc: str) -> Adapter:
    """Return the adapter of translation, rotation or scale of a vtkTransform, whose methods only change its matrix."""

    def read(transform: Any) -> tuple[float, ...]:
        found: tuple[float, ...] = getattr(_placements.get(transform, _Placement()), part)
        return found

    def write(transform: Any, values: tuple[float, ...]) -> None:
        if read(transform) == values:
            return
        placed = _placements[transform] = replace(_placements.get(transform, _Placement()), **{part: values})
        x, y, z = placed.rotate
        transform.Identity()
        transform.Translate(placed.translate)
        transform.RotateZ(z)
        transform.RotateX(x)
        transform.RotateY(y)
        transform.Scale(placed.scale)

    return Adapter(name, "float", ("GetOrientation", "RotateWXYZ", "Identity"), check, write, read, doc)


def _check_three(name: str, value: Any) -> tuple[float, ...]:
    numbers = _check_floats(name, value)
    if len(numbers) != 3 or not all(map(math.isfinite, numbers)):
        raise InvalidProperty(f"{name} expects 3 finite values of type float, not {len(numbers)}: {value!r:.80}")
    return numbers


def _check_scale(name: str, value: Any) -> tuple[float, ...]:
    numbers = _check_three(name, value)
    if 0.0 in numbers:
        raise InvalidProperty(f"{name} expects 3 values, none of which is 0, not {value!r:.80}")
    return numbers


def _check_box(name: str, value: Any) -> tuple[float, ...]:
    numbers = _check_floats(name, value)
    if len(numbers) != 6 or not all(map(math.isfinite, numbers)):
        raise InvalidProperty(f"{name} expects 6 finite values of type float, not {len(numbers)}: {value!r:.80}")
    return numbers


def _check_enzo(name: str, value: Any) -> str:
    """Return the name of a file of Enzo: VTK looks into it at once, and dies of other names."""
    path = _check_path(name, value[0] if isinstance(value, (list, tuple)) and len(value) == 1 else value)
    if path and not path.endswith((".hierarchy", ".boundary")):
        raise InvalidProperty(f"{name}: files of Enzo are opened by their .hierarchy or .boundary file, not {path!r}")
    return path


def _check_switch(name: str, value: Any) -> bool:
    if value not in (0, 1):
        raise InvalidProperty(f"{name} takes True or False, not {value!r:.80}")
    return bool(value)


def _of_box(name: str, part: str, check: Callable[[str, Any], Any], doc: str) -> Adapter:
    """Return the adapter of a property of a vtkBox that has a place of its own."""
    default = getattr(Box(), part)
    kind: PropertyType = "bool" if isinstance(default, bool) else "float"
    write, read = functools.partial(write_box, part), functools.partial(read_box, part)
    return Adapter(name, kind, BOX_METHODS, check, write, read, doc)


def _check_axis(name: str, value: Any) -> tuple[float, ...]:
    numbers = _check_three(name, value)
    if not any(numbers):
        raise InvalidProperty(f"{name} expects a direction, and all of {value!r:.80} is 0")
    return numbers


def _of_cylinder(name: str, part: str, check: Callable[[str, Any], Any], doc: str) -> Adapter:
    """Return the adapter of a property of a vtkCylinder that is turned by a transform."""
    write, read = functools.partial(write_cylinder, part), functools.partial(read_cylinder, part)
    return Adapter(name, "float", CYLINDER_METHODS, check, write, read, doc)


_names_of_files: WeakKeyDictionary[Any, str] = WeakKeyDictionary()


def _check_path(name: str, value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise InvalidProperty(f"{name} expects the path of a file, not {type(value).__name__} {value!r:.80}")
    return value


def _write_path(reader: Any, path: str) -> None:
    """Write the path: some of VTK's readers do not tell which file they were given."""
    if _read_path(reader) != path:
        reader.SetFileName(path)
        _names_of_files[reader] = path


def _read_path(reader: Any) -> str:
    return _names_of_files.get(reader, "")


_SELECTORS = "Which parts of the assembly of the file are read, as paths: /Root/part, //part; / is all."
_STRING_ARRAY_METHODS = ("SetFileNames", "GetFileNames")


def _sample_rate(axis: int) -> Adapter:
    """Return the adapter of every how many points are taken along one axis, of three in one call."""

    def check(name: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
            raise InvalidProperty(f"{name} expects an integer, not {type(value).__name__} {value!r:.80}")
        return int(value)

    def write(extract: Any, rate: int) -> None:
        rates = list(extract.GetSampleRate())
        rates[axis] = rate
        extract.SetSampleRate(rates)

    doc = "Takes every n-th point along one axis."
    needs = ("SetVOI", "SetSampleRate")
    return Adapter(f"SampleRate{'IJK'[axis]}", "int", needs, check, write, lambda one: one.GetSampleRate()[axis], doc)


def _script(name: str, setter: str, doc: str) -> Adapter:
    """Return the adapter of a script that the method `setter` takes as something to call."""
    write, read = functools.partial(write_script, setter), functools.partial(read_script, setter)
    doc = f"{doc}; only servers that were started with --allow-python execute it."
    return Adapter(name, "str", (setter,), check_script, write, read, doc)


ADAPTERS: tuple[Adapter, ...] = (
    *map(_sample_rate, range(3)),
    _of_box("Position", "position", _check_three, "The lowest corner of the box, around which it is turned."),
    _of_box("Rotation", "rotation", _check_three, "Degrees around each axis: around y first, then x, then z."),
    _of_box("Length", "length", _check_three, "How long the sides are."),
    _of_box("UseReferenceBounds", "by_bounds", _check_switch, "Whether ReferenceBounds are stretched by Length."),
    _of_cylinder("OrientedCenter", "center", _check_three, "A point of the axis."),
    _of_cylinder("OrientedAxis", "axis", _check_axis, "The direction of the axis."),
    _of_box("ReferenceBounds", "bounds", _check_box, "Lowest and highest x, y and z of what is stretched."),
    _script("Script", EXECUTE, "The text of a Python script"),
    _script(
        "ScriptRequestInformation",
        "SetInformationMethod",
        "The text of a Python script that tells times and extents before anything is made",
    ),
    _script(
        "RequestUpdateExtentScript",
        "SetUpdateExtentMethod",
        "The text of a Python script that is executed before the input is asked for",
    ),
    *(
        Adapter(
            part,
            "int",
            (f"Get{extent}", f"Set{extent}", also),
            check_three,
            functools.partial(write_extent, part, extent),
            functools.partial(read_extent, part, extent),
            what,
        )
        for extent, also in EXTENTS
        for part, what in (
            (DIMENSIONS, "How many points there are along each axis."),
            (LOWEST, "The index of the first point along each axis."),
        )
    ),
    Adapter(
        "Function",
        "str",
        NEEDS,
        check_function,
        write_function,
        read_function,
        "The expression. Names that are no plain words stand in double quotes; see docs/calculator.md.",
    ),
    Adapter(
        "IDs",
        "int",
        ("RemoveAllNodes", "AddID"),
        check_ids,
        write_ids,
        read_ids,
        "What is selected: block (0 if there is one data set), id, block, id, ...",
    ),
    _of_transform("Translate", "translate", _check_three, "How far to move along each axis, after all else."),
    _of_transform("Rotate", "rotate", _check_three, "Degrees around x, y and z: y is done first, then x, then z."),
    _of_transform("Scale", "scale", _check_scale, "Factors along each axis, before all else; none may be 0."),
    _values("label values", "Labels"),
    _values("contour values", "Contours"),
    _values("bin boundaries", "Bins"),
    Adapter(
        "FileName",
        "str",
        ("SetFileName", "GetDataTitle"),
        _check_path,
        _write_path,
        _read_path,
        "The file, on the server.",
        path=True,
    ),
    Adapter(
        "FileName",
        "str",
        ("SetFileName", "SetConvertToCGS"),
        _check_enzo,
        _write_path,
        lambda reader: reader.GetFileName() or "",
        "The .hierarchy or .boundary file, on the server.",
        path=True,
    ),
    _file_list("FileNames", "AddFileName", "ClearFileNames", "GetNumberOfFileNames", "GetFileName"),
    _file_list(
        "ModeFileNames", "AddModeFileName", "RemoveAllModeFileNames", "GetNumberOfModeFileNames", "GetModeFileName"
    ),
    Adapter(
        "FileNames",
        "str",
        _STRING_ARRAY_METHODS,
        _check_strings,
        _write_string_array,
        _read_string_array,
        "The files that are read as one data set or as a series.",
        path=True,
    ),
    Adapter(
        "TimeValues",
        "float",
        ("SetSeriesTimes", "GetSeriesTimes"),
        _check_floats,
        lambda reader, times: reader.SetSeriesTimes(times),
        lambda reader: reader.GetSeriesTimes(),
        "The time of each file; equal times are parts of one. Empty: the times in the files, else 0, 1, 2, ...",
    ),
    Adapter(
        "Functions",
        "int",
        ("AddFunction", "RemoveAllFunctions"),
        check_functions,
        write_functions,
        read_functions,
        "Numbers of PLOT3D's functions to be computed besides what the solution holds: 110 pressure, 200 velocity, ...",
    ),
    Adapter("Selectors", "str", SELECTOR_METHODS, _check_strings, write_selectors, read_selectors, _SELECTORS),
    Adapter(
        "PartNames",
        "str",
        ("SetPartNames", "GetPartNames"),
        _check_strings,
        lambda reader, names: reader.SetPartNames(names),
        lambda reader: reader.GetPartNames(),
        "The name of the block that each file becomes, where several files are parts of one data set.",
    ),
    Adapter(
        "Dimensions",
        "str",
        ("SetDimensions(self, dimensions:str", "GetVariableDimensions"),
        _check_string,
        write_dimensions,
        read_dimensions,
        'The dimensions whose variables are read, as in "(lat, lon)"; empty: those that are on the most dimensions.',
    ),
    Adapter(
        "SelectInputArray",
        "str",
        ("SetInputArrayToProcess", "GetInputArrayInformation"),
        _check_arrays,
        _write_arrays,
        _read_arrays,
        "The arrays to work on: one (association, name) or a list of them by index; None keeps what is set.",
        partial=True,
        reset=_reset_arrays,
    ),
)
