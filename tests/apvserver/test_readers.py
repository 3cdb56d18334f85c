"""Choosing readers: files that VTK can write are read back, everything else gets an error that helps."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apvserver.vtk.base.errors import ExecutionFailed, FileError
from apvserver.vtk.base.information import describe_output
from apvserver.vtk.files.reader_choice import READERS, choose_reader, extension_of
from apvserver.vtk.files.sniffing import sniff
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.catalog import construct
from apvserver.vtk.types.reflection import definition

examples = Path(pytest.importorskip("pyvista").__file__).parent / "examples"


def read(path: Path) -> dict[str, Any]:
    pipeline = Pipeline()
    assert pipeline.create(1, *choose_reader(path)) == []
    Executor().execute(pipeline, 1)
    return describe_output(pipeline.algorithm(1))


@pytest.mark.parametrize(
    ("name", "kind", "points", "cells"),
    [
        ("hexbeam.vtk", "vtkUnstructuredGrid", 99, 40),
        ("rectilinear.vtk", "vtkRectilinearGrid", 18144, 16146),
        ("airplane.ply", "vtkPolyData", 1335, 2452),
        ("frog_tissues.vti", "vtkImageData", 31960000, 31594185),
    ],
)
def test_real_files(name: str, kind: str, points: int, cells: int) -> None:
    found = read(examples / name)
    assert (found["type"], found["points"], found["cells"]) == (kind, points, cells)


def test_the_tissues_of_the_frog() -> None:
    pipeline = Pipeline()
    pipeline.create(1, *choose_reader(examples / "frog_tissues.vti"))
    pipeline.create(2, "SurfaceNets3D", {"Values": range(1, 30)}, {"Input": [(1, 0)]})
    Executor().execute(pipeline, 2)
    found = describe_output(pipeline.algorithm(2))
    assert (found["points"], found["cells"]) == (794201, 1583768)


def test_a_picture() -> None:
    assert read(examples / "pyvista_logo.png")["type"] == "vtkImageData"


@pytest.mark.parametrize(
    ("extension", "source", "writer", "points"),
    [
        (".vtp", "SphereSource", "XMLPolyDataWriter", 50),
        (".vtk", "SphereSource", "PolyDataWriter", 50),
        (".ply", "SphereSource", "PLYWriter", 50),
        (".stl", "SphereSource", "STLWriter", 50),
        (".vti", "RTAnalyticSource", "XMLImageDataWriter", 9261),
        (".mhd", "RTAnalyticSource", "MetaImageWriter", 9261),
        (".nii", "RTAnalyticSource", "NIFTIImageWriter", 9261),
        (".nii.gz", "RTAnalyticSource", "NIFTIImageWriter", 9261),
        (".vtkhdf", "SphereSource", "HDFWriter", 50),
        (".exo", "CellTypeSource", "IOSSWriter", 8),
    ],
)
def test_what_vtk_writes_is_read_back(tmp_path: Path, extension: str, source: str, writer: str, points: int) -> None:
    path = tmp_path / f"data{extension}"
    pipeline = Pipeline()
    pipeline.create(1, source)
    pipeline.create(2, writer, {"FileName": str(path)}, {"Input": [(1, 0)]})
    pipeline.algorithm(2).Write()
    assert read(path)["points"] == points


def test_tables(tmp_path: Path) -> None:
    for extension, separator in ((".csv", ","), (".tsv", "\t"), (".txt", " ")):
        path = tmp_path / f"table{extension}"
        path.write_text("\n".join(separator.join(row) for row in (["a", "b"], ["1", "2.5"], ["3", "4.5"])) + "\n")
        found = read(path)
        assert found["rows"] == 2
        assert [(array["name"], array["ranges"]) for array in found["arrays"]] == [
            ("a", [(1.0, 3.0)]),
            ("b", [(2.5, 4.5)]),
        ]


def test_content_decides_where_the_name_says_nothing(tmp_path: Path) -> None:
    unnamed = tmp_path / "data"
    unnamed.write_bytes((examples / "airplane.ply").read_bytes())
    assert choose_reader(unnamed)[0] == "PLYFileReader"
    assert (
        sniff(b'<?xml version="1.0"?><VTKFile type="UnstructuredGrid" version="1.0">') == "vtkXMLUnstructuredGridReader"
    )
    assert sniff(b"\0" * 128 + b"DICM") == "vtkDICOMImageReader"
    assert sniff(b"what is this") is None


@pytest.mark.parametrize(
    ("name", "extension"),
    [("a.NII.gz", ".nii.gz"), ("v1.2.vtu", ".vtu"), ("can.e.4.0", ".e"), ("a.cas.h5", ".cas.h5"), ("noext", "")],
)
def test_extensions(name: str, extension: str) -> None:
    assert extension_of(Path(name)) == extension


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, r"no such file on the server"),
        (lambda path: path.mkdir(), r"is a directory on the server, not a file; it holds no known files"),
        (lambda path: path.write_bytes(b""), r"the file is empty"),
        (lambda path: path.write_bytes(b"not xml"), r"vtkXMLImageDataReader says that it cannot read this file"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, make: Callable[[Path], None], message: str) -> None:
    path = tmp_path / "data.vti"
    make(path)
    with pytest.raises(FileError, match=message) as caught:
        choose_reader(path)
    assert str(path) in str(caught.value)


def test_a_directory_lists_what_it_holds() -> None:
    with pytest.raises(FileError, match=r"it holds .*airplane.ply"):
        choose_reader(examples)


def test_an_unknown_extension_lists_the_known_ones(tmp_path: Path) -> None:
    path = tmp_path / "data.unknown"
    path.write_text("what is this")
    with pytest.raises(
        FileError, match=r"unknown kind of file '.unknown', also by its content; known extensions: .*\.vtu"
    ):
        choose_reader(path)


@pytest.mark.skipif(os.geteuid() == 0 if hasattr(os, "geteuid") else True, reason="root may read everything")
def test_a_forbidden_file(tmp_path: Path) -> None:
    path = tmp_path / "data.vti"
    path.write_bytes(b"x")
    path.chmod(0)
    with pytest.raises(FileError, match="permission denied"):
        choose_reader(path)


def test_a_path_with_a_null_character() -> None:
    with pytest.raises(FileError, match="cannot read"):
        choose_reader("a\0b.vti")


def test_a_file_that_vanishes_is_an_execution_error(tmp_path: Path) -> None:
    path = tmp_path / "data.vti"
    path.write_bytes((examples / "frog_tissues.vti").read_bytes()[:4000])
    pipeline = Pipeline()
    pipeline.create(1, "XMLImageDataReader", {"FileName": str(path)})
    path.unlink()
    with pytest.raises(ExecutionFailed, match=r"data\.vti"):
        Executor().execute(pipeline, 1)


@pytest.mark.parametrize("type_name", sorted(set(READERS.values())))
def test_every_reader_exists_and_takes_a_path(type_name: str) -> None:
    names = {one.name for one in definition(type_name).properties if one.path}
    assert names & {"FileName", "FileNames", "CaseFileName"}
    assert construct(type_name).GetNumberOfOutputPorts() > 0
