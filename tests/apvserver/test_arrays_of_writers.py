"""Writers write the arrays that are named, where that is asked for, and all others do not appear in the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from apvserver.vtk.base.information import shallow_output
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.toml_definitions import composition, curated_names

WRITERS = [
    one
    for one in curated_names()
    if "PointDataArrays" in composition(one).definition.by_name and composition(one).definition.group == "writers"
]


def names_in(data: Any) -> tuple[list[str], list[str]]:
    """The names of the arrays of points and of cells."""
    return tuple(
        [data.GetAttributes(kind).GetArrayName(index) for index in range(data.GetAttributes(kind).GetNumberOfArrays())]
        for kind in (0, 1)
    )  # type: ignore[return-value]


def sources() -> Pipeline:
    """Data of several kinds, each with arrays of points and of cells."""
    pipeline = Pipeline()
    pipeline.create(1, "Wavelet", {"WholeExtent": [-2, 2, -2, 2, -2, 2]})
    pipeline.create(2, "Elevation", {}, {"Input": [(1, 0)]})
    pipeline.create(3, "PointDatatoCellData", {"PassPointData": True}, {"Input": [(2, 0)]})
    pipeline.create(4, "Tetrahedralize", {}, {"Input": [(3, 0)]})
    pipeline.create(5, "ExtractSurface", {}, {"Input": [(4, 0)]})
    pipeline.create(6, "GroupDatasets", {}, {"Input": [(5, 0)]})
    pipeline.create(7, "DataToTable", {}, {"Input": [(3, 0)]})
    return pipeline


FILES = [
    ("XMLImageDataWriter", 3, "data.vti", "XMLImageDataReader"),
    ("XMLUnstructuredGridWriter", 4, "data.vtu", "XMLUnstructuredGridReader"),
    ("XMLPolyDataWriter", 5, "data.vtp", "XMLPolyDataReader"),
    ("XMLPImageDataWriter", 3, "data.pvti", "XMLPartitionedImageDataReader"),
]


def written(type_name: str, source: int, path: Path, reader: str, properties: dict[str, Any]) -> Any:
    """What a reader finds in the file of a writer."""
    pipeline = sources()
    pipeline.create(20, type_name, {"FileName": str(path), **properties}, {"Input": [(source, 0)]})
    Executor().execute(pipeline, 20, 0)
    pipeline.create(21, reader, {"FileName": str(path)})
    Executor().execute(pipeline, 21, 0)
    return shallow_output(*pipeline.output(21, 0))


@pytest.mark.parametrize(("type_name", "source", "file", "reader"), FILES)
def test_the_arrays_that_are_named_are_written(
    type_name: str, source: int, file: str, reader: str, tmp_path: Path
) -> None:
    both = ["RTData", "Elevation"]
    every = written(type_name, source, tmp_path / file, reader, {})
    assert all(set(both) <= set(names) for names in names_in(every))
    chosen = {"ChooseArraysToWrite": True, "PointDataArrays": ["Elevation"], "CellDataArrays": ["RTData"]}
    some = written(type_name, source, tmp_path / file, reader, chosen)
    assert names_in(some) == (["Elevation"], ["RTData"])
    assert some.GetPointData().GetArray("Elevation").GetRange() == every.GetPointData().GetArray("Elevation").GetRange()
    unchosen = written(type_name, source, tmp_path / file, reader, {"PointDataArrays": ["Elevation"]})
    assert names_in(unchosen) == names_in(every)


def test_blocks_are_written_with_the_arrays_that_are_named(tmp_path: Path) -> None:
    pipeline, path = sources(), tmp_path / "blocks.vtpc"
    pipeline.create(8, "GroupDatasets", {"OutputType": "vtkPartitionedDataSetCollection"}, {"Input": [(5, 0), (4, 0)]})
    options = {"FileName": str(path), "ChooseArraysToWrite": True, "CellDataArrays": ["RTData"]}
    pipeline.create(20, "XMLPartitionedDataSetCollectionWriter", options, {"Input": [(8, 0)]})
    Executor().execute(pipeline, 20, 0)
    pipeline.create(21, "XMLPartitionedDatasetCollectionReader", {"FileName": str(path)})
    Executor().execute(pipeline, 21, 0)
    data = shallow_output(*pipeline.output(21, 0))
    blocks = [data.GetPartition(index, 0) for index in range(data.GetNumberOfPartitionedDataSets())]
    assert [one.GetClassName() for one in blocks] == ["vtkPolyData", "vtkUnstructuredGrid"]
    assert [names_in(one) for one in blocks] == [([], ["RTData"])] * 2


def test_columns_that_are_named_are_written(tmp_path: Path) -> None:
    pipeline, path = sources(), tmp_path / "rows.csv"
    options = {"FileName": str(path), "ChooseArraysToWrite": True, "RowDataArrays": ["Elevation"]}
    pipeline.create(20, "CSVWriter", options, {"Input": [(7, 0)]})
    Executor().execute(pipeline, 20, 0)
    assert path.read_text().splitlines()[0] == '"Elevation"' and len(path.read_text().splitlines()) == 126


@pytest.mark.parametrize("kind", ["None", "ZLib", "LZ4", "LZMA"])
def test_numbers_are_made_smaller_as_is_asked_for(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "data.vti"
    data = written("XMLImageDataWriter", 3, path, "XMLImageDataReader", {"CompressorType": kind})
    assert data.GetNumberOfPoints() == 125
    assert (f"vtk{kind}DataCompressor".encode() in path.read_bytes()) is (kind != "None")


def test_so_do_all_writers_of_several_arrays() -> None:
    assert len(WRITERS) >= 20
    for one in WRITERS:
        made = composition(one)
        assert {"ChooseArraysToWrite", "CellDataArrays", "RowDataArrays"} <= made.definition.by_name.keys()
        assert made.parts[0].vtk_name == "vtkPassSelectedArrays"
