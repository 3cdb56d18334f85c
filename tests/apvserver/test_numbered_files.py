"""Pictures of all slices of a volume, called by FilePrefix and FilePattern: all of them, or the old ones."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.apvtest import with_settings
from ..harness.saving import OLD, disk_of_memory, read

DEEP = 4


def pipeline(writer: str, side: int = 9, **properties: Any) -> Pipeline:
    """A volume of bytes whose slices differ, and a writer of pictures."""
    made = Pipeline()
    made.create(1, "vtkRTAnalyticSource", {"WholeExtent": [0, side, 0, side, 3, 2 + DEEP]})
    made.create(2, "vtkImageCast", {"OutputScalarType": 3, "ClampOverflow": True}, {"Input": [(1, 0)]})
    made.create(3, writer, properties, {"Input": [(2, 0)]})
    return made


@pytest.mark.parametrize(
    ("writer", "pattern", "names"),
    [
        ("vtkPNGWriter", "{:s}_{:03d}.png", ["a_003.png", "a_004.png", "a_005.png", "a_006.png"]),
        ("vtkPNGWriter", "%s_%03d.png", ["a_003.png", "a_004.png", "a_005.png", "a_006.png"]),
        ("vtkTIFFWriter", "%s.%d.tif", ["a.3.tif", "a.4.tif", "a.5.tif", "a.6.tif"]),
        ("vtkBMPWriter", "{:s}{:d}.bmp", ["a3.bmp", "a4.bmp", "a5.bmp", "a6.bmp"]),
        ("vtkPNMWriter", "{}-{:02d}.pnm", ["a-03.pnm", "a-04.pnm", "a-05.pnm", "a-06.pnm"]),
    ],
)
def test_each_slice_gets_a_file(writer: str, pattern: str, names: list[str], tmp_path: Path) -> None:
    made = pipeline(writer, FilePrefix=str(tmp_path / "a"), FilePattern=pattern)
    Executor().execute(made, 3)
    assert sorted(os.listdir(tmp_path)) == names
    volume = vtk_to_numpy(made.output_data(2, 0).GetPointData().GetScalars()).reshape(DEEP, -1)
    for name, values in zip(names, volume, strict=True):
        stored = vtk_to_numpy(read(tmp_path / name).GetPointData().GetScalars()).reshape(len(values), -1)
        assert np.array_equal(stored[:, 0], values), name
    assert made.proxy(3).algorithms[-1].GetFilePrefix() == str(tmp_path / "a")


@pytest.mark.parametrize("writer", ["vtkImageWriter", "vtkPImageWriter"])
def test_slices_of_bare_numbers(writer: str, tmp_path: Path) -> None:
    made = pipeline(writer, FilePrefix=str(tmp_path / "a"), FilePattern="%s.%d")
    Executor().execute(made, 3)
    volume = vtk_to_numpy(made.output_data(2, 0).GetPointData().GetScalars()).reshape(DEEP, 10, 10)
    assert sorted(os.listdir(tmp_path)) == ["a.3", "a.4", "a.5", "a.6"]
    for name, values in zip(sorted(os.listdir(tmp_path)), volume, strict=True):
        assert np.array_equal(np.fromfile(tmp_path / name, np.uint8).reshape(10, 10)[::-1], values), name


def test_slices_in_postscript(tmp_path: Path) -> None:
    made = pipeline("vtkPostScriptWriter", FilePrefix=str(tmp_path / "a"), FilePattern="%s.%d.ps")
    Executor().execute(made, 3)
    volume = vtk_to_numpy(made.output_data(2, 0).GetPointData().GetScalars()).reshape(DEEP, 10, 10)
    assert sorted(os.listdir(tmp_path)) == ["a.3.ps", "a.4.ps", "a.5.ps", "a.6.ps"]
    for name, values in zip(sorted(os.listdir(tmp_path)), volume, strict=True):
        text = (tmp_path / name).read_text()
        picture = bytes.fromhex(text[text.index("image") + 5 : text.index("grestore")])
        assert picture[: values.size] == values[::-1].tobytes(), name


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("%s.png", "is to hold the prefix and then a number"),
        ("%s_%d_%d.png", "is to hold the prefix and then a number"),
        ("%d_%s.png", "is to hold the prefix and then a number"),
        ("%s%n%d.png", "is to hold the prefix and then a number"),
        ("{:s}{:d}{:s}.png", "is to hold the prefix and then a number"),
        ("%s_%0999999999d.png", "is to hold the prefix and then a number"),
        ("%s/%d/a.png", "the number stands in the name of the file"),
    ],
)
def test_patterns_that_name_no_files(pattern: str, words: str, tmp_path: Path) -> None:
    """VTK writes all slices to one file then, called as the pattern is, wherever the server was started."""
    with pytest.raises(ExecutionFailed) as caught:
        Executor().execute(pipeline("vtkPNGWriter", FilePrefix=str(tmp_path / "a"), FilePattern=pattern), 3)
    assert words in "; ".join(caught.value.messages)
    assert os.listdir(tmp_path) == []


def test_names_are_looked_at_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path.resolve() / "root"
    root.mkdir()
    with_settings(monkeypatch, data_roots=(root,), write_roots=(root,))
    Executor().execute(pipeline("vtkPNGWriter", FilePrefix=str(root / "a"), FilePattern="%s_%d.png"), 3)
    assert len(os.listdir(root)) == DEEP
    with pytest.raises(ExecutionFailed, match="lets clients write files below"):
        Executor().execute(pipeline("vtkPNGWriter", FilePrefix=str(root), FilePattern="%s/../b%d.png"), 3)
    assert os.listdir(tmp_path) == ["root"]


def test_a_first_picture_that_is_a_link_leads_the_others_nowhere(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "here").mkdir()
    linked = tmp_path / "elsewhere/linked"
    linked.write_bytes(OLD)
    (tmp_path / "here/a_3.png").symlink_to(linked)
    Executor().execute(pipeline("vtkPNGWriter", FilePrefix=str(tmp_path / "here/a"), FilePattern="%s_%d.png"), 3)
    assert sorted(os.listdir(tmp_path / "here")) == ["a_3.png", "a_4.png", "a_5.png", "a_6.png"]
    assert os.listdir(tmp_path / "elsewhere") == ["linked"] and linked.read_bytes() == OLD


def test_a_writer_of_one_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ExecutionFailed, match="vtkMetaImageWriter writes one file: set its FileName, not FilePrefix"):
        Executor().execute(pipeline("vtkMetaImageWriter", FilePrefix=str(tmp_path / "a")), 3)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    yield from disk_of_memory(tmp_path / "disk")


@pytest.mark.parametrize(("writer", "side"), [("vtkPNGWriter", 899), ("vtkBMPWriter", 219), ("vtkTIFFWriter", 449)])
def test_a_full_disk_leaves_the_old_pictures(writer: str, side: int, small_disk: Path) -> None:
    """There is room for one or two slices, not for all."""
    old = [small_disk / f"a_{number}.x" for number in range(3, 3 + DEEP)]
    for one in old:
        one.write_bytes(OLD)
    made = pipeline(writer, side=side, FilePrefix=str(small_disk / "a"), FilePattern="%s_%d.x")
    with pytest.raises(ExecutionFailed) as caught:
        Executor().execute(made, 3)
    assert str(small_disk / "a_") in "; ".join(caught.value.messages)
    assert sorted(os.listdir(small_disk)) == [one.name for one in old]
    assert all(one.read_bytes() == OLD for one in old)
