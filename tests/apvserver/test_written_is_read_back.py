"""Every writer with every kind of data: what comes back is the same in value, type, name and place, or it is refused.

Cases run in a process of their own for each format, because a library that is given what it cannot take may end it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
import vtkmodules.vtkCommonDataModel as model
from vtkmodules.util.numpy_support import vtk_to_numpy

from apvserver.vtk.base.errors import FileError
from apvserver.vtk.files.writers.writing import WRITERS, write_data

from ..harness.apvtest import ROOT, environment
from ..harness.kinds_of_data import KINDS, grid, tetrahedra, with_char
from ..harness.saving import SAME_AS, array, blocks, image, leaves, read, sphere, unstructured
from ..harness.time_limits import scaled
from ..harness.written_and_read import differences

PICTURES: Final = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".pnm")
SHAPES: Final = (".ply", ".stl", ".obj")
LOSSY: Final = (".jpg", ".jpeg", ".tif", ".tiff")
TABLES: Final = (".csv", ".tsv", ".txt")
EXODUS: Final = (".ex2", ".e", ".exo", ".exii", ".exodus")
ONE_ARRAY: Final = (*PICTURES, ".mha", ".nii", ".nii.gz")

KNOWN: Final[dict[str, tuple[str, ...]]] = {
    ".vtm": ("vtkUnstructuredGrid became None",),  # a block without points is one without data
    ".vthb": ("is called 'Level",),
    **dict.fromkeys((".vtkhdf", ".hdf"), ("is called 'Block", "hierarchy None became", "components are called")),
    ".nii.gz": ("Origin", "direction", "Extent"),
    ".nii": ("Origin", "direction", "Extent"),  # see the tests of what others read
    ".mha": ("Extent", "Origin"),
    ".vtk": ("Extent (2, 6, -3, 0, 5, 7)", "became (2.0, -4.0, 18.0)"),  # the points are where they were
    **dict.fromkeys(PICTURES, ("Origin", "Spacing", "Extent", "direction")),
    ".bmp": ("Origin", "Spacing", "Extent", "has 3 components, not 1"),
    **dict.fromkeys(
        EXODUS,
        ("arrays of cells new", "arrays of points new", "GlobalIds", "is float64, not", "Scalars of", "Normals of"),
    ),
}  # fmt: skip
"""Differences that are told, or that the format is known for; all others are faults."""

CHILD: Final = """
import json, sys, tempfile
from pathlib import Path
from tests.harness.kinds_of_data import KINDS
from tests.apvserver.test_written_is_read_back import outcome
for name in json.loads(sys.argv[2]):
    print("begun", name, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        print("ended", json.dumps([name, *outcome(sys.argv[1], name, Path(folder))]), flush=True)
"""


def outcome(extension: str, kind: str, folder: Path) -> tuple[str, str]:
    """What became of data of a kind: ("no kind of it", ""), ("refused", why) or ("written", differences).

    What the reader refuses counts as refused, too.
    """
    data, path = KINDS[kind](), folder / f"a{extension}"
    if not any(data.IsA(one) for one in WRITERS[extension][1]):
        return "no kind of it", ""
    try:
        told = write_data(str(path), data, {}).left_out or ""
        back = read(path)
    except FileError as error:
        return "refused", str(error)
    found = [one for one in compared(extension, data, back) if not allowed(extension, one)]
    silent = [one for one in found if "lost" in one and not all(name in told for name in re.findall(r"'([^']+)'", one))]
    return "written", "; ".join(silent + [one for one in found if "lost" not in one])


def allowed(extension: str, difference: str) -> bool:
    return any(words in difference for words in KNOWN.get(extension, ()))


def compared(extension: str, data: Any, back: Any) -> list[str]:
    """The differences; of formats that hold shapes only, of these; that of Exodus, block by block."""
    if extension in SHAPES:
        before, after = (np.sort(np.array(one.GetBounds())) for one in (data, back))
        empty = data.GetNumberOfPoints() == back.GetNumberOfPoints() == 0
        return [] if empty or np.allclose(before, after, rtol=1e-6) else [f"bounds {before} became {after}"]
    if extension in TABLES:
        return []  # see the tests of tables
    if extension in EXODUS:
        wanted, found = [unstructured(one) for one in leaves(data)], leaves(back)
        if len(wanted) != len(found):  # a block for each type of cells
            numbers = [sorted(np.concatenate([cell_numbers(one) for one in held])) for held in (wanted, found)]
            return [] if numbers[0] == numbers[1] else [f"cells {numbers[0]} became {numbers[1]}"]
        return [one for left, right in zip(wanted, found, strict=True) for one in differences(left, right)]
    if extension in LOSSY:
        return []  # see the tests of pixels
    if extension in ONE_ARRAY and back.GetPointData().GetScalars() is not None:
        back.GetPointData().GetScalars().SetName(data.GetPointData().GetScalars().GetName())
    if extension == ".mha" and data.GetDirectionMatrix().Determinant() < 0:  # one axis is counted the other way
        return [] if values_by_place(data) == values_by_place(back) else ["values are at other places"]
    return differences(data, back)


def values_by_place(data: Any) -> dict[tuple[float, ...], Any]:
    values = vtk_to_numpy(data.GetPointData().GetScalars()).tolist()
    return {tuple(np.round(data.GetPoint(index), 9)): value for index, value in enumerate(values)}


def cell_numbers(data: Any) -> Any:
    return vtk_to_numpy(data.GetCellData().GetArray("number"))


def outcomes(extension: str, kinds: list[str]) -> dict[str, tuple[str, str]]:
    given = [sys.executable, "-c", CHILD, extension, json.dumps(kinds)]
    ended = subprocess.run(given, cwd=ROOT, capture_output=True, text=True, env=environment(), timeout=scaled(600))
    lines = ended.stdout.splitlines()
    assert ended.returncode == 0, f"{extension}: {lines[-1]}: {ended.returncode}\n{ended.stderr[-2000:]}"
    return {name: (what, why) for name, what, why in (json.loads(one[6:]) for one in lines if one.startswith("ended "))}


@pytest.mark.deep
@pytest.mark.parametrize("extension", sorted(set(WRITERS) - set(SAME_AS)))
def test_every_writer_with_every_kind(extension: str) -> None:
    found = outcomes(extension, list(KINDS))
    wrong = {name: why for name, (what, why) in found.items() if what == "written" and why}
    assert not wrong and sum(what == "written" for what, _ in found.values()) > 0, wrong
    assert all(len(why) > 40 for what, why in found.values() if what == "refused"), "each refusal says why"


FEW: Final = {
    ".vti": ["image turned", "image shifted", "image with types", "image with names", "image hidden"],
    ".vtp": ["poly", "poly far away", "poly with names", "poly with components", "poly with roles", "poly of nothing"],
    ".vtu": ["grid of all linear cells", "grid of polyhedra", "grid of quadratic cells", "grid of Lagrange cells"],
    ".vts": ["curved hidden", "curved with names", "curved with bits"],
    ".vtr": ["rectilinear with names", "rectilinear with types"],
    ".vtt": ["table with names", "table with types", "table with components"],
    ".vtm": ["blocks"],
    ".vtpd": ["parts"],
    ".vtpc": ["collection"],
    ".vthb": ["AMR"],
    ".htg": ["hyper tree grid"],
    ".vtk": ["poly with types", "poly with names", "graph with names", "tree", "table with texts", "blocks"],
    ".vtkhdf": ["image turned", "image shifted", "curved hidden", "rectilinear", "hyper tree grid", "poly with types",
                "grid of polyhedra", "poly with roles", "collection of whole blocks"],
    ".ex2": ["hexahedra", "collection of whole blocks"],
    ".e": ["hexahedra"],
    ".hdf": ["poly with types"],
    ".pvtu": ["grid of all linear cells", "grid of polyhedra", "grid of quadratic cells"],
    ".pvti": ["image turned", "image shifted", "image hidden"],
    ".mha": ["image of a plane", "image of a plane across x", "image mirrored", "voxels of 2 uint8"],
    ".nii": ["voxels of int64", "voxels of uint16"],
    ".png": ["pixels of 2 uint16"],
}  # fmt: skip


@pytest.mark.parametrize("extension", FEW)
def test_writers_with_the_hardest_kinds(extension: str, tmp_path: Path) -> None:
    for kind in FEW[extension]:
        assert outcome(extension, kind, tmp_path) == ("written", ""), kind


def named(*names: str, count: int = 12) -> Any:
    made = tetrahedra()
    for number, name in enumerate(names):
        made.GetPointData().AddArray(array(name, np.arange(float(count)) + number))
    return made


def collection(*members: tuple[str, Any]) -> Any:
    made = model.vtkPartitionedDataSetCollection()
    for index, (name, block) in enumerate(members):
        made.SetNumberOfPartitionedDataSets(index + 1)
        if block is not None:
            made.SetPartition(index, 0, block)
        made.GetMetaData(index).Set(made.NAME(), name)
    return made


def pieces(*found: Any) -> Any:
    made = model.vtkPartitionedDataSet()
    for index, one in enumerate(found):
        made.SetPartition(index, one)
    return made


def counted(kind: str, first: int = 0) -> Any:
    made = grid((model.VTK_HEXAHEDRON, tuple(range(8))))
    made.GetPointData().AddArray(array("count", np.arange(8, dtype=kind) + np.array(first, kind)))
    return made


def one_block(data: Any) -> Any:
    made = model.vtkMultiBlockDataSet()
    made.SetBlock(0, data)
    return made


REFUSED: Final[list[tuple[str, Any, str]]] = [
    (".vtkhdf", lambda: named("p.mean", "p/mean", "p_mean"), r"no dots and slashes, and there are p\.mean, p/mean;"),
    (".vtkhdf", lambda: KINDS["poly with bits"](), "numbers of 8 bits or more, and bits are not"),
    (".vtkhdf", lambda: KINDS["poly with texts"](), "and texts are not"),
    (".vtkhdf", lambda: collection(("a", tetrahedra()), ("a", tetrahedra())), r"different names.*'a'; \.vtm and"),
    (".vtkhdf", lambda: collection(("a/b", tetrahedra())), "without slashes, and there is 'a/b'"),
    (".vtkhdf", lambda: collection(("a", tetrahedra()), ("b", None)), "some of these are missing"),
    (".vtkhdf", lambda: pieces(tetrahedra(), named("heat")), "pieces of one block in it have the same arrays"),
    (".vtkhdf", lambda: pieces(counted("int64"), counted("float64")), "the same arrays, and these have not"),
    (".vtkhdf", lambda: pieces(tetrahedra(), sphere()), "the same arrays, and these have not"),
    (".vtkhdf", lambda: collection(("a", KINDS["table"]())), r"points and cells, and there is a vtkTable; \.vtm"),
    (".vtu", lambda: named("a\x01b"), r"no control characters, and there is 'a\\x01b'; \.vtk holds it"),
    (".vtm", lambda: one_block(named("a\x1b")), "no control characters"),
    (".vtm", lambda: one_block(KINDS["tree"]()), r"and there is a vtkTree; \.vtk holds it"),
    (".vtkhdf", lambda: KINDS["AMR"](), r"no AMR there; \.vthb holds it"),
    (".vtpc", lambda: KINDS["AMR"](), r"cannot read of an AMR; \.vthb"),
    (".vtk", lambda: KINDS["grid of Lagrange cells"](), r"degrees of cells of higher order; \.vtu and \.vtkhdf have"),
    (".ex2", lambda: collection(("a", named("heat")), ("b", named("stress"))),
     r"some lack heat \(points\), stress \(points\); PassArrays"),
    (".ex2", lambda: collection(("a", tetrahedra()), ("b", model.vtkUnstructuredGrid())), "one of these has none"),
    (".ex2", lambda: collection(("a", tetrahedra()), ("a", tetrahedra())), "'a' is there again"),
    (".ex2", blocks, r"vtkPartitionedDataSetCollection or one data set; \.vtm"),
    (".ex2", lambda: named("Ids"), "Ids are names that Exodus has for itself"),
    (".ex2", lambda: named("x" * 33), "at most 32 letters long"),
    (".ex2", lambda: named("v", "V"), "differ in upper and lower case only"),
    (".ex2", lambda: KINDS["tetrahedra with components"](), "1, 3 or 6 components, and c2 has 2"),
    (".ex2", lambda: counted("int64", 2**53), r"integers up to 2\*\*53, and count has larger ones"),
    (".ex2", lambda: model.vtkUnstructuredGrid(), "each of its blocks has cells"),
]  # fmt: skip


@pytest.mark.parametrize(("extension", "make", "words"), REFUSED, ids=[f"{one[0]} {one[2][:30]}" for one in REFUSED])
def test_what_would_come_back_different_is_refused(extension: str, make: Any, words: str, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=words):
        write_data(str(tmp_path / f"a{extension}"), make(), {})
    assert list(tmp_path.iterdir()) == []


def test_what_a_format_leaves_out_is_told(tmp_path: Path) -> None:
    made = grid((model.VTK_HEXAHEDRON, tuple(range(8))))
    made.GetFieldData().AddArray(array("case", np.arange(3)))
    made.GetPointData().AddArray(array("vx", np.arange(8.0)))
    made.GetPointData().AddArray(array("vy", np.arange(8.0)))
    made.GetInformation().Set(made.DATA_TIME_STEP(), 2.5)
    told = write_data(str(tmp_path / "a.ex2"), made, {}).left_out or ""
    for words in ("not in the file: case", "become double: number", "one vector of these", "the time 2.5 is not"):
        assert words in told
    block = sphere()
    block.GetFieldData().AddArray(array("case", np.arange(3)))
    assert write_data(str(tmp_path / "a.vtkhdf"), collection(("a", block)), {}).left_out == (
        "these arrays of the whole are not in the file, or not read back: case"
    )
    placed = image((5, 4, 1), "uint8", origin=(1, 2, 3))
    placed.GetFieldData().AddArray(array("case", np.arange(3)))
    assert write_data(str(tmp_path / "a.png"), placed, {}).left_out == (
        "a picture has pixels only: its place, spacing and direction are not in the file; "
        "these arrays of the whole are not in the file: case"
    )
    assert (
        write_data(str(tmp_path / "a.mha"), placed, {}).left_out
        == "these arrays of the whole are not in the file: case"
    )


def test_data_of_another_thread_is_not_renamed_while_it_is_written(tmp_path: Path) -> None:
    """What a writer gets is a copy: the data keeps its names."""
    made = with_char(KINDS["poly with names"]())
    write_data(str(tmp_path / "a.vtp"), made, {})
    assert made.GetPointData().GetArray('say "so"') is not None and made.GetPointData().GetArray("<&>") is not None


@pytest.mark.parametrize("extension", [".vti", ".vtu", ".vtm", ".vtpc"])
def test_the_time_of_data_is_in_xml_files(extension: str, tmp_path: Path) -> None:
    made = {".vti": image, ".vtu": tetrahedra, ".vtm": blocks, ".vtpc": KINDS["collection of whole blocks"]}[
        extension
    ]()
    for one in {id(part): part for part in (made, *leaves(made))}.values():
        one.GetInformation().Set(made.DATA_TIME_STEP(), 2.5)
    write_data(str(tmp_path / f"a{extension}"), made, {})
    back = leaves(read(tmp_path / f"a{extension}"))
    assert all(vtk_to_numpy(one.GetFieldData().GetArray("TimeValue")).tolist() == [2.5] for one in back)
