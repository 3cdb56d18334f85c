"""A data root, and what lies outside of it: files of all kinds that nobody is to open."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet, vtkPartitionedDataSet, vtkPartitionedDataSetCollection
from vtkmodules.vtkFiltersGeneral import vtkDataSetTriangleFilter, vtkImageDataToPointSet
from vtkmodules.vtkFiltersSources import vtkSphereSource
from vtkmodules.vtkImagingCore import vtkImageCast, vtkRTAnalyticSource

from apvserver.vtk.files.writers.writing import write_data

Step = tuple[str, Any, Any]
"""What a client does: ("open", paths, None), ("create", type, properties), ("save", path, None), ..."""

GEOMETRY = """a
b
node id off
element id off
part
1
c
coordinates
3
0
1
0
0
0
1
0
0
0
tria3
1
1 2 3
"""
CASE = "FORMAT\ntype: ensight gold\nGEOMETRY\nmodel: {}\n"


@dataclass(frozen=True)
class Place:
    """Two directories beside each other: the data root, and what is outside of it."""

    root: Path
    outside: Path

    def text(self, name: str, content: str | bytes) -> str:
        """Write a file below the root; returns its path."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def link(self, name: str, target: str) -> str:
        """Make a link below the root to something outside; returns its path."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(self.outside / target)
        return str(path)


Way = Callable[[Place], list[Step]]
WAYS: dict[str, Way] = {}
"""By name; a way makes its files and says what a client does."""


def way(make: Way) -> Way:
    """Add a way to the list."""
    WAYS[make.__name__] = make
    return make


def ways(prefix: str, made: dict[str, Way]) -> None:
    """Add ways that differ in a detail."""
    WAYS.update({f"{prefix}_{name}": make for name, make in made.items()})


def opened(path: str) -> list[Step]:
    """Open a file as a client does, and read it."""
    return [("open", [path], None)]


def created(type_name: str, **properties: Any) -> list[Step]:
    """Create a reader by its type, and execute it."""
    return [("create", type_name, properties)]


def make_place(base: Path) -> Place:
    """Make both directories, with the same files in each."""
    place = Place(base / "root", base / "outside")
    for directory in (place.root, place.outside):
        directory.mkdir(parents=True)
        _fill(directory)
    (base / "root-beside").mkdir()
    (place.outside / "deep").mkdir()
    return place


def _fill(directory: Path) -> None:
    for name, data in _data():
        write_data(str(directory / name), data, {})
    (directory / "raw.bin").write_bytes(bytes(range(64)))
    (directory / "wide.bin").write_bytes(bytes(4096))
    (directory / "slice.1").write_bytes(bytes(range(16)))
    (directory / "geo.ens").write_text(GEOMETRY)
    (directory / "p.ens").write_text("p\npart\n1\ncoordinates\n1\n2\n3\n")
    (directory / "a.case").write_text(CASE.format("geo.ens"))
    (directory / "table.csv").write_text("x,y\n1,2\n3,4\n")
    (directory / "tri.bin").write_bytes(np.array([0, 0, 0, 1, 0, 0, 0, 1, 0], "<f4").tobytes())
    (directory / "mesh.coords").write_text("0 0 0\n1 0 0\n0 1 0\n")
    (directory / "mesh.graph").write_text("3 3\n2 3\n1 3\n1 2\n")
    (directory / "list.json").write_text(json.dumps({"file-series-version": "1.0", "files": []}))
    (directory / "points.inp").write_text("*NODE\n1, 0, 0, 0\n2, 1, 0, 0\n3, 0, 1, 0\n*ELEMENT, TYPE=S3\n1, 1, 2, 3\n")
    (directory / "points.foam").write_text("(0 0 0)\n")
    (directory / "tri.stl").write_text(
        "solid a\nfacet normal 0 0 1\nouter loop\n"
        "vertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid a\n"
    )
    with h5py.File(directory / "numbers.h5", "w") as file:
        file["xyz"], file["p"] = np.eye(3), np.arange(3.0)
    with closing(sqlite3.connect(directory / "table.db")) as base, base:
        base.execute("create table numbers (x real)")
        base.execute("insert into numbers values (1.5)")


def _data() -> Iterator[tuple[str, Any]]:
    sphere, image = vtkSphereSource(), vtkRTAnalyticSource()
    image.SetWholeExtent(0, 3, 0, 3, 0, 3)
    grid, unstructured, bytes_ = vtkImageDataToPointSet(), vtkDataSetTriangleFilter(), vtkImageCast()
    grid.SetInputConnection(image.GetOutputPort())
    unstructured.SetInputConnection(image.GetOutputPort())
    bytes_.SetInputConnection(image.GetOutputPort())
    bytes_.SetOutputScalarTypeToUnsignedChar()
    for algorithm in (sphere, grid, unstructured, bytes_):
        algorithm.Update()
    blocks, parts, collection = vtkMultiBlockDataSet(), vtkPartitionedDataSet(), vtkPartitionedDataSetCollection()
    blocks.SetBlock(0, sphere.GetOutput())
    parts.SetPartition(0, sphere.GetOutput())
    collection.SetPartitionedDataSet(0, parts)
    yield from (
        ("sphere.vtp", sphere.GetOutput()), ("image.vti", image.GetOutput()), ("grid.vts", grid.GetOutput()),
        ("mesh.vtu", unstructured.GetOutput()), ("blocks.vtm", blocks), ("parts.vtpd", parts), ("all.vtpc", collection),
        ("sphere.vtk", sphere.GetOutput()), ("sphere.stl", sphere.GetOutput()), ("sphere.ply", sphere.GetOutput()),
        ("sphere.vtkhdf", sphere.GetOutput()), ("image.vtkhdf", image.GetOutput()),
        ("mesh.vtkhdf", unstructured.GetOutput()),
        ("mesh.ex2", unstructured.GetOutput()), ("image.mha", image.GetOutput()), ("image.nii", image.GetOutput()),
        ("slice1.tif", bytes_.GetOutput()),
    )  # fmt: skip
