"""Saving replaces a good file by a whole one, or by nothing: failing writers, full disks, killed processes."""

from __future__ import annotations

import gc
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import vtkmodules.vtkCommonCore as core
import vtkmodules.vtkCommonDataModel as model

from apvserver.vtk.base.errors import ExecutionFailed, FileError
from apvserver.vtk.base.information import describe_data, describe_output
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.files.writers import writing
from apvserver.vtk.files.writers.saved_series import write_series
from apvserver.vtk.files.writers.writing import write_data
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.apvtest import environment
from ..harness.full_disk import DATA
from ..harness.lock_kept import longest_kept
from ..harness.saving import OLD, assert_same, blocks, read, sphere, table
from ..harness.time_limits import scaled


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

    def execute(_writer: Any, name: Path, _data: Any) -> list[Any]:
        made(name)
        return []

    monkeypatch.setattr(writing, "_execute", execute)
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
    with pytest.raises(FileError, match=r"the directory .*none does not exist"):
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


@pytest.mark.parametrize("name", ["a" * 300 + ".vtp", "a\0b.vtp", "a\ud800b.vtp", "a" * 300 + ".vtm"], ids=ascii)
def test_what_no_file_can_be_called(name: str, tmp_path: Path) -> None:
    data = blocks("vtkMultiBlockDataSet") if name.endswith(".vtm") else sphere()
    with pytest.raises(FileError):
        write_data(str(tmp_path / name), data, {})
    with pytest.raises(FileError):
        write_series(str(tmp_path / name), [0.0, 1.0], lambda time: data, {})
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="other systems have other limits")
@pytest.mark.parametrize(
    "extension",
    [
        pytest.param(one, marks=() if one in (".vtp", ".vtk", ".vtm", ".mha", ".csv") else pytest.mark.deep)
        for one in DATA
    ],
)
def test_names_as_long_as_they_can_be(extension: str, tmp_path: Path) -> None:
    """Nothing that is written on the way has a longer one."""
    name = "a" * (255 - len(extension)) + extension
    data = DATA[extension]()
    write_data(str(tmp_path / name), data, {})
    assert (tmp_path / name).stat().st_size > 0
    before = sorted(str(one) for one in tmp_path.rglob("*"))
    write_data(str(tmp_path / name), data, {})  # and again, over the first
    assert len([*tmp_path.rglob("*")]) == len(before), "old pieces are left"


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
        patch.setattr("apvserver.vtk.files.writers.staging.os.replace", lambda *names: fail())
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


def test_pieces_behind_a_link_are_left_alone(tmp_path: Path) -> None:
    """They may lie where this server must not touch anything."""
    place = tmp_path / "root"
    place.mkdir()
    path = place / "a.vtm"
    write_data(str(path), blocks(), {})
    (place / "a").rename(tmp_path / "elsewhere")
    try:
        (place / "a").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    except OSError as error:
        pytest.skip(f"links cannot be made here: {error}")
    there = sorted(os.listdir(tmp_path / "elsewhere"))
    write_data(str(path), blocks(), {})
    assert there and sorted(os.listdir(tmp_path / "elsewhere")) == there
    assert_same(blocks(), read(path))


LIMITED = """
import resource, sys
from vtkmodules.vtkFiltersSources import vtkSphereSource
from apvserver.vtk.base.errors import FileError
from apvserver.vtk.files.writers.saved_series import write_series
from apvserver.vtk.files.writers.writing import write_data

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
    ended = subprocess.run(given, capture_output=True, text=True, env=environment(), timeout=scaled(120))
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
from apvserver.vtk.files.writers import writing

source = vtkSphereSource()
source.Update()

def die(writer, name, data):
    name.write_bytes(b"half")
    os.kill(os.getpid(), 9)

writing._execute = die
writing.write_data(sys.argv[1], source.GetOutput(), {})
"""


@pytest.mark.skipif(os.name != "posix", reason="a process ends itself by a signal")
def test_a_process_that_is_killed_while_it_writes_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.vtp"
    path.write_bytes(OLD)
    ended = subprocess.run([sys.executable, "-c", KILLED, str(path)], env=environment(), timeout=scaled(60))
    assert ended.returncode == -9 and path.read_bytes() == OLD
    write_data(str(path), sphere(), {})
    assert describe_data(read(path))["points"] == 50


@pytest.mark.parametrize(
    ("extension", "options"),
    [
        (".vtp", {"DataMode": "Ascii"}),
        (".vtk", {}),
        (".vtk", {"FileType": "ASCII"}),
        (".ply", {"FileType": "ASCII"}),
        (".obj", {}),
    ],
)
def test_text_is_written_while_other_threads_go_on(extension: str, options: dict[str, Any], tmp_path: Path) -> None:
    """VTK's Write of these keeps Python's lock all the time, here 0.2 to 1 s."""
    data = sphere(ThetaResolution=300, PhiResolution=300)

    def write() -> None:
        write_data(str(tmp_path / f"a{extension}"), data, options)

    write()  # the first imports
    begun = time.thread_time()
    write()
    took_s = time.thread_time() - begun
    kept_s = longest_kept(write)
    assert kept_s < took_s / 3, f"other threads stood still for {kept_s:.3f} of {took_s:.3f} s"


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
    executor, told = Executor(), list[Message]()
    executor.execute(made, 20, on_message=told.append)
    assert [one.severity for one in told] == (["warning"] if extension == ".stl" else []), told
    first = path.read_bytes()
    assert os.listdir(tmp_path) == [path.name]
    names = {"PNGSeriesReader": "FileNames"}.get(reader, "FileName")
    made.create(21, reader, {names: [str(path)] if names == "FileNames" else str(path)})
    executor.execute(made, 21)
    before, after = describe_output(*made.output(last)), describe_output(*made.output(21))
    assert [after[key] for key in ("points", "cells", "rows")] == [before[key] for key in ("points", "cells", "rows")]
    made.modify(20, {"FileName": str(tmp_path / "none" / f"a{extension}")})
    with pytest.raises(ExecutionFailed, match=r"the directory .*none does not exist"):
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
    made.create(3, "vtkTrivialProducer")
    made.algorithm(3).SetOutput(blocks())
    made.create(4, "XMLPolyDataWriter", {"FileName": str(path)}, {"Input": [(3, 0)]})
    with pytest.raises(
        ExecutionFailed, match="it holds one vtkPolyData, not the blocks of a vtkMultiBlockDataSet; Merge"
    ):
        Executor().execute(made, 4)
    assert path.read_bytes() == OLD and os.listdir(tmp_path) == [path.name]
    made.modify(2, {"FileName": ""})
    with pytest.raises(ExecutionFailed, match="FileName is empty"):
        Executor().execute(made, 2)


def test_a_table_writer_of_a_pipeline_writes_numbers_of_8_bits_as_numbers(tmp_path: Path) -> None:
    made, path = Pipeline(), tmp_path / "a.csv"
    made.create(1, "vtkTrivialProducer")
    made.algorithm(1).SetOutput(table())
    made.create(2, "CSVWriter", {"FileName": str(path), "FieldDelimiter": ";"}, {"Input": [(1, 0)]})
    Executor().execute(made, 2)
    rows = [line.split(";") for line in path.read_text().splitlines()]
    assert [row[:2] for row in rows[1:]] == [[str(number)] * 2 for number in range(5)]
    assert [float(row[9]) for row in rows[1:]] == [number + 1 / 3 for number in range(5)]


@pytest.mark.parametrize("name", ["a.vtp", "a.vtm", "a.csv"])
def test_a_writer_that_failed_is_let_go_at_once(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With it goes what it has open: a file that was removed takes room on the disk until it is closed."""

    def fail(*what: Any) -> None:
        raise FileError(f"{what[1]} is not what was to be written")

    monkeypatch.setattr(writing, "check_written", fail)
    gc.collect()
    gc.disable()
    try:
        with pytest.raises(FileError, match="nothing was changed") as caught:
            write_data(str(tmp_path / name), DATA[Path(name).suffix](), {})
        del caught
        left = [type(one).__name__ for one in gc.get_objects() if type(one).__name__.endswith("Writer")]
    finally:
        gc.enable()
    assert not [one for one in left if one.startswith("vtk")]
