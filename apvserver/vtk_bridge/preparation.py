"""What some algorithms need to be told about their input before they execute, because no property can say it."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any, Final
from weakref import WeakKeyDictionary

from vtkmodules.vtkCommonDataModel import vtkDataObject

from apvserver.vtk_bridge.catalog import OWN_CLASSES
from apvserver.vtk_bridge.files import roots
from apvserver.vtk_bridge.intact import CHECKED_READERS, check_intact
from apvserver.vtk_bridge.properties import get_property
from apvserver.vtk_bridge.references import check_references
from apvserver.vtk_bridge.reflection import reflected

_AXES: Final = "XYZ"
_PARTS_OF_NAMES: Final = ("Pattern", "Prefix", "Path")
_prepared: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


def prepare(algorithm: Any) -> None:
    """Tell an algorithm whose inputs are up to date what it must know of them. Nothing happens if that is the same.

    What it is about to read is looked at. Raises `FileError` if a file is not complete, where VTK would crash on that,
    or leads out of the data roots.
    """
    class_name = type(algorithm).__name__
    if roots() or class_name in CHECKED_READERS:
        for name in _path_properties(class_name):
            paths = get_property(algorithm, name) or ()
            for path in [paths] if isinstance(paths, str) else paths:
                if hasattr(algorithm, "GetFilePath"):  # EnSight's readers split the name that they are given
                    path = os.path.join(algorithm.GetFilePath() or "", path)
                check_references(path, class_name)
                check_intact(path, class_name)
    preparation = _PREPARATIONS.get(type(algorithm).__name__)
    if preparation is not None:
        preparation(algorithm)


@functools.cache
def _path_properties(class_name: str) -> tuple[str, ...]:
    """The properties that name files to be read. The series reader looks at each file itself, when it reads it."""
    known = reflected(class_name)
    if known.definition.group == "writers" or class_name in OWN_CLASSES:
        return ()
    return tuple(one.name for one in known.properties.values() if one.path and not one.name.endswith(_PARTS_OF_NAMES))


def _name_variables(calculator: Any) -> None:
    """Coordinates and arrays by name, and the components of vectors as velocity_X: what users of ParaView write."""
    data = calculator.GetInputDataObject(0, 0)
    if data is None:
        return
    leaf = data
    if data.IsA("vtkCompositeDataSet"):
        iterator = data.NewIterator()
        leaf = None if iterator.IsDoneWithTraversal() else iterator.GetCurrentDataObject()
    kind = max(calculator.GetAttributeType(), vtkDataObject.POINT)  # -1 is the default, that of points
    attributes = leaf and leaf.GetAttributesAsFieldData(kind)
    arrays = []
    for index in range(attributes.GetNumberOfArrays() if attributes else 0):
        array = attributes.GetAbstractArray(index)
        if array.GetName() and array.IsNumeric():
            arrays.append((array.GetName(), array.GetNumberOfComponents()))
    if _prepared.get(calculator) == arrays:
        return
    _prepared[calculator] = arrays
    calculator.RemoveAllVariables()
    for number, axis in enumerate(_AXES):
        calculator.AddCoordinateScalarVariable(f"coords{axis}", number)
    calculator.AddCoordinateVectorVariable("coords")
    for name, components in arrays:
        if components == 1:
            calculator.AddScalarVariable(name, name, 0)
            continue
        for number in range(components):
            suffix = _AXES[number] if components <= 3 else str(number)
            calculator.AddScalarVariable(f"{name}_{suffix}", name, number)
        if components == 3:
            calculator.AddVectorVariable(name, name, 0, 1, 2)


_PREPARATIONS: Final[dict[str, Callable[[Any], None]]] = {"vtkArrayCalculator": _name_variables}
"""By exact class name."""
