"""With data roots no file leads a reader out of them: pieces, blocks, series, raw data beside a header."""

from __future__ import annotations

from pathlib import Path

import pytest
from vtkmodules.vtkFiltersSources import vtkSphereSource
from vtkmodules.vtkImagingCore import vtkRTAnalyticSource

from apvserver.vtk.base.data_roots import allowed_path, writable_path
from apvserver.vtk.base.errors import ExecutionFailed, FileError, InvalidProperty
from apvserver.vtk.base.information import describe_output
from apvserver.vtk.files.corrections.exodus_files import look_at_names
from apvserver.vtk.files.references import check_references
from apvserver.vtk.files.series import choose_for
from apvserver.vtk.files.writers.writing import write_data
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.catalog import construct

from ..harness.apvtest import with_settings

MULTI_BLOCK = (
    '<VTKFile type="vtkMultiBlockDataSet" version="1.0"><vtkMultiBlockDataSet>'
    '<DataSet index="0" file="{name}"/></vtkMultiBlockDataSet></VTKFile>'
)
PIECES = (
    '<VTKFile type="PPolyData" version="1.0"><PPolyData GhostLevel="0"><PPoints>'
    '<PDataArray type="Float32" Name="Points" NumberOfComponents="3"/></PPoints><Piece Source="{name}"/>'
    "</PPolyData></VTKFile>"
)
COLLECTION = '<VTKFile type="Collection"><Collection><DataSet timestep="0" file="{name}"/></Collection></VTKFile>'
SERIES = '{{"file-series-version": "1.0", "files": [{{"name": "{name}", "time": 0}}]}}'
META = "ObjectType = Image\nNDims = 3\nDimSize = 4 4 4\nElementType = MET_UCHAR\nElementDataFile = {name}\n"
NRRD = "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 4 4 4\nencoding: raw\ndata file: {name}\n\n"
CASE = "FORMAT\ntype: ensight gold\nGEOMETRY\nmodel: {name}\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data root with files inside of it, and the same outside."""
    found = tmp_path / "root"
    found.mkdir()
    sphere, image = vtkSphereSource(), vtkRTAnalyticSource()
    sphere.Update()
    image.Update()
    for directory in (tmp_path, found):
        write_data(str(directory / "sphere.vtp"), sphere.GetOutput(), {})
        (directory / "raw.bin").write_bytes(bytes(64))
    (found / "link.vtp").symlink_to(tmp_path / "sphere.vtp")
    with_settings(monkeypatch, data_roots=(found.resolve(),))
    return found


def read(path: Path) -> int:
    """How many points come out of a file that is opened as a client does."""
    pipeline = Pipeline()
    pipeline.create(1, *choose_for([str(path)]))
    Executor().execute(pipeline, 1)
    return int(describe_output(*pipeline.output(1))["points"])


@pytest.mark.parametrize(
    ("file", "text", "name", "points"),
    [
        ("a.vtm", MULTI_BLOCK, "sphere.vtp", 50),
        ("a.pvtp", PIECES, "sphere.vtp", 50),
        ("a.pvd", COLLECTION, "sphere.vtp", 50),
        ("a.vtp.series", SERIES, "sphere.vtp", 50),
        ("a.mhd", META, "raw.bin", 64),
        ("a.nhdr", NRRD, "raw.bin", 64),
    ],
)
def test_inside_is_read_and_outside_is_not(file: str, text: str, name: str, points: int, root: Path) -> None:
    path = root / file
    path.write_text(text.format(name=name))
    assert read(path) == points
    outside = root.parent / name
    (root / f"link.{name}").symlink_to(outside)
    for other in (f"../{name}", str(outside), f"link.{name}", f"../root/../{name}"):
        path.write_text(text.format(name=other))
        with pytest.raises((FileError, ExecutionFailed), match=r"use files below .*root only"):
            read(path)


def test_files_that_name_files_that_name_others(root: Path) -> None:
    (root / "inner.vtm").write_text(MULTI_BLOCK.format(name="../sphere.vtp"))
    (root / "outer.pvd").write_text(COLLECTION.format(name="inner.vtm"))
    (root / "outer.vtm").write_text(MULTI_BLOCK.format(name="inner.vtm"))
    for name in ("outer.pvd", "outer.vtm"):
        with pytest.raises((FileError, ExecutionFailed), match="use files below"):
            read(root / name)
    (root / "circle.vtm").write_text(MULTI_BLOCK.format(name="round.vtm"))
    (root / "round.vtm").write_text(MULTI_BLOCK.format(name="circle.vtm"))
    with pytest.raises(FileError, match="more than 16 deep"):
        read(root / "circle.vtm")


def test_what_is_changed_after_it_was_opened_is_looked_at_again(root: Path) -> None:
    path = root / "a.vtm"
    path.write_text(MULTI_BLOCK.format(name="sphere.vtp"))
    pipeline = Pipeline()
    pipeline.create(1, *choose_for([str(path)]))
    Executor().execute(pipeline, 1)
    path.write_text(MULTI_BLOCK.format(name="../sphere.vtp"))
    pipeline.touch(1)
    with pytest.raises(ExecutionFailed, match="use files below"):
        Executor().execute(pipeline, 1)


@pytest.mark.parametrize(
    ("type_name", "property", "file", "text"),
    [
        ("vtkXMLMultiBlockDataReader", "FileName", "data.txt", MULTI_BLOCK),
        ("vtkXMLPPolyDataReader", "FileName", "data.txt", "\n \n" + PIECES),
        ("vtkXMLPPolyDataReader", "FileName", "a.pvtp", PIECES.replace("{name}", "&#46;&#46;/raw.bin")),
        ("vtkMetaImageReader", "FileName", "data.txt", META),
        ("vtkNrrdReader", "FileName", "data.txt", NRRD),
        ("vtkEnSightGoldBinaryReader", "CaseFileName", "data.txt", CASE),
        ("vtkEnSightGoldReader", "CaseFileName", "data.case", CASE),
    ],
)
def test_neither_the_name_nor_the_spelling_hides_it(
    type_name: str, property: str, file: str, text: str, root: Path
) -> None:
    (root / file).write_text(text.format(name="../raw.bin"))
    pipeline = Pipeline()
    pipeline.create(1, type_name, {property: str(root / file)})
    with pytest.raises(ExecutionFailed, match=r"names another file: .*use files below"):
        Executor().execute(pipeline, 1)


def test_wildcards_and_numbers_are_followed(root: Path) -> None:
    (root / "slice001.raw").symlink_to(root.parent / "raw.bin")
    for name in ("slice%03d.raw 1 1 1", "slice***.raw"):
        (root / "a.nhdr").write_text(NRRD.format(name=name))
        pipeline = Pipeline()
        pipeline.create(1, "vtkNrrdReader", {"FileName": str(root / "a.nhdr")})
        with pytest.raises(ExecutionFailed, match="use files below"):
            Executor().execute(pipeline, 1)


def test_the_files_of_a_series_are_looked_at_each(root: Path) -> None:
    pipeline = Pipeline()
    with pytest.raises(FileError, match="use files below"):
        pipeline.create(1, "FileSeriesReader", {"FileNames": [str(root / "sphere.vtp"), str(root / "link.vtp")]})
    with pytest.raises(FileError, match="use files below"):
        choose_for([str(root / "sphere.vtp"), str(root.parent / "sphere.vtp")])
    (root / "n1.vtp").symlink_to(root.parent / "sphere.vtp")
    (root / "n2.vtp").write_bytes((root / "sphere.vtp").read_bytes())
    assert choose_for([str(root / "n2.vtp")], series=True)[1]["FileName"] == str(root / "n2.vtp"), "n1 leads out"


def test_without_data_roots_files_may_name_any_other(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "a.vtm").write_text(MULTI_BLOCK.format(name="../sphere.vtp"))
    with_settings(monkeypatch, data_roots=())
    assert read(root / "a.vtm") == 50


def test_links_in_a_case_of_openfoam_do_not_lead_out(root: Path) -> None:
    case = root / "case"
    (case / "system").mkdir(parents=True)
    (case / "constant" / "polyMesh").mkdir(parents=True)
    (case / "system" / "controlDict").write_text("FoamFile { object controlDict; }\n")
    (case / "case.foam").touch()
    check_references(str(case / "case.foam"), "vtkOpenFOAMReader")
    (case / "constant" / "polyMesh" / "points").symlink_to(root.parent / "raw.bin")
    for path in (case / "case.foam", case / "system" / "controlDict"):
        with pytest.raises(FileError, match="points: this server lets clients use files below"):
            check_references(str(path), "vtkOpenFOAMReader")


def test_results_beside_a_case_of_fluent_do_not_lead_out(root: Path) -> None:
    (root / "a.cas.h5").write_bytes(bytes(64))
    check_references(str(root / "a.cas.h5"), "vtkFLUENTCFFReader")
    (root / "a.dat.h5").symlink_to(root.parent / "raw.bin")
    with pytest.raises(FileError, match=r"a\.dat\.h5: this server lets clients use files below"):
        check_references(str(root / "a.cas.h5"), "vtkFLUENTCFFReader")


def test_pieces_of_a_run_that_are_found_by_name_do_not_lead_out(root: Path) -> None:
    (root / "a.e.2.0").write_bytes(b"no mesh")
    (root / "a.e.2.1").symlink_to(root.parent / "raw.bin")
    reader = construct("vtkIOSSReader")
    reader.AddFileName(str(root / "a.e.2.0"))
    with pytest.raises(FileError, match=r"a\.e\.2\.1: this server lets clients use files below"):
        look_at_names(reader)


def test_with_data_roots_and_no_write_root_nothing_is_written(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, below = str(root / "new.vtp"), root / "results"
    with pytest.raises(
        FileError, match="writes no files for clients: it was started with --data-root and without --wr"
    ):
        writable_path(inside)
    pipeline = Pipeline()
    with pytest.raises(FileError, match="writes no files for clients"):
        pipeline.create(1, "vtkXMLPolyDataWriter", {"FileName": inside})
    below.mkdir()
    with_settings(monkeypatch, write_roots=(below.resolve(),))
    assert writable_path(str(below / "new.vtp")) and allowed_path(str(below / "new.vtp"))
    with pytest.raises(FileError, match=r"lets clients write files below .*results only"):
        writable_path(inside)
    with_settings(monkeypatch, data_roots=())
    assert allowed_path(str(root.parent / "sphere.vtp")), "without data roots everything is read"
    with pytest.raises(FileError, match="lets clients write files below"):
        writable_path(inside)


@pytest.mark.usefixtures("root")
def test_texts_that_lead_to_files_are_refused_where_names_are_all(monkeypatch: pytest.MonkeyPatch) -> None:
    for type_name, name in (("vtkSQLDatabaseTableSource", "URL"), ("vtkGeoTransform", "SourceProjection")):
        with pytest.raises(InvalidProperty, match=f"{name} is a text that can name files, and this server keeps"):
            Pipeline().create(1, type_name, {name: "sqlite:///a.db"})
    with pytest.raises(FileError, match="this is a URL"):
        allowed_path("http://127.0.0.1/a.nc")
    with_settings(monkeypatch, data_roots=())
    Pipeline().create(1, "vtkSQLDatabaseTableSource", {"URL": "sqlite:///a.db"})
