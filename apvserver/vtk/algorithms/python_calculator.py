"""An algorithm of our own: a new array from an expression in Python's notation, as ParaView's Python Calculator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import vtkDataObject

from ..base.array_types import LARGE_ARE_ROUNDED, copied, is_exact_in_doubles
from ..base.blocks import parts, places
from ..base.errors import InvalidProperty
from ..types.definitions import PropertyDefinition
from ..types.own_properties import OwnProperties, switch, text
from .array_expressions import evaluated, names_in
from .own_algorithms import data_of, like, output_of, told, warn

_SOURCES: Final = {
    "PointData": vtkDataObject.POINT,
    "CellData": vtkDataObject.CELL,
    "RowData": vtkDataObject.ROW,
    "FieldData": vtkDataObject.FIELD,
}
_PLURALS: Final[dict[int, str]] = {
    vtkDataObject.POINT: "points",
    vtkDataObject.CELL: "cells",
    vtkDataObject.ROW: "rows",
}
Part = tuple[Any, ...]
"""The data sets of one block, one for each input."""


class PythonCalculator(OwnProperties, VTKPythonAlgorithmBase):
    """PythonCalculator - Computes a new array from an expression in Python's notation."""

    PROPERTIES: ClassVar = (
        text("Expression", doc="The expression."),
        text("ArrayName", "result", "The name of the new array."),
        PropertyDefinition(
            "ArrayAssociation",
            "enum",
            1,
            0,
            enumeration=(("Points", 0), ("Cells", 1), ("Rows", 6)),
            doc="Whether plain words are arrays of points, cells or rows, as the result is.",
        ),
        switch("CopyArrays", True, "Whether the output has the arrays of the input as well."),
    )

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=1, nOutputPorts=1, outputType="vtkDataObject")

    def FillInputPortInformation(self, port: int, info: Any) -> int:
        info.Set(self.INPUT_REQUIRED_DATA_TYPE(), "vtkDataObject")
        info.Set(self.INPUT_IS_REPEATABLE(), 1)
        return 1

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        return like(data_of(inInfo), outInfo)

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        count = inInfo[0].GetNumberOfInformationObjects()
        inputs = [inInfo[0].GetInformationObject(i).Get(vtkDataObject.DATA_OBJECT()) for i in range(count)]
        return told("PythonCalculator", lambda: self._compute(inputs, output_of(outInfo)))

    def _compute(self, inputs: list[Any], output: Any) -> None:
        if output.IsA("vtkCompositeDataSet"):
            output.CopyStructure(inputs[0])
            _copy_blocks(inputs[0], output)
        else:
            output.ShallowCopy(inputs[0])
        text, kind = self.value_of("Expression"), int(self.value_of("ArrayAssociation"))
        if not text.strip():
            return
        made = list(parts(output))
        blocks = [one for one in _blocks(inputs, len(made))]
        if blocks and all(one[0].GetAttributesAsFieldData(kind) is None for one in blocks):  # none is not empty
            raise InvalidProperty(f"ArrayAssociation is {_PLURALS[kind]}, which a {inputs[0].GetClassName()} has not")
        chosen = blocks_that_have(names_in(text), blocks)
        if len(chosen) < len(blocks):
            warn(
                f"PythonCalculator: {len(blocks) - len(chosen)} of {len(blocks)} blocks lack an array of it: "
                "nothing is computed for those"
            )
        warn_of_large_integers("PythonCalculator", names_in(text), [blocks[index] for index in chosen])
        sizes = [blocks[index][0].GetNumberOfElements(kind) for index in chosen]
        value = evaluated(text, sources_of_blocks([blocks[index] for index in chosen], kind))
        rows = _spread(value, sum(sizes), _PLURALS[kind])
        for index, values in zip(chosen, np.split(rows, np.cumsum(sizes)[:-1]) if sizes else (), strict=True):
            self._add(made[index], kind, values)

    def _add(self, data: Any, kind: int, values: np.ndarray[Any, Any]) -> None:
        attributes = data.GetAttributes(kind) if kind != vtkDataObject.ROW else data.GetRowData()
        if not self.value_of("CopyArrays"):
            attributes.Initialize()
        array = copied(values)
        array.SetName(self.value_of("ArrayName"))
        attributes.AddArray(array)


def sources_of(inputs: list[Any], kind: int) -> dict[str, dict[str, np.ndarray[Any, Any]]]:
    """Return the arrays that an expression over data can name; plain words mean those of one association."""
    return sources_of_blocks(list(_blocks(inputs, len(list(parts(inputs[0]))))), kind)


def _copy_blocks(data: Any, output: Any) -> None:
    for place, block in places(data):
        copy = block.NewInstance()
        copy.ShallowCopy(block)
        output.SetDataSet(place, copy)


def _blocks(inputs: list[Any], count: int) -> Iterator[Part]:
    """Yield the data sets of each block, one of each input.

    Raises `InvalidProperty` if they are not of one structure.
    """
    of_each = [list(parts(one)) for one in inputs]
    if any(len(one) != count for one in of_each):
        counts = " and ".join(str(len(one)) for one in of_each)
        raise InvalidProperty(f"the inputs have {counts} blocks: they must be alike")
    yield from zip(*of_each, strict=True)


def blocks_that_have(names: frozenset[str], blocks: list[Part]) -> list[int]:
    """Return the blocks in which there is all that any block has of these names."""
    held = [{name for one in block for number in _SOURCES.values() for name in _names(one, number)} for block in blocks]
    wanted = names & frozenset().union(*held)
    return [index for index, one in enumerate(held) if wanted <= one]


def _names(data: Any, kind: int) -> list[str]:
    attributes = data.GetAttributesAsFieldData(kind)
    return [attributes.GetArrayName(i) for i in range(attributes.GetNumberOfArrays())] if attributes is not None else []


def sources_of_blocks(blocks: list[Part], kind: int) -> dict[str, dict[str, np.ndarray[Any, Any]]]:
    """Return the arrays by name, of all blocks one after the other: of the association, and of each input."""
    found: dict[str, dict[str, np.ndarray[Any, Any]]] = {}
    for number in range(len(blocks[0]) if blocks else 0):
        sets = [block[number] for block in blocks]
        for label, of in _SOURCES.items():
            found[f"inputs[{number}].{label}"] = _joined(sets, of)
        with_points = all(one.IsA("vtkPointSet") or one.IsA("vtkDataSet") for one in sets)
        found[f"inputs[{number}]"] = {"Points": np.concatenate([_points(one) for one in sets])} if with_points else {}
        if number == 0:
            own = found[f"inputs[0].{next(label for label, of in _SOURCES.items() if of == kind)}"]
            points = found["inputs[0]"] if kind == vtkDataObject.POINT else {}
            found[""] = {**{name.lower(): one for name, one in points.items()}, **points, **own}
    return found or {"": {}}


def warn_of_large_integers(who: str, names: frozenset[str], blocks: list[Part]) -> None:
    """Tell which of the arrays of these names have integers that are rounded, as all is computed in doubles."""
    rounded: dict[str, None] = {}
    for data in (one for block in blocks for one in block):
        for attributes in (data.GetAttributesAsFieldData(kind) for kind in _SOURCES.values()):
            arrays = [attributes.GetArray(name) for name in names] if attributes is not None else []
            rounded |= {one.GetName(): None for one in arrays if one is not None and not is_exact_in_doubles(one)}
    if rounded:
        warn(f"{who}: {', '.join(sorted(rounded))}: {LARGE_ARE_ROUNDED}")


def _joined(sets: list[Any], kind: int) -> dict[str, np.ndarray[Any, Any]]:
    common = [name for name in _names(sets[0], kind) if name and all(name in _names(one, kind) for one in sets)]
    found = {}
    for name in common:
        arrays = [one.GetAttributesAsFieldData(kind).GetAbstractArray(name) for one in sets]
        if all(one.IsNumeric() for one in arrays) and len({one.GetNumberOfComponents() for one in arrays}) == 1:
            found[name] = np.concatenate([_numbers(one) for one in arrays])
    return found


def _numbers(array: Any) -> np.ndarray[Any, Any]:
    values = np.asarray(vtk_to_numpy(array))  # also of bits: bytes of them
    return values.astype(float)


def _points(data: Any) -> np.ndarray[Any, Any]:
    points = data.GetPoints()
    if points is None or points.GetData() is None:
        return np.empty((0, 3))
    return np.asarray(vtk_to_numpy(points.GetData())).astype(float)


def _spread(value: Any, count: int, of: str) -> np.ndarray[Any, Any]:
    """Return a value for each of `count`: a number, or a vector, is that of all. Raises `InvalidProperty`."""
    made = np.asarray(value)
    if made.dtype == bool:
        made = made.astype(np.uint8)
    if made.ndim == 0 or (made.ndim == 1 and made.shape[0] != count):  # of a reduction
        return np.broadcast_to(made, (count, *made.shape))
    if made.ndim > 2 or made.shape[0] != count:
        raise InvalidProperty(f"Expression: its value has the shape {made.shape}, and there are {count} {of}")
    return made
