"""Files that appear, change or disappear: each execution sees them as they are."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from vtkmodules.vtkFiltersGeneral import vtkImageDataToPointSet
from vtkmodules.vtkFiltersSources import vtkSphereSource

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.base.information import describe_output
from apvserver.vtk.files.file_states import file_states
from apvserver.vtk.files.references import names_of
from apvserver.vtk.files.series import choose_for
from apvserver.vtk.files.writers.writing import write_data
from apvserver.vtk.pipeline.execution import REMEMBERED_S, Executor
from apvserver.vtk.pipeline.progress import ProgressStep
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.catalog import construct

from ..harness.time_limits import scaled


def wavelet(size: int) -> Any:
    source = construct("RTAnalyticSource")
    source.SetWholeExtent(0, size, 0, 2, 0, 2)
    source.Update()
    return source.GetOutput()


def points(size: int) -> Any:
    filter = vtkImageDataToPointSet()
    filter.SetInputData(wavelet(size))
    filter.Update()
    return filter.GetOutput()


def sphere(size: int) -> Any:
    source = vtkSphereSource()
    source.SetThetaResolution(size)
    source.Update()
    return source.GetOutput()


def converted(type_name: str, data: Any) -> Any:
    filter = construct(type_name)
    filter.SetInputData(data)
    filter.Update()
    return filter.GetOutputDataObject(0)


MAKERS: dict[str, Any] = {
    ".vti": wavelet,
    ".vts": points,
    ".vtu": lambda size: converted("AppendFilter", wavelet(size)),
    ".vtp": sphere,
    ".vtk": wavelet,
    ".vtm": lambda size: converted("MultiBlockDataGroupFilter", sphere(size)),
    ".vtpc": lambda size: converted("GroupDataSetsFilter", sphere(size)),
    ".ply": sphere,
    ".stl": sphere,
    ".obj": sphere,
    ".nii": wavelet,
    ".mha": wavelet,
    ".vtkhdf": sphere,
    ".ex2": lambda size: converted("DataSetTriangleFilter", wavelet(size)),
    ".csv": lambda size: converted("AttributeDataToTableFilter", sphere(size)),
}


def described(pipeline: Pipeline, executor: Executor, id: int = 1) -> tuple[int, int, int]:
    executor.execute(pipeline, id)
    found = describe_output(*pipeline.output(id))
    return found["points"], found["cells"], found["rows"]


@pytest.mark.parametrize("extension", MAKERS)
def test_a_changed_file_of_any_format_is_read_again(extension: str, tmp_path: Path) -> None:
    path, fresh = tmp_path / f"data{extension}", tmp_path / "fresh"
    fresh.mkdir()
    write_data(str(path), MAKERS[extension](8), {})
    pipeline, executor = Pipeline(), Executor()
    pipeline.create(1, *choose_for([str(path)]))
    before = described(pipeline, executor)
    write_data(str(path), MAKERS[extension](12), {})
    write_data(str(fresh / path.name), MAKERS[extension](12), {})
    other = Pipeline()
    other.create(1, *choose_for([str(fresh / path.name)]))
    wanted = described(other, Executor())
    assert described(pipeline, executor) == wanted != before


def test_a_file_that_appears_changes_and_disappears(tmp_path: Path) -> None:
    path = tmp_path / "data.vti"
    pipeline, executor = Pipeline(), Executor()
    pipeline.create(1, "XMLImageDataReader", {"FileName": str(path)})
    pipeline.create(2, "OutlineFilter", inputs={"Input": [(1, 0)]})

    def bounds() -> Any:
        executor.execute(pipeline, 2)
        return describe_output(*pipeline.output(2))["bounds"]

    with pytest.raises(ExecutionFailed, match="Error opening file"):
        bounds()
    for size in (4, 7):
        write_data(str(path), wavelet(size), {})
        assert bounds() == (0.0, size, 0.0, 2.0, 0.0, 2.0)
    path.unlink()
    with pytest.raises(ExecutionFailed, match="Error opening file"):
        bounds()
    write_data(str(path), wavelet(5), {})
    assert bounds() == (0.0, 5.0, 0.0, 2.0, 0.0, 2.0)


def test_what_has_not_changed_is_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "data.vti"
    write_data(str(path), wavelet(4), {})
    steps: list[ProgressStep] = []
    pipeline, executor = Pipeline(), Executor()
    pipeline.create(1, "XMLImageDataReader", {"FileName": str(path)})
    for _ in range(3):
        executor.execute(pipeline, 1, on_progress=steps.append)
    assert [step.state for step in steps] == ["started", "finished"]


def test_what_may_be_done_with_a_file_is_part_of_its_state(tmp_path: Path) -> None:
    path = tmp_path / "data.vti"
    path.write_bytes(b"x")
    reader = construct("XMLImageDataReader")
    reader.SetFileName(str(path))
    before = file_states(reader)
    assert before == file_states(reader)
    until = time.monotonic() + scaled(10)
    while file_states(reader) == before:  # the clock of files has steps of some milliseconds
        path.chmod(0o600)
        assert time.monotonic() < until, "the time of the last change did not grow"


def test_a_file_that_is_named_by_a_file(tmp_path: Path) -> None:
    path = tmp_path / "data.mhd"
    path.write_text(
        "ObjectType = Image\nNDims = 3\nDimSize = 2 2 2\nElementType = MET_UCHAR\nElementDataFile = data.raw\n"
    )
    pipeline, executor = Pipeline(), Executor()
    pipeline.create(1, "MetaImageReader", {"FileName": str(path)})
    with pytest.raises(ExecutionFailed):
        executor.execute(pipeline, 1)
    for value in (3, 5):
        (tmp_path / "data.raw").write_bytes(bytes([value] * 8))
        os.utime(tmp_path / "data.raw", ns=(1, value))
        executor.execute(pipeline, 1)
        (array,) = describe_output(*pipeline.output(1))["arrays"]
        assert array["ranges"] == [(value, value)]


def test_a_block_that_changes(tmp_path: Path) -> None:
    path = tmp_path / "data.vtm"
    write_data(str(path), MAKERS[".vtm"](8), {})
    (block,) = (tmp_path / "data").glob("*.vtp")
    pipeline, executor = Pipeline(), Executor()
    pipeline.create(1, *choose_for([str(path)]))
    assert described(pipeline, executor)[0] == sphere(8).GetNumberOfPoints()
    write_data(str(block), sphere(20), {})
    assert described(pipeline, executor)[0] == sphere(20).GetNumberOfPoints()


def test_a_series_whose_files_appear_and_change(tmp_path: Path) -> None:
    paths = [tmp_path / f"data_{number}.vti" for number in range(3)]
    for path in paths:
        write_data(str(path), wavelet(3), {})
    chosen = choose_for([str(path) for path in paths])
    paths[1].unlink()
    pipeline, executor = Pipeline(), Executor()
    pipeline.create(1, *chosen)

    def size(time: float) -> int:
        executor.execute(pipeline, 1, time=time)
        return int(describe_output(*pipeline.output(1))["dimensions"][0])

    assert size(0.0) == 4
    with pytest.raises(ExecutionFailed, match=r"data_1\.vti: no such file"):
        size(1.0)
    write_data(str(paths[1]), wavelet(3), {})
    assert size(1.0) == 4
    for path in paths:
        write_data(str(path), wavelet(6), {})
    assert [size(1.0), size(0.0), size(2.0)] == [7, 7, 7]


def test_no_failure_is_remembered_for_ever() -> None:
    now = [0.0]
    steps: list[ProgressStep] = []
    pipeline, executor = Pipeline(), Executor(clock=lambda: now[0])
    pipeline.create(1, "vtkSphereSource")
    pipeline.create(2, "vtkProgrammableFilter", inputs={"Input": [(1, 0)]})
    lacking = [True]

    def work() -> None:
        if lacking[0]:
            raise MemoryError("no memory for this")

    pipeline.algorithm(2).SetExecuteMethod(work)
    for _ in range(2):
        with pytest.raises(ExecutionFailed, match="no memory for this"):
            executor.execute(pipeline, 2, on_progress=steps.append)
    lacking[0] = False
    with pytest.raises(ExecutionFailed, match="no memory for this"):
        executor.execute(pipeline, 2)
    now[0] = REMEMBERED_S
    executor.execute(pipeline, 2, on_progress=steps.append)
    assert [step.state for step in steps if step.proxy_id == 2] == ["started", "failed", "started", "finished"]


def test_states_of_files_are_cheap(tmp_path: Path) -> None:
    """A thousand blocks cost a look at each, and no reading: what names them was read once."""
    piece = tmp_path / "piece.vtp"
    write_data(str(piece), sphere(8), {})
    names = [f"piece{number}.vtp" for number in range(1000)]
    for name in names:
        shutil.copy(piece, tmp_path / name)
    lines = "".join(f'<DataSet index="{index}" file="{name}"/>' for index, name in enumerate(names))
    path = tmp_path / "data.vtm"
    path.write_text(f'<VTKFile type="vtkMultiBlockDataSet" version="1.0"><vtkMultiBlockDataSet>{lines}'
                    "</vtkMultiBlockDataSet></VTKFile>")  # fmt: skip
    reader = construct("XMLMultiBlockDataReader")
    reader.SetFileName(str(path))
    states = file_states(reader)
    assert len(states) == 1001 and None not in states.values()
    before = names_of.cache_info().misses
    assert file_states(reader) == states
    assert names_of.cache_info().misses == before
