"""What some algorithms need to be told about their input before they execute, because no property can say it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from weakref import WeakKeyDictionary

from vtkmodules.vtkCommonCore import vtkOutputWindow
from vtkmodules.vtkCommonDataModel import vtkDataObject

from apvserver.vtk_bridge.file_states import paths_of
from apvserver.vtk_bridge.files import roots
from apvserver.vtk_bridge.information import parts
from apvserver.vtk_bridge.intact import CHECKED_READERS, check_intact
from apvserver.vtk_bridge.references import check_references

_AXES: Final = "XYZ"
_prepared: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


def prepare(algorithm: Any) -> None:
    """Tell an algorithm whose inputs are up to date what it must know of them. Nothing happens if that is the same.

    What it is about to read is looked at. Raises `FileError` if a file is not complete, where VTK would crash on that,
    or leads out of the data roots.
    """
    class_name = type(algorithm).__name__
    if roots() or class_name in CHECKED_READERS:
        for path in paths_of(algorithm):
            check_references(path, class_name)
            check_intact(path, class_name)
    preparation = _PREPARATIONS.get(class_name)
    if preparation is not None:
        preparation(algorithm)


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


def _take_from_points(glyph: Any) -> None:
    """Arrays of cells come as arrays of points: what is before puts a point in the middle of each cell."""
    for index in range(glyph.GetNumberOfInputArraySpecifications()):
        information = glyph.GetInputArrayInformation(index)
        name = information.Get(vtkDataObject.FIELD_NAME())
        if name and information.Get(vtkDataObject.FIELD_ASSOCIATION()) == vtkDataObject.FIELD_ASSOCIATION_CELLS:
            glyph.SetInputArrayToProcess(index, 0, 0, vtkDataObject.FIELD_ASSOCIATION_POINTS, name)


def _tell_unmoved(warp: Any) -> None:
    """Blocks without the array are not moved, beside others that are."""
    data, information = warp.GetInputDataObject(0, 0), warp.GetInputArrayInformation(0)
    name = information.Get(vtkDataObject.FIELD_NAME())
    if data is None or not name or not data.IsA("vtkCompositeDataSet"):
        return
    filled = [leaf for leaf in parts(data) if leaf.GetNumberOfPoints()]
    lacking = [leaf for leaf in filled if not leaf.GetPointData().HasArray(name)]
    if lacking:
        vtkOutputWindow.GetInstance().DisplayWarningText(
            f"{len(lacking)} of {len(filled)} blocks have no array {name!r} and stay where they are"
        )


_PREPARATIONS: Final[dict[str, Callable[[Any], None]]] = {
    "vtkArrayCalculator": _name_variables,
    "vtkGlyph3D": _take_from_points,
    "vtkWarpScalar": _tell_unmoved,
    "vtkWarpVector": _tell_unmoved,
}
"""By exact class name."""
