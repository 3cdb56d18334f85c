"""Writing files: what comes back is what was written, or it is refused; nothing good is ever replaced by less."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import vtkmodules.vtkCommonCore as core
import vtkmodules.vtkCommonDataModel as model
import vtkmodules.vtkImagingColor  # noqa: F401  # registers the number of images' scalars
from apvtest import environment
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonTransforms import vtkTransform
from vtkmodules.vtkFiltersCore import vtkAppendFilter, vtkStripper, vtkTriangleFilter
from vtkmodules.vtkFiltersGeneral import vtkTransformFilter
from vtkmodules.vtkFiltersSources import vtkLineSource, vtkSphereSource

from apvserver.vtk_bridge import writers
from apvserver.vtk_bridge.catalog import construct
from apvserver.vtk_bridge.errors import ExecutionFailed, FileError
from apvserver.vtk_bridge.execution import Executor
from apvserver.vtk_bridge.information import describe_data, describe_output
from apvserver.vtk_bridge.intact import check_intact
from apvserver.vtk_bridge.pipeline import Pipeline
from apvserver.vtk_bridge.properties import set_properties
from apvserver.vtk_bridge.readers import choose_reader
from apvserver.vtk_bridge.writers import WRITERS, write_data

OLD = b"the good old file"
NUMBERS = ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64")


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
    check_intact(str(path), type_name)
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
        left, right = values_of(one), values_of(other)
        if not names:
            left, right = dict(enumerate(left.values())), dict(enumerate(right.values()))  # type: ignore[assignment]
        for key, values in left.items():
            assert key in right, f"{key} is lost of {list(left)}: {list(right)}"
            assert np.array_equal(right[key], values), key
            if not isinstance(values, list):
                assert right[key].dtype.kind == values.dtype.kind and right[key].shape == values.shape, key


WHOLE: dict[str, list[Callable[[], Any]]] = {
    ".vti": [lambda: with_arrays(image(origin=(1, 2, 3), spacing=(0.5, 1, 2)))],
    ".vtp": [lambda: with_arrays(sphere()), line],
    ".vtu": [lambda: with_arrays(unstructured(image()))],
    ".vts": [lambda: with_arrays(curved())],
    ".vtr": [lambda: with_arrays(rectilinear())],
    ".vtt": [table],
    ".vtm": [blocks],
    ".vtpd": [lambda: blocks("vtkPartitionedDataSet")],
    ".vtpc": [lambda: blocks("vtkPartitionedDataSetCollection")],
    ".vtk": [
        lambda: with_arrays(image(origin=(1, 2, 3))),
        lambda: with_arrays(sphere()),
        lambda: with_arrays(rectilinear()),
        blocks,
    ],
    ".vtkhdf": [sphere, lambda: unstructured(image())],
    ".tsv": [table],
    ".csv": [table],
}
ONE_ARRAY = {
    ".png": [("uint8", 1), ("uint8", 4), ("uint16", 3)],
    ".bmp": [("uint8", 3)],
    ".pnm": [("uint8", 1), ("uint8", 3)],
    ".mha": [(kind, 1) for kind in NUMBERS if "64" not in kind or "float" in kind] + [("float32", 3)],
    ".nii": [(kind, 1) for kind in NUMBERS] + [("float32", 3)],
}


@pytest.mark.parametrize("extension", WHOLE)
def test_all_arrays_come_back(extension: str, tmp_path: Path) -> None:
    for number, make in enumerate(WHOLE[extension]):
        path, data = tmp_path / f"{number}{extension}", make()
        assert write_data(str(path), data, {}).size_bytes == path.stat().st_size
        back = read(path)
        if extension in (".csv", ".tsv"):
            for name in NUMBERS:
                assert (
                    vtk_to_numpy(back.GetColumnByName(name)).tolist()
                    == vtk_to_numpy(data.GetColumnByName(name)).tolist()
                )
            assert values_of(back)[6, "texts"] == values_of(data)[6, "texts"]
        else:
            assert_same(data, back)


@pytest.mark.parametrize("extension", ONE_ARRAY)
def test_pixels_of_every_kind_come_back(extension: str, tmp_path: Path) -> None:
    dims = (5, 4, 3) if extension in (".mha", ".nii") else (5, 4, 1)
    for kind, components in ONE_ARRAY[extension]:
        path, data = tmp_path / f"a{extension}", image(dims, kind, components)
        write_data(str(path), data, {})
        assert_same(data, read(path), names=False)


def test_a_single_plane_keeps_its_place_as_mha(tmp_path: Path) -> None:
    for dims in ((5, 4, 1), (5, 1, 1), (5, 1, 4), (1, 4, 3)):
        data = image(dims, origin=(1.0, 2.0, 3.0), spacing=(0.5, 2.0, 3.0))
        write_data(str(tmp_path / "a.mha"), data, {})
        assert_same(data, read(tmp_path / "a.mha"), names=False)


def test_integers_of_64_bits_that_a_reader_of_vtk_cannot_read_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.mha"
    path.write_text("NDims = 3\nDimSize = 0 0 0\nElementType = MET_ULONG_LONG\nElementDataFile = LOCAL\n")
    with pytest.raises(FileError, match="VTK reads no numbers of type MET_ULONG_LONG"):
        check_intact(str(path), "vtkMetaImageReader")


def shape(**kept: Any) -> list[float]:
    return []


@pytest.mark.parametrize("extension", [".ply", ".stl", ".obj"])
def test_formats_of_shapes_hold_the_shape_and_tell_what_they_leave_out(extension: str, tmp_path: Path) -> None:
    data = with_arrays(sphere())
    written = write_data(str(tmp_path / f"a{extension}"), data, {})
    back = describe_data(read(tmp_path / f"a{extension}"))
    assert (back["points"], back["cells"]) == (50, 96)
    assert back["bounds"] == pytest.approx(describe_data(data)["bounds"])
    assert written.left_out is not None
    assert ("Normals" in written.left_out) == (extension == ".stl")
    assert all(name in written.left_out for name in ("int8", "vectors", "cells"))
    assert write_data(str(tmp_path / "a.ply"), sphere(), {}).left_out is None


def turned() -> Any:
    made = image()
    made.SetDirectionMatrix(0, 1, 0, -1, 0, 0, 0, 0, 1)
    return made


def strips() -> Any:
    triangles, stripper = vtkTriangleFilter(), vtkStripper()
    triangles.SetInputData(sphere())
    stripper.SetInputConnection(triangles.GetOutputPort())
    stripper.Update()
    return stripper.GetOutput()


def cell_values() -> Any:
    made = image((5, 4, 1), "uint8")
    made.GetCellData().AddArray(array("c", np.arange(12)))
    return made


REFUSED: list[tuple[str, Callable[[], Any], str]] = [
    *((one, lambda: image(kind="uint8"), r"one plane and the data 5 x 4 x 3 points; one of its planes .*ExtractSubset.*\.vti, \.mha")
      for one in (".png", ".jpg", ".tif", ".bmp", ".pnm")),
    *((one, lambda: image((5, 4, 1)), r"pixels are unsigned char.* and s is float; .*ImageCast.*\.mha hold all")
      for one in (".png", ".jpg", ".tif", ".bmp", ".pnm")),
    *((one, lambda: image((5, 4, 1), "uint8", 2), r"component\(s\) and s has 2; \.png and \.vti hold them")
      for one in (".jpg", ".tif", ".bmp", ".pnm")),
    (".jpg", lambda: image((5, 4, 1), "uint8", 4), r"1 or 3 component\(s\) and s has 4"),
    (".png", lambda: image((1, 4, 3), "uint8"), "ImagePermute turns it"),
    (".png", cell_values, r"it holds one array, and there are s, c; PassArrays keeps one"),
    (".mha", lambda: with_arrays(image()), r"it holds one array, and there are s, int8, .*PassArrays"),
    (".nii", lambda: with_arrays(image()), "it holds one array"),
    (".mha", lambda: image(kind="int64"), r"VTK writes other numbers for integers of 64 bits; \.vti and \.nii"),
    (".png", lambda: model.vtkImageData(), "no array of points"),
    (".vtk", turned, r"turned .*direction matrix.*\.vti and \.mha can"),
    (".ply", line, r"it holds polygons only, and there are 1 lines; \.vtp holds them"),
    (".stl", line, "polygons only"),
    (".ply", strips, "no triangle strips, .*Triangulate"),
    (".ply", lambda: sphere(OutputPointsPrecision=1, Center=(5e5, 0, 0)), r"points would move by up to 0\.03; Transform .*\.vtp"),
    (".stl", lambda: sphere(OutputPointsPrecision=1, Center=(5e5, 0, 0)), "single precision"),
    (".ex2", image, "no voxels and pixels.*Tetrahedralize"),
    (".ex2", lambda: unstructured(image()), "no voxels and pixels"),
    (".ply", blocks, r"not a format for vtkMultiBlockDataSet; formats for it: .*\.vtm"),
    (".vtp", image, r"not a format for vtkImageData; formats for it: .*\.vti"),
]  # fmt: skip


@pytest.mark.parametrize(("extension", "make", "words"), REFUSED)
def test_what_a_format_cannot_hold_is_refused_and_the_old_file_stays(
    extension: str, make: Callable[[], Any], words: str, tmp_path: Path
) -> None:
    path = tmp_path / f"a{extension}"
    path.write_bytes(OLD)
    with pytest.raises(FileError, match=words):
        write_data(str(path), make(), {})
    assert path.read_bytes() == OLD and os.listdir(tmp_path) == [path.name]


class Writer(writers.vtkTrivialProducer):  # type: ignore[misc]
    """Stands for a writer of VTK that fails in some way."""


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda file: None, "VTK wrote nothing and gave no reason"),
        (lambda file: file.write_bytes(b""), "0 bytes were, which is not all"),
        (lambda file: file.write_bytes(b"<VTKFile><Piece>"), "16 bytes were, which is not all"),
        (lambda file: warn(file, "Skipping array 'T': its type is not supported"), "Skipping array 'T'"),
        (lambda file: fail(), "the disk is full; nothing was changed"),
    ],
)
def test_a_writer_that_fails_half_way(
    made: Callable[[Path], None], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.vtp"
    path.write_bytes(OLD)
    monkeypatch.setattr(writers, "_execute", lambda writer, name, data: made(name))
    with pytest.raises(FileError, match=words):
        write_data(str(path), sphere(), {})
    assert path.read_bytes() == OLD and os.listdir(tmp_path) == [path.name]


def warn(file: Path, text: str) -> None:
    file.write_bytes(b"<VTKFile></VTKFile>")
    core.vtkOutputWindow.GetInstance().DisplayWarningText(text)


def fail() -> None:
    raise OSError(28, "No space left on device")


def test_targets_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "directory.vtp").mkdir()
    with pytest.raises(FileError, match=r"directory\.vtp is a directory on the server"):
        write_data(str(tmp_path / "directory.vtp"), sphere(), {})
    with pytest.raises(FileError, match="the directory .*none does not exist"):
        write_data(str(tmp_path / "none" / "a.vtp"), sphere(), {})
    closed = tmp_path / "closed"
    closed.mkdir()
    (closed / "a.vtp").write_bytes(OLD)
    closed.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        if os.access(closed, os.W_OK):
            pytest.skip("this user may write everywhere")
        with pytest.raises(FileError, match="cannot write there: Permission denied; nothing was changed"):
            write_data(str(closed / "a.vtp"), sphere(), {})
        assert (closed / "a.vtp").read_bytes() == OLD
    finally:
        closed.chmod(stat.S_IRWXU)


def test_who_has_the_old_file_open_reads_it_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.vtp"
    write_data(str(path), sphere(), {})
    before = path.read_bytes()
    with path.open("rb") as stream:
        start = stream.read(100)
        try:
            write_data(str(path), sphere(ThetaResolution=30), {})
        except FileError:  # where a file that is open cannot be replaced
            assert path.read_bytes() == before
        else:
            assert describe_data(read(path))["points"] > 50
        assert start + stream.read() == before


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "link.vtp"
    try:
        link.symlink_to(tmp_path / "real" / "a.vtp")
    except OSError:
        pytest.skip("this user may make no links")
    write_data(str(link), sphere(), {})
    assert link.is_symlink() and describe_data(read(tmp_path / "real" / "a.vtp"))["points"] == 50


@pytest.mark.skipif(os.name != "posix", reason="permissions of files are told in numbers on POSIX only")
def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    write_data(str(tmp_path / "a.vtp"), sphere(), {})
    (tmp_path / "other").touch()
    assert stat.S_IMODE((tmp_path / "a.vtp").stat().st_mode) == stat.S_IMODE((tmp_path / "other").stat().st_mode)


def test_pieces_are_replaced_all_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.vtm"
    write_data(str(path), blocks(), {})
    (tmp_path / "a" / "mine.txt").write_bytes(OLD)
    first = model.vtkMultiBlockDataSet()
    first.SetBlock(0, sphere(ThetaResolution=20))
    with monkeypatch.context() as patch:
        patch.setattr("apvserver.vtk_bridge.staging.os.replace", lambda *names: fail())
        with pytest.raises(FileError, match="the disk is full; nothing was changed"):
            write_data(str(path), first, {})
    assert_same(blocks(), read(path))
    assert sorted(os.listdir(tmp_path)) == ["a", "a.vtm"]
    write_data(str(path), first, {})
    assert_same(first, read(path))
    assert os.listdir(tmp_path / "a") == ["mine.txt"], "what is not ours stays"
    assert sorted(os.listdir(tmp_path)) == ["a", "a.vtm", "a_1"]
    (tmp_path / "a" / "mine.txt").unlink()
    (tmp_path / "a").rmdir()
    write_data(str(path), blocks(), {})
    assert_same(blocks(), read(path))
    assert sorted(os.listdir(tmp_path)) == ["a", "a.vtm"]


LIMITED = """
import resource, sys
from vtkmodules.vtkFiltersSources import vtkSphereSource
from apvserver.vtk_bridge.errors import FileError
from apvserver.vtk_bridge.writers import write_data

source = vtkSphereSource()
source.SetThetaResolution(200)
source.SetPhiResolution(200)
source.Update()
kind, limit, *paths = sys.argv[1:]
if kind == "size":
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
for path in paths:
    try:
        write_data(path, source.GetOutput(), {})
        print("written", path)
    except FileError as error:
        print("refused", path, error)
"""
SHAPES = [".vtp", ".ply", ".stl", ".obj", ".vtk", ".vtkhdf"]


def limited(kind: str, limit: int, directory: Path) -> None:
    paths = [directory / f"a{one}" for one in SHAPES]
    for path in paths:
        path.write_bytes(OLD)
    given = [sys.executable, "-c", LIMITED, kind, str(limit), *map(str, paths)]
    ended = subprocess.run(given, capture_output=True, text=True, env=environment(), timeout=120)
    assert ended.returncode == 0, ended.stderr
    assert [line.split()[0] for line in ended.stdout.splitlines()].count("refused") == len(SHAPES), ended.stdout
    assert all(path.read_bytes() == OLD for path in paths)
    assert sorted(os.listdir(directory)) == sorted(path.name for path in paths)


@pytest.mark.skipif(os.name != "posix", reason="limits of the size of files are POSIX's")
@pytest.mark.parametrize("limit", [1, 100_000])
def test_a_file_that_cannot_grow_is_an_error_of_every_writer(limit: int, tmp_path: Path) -> None:
    limited("size", limit, tmp_path)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KiB, of memory."""
    place = tmp_path / "disk"
    place.mkdir()
    try:
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)], check=True, capture_output=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no disk can be mounted here: {error}")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_an_error_of_every_writer(small_disk: Path) -> None:
    limited("disk", 0, small_disk)


KILLED = """
import os, sys
from vtkmodules.vtkFiltersSources import vtkSphereSource
from apvserver.vtk_bridge import writers

source = vtkSphereSource()
source.Update()

def die(writer, name, data):
    name.write_bytes(b"half")
    os.kill(os.getpid(), 9)

writers._execute = die
writers.write_data(sys.argv[1], source.GetOutput(), {})
"""


@pytest.mark.skipif(os.name != "posix", reason="a process ends itself by a signal")
def test_a_process_that_is_killed_while_it_writes_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.vtp"
    path.write_bytes(OLD)
    ended = subprocess.run([sys.executable, "-c", KILLED, str(path)], env=environment(), timeout=60)
    assert ended.returncode == -9 and path.read_bytes() == OLD
    write_data(str(path), sphere(), {})
    assert describe_data(read(path))["points"] == 50


@pytest.mark.parametrize(
    ("extension", "options"), [(".vtk", {"FileType": "ASCII"}), (".ply", {"FileType": "ASCII"}), (".obj", {})]
)
def test_text_is_written_while_other_threads_go_on(extension: str, options: dict[str, Any], tmp_path: Path) -> None:
    """VTK's Write of these keeps Python's lock all the time, here 0.2 to 1 s."""
    data = sphere(ThetaResolution=300, PhiResolution=300)
    beats: list[float] = []
    done = threading.Event()

    def beat() -> None:
        while not done.wait(0.002):
            beats.append(time.monotonic())

    thread = threading.Thread(target=beat)
    thread.start()
    begun = time.monotonic()
    try:
        write_data(str(tmp_path / f"a{extension}"), data, options)
    finally:
        took_s = time.monotonic() - begun
        done.set()
        thread.join()
    gaps = np.diff([begun, *[one for one in beats if one > begun]])
    assert gaps.max() < took_s / 3, f"the other thread stood still for {gaps.max():.3f} of {took_s:.3f} s"


@pytest.mark.parametrize(
    ("writer", "reader", "source", "extension"),
    [
        ("LegacyVTKWriter", "LegacyVTKReader", {}, ".vtk"),
        ("PLYWriter", "PLYReader", {}, ".ply"),
        ("STLWriter", "STLReader", {}, ".stl"),
        ("XMLPolyDataWriter", "XMLPolyDataReader", {}, ".vtp"),
        ("XMLImageDataWriter", "XMLImageDataReader", {"Wavelet": {}}, ".vti"),
        ("XMLUnstructuredGridWriter", "XMLUnstructuredGridReader", {"Wavelet": {}, "Tetrahedralize": {}}, ".vtu"),
        ("CSVWriter", "CSVReader", {"Wavelet": {}, "DataToTable": {}}, ".csv"),
        (
            "PNGWriter",
            "PNGSeriesReader",
            {"Wavelet": {"WholeExtent": [0, 9, 0, 9, 0, 0]}, "vtkImageCast": {"OutputScalarType": 3}},
            ".png",
        ),
    ],
)
def test_writers_of_a_pipeline_are_all_or_nothing_too(
    writer: str, reader: str, source: dict[str, dict[str, Any]], extension: str, tmp_path: Path
) -> None:
    made, path, last = Pipeline(), tmp_path / f"a{extension}", 0
    for type_name, properties in (source or {"Sphere": {}}).items():
        made.create(last + 1, type_name, properties, {"Input": [(last, 0)]} if last else {})
        last += 1
    made.create(20, writer, {"FileName": str(path)}, {"Input": [(last, 0)]})
    executor = Executor()
    executor.execute(made, 20)
    first = path.read_bytes()
    assert os.listdir(tmp_path) == [path.name]
    names = {"PNGSeriesReader": "FileNames"}.get(reader, "FileName")
    made.create(21, reader, {names: [str(path)] if names == "FileNames" else str(path)})
    executor.execute(made, 21)
    before, after = describe_output(*made.output(last)), describe_output(*made.output(21))
    assert [after[key] for key in ("points", "cells", "rows")] == [before[key] for key in ("points", "cells", "rows")]
    made.modify(20, {"FileName": str(tmp_path / "none" / f"a{extension}")})
    with pytest.raises(ExecutionFailed, match="the directory .*none does not exist"):
        executor.execute(made, 20)
    assert path.read_bytes() == first


def test_a_writer_of_a_pipeline_refuses_what_its_format_cannot_hold(tmp_path: Path) -> None:
    made, path = Pipeline(), tmp_path / "a.png"
    path.write_bytes(OLD)
    made.create(1, "Wavelet")
    made.create(2, "PNGWriter", {"FileName": str(path)}, {"Input": [(1, 0)]})
    with pytest.raises(ExecutionFailed, match="one plane and the data 21 x 21 x 21 points"):
        Executor().execute(made, 2)
    assert path.read_bytes() == OLD and os.listdir(tmp_path) == [path.name]
    made.modify(2, {"FileName": ""})
    with pytest.raises(ExecutionFailed, match="FileName is empty"):
        Executor().execute(made, 2)


def test_every_extension_is_tried() -> None:
    tried = {*WHOLE, *ONE_ARRAY, ".ply", ".stl", ".obj", ".jpg", ".jpeg", ".tif", ".tiff", ".ex2"}
    assert tried == set(WRITERS)
