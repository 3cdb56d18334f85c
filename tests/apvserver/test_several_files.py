"""Writers of VTK that write several files, or are called otherwise than others: all files appear, or the old ones stay.

And that there is no other way to write than those that are known.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy

from apvserver.vtk.base.errors import ExecutionFailed, UnknownType
from apvserver.vtk.files.writers.pipelines import several
from apvserver.vtk.files.writers.writing import READ_BY_WRITERS
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.catalog import class_of, construct, not_offered, type_names
from apvserver.vtk.types.reflection import reflected

from ..harness.apvtest import with_settings
from ..harness.saving import OLD, disk_of_memory, read

TYPES_OF_NAMES: Final = frozenset({"FileName", "FilePrefix", "FilePattern"})
NOT_HEEDED: Final = frozenset({"vtkMetaImageWriter.RAWFileName", "vtkXdmfWriter.HeavyDataFileName"})
"""The writers of these are told other names."""
WRITE_NOTHING: Final = frozenset({"vtkXMLDataWriterHelper"})


def surface(writer: str, properties: Mapping[str, Any], resolution: int = 12) -> Pipeline:
    made = Pipeline()
    made.create(1, "vtkSphereSource", {"ThetaResolution": resolution, "PhiResolution": resolution})
    made.create(2, "vtkElevationFilter", {}, {"Input": [(1, 0)]})
    made.create(3, writer, properties, {"Input": [(2, 0)]})
    return made


def grid(properties: Mapping[str, Any], side: int = 4) -> Pipeline:
    made = Pipeline()
    made.create(1, "vtkRTAnalyticSource", {"WholeExtent": [0, side, 0, side, 0, side]})
    made.create(2, "vtkAppendFilter", {}, {"Input": [(1, 0)]})
    made.create(3, "vtkEnSightWriter", properties, {"Input": [(2, 0)]})
    return made


def refused(made: Pipeline) -> str:
    with pytest.raises(ExecutionFailed) as caught:
        Executor().execute(made, 3)
    return "; ".join(caught.value.messages)


def test_a_shape_and_its_values_in_files_of_their_own(tmp_path: Path) -> None:
    names = {"GeometryFileName": str(tmp_path / "a.g"), "ScalarFileName": str(tmp_path / "a.s")}
    made = surface("vtkBYUWriter", names)
    Executor().execute(made, 3)
    assert sorted(os.listdir(tmp_path)) == ["a.g", "a.s"]
    reader, data = construct("vtkBYUReader"), made.output_data(2, 0)
    reader.SetGeometryFileName(str(tmp_path / "a.g"))
    reader.SetScalarFileName(str(tmp_path / "a.s"))
    reader.Update()
    stored = reader.GetOutput()
    assert np.allclose(vtk_to_numpy(stored.GetPoints().GetData()), vtk_to_numpy(data.GetPoints().GetData()), atol=1e-5)
    found, values = (vtk_to_numpy(one.GetPointData().GetScalars()) for one in (stored, data))
    assert np.allclose(found, values, atol=1e-5)
    assert made.proxy(3).algorithms[-1].GetGeometryFileName() == str(tmp_path / "a.g")


def test_triangles_and_their_limits(tmp_path: Path) -> None:
    names = {"FileName": str(tmp_path / "a.tri"), "LimitsFileName": str(tmp_path / "a.lim")}
    made = surface("vtkMCubesWriter", names)
    Executor().execute(made, 3)
    limits = np.fromfile(tmp_path / "a.lim", ">f4")
    assert np.allclose(limits[:6], made.output_data(2, 0).GetBounds(), atol=1e-5)
    assert (tmp_path / "a.tri").stat().st_size == 12 * 6 * made.output_data(2, 0).GetNumberOfPolys()


@pytest.mark.parametrize("by", ["FileName", "Path"])
def test_ensight_with_all_its_files(by: str, tmp_path: Path) -> None:
    called = {"FileName": str(tmp_path / "b.case")} if by == "FileName" else {"Path": str(tmp_path), "BaseName": "b"}
    made = grid(called)
    Executor().execute(made, 3)
    assert sorted(os.listdir(tmp_path)) == ["b.0.00000.geo", "b.0.00000_n.RTData", "b.0.case"]
    part, before = read(tmp_path / "b.0.case").GetPartition(0, 0), made.output_data(2, 0)
    assert np.array_equal(*(vtk_to_numpy(one.GetPoints().GetData()) for one in (part, before)))
    assert part.GetPointData().GetArray("RTData_n").GetRange() == before.GetPointData().GetArray("RTData").GetRange()


@pytest.mark.parametrize("properties", [{"FileName": "{}/sub/a.case"}, {"Path": "{}/sub", "BaseName": "a"}])
def test_ensight_where_there_is_no_directory(properties: dict[str, str], tmp_path: Path) -> None:
    told = refused(grid({name: value.format(tmp_path) for name, value in properties.items()}))
    assert f"the directory {tmp_path / 'sub'} does not exist on the server" in told


def test_names_that_cannot_be() -> None:
    assert "BaseName is to be the beginning of the names" in refused(grid({"Path": "/tmp"}))
    assert "GeometryFileName is empty" in refused(surface("vtkBYUWriter", {"ScalarFileName": "/tmp/a.s"}))


def test_files_of_two_directories_do_not_appear_together(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    names = {"GeometryFileName": str(tmp_path / "a.g"), "ScalarFileName": str(tmp_path / "b/a.s")}
    assert "name files of one directory" in refused(surface("vtkBYUWriter", names))
    names["ScalarFileName"] = str(tmp_path / "a.g")
    assert "name the same file" in refused(surface("vtkBYUWriter", names))
    assert os.listdir(tmp_path) == ["b"]


def test_all_names_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path.resolve() / "root"
    root.mkdir()
    (root / "a.0.00000.geo").symlink_to(tmp_path / "outside")
    made = grid({"Path": str(root), "BaseName": "a"})
    with_settings(monkeypatch, data_roots=(root,), write_roots=(root,))
    assert "lets clients write files below" in refused(made)
    assert os.listdir(tmp_path) == ["root"] and os.listdir(root) == ["a.0.00000.geo"]


def test_links_of_files_that_belong_together_are_replaced(tmp_path: Path) -> None:
    """Else the parts of one thing would be in several directories, and name each other there in vain."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "here").mkdir()
    linked = tmp_path / "elsewhere/linked"
    linked.write_bytes(OLD)
    for name in ("a.0.case", "a.0.00000.geo"):
        (tmp_path / "here" / name).symlink_to(linked)
    Executor().execute(grid({"Path": str(tmp_path / "here"), "BaseName": "a"}), 3)
    assert sorted(os.listdir(tmp_path / "here")) == ["a.0.00000.geo", "a.0.00000_n.RTData", "a.0.case"]
    assert not any(one.is_symlink() for one in (tmp_path / "here").iterdir())
    assert os.listdir(tmp_path / "elsewhere") == ["linked"] and linked.read_bytes() == OLD


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    yield from disk_of_memory(tmp_path / "disk")


def test_a_full_disk_leaves_the_old_files(small_disk: Path) -> None:
    def names(*called: str) -> dict[str, str]:
        return {name: str(small_disk / f"a.{name[0].lower()}") for name in called}

    tries = [
        surface("vtkBYUWriter", names("GeometryFileName", "ScalarFileName"), 150),
        surface("vtkMCubesWriter", names("FileName", "LimitsFileName"), 150),
        grid({"Path": str(small_disk), "BaseName": "a"}, 40),
    ]
    old = [small_disk / name for name in ("a.f", "a.g", "a.l", "a.s", "a.0.case", "a.0.00000.geo")]
    for one in old:
        one.write_bytes(OLD)
    for made in tries:
        assert str(small_disk) in refused(made)
        assert sorted(os.listdir(small_disk)) == sorted(one.name for one in old)
        assert all(one.read_bytes() == OLD for one in old)


@pytest.mark.parametrize(
    ("writer", "properties"), [("vtkIVWriter", {}), ("vtkSTLWriter", {"FileType": "ASCII"}), ("vtkMINCImageWriter", {})]
)
def test_a_full_disk_does_not_end_the_session(writer: str, properties: dict[str, str], small_disk: Path) -> None:
    target = small_disk / "a.x"
    target.write_bytes(OLD)
    made = surface(writer, {"FileName": str(target), **properties}, 150)
    if writer == "vtkMINCImageWriter":
        made = Pipeline()
        made.create(1, "vtkRTAnalyticSource", {"WholeExtent": [0, 60, 0, 60, 0, 60]})
        made.create(3, writer, {"FileName": str(target)}, {"Input": [(1, 0)]})
    assert str(target) in refused(made)
    assert os.listdir(small_disk) == ["a.x"] and target.read_bytes() == OLD


def test_blocks_that_end_the_writer_of_gltf_do_not_end_the_session(tmp_path: Path) -> None:
    made = Pipeline()
    made.create(1, "vtkPartitionedDataSetCollectionSource")
    made.create(2, "vtkConvertToMultiBlockDataSet", {}, {"Input": [(1, 0)]})
    made.create(3, "vtkGLTFWriter", {"FileName": str(tmp_path / "a.gltf")}, {"Input": [(2, 0)]})
    assert "the process that wrote it was ended by SIGSEGV" in refused(made)
    assert os.listdir(tmp_path) == []


def test_writers_that_cannot_keep_to_the_rule_say_why_they_are_not_offered() -> None:
    kinds = ("Facet", "JSONDataSet", "TableToSQLite", "OggTheora", "Cesium3DTiles", "ExodusII", "XMLPMultiBlockData")
    for name in (f"vtk{kind}Writer" for kind in kinds):
        assert name not in type_names()
        with pytest.raises(UnknownType, match="is not offered"):
            construct(name)


@pytest.mark.deep
def test_there_is_no_writer_that_goes_another_way() -> None:
    """Each class of the wheel that may write: its files are called as one of the known ways takes it."""
    others = {name: why for name in type_names() if (why := _goes_another_way(name))}
    assert not others, "write them by `executed.py` or `several.py`, or refuse them in `catalog.py`"
    assert not set(not_offered()) & several.WRITERS


def _goes_another_way(name: str) -> str | None:
    made = _made(name)
    if made is None or name in several.WRITERS | WRITE_NOTHING:
        return None
    paths = {one.name for one in reflected(name).properties.values() if one.path}
    writes = hasattr(made, "Write") or name.endswith(("Writer", "Exporter"))
    if not writes and not (paths and not made.GetNumberOfOutputPorts()):
        return None
    if made.GetNumberOfOutputPorts():
        return "it has outputs: what comes after it executes it, too"
    if "FileName" not in paths or not hasattr(made, "SetFileName") or not made.GetNumberOfInputPorts():
        return f"its files are named by {paths or 'nothing'}"
    unknown = {one for one in paths - TYPES_OF_NAMES - READ_BY_WRITERS if f"{name}.{one}" not in NOT_HEEDED}
    return f"{unknown} name further files" if unknown else None


def _made(name: str) -> Any:
    """An instance of a class that has something of a writer, if one can be made."""
    try:
        cls = class_of(name)
        named = any(
            one.startswith("Set") and ("File" in one or "Path" in one or "Directory" in one) for one in dir(cls)
        )
        wanted = named or hasattr(cls, "Write") or name.endswith(("Writer", "Exporter"))
        return construct(name) if wanted and not name.endswith("Reader") else None
    except UnknownType:
        return None
