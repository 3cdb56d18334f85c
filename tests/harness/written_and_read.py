"""What is different between data that was written and what was read back: values, types, names and places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkIndent

_KINDS: Final = {0: "points", 1: "cells", 2: "whole", 4: "vertices", 5: "edges", 6: "rows"}
_ROLES: Final = ("Scalars", "Vectors", "Normals", "TCoords", "GlobalIds", "HigherOrderDegrees")


def differences(before: Any, after: Any, where: str = "") -> list[str]:
    """In words, none if both are the same. Cells are compared one by one, arrays bit by bit."""
    return [f"{where}{one}" for one in _differences(before, after)]


def _differences(before: Any, after: Any) -> Iterator[str]:
    if before is None or after is None:
        if before is not after:
            yield f"{'nothing' if before is None else before.GetClassName()} became {after and after.GetClassName()}"
        return
    if not after.IsA(before.GetClassName()):
        yield f"{before.GetClassName()} became {after.GetClassName()}"
        return
    if before.IsA("vtkCompositeDataSet"):
        yield from _of_composites(before, after)
    elif before.IsA("vtkDataSet"):
        yield from _of_places(before, after)
    elif before.IsA("vtkGraph"):
        yield from _of_edges(before, after)
    elif before.IsA("vtkHyperTreeGrid"):
        names = ("GetNumberOfCells", "GetNumberOfLeaves", "GetMaxNumberOfTrees", "GetNumberOfLevels", "HasMask")
        yield from _of_getters(before, after, *names)
    for kind, name in _KINDS.items():
        one, other = (data.GetAttributesAsFieldData(kind) for data in (before, after))
        if one is not None and other is not None:
            yield from _of_arrays(one, other, name, in_order=not before.IsA("vtkHyperTreeGrid"))
            yield from _of_roles(before, after, kind, name)


def _of_edges(before: Any, after: Any) -> Iterator[str]:
    edges = [
        [(g.GetSourceVertex(i), g.GetTargetVertex(i)) for i in range(g.GetNumberOfEdges())] for g in (before, after)
    ]
    if edges[0] != edges[1] or before.GetNumberOfVertices() != after.GetNumberOfVertices():
        yield f"edges {edges[0]} became {edges[1]}"


def _of_getters(before: Any, after: Any, *names: str) -> Iterator[str]:
    for name in names:
        if hasattr(before, name):
            one, other = (getattr(data, name)() for data in (before, after))
            if one != other:
                yield f"{name.removeprefix('Get')} {one} became {other}"


def _of_composites(before: Any, after: Any) -> Iterator[str]:
    one, other = ([*_children(data)] for data in (before, after))
    if len(one) != len(other):
        yield f"{len(one)} blocks became {len(other)}"
    for number, ((name, block), (found, back)) in enumerate(zip(one, other, strict=False)):
        if name != found:
            yield f"block {number} is called {found!r}, not {name!r}"
        yield from differences(block, back, f"block {number}: ")
    if before.IsA("vtkPartitionedDataSetCollection"):
        trees = [
            data.GetDataAssembly() and data.GetDataAssembly().SerializeToXML(vtkIndent()) for data in (before, after)
        ]
        if trees[0] != trees[1]:
            yield f"hierarchy {trees[0]} became {trees[1]}"


def _children(data: Any) -> Iterator[tuple[str | None, Any]]:
    if data.IsA("vtkMultiBlockDataSet"):
        count, get = data.GetNumberOfBlocks(), data.GetBlock
    elif data.IsA("vtkPartitionedDataSet"):
        count, get = data.GetNumberOfPartitions(), data.GetPartition
    elif data.IsA("vtkPartitionedDataSetCollection"):
        count, get = data.GetNumberOfPartitionedDataSets(), data.GetPartitionedDataSet
    else:
        levels = [
            (level, index)
            for level in range(data.GetNumberOfLevels())
            for index in range(data.GetNumberOfBlocks(level))
        ]
        yield from ((None, data.GetDataSetAsImageData(*one)) for one in levels)
        return
    for number in range(count):
        meta = data.GetMetaData(number) if data.HasMetaData(number) else None
        yield (meta.Get(data.NAME()) if meta is not None and meta.Has(data.NAME()) else None), get(number)


def _of_places(before: Any, after: Any) -> Iterator[str]:
    getters = ("GetNumberOfPoints", "GetNumberOfCells", "GetExtent", "GetOrigin", "GetSpacing")
    yield from _of_getters(before, after, *getters)
    if hasattr(before, "GetDirectionMatrix"):
        one, other = (
            [data.GetDirectionMatrix().GetElement(i // 3, i % 3) for i in range(9)] for data in (before, after)
        )
        if one != other:
            yield f"direction {one} became {other}"
    for axis in "XYZ":
        if hasattr(before, f"Get{axis}Coordinates"):
            one, other = (getattr(data, f"Get{axis}Coordinates")() for data in (before, after))
            yield from _of_values(one, other, axis)
    if hasattr(before, "GetPoints") and before.IsA("vtkPointSet") and before.GetNumberOfPoints():
        one, other = (data.GetPoints() and data.GetPoints().GetData() for data in (before, after))
        yield from _of_values(one, other, "points")
    if before.IsA("vtkPolyData") or before.IsA("vtkUnstructuredGrid"):
        one, other = ([*_cells(data)] for data in (before, after))
        wrong = next((i for i, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), None)
        if wrong is not None:
            yield f"cell {wrong} {one[wrong]} became {other[wrong]}"


def _cells(data: Any) -> Iterator[tuple[Any, ...]]:
    for index in range(data.GetNumberOfCells()):
        cell = data.GetCell(index)
        faces = [
            [cell.GetFace(face).GetPointId(i) for i in range(cell.GetFace(face).GetNumberOfPoints())]
            for face in range(cell.GetNumberOfFaces() if cell.GetCellType() == 42 else 0)
        ]
        yield (data.GetCellType(index), [cell.GetPointId(i) for i in range(cell.GetNumberOfPoints())], faces)


def _of_arrays(before: Any, after: Any, kind: str, *, in_order: bool = True) -> Iterator[str]:
    """Cells of trees may be numbered anew: then the values are compared without their order."""
    names = [{held.GetArrayName(index) for index in range(held.GetNumberOfArrays())} for held in (before, after)]
    if names[0] - names[1]:
        yield f"arrays of {kind} lost: {sorted(map(str, names[0] - names[1]))}"
    if names[1] - names[0]:
        yield f"arrays of {kind} new: {sorted(map(str, names[1] - names[0]))}"
    for name in sorted(one for one in names[0] & names[1] if one):
        yield from _of_values(
            before.GetAbstractArray(name), after.GetAbstractArray(name), f"{kind}' {name}", in_order=in_order
        )


def _of_values(before: Any, after: Any, what: str, *, in_order: bool = True) -> Iterator[str]:
    if before is None or after is None:
        if before is not after:
            yield f"{what}: {before} became {after}"
        return
    if _type(before) != _type(after):
        yield f"{what} is {_type(after)}, not {_type(before)}"
    if before.GetNumberOfComponents() != after.GetNumberOfComponents():
        yield f"{what} has {after.GetNumberOfComponents()} components, not {before.GetNumberOfComponents()}"
        return
    one, other = (_values(held) if in_order else np.sort(_values(held), axis=0) for held in (before, after))
    if len(one) != len(other) or not _equal(one, other):
        yield f"{what} has other values: {str(other)[:80]}, not {str(one)[:80]}"
    labels = [[held.GetComponentName(i) for i in range(held.GetNumberOfComponents())] for held in (before, after)]
    if labels[0] != labels[1]:
        yield f"{what}: components are called {labels[1]}, not {labels[0]}"


def _type(held: Any) -> str:
    if held.IsNumeric() and held.GetDataTypeAsString() != "bit":
        return str(vtk_to_numpy(held).dtype)
    return str(held.GetDataTypeAsString())


def _values(held: Any) -> Any:
    if held.IsNumeric() and held.GetDataTypeAsString() != "bit":
        return vtk_to_numpy(held)
    return [held.GetVariantValue(index).ToString() for index in range(held.GetNumberOfValues())]


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, list) or isinstance(other, list):
        return list(map(str, one)) == list(map(str, other))
    return one.shape == other.shape and bool(
        np.array_equal(one, other, equal_nan=one.dtype.kind == other.dtype.kind == "f")
    )


def _of_roles(before: Any, after: Any, kind: int, name: str) -> Iterator[str]:
    one, other = (data.GetAttributes(kind) for data in (before, after))
    for role in _ROLES if one is not None and other is not None else ():
        held = [getattr(data, f"Get{role}")() for data in (one, other)]
        found = [array and array.GetName() for array in held]
        if found[0] != found[1]:
            yield f"{role} of {name} are {found[1]}, not {found[0]}"
