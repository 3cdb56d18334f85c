"""Data of every kind to be written and read back, and the comparison of both."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
import vtkmodules.vtkCommonCore as core
import vtkmodules.vtkCommonDataModel as model
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonTransforms import vtkTransform
from vtkmodules.vtkFiltersCore import vtkAppendFilter
from vtkmodules.vtkFiltersGeneral import vtkTransformFilter
from vtkmodules.vtkFiltersSources import vtkLineSource, vtkSphereSource

from apvserver.vtk.base.information import describe_data
from apvserver.vtk.files.reader_choice import choose_reader
from apvserver.vtk.files.truncation.checks import check_truncation
from apvserver.vtk.types.catalog import construct
from apvserver.vtk.types.properties import set_properties

OLD: Final = b"the good old file"
SAME_AS: Final = {
    ".vtmb": ".vtm", ".vth": ".vthb", ".hdf": ".vtkhdf", ".txt": ".csv",
    ".e": ".ex2", ".exo": ".ex2", ".exii": ".ex2", ".exodus": ".ex2",
}  # fmt: skip
"""Extensions that are written as others are."""
NUMBERS: Final = ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64")


def disk_of_memory(place: Path, kib: int = 256) -> Iterator[Path]:
    """A small disk, of memory, at a place that is made: as a fixture yields it."""
    place.mkdir()
    try:
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", str(place)], check=True, capture_output=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no disk can be mounted here: {error}")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def array(name: str, values: Any) -> Any:
    made = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
    made.SetName(name)
    return made


def image(dims: tuple[int, int, int] = (5, 4, 3), kind: str = "float32", components: int = 1, **where: Any) -> Any:
    """An image of one array, "s", of numbers that are all different, or at least repeat late."""
    made = model.vtkImageData()
    made.SetDimensions(dims)
    made.SetOrigin(where.get("origin", (0.0, 0.0, 0.0)))
    made.SetSpacing(where.get("spacing", (1.0, 1.0, 1.0)))
    count = dims[0] * dims[1] * dims[2]
    values = (np.arange(count * components) % 100).reshape(count, components).astype(kind)
    made.GetPointData().SetScalars(array("s", values if components > 1 else values.ravel()))
    return made


def with_arrays(data: Any) -> Any:
    """The same with an array of every kind of numbers, vectors, cells' values and texts."""
    points, cells = data.GetNumberOfPoints(), data.GetNumberOfCells()
    for kind in NUMBERS:
        data.GetPointData().AddArray(
            array(kind, (np.arange(points) % 100 + (1 / 3 if "float" in kind else 0)).astype(kind))
        )
    data.GetPointData().AddArray(array("vectors", np.arange(3.0 * points).reshape(-1, 3) / 7))
    data.GetCellData().AddArray(array("cells", np.arange(cells, dtype="float32")))
    return data


def sphere(**set: Any) -> Any:
    source = vtkSphereSource()
    for name, value in set.items():
        getattr(source, f"Set{name}")(value)
    source.Update()
    return source.GetOutput()


def line() -> Any:
    source = vtkLineSource()
    source.Update()
    return source.GetOutput()


def unstructured(data: Any) -> Any:
    filter = vtkAppendFilter()
    filter.AddInputData(data)
    filter.Update()
    return filter.GetOutput()


def curved() -> Any:
    filter = vtkTransformFilter()
    filter.SetInputData(image())
    filter.SetTransform(vtkTransform())
    filter.Update()
    return filter.GetOutput()


def rectilinear() -> Any:
    made = model.vtkRectilinearGrid()
    made.SetDimensions(3, 2, 2)
    for axis, values in (("X", [0, 1, 4]), ("Y", [0, 2]), ("Z", [1, 1.5])):
        getattr(made, f"Set{axis}Coordinates")(array(axis, np.array(values, float)))
    return made


def table() -> Any:
    made = model.vtkTable()
    for kind in NUMBERS:
        made.AddColumn(array(kind, (np.arange(5) + (1 / 3 if "float" in kind else 0)).astype(kind)))
    texts = core.vtkStringArray()
    texts.SetName("texts")
    for text in ("a", "b c", "d,e", "", "f"):
        texts.InsertNextValue(text)
    made.AddColumn(texts)
    return made


def blocks(kind: str = "vtkMultiBlockDataSet") -> Any:
    made = getattr(model, kind)()
    for index, block in enumerate((sphere(), with_arrays(sphere(Radius=2.0)))):
        if kind == "vtkMultiBlockDataSet":
            made.SetBlock(index, block)
        elif kind == "vtkPartitionedDataSet":
            made.SetPartition(index, block)
        else:
            made.SetPartition(index, 0, block)
    return made


def read(path: Path) -> Any:
    type_name, properties = choose_reader(path)
    check_truncation(str(path), type_name)
    reader = construct(type_name)
    set_properties(reader, properties)
    reader.Update()
    return reader.GetOutputDataObject(0)


def values_of(data: Any) -> dict[tuple[int, str], Any]:
    """The arrays by association and name, as numpy arrays, or lists of texts."""
    found = {}
    for kind in (0, 1, 6):
        attributes = data.GetAttributesAsFieldData(kind)
        for index in range(attributes.GetNumberOfArrays() if attributes is not None else 0):
            one = attributes.GetAbstractArray(index)
            texts = one.IsA("vtkStringArray")
            found[kind, one.GetName()] = (
                [one.GetValue(i) for i in range(one.GetNumberOfValues())] if texts else vtk_to_numpy(one)
            )
    return found


def leaves(data: Any) -> list[Any]:
    if not data.IsA("vtkCompositeDataSet"):
        return [data]
    iterator = data.NewIterator()
    found = []
    while not iterator.IsDoneWithTraversal():
        found.append(iterator.GetCurrentDataObject())
        iterator.GoToNextItem()
    return found


def assert_same(written: Any, back: Any, *, names: bool = True) -> None:
    """Counts, places and every value; `names` False: of the one array the name may differ."""
    assert len(leaves(written)) == len(leaves(back)) > 0
    for one, other in zip(leaves(written), leaves(back), strict=True):
        before, after = describe_data(one), describe_data(other)
        for key in ("points", "cells", "rows"):
            assert after[key] == before[key]
        assert after["bounds"] == (None if before["bounds"] is None else pytest.approx(before["bounds"]))
        left: dict[Any, Any] = values_of(one)
        right: dict[Any, Any] = values_of(other)
        if not names:
            left, right = dict(enumerate(left.values())), dict(enumerate(right.values()))
        for key, values in left.items():
            assert key in right, f"{key} is lost of {list(left)}: {list(right)}"
            assert np.array_equal(right[key], values), key
            if not isinstance(values, list):
                assert right[key].dtype.kind == values.dtype.kind and right[key].shape == values.shape, key
