"""Whatever a peer says, decoding gives DataSetError or an object that VTK can work on."""

from __future__ import annotations

import copy
import os
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonCore import vtkIdList, vtkObject, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkDataObject

from async_paraview.datasets import DataSet, DataSetError, decode, encode

from .test_datasets_samples import (
    SAMPLES,
    image,
    lagrange,
    multiblock,
    one_type,
    poly,
    polyhedra,
    rectilinear,
    structured,
    unstructured,
)

NASTY: list[Any] = [None, True, -1, 0, 1, 2, 3, 255, 2**31, 2**62, 2**64, -(2**63), 1.5, float("nan"), 1e308, "", "\0"]
NASTY += ["\udc80", "vtkPolyData", "vtkHyperTreeGrid", "__class__", "string", "bit", "id", b"\xff", [], {}, [[]]]
SMALL = {
    "image": image,
    "rectilinear": rectilinear,
    "structured": structured,
    "poly": poly,
    "poly fixed": lambda: poly("fixed32"),
    "grid": unstructured,
    "grid fixed": lambda: one_type("fixed64"),
    "polyhedra": polyhedra,
    "lagrange": lagrange,
    "multiblock": multiblock,
    "dressed table": SAMPLES["table"],
    "dressed grid": SAMPLES["grid 32"],
    "collection": SAMPLES["collection"],
}


def containers(value: int) -> Iterator[Any]:
    """Every dict and list of a tree, each once per place in it."""
    if isinstance(value, dict | list):
        yield value
        for item in value.values() if isinstance(value, dict) else value:
            yield from containers(item)


def mutate_meta(meta: Any, dice: random.Random) -> None:
    chosen = dice.choice([item for item in containers(meta) if item])
    key = dice.choice(list(chosen) if isinstance(chosen, dict) else range(len(chosen)))
    action = dice.randrange(4)
    if action == 0:
        del chosen[key]
    elif action == 1 and isinstance(chosen[key], int):
        chosen[key] += dice.choice([-2, -1, 1, 2, 1000])
    elif action == 2:
        chosen[key] = copy.deepcopy(dice.choice(list(containers(meta))))
    else:
        chosen[key] = copy.deepcopy(dice.choice(NASTY))


def mutate_buffers(buffers: Any, dice: random.Random) -> None:
    place = dice.randrange(len(buffers))
    memory = bytearray(buffers[place])
    action = dice.randrange(5)
    if action == 0:
        memory[dice.randrange(len(memory))] = dice.randrange(256)
    elif action == 1:
        width = dice.choice([1, 4, 8])
        start = dice.randrange(max(1, len(memory) // width)) * width
        memory[start : start + width] = dice.choice([-1, 1, 2, 7, 100]).to_bytes(width, "little", signed=True)
    elif action == 2:
        memory = memory[: dice.randrange(len(memory))]
    elif action == 3:
        memory += bytes(dice.randrange(1, 20))
    else:
        other = dice.randrange(len(buffers))
        buffers[place], buffers[other] = buffers[other], buffers[place]
        return
    buffers[place] = memory


def use(item: Any) -> None:
    """What a program does with a data object; foreign memory would show as a crash."""
    for attributes in (item.GetAttributes(kind) for kind in range(vtkDataObject.NUMBER_OF_ATTRIBUTE_TYPES)):
        for place in range(attributes.GetNumberOfArrays() if attributes is not None else 0):
            array = attributes.GetAbstractArray(place)
            array.GetVariantValue(array.GetNumberOfValues() - 1) if array.GetNumberOfValues() else None
            if array.IsA("vtkDataArray"):
                array.GetRange(-1)
    if item.IsA("vtkCompositeDataSet"):
        walk = item.NewIterator()
        while not walk.IsDoneWithTraversal():
            use(walk.GetCurrentDataObject())
            walk.GoToNextItem()
    elif item.IsA("vtkDataSet"):
        use_mesh(item)
    item.NewInstance().DeepCopy(item)


def use_mesh(mesh: Any) -> None:
    mesh.GetBounds()
    mesh.GetMaxCellSize()
    mesh.HasAnyGhostCells()
    if mesh.IsA("vtkPolyData"):
        mesh.BuildCells()
    if mesh.IsA("vtkPolyData") or mesh.IsA("vtkUnstructuredGrid"):
        mesh.BuildLinks()
    ids, triangles = vtkIdList(), vtkPoints()
    for number in range(min(mesh.GetNumberOfCells(), 20)):
        cell = mesh.GetCell(number)
        cell.GetBounds()
        for edge in range(cell.GetNumberOfEdges()):
            cell.GetEdge(edge)
        for face in range(cell.GetNumberOfFaces()):
            cell.GetFace(face)
        # Triangulating a polyhedron or a point set whose points are flat crashes VTK whoever made it.
        if cell.GetCellType() not in (41, 42):
            cell.Triangulate(0, ids, triangles)
    for point in range(min(mesh.GetNumberOfPoints(), 20)):
        mesh.GetPoint(point)
        mesh.GetPointCells(point, ids)


def use_data_set(data_set: Any) -> None:
    for arrays in (data_set.point_data, data_set.cell_data, data_set.row_data, data_set.field_data):
        for array in arrays.values():
            assert not array.flags.writeable
    assert repr(data_set) and data_set.size_bytes >= 0
    assert data_set.bounds is None or len(data_set.bounds) == 6
    for _, block in data_set.blocks:
        if block is not None:
            use_data_set(block)


def attempt(meta: Any, buffers: Any) -> Any:
    """True if it was refused."""
    try:
        result = decode(meta, buffers)
        use_data_set(DataSet(meta, buffers))
    except DataSetError:
        return True
    use(result)
    return False


@pytest.fixture(autouse=True)
def silent_vtk() -> Iterator[Any]:
    vtkObject.GlobalWarningDisplayOff()
    yield
    vtkObject.GlobalWarningDisplayOn()


@pytest.mark.parametrize("kind", SMALL)
def test_random_changes_are_refused_or_harmless(kind: Any) -> None:
    dice = random.Random(f"{kind} {os.environ.get('APV_FUZZ_SEED', '0')}")
    encoded = encode(SMALL[kind]())
    assert not attempt(encoded.meta, encoded.buffers)
    refused = 0
    rounds = int(os.environ.get("APV_FUZZ_ROUNDS", "120"))
    for _ in range(rounds):
        meta, buffers = copy.deepcopy(encoded.meta), list(encoded.buffers)
        for _ in range(dice.randrange(1, 4)):
            if buffers and dice.random() < 0.5:
                mutate_buffers(buffers, dice)
                buffers = [buffer for buffer in buffers if len(buffer)]
            else:
                mutate_meta(meta, dice)
        refused += attempt(meta, buffers)
    assert refused > rounds // 10


def at(tree: Any, *path: Any) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def refused(source: Any, message: str, *path: Any, **values: Any) -> None:
    """Set values at a path in the description of `source` and expect the error."""
    encoded = encode(source)
    at(encoded.meta, *path).update(values)
    with pytest.raises(DataSetError, match=message):
        decode(encoded.meta, encoded.buffers)


@pytest.mark.parametrize(
    ("make", "message", "path", "values"),
    [
        (poly, "version 1, got 2", (), {"version": 2}),
        (poly, "byte order, got 'middle'", (), {"byte_order": "middle"}),
        (poly, "expected one of .*got 'vtkHyperTreeGrid'", ("data",), {"type": "vtkHyperTreeGrid"}),
        (poly, "unknown array type 'object'", ("data", "points"), {"type": "object"}),
        (poly, "tuples: expected an integer from 0", ("data", "points"), {"tuples": -1}),
        (poly, "need 12000000000000000000 bytes, got 72", ("data", "points"), {"tuples": 10**18}),
        (poly, "components: expected an integer from 1 to 65536", ("data", "points"), {"components": 2**31 - 1}),
        (poly, "buffer number: expected an integer from 0 to", ("data", "points"), {"buffer": 99}),
        (poly, "already belongs", ("data", "polys", "offsets"), {"buffer": 0}),
        (poly, "2 cells need 3 offsets, got 4|3 cells need 4 offsets, got 3", ("data", "polys"), {"count": 3}),
        (poly, "without one", ("data",), {"points": None, "verts": None}),
        (poly, "unknown attribute 'Colour'", ("data", "point_data"), {"active": {"Colour": 0}}),
        (poly, "name: expected a UTF-8 text", ("data", "points"), {"name": "\udc80"}),
        (poly, "name: expected a text without NUL", ("data", "points"), {"name": "a\0b"}),
        (image, "low <= high", ("data",), {"extent": [0, -5, 0, -5, 0, 9]}),
        (image, "points without any array", ("data",), {"extent": [0, 10**5, 0, 10**5, 0, 10**5]}),
        (image, "expected an integer from -2147483648", ("data",), {"extent": [0, 2**40, 0, 1, 0, 1]}),
        (image, "finite numbers", ("data",), {"spacing": [1.0, float("inf"), 1.0]}),
        (structured, "needs 100 points, got 18", ("data",), {"extent": [0, 9, 0, 9, 0, 0]}),
        (rectilinear, "expected 9 y coordinates, got 2", ("data",), {"extent": [0, 2, 0, 8, 0, 0]}),
        (multiblock, "names: expected 4 items", ("data",), {"names": []}),
        (SAMPLES["collection"], "parent: expected", ("data", "assembly", 1), {"parent": 1}),
        (SAMPLES["collection"], "data set: expected an integer", ("data", "assembly", 1), {"datasets": [7]}),
        (SAMPLES["collection"], "the name 'a b'", ("data", "assembly", 1), {"name": "a b"}),
    ],
)
def test_a_false_description_is_refused_with_what_was_seen(make: Any, message: str, path: Any, values: Any) -> None:
    refused(make(), message, *path, **values)


def with_numbers(source: Any, path: Any, numbers: Any) -> Any:
    """The encoded source with the values of the array at a path in its description replaced."""
    encoded = encode(source)
    array = at(encoded.meta["data"], *path)
    buffers = list(encoded.buffers)
    dtype = {"int64": "i8", "int32": "i4", "uint8": "u1"}[array["type"]]
    changed = np.frombuffer(buffers[array["buffer"]], dtype).copy()
    for place, number in numbers.items():
        changed[place] = number
    buffers[array["buffer"]] = changed
    return encoded.meta, buffers


@pytest.mark.parametrize(
    ("make", "message", "path", "numbers"),
    [
        (poly, "polys: expected ids from 0 to 5, got 1 to 6", ("polys", "connectivity"), {0: 6}),
        (poly, "got -1 to", ("lines", "connectivity"), {0: -1}),
        (poly, "rising offsets", ("polys", "offsets"), {1: 9}),
        (poly, "offsets from 0 to 7, got 0 to 2", ("polys", "offsets"), {2: 2}),
        (poly, "offsets from 0 to 7, got 1", ("polys", "offsets"), {0: 1}),
        (poly, "lines: expected at least 1 point per cell, cell 0", ("lines", "offsets"), {1: 0}),
        (unstructured, "cell 1: type 200 cannot have 8 points", ("cell_types",), {1: 200}),
        (unstructured, "cell 0: type 12 cannot have 4 points", ("cell_types",), {0: 12}),
        (unstructured, "cell 0: a polyhedron needs faces", ("cell_types",), {0: 42}),
        (lagrange, "type 72 cannot have 6 points", ("cell_types",), {0: 72}),
        (polyhedra, "faces: expected ids from 0 to 7", ("faces", "connectivity"), {0: 8}),
        (polyhedra, "cell 1: a face uses point 0, which the cell has not", ("faces", "connectivity"), {0: 0}),
        (polyhedra, "face locations: expected ids from 0 to 3", ("face_locations", "connectivity"), {0: 4}),
        (polyhedra, "cell 1: expected no faces, got 4", ("cell_types",), {1: 10}),
        (polyhedra, "cell 0: expected at least 4 faces, got 0", ("cell_types",), {0: 42}),
    ],
)
def test_false_contents_are_refused_with_what_was_seen(make: Any, message: str, path: Any, numbers: Any) -> None:
    meta, buffers = with_numbers(make(), path, numbers)
    with pytest.raises(DataSetError, match=message):
        decode(meta, buffers)
    with pytest.raises(DataSetError, match=message):
        DataSet(meta, buffers)
    DataSet(meta, buffers, validate=False)


def test_deep_nesting_is_refused() -> None:
    encoded = encode(multiblock())
    for _ in range(5000):
        block = {"type": "vtkMultiBlockDataSet", "field_data": {"arrays": []}, "names": [None]}
        encoded.meta["data"] = {**block, "children": [encoded.meta["data"]]}
    with pytest.raises(DataSetError, match="at most 32 levels"):
        decode(encoded.meta, encoded.buffers)


def test_bad_texts_are_refused() -> None:
    encoded = encode(SAMPLES["table"]())
    place = next(a for a in encoded.meta["data"]["row_data"]["arrays"] if a["name"] == "texts")["buffer"]
    for position, byte, message in ((-1, 0xFF, "expected UTF-8"), (8, 0xFF, "rising offsets")):
        buffers: list[Any] = list(encoded.buffers)
        buffers[place] = bytearray(buffers[place])
        buffers[place][position] = byte
        with pytest.raises(DataSetError, match=message):
            decode(encoded.meta, buffers)


def test_buffers_that_are_no_plain_memory_are_refused() -> None:
    encoded = encode(poly())
    wrong: Any
    for wrong in ("text", 7, np.arange(36.0)[::2]):
        with pytest.raises(DataSetError, match="C-contiguous buffer"):
            decode(encoded.meta, [wrong, *encoded.buffers[1:]])
