"""Of the files of simulations everything that is offered can be chosen by name; what is not told is read whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonDataModel import (
    vtkCompositeDataSet,
    vtkDataObject,
    vtkMultiBlockDataSet,
    vtkPartitionedDataSetCollection,
    vtkTable,
)
from vtkmodules.vtkFiltersSources import vtkCellTypeSource
from vtkmodules.vtkIOParallel import vtkEnSightWriter
from vtkmodules.vtkIOParallelXML import vtkXMLPTableWriter

from apvserver.vtk.base.blocks import parts
from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.files.series import choose_for
from apvserver.vtk.files.writers.writing import write_data
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.offers import look_into, offered_by
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness import simulations


class Opened:
    """A file with its reader; reading it gives what came out."""

    def __init__(self, path: Path) -> None:
        self.pipeline = Pipeline()
        self.messages: list[Message] = []
        self.pipeline.create(1, *choose_for([str(path)]))

    def read(self, time: float | None = None, **chosen: Any) -> Any:
        self.pipeline.modify(1, chosen)
        Executor().execute(self.pipeline, 1, time=time, on_message=self.messages.append)
        return self.pipeline.output_data(1)

    def there_is(self) -> dict[str, list[str]]:
        """What is offered before anything is read; what is not there is left out."""
        found: dict[str, dict[str, bool]] = look_into(self.pipeline.proxy(1))["offered"]
        return {name: list(names) for name, names in found.items() if names}


def names(data: Any, kind: int) -> set[str]:
    found = set[str]()
    for part in parts(data):
        attributes = part.GetAttributes(kind)
        found |= {attributes.GetArrayName(index) for index in range(attributes.GetNumberOfArrays())}
    return found


def values(data: Any, name: str) -> list[list[float]]:
    """The values of a cell array, of each part that has it."""
    arrays = (part.GetCellData().GetArray(name) for part in parts(data))
    return [vtk_to_numpy(array).tolist() for array in arrays if array is not None]


POINTS: Final = vtkDataObject.POINT
CELLS: Final = vtkDataObject.CELL
ROWS: Final = vtkDataObject.ROW


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("simulations")
    simulations.exodus(made / "cubes.exo")
    simulations.cgns(made / "cubes.cgns")
    simulations.xdmf(made / "cubes.xmf")
    simulations.openfoam(made / "foam").write_text("\n")
    return made


def test_exodus_offers_blocks_sets_and_the_fields_of_each(directory: Path) -> None:
    assert Opened(directory / "cubes.exo").there_is() == {
        "ElementBlocks": ["left", "right"],
        "ElementBlockFields": ["damage", "stress"],
        "NodeBlocks": ["nodeblock_1"],
        "NodeBlockFields": ["temp"],
        "NodeSets": ["fixed"],
        "SideSets": ["loaded"],
        "GlobalFields": ["energy"],
    }


def test_of_exodus_all_fields_of_all_blocks_are_read_at_each_time(directory: Path) -> None:
    opened = Opened(directory / "cubes.exo")
    for time in (0.0, 1.0):
        data = opened.read(time)
        assert values(data, "stress") == [[10 + time], [30 + time]] and values(data, "damage") == [[20 + time]]
        assert data.GetFieldData().GetArray("energy") is not None or any(
            part.GetFieldData().GetArray("energy") for part in parts(data)
        )
    assert opened.messages == []


def test_of_exodus_blocks_fields_and_sets_can_be_chosen(directory: Path) -> None:
    opened = Opened(directory / "cubes.exo")
    right = opened.read(1.0, ElementBlocks=["right"], ElementBlockFields=["stress"], NodeBlockFields=[])
    assert values(right, "stress") == [[31.0]]
    assert names(right, CELLS).isdisjoint({"damage"}) and names(right, POINTS).isdisjoint({"temp"})
    sets = opened.read(ElementBlocks=[], NodeSets=["fixed"], SideSets={"loaded": True})
    found = sorted((part.GetNumberOfPoints(), part.GetNumberOfCells()) for part in parts(sets))
    assert found == [(4, 1), (4, 4)]  # a face of four corners, and four corners
    with pytest.raises(ExecutionFailed, match=r"SideSets: the file has no side set 'held'; it has: loaded"):
        opened.read(SideSets=["held"])


def test_of_cgns_all_bases_are_read_and_can_be_chosen(directory: Path) -> None:
    opened = Opened(directory / "cubes.cgns")
    assert opened.there_is()["Bases"] == ["Gas", "Solid"]
    assert opened.read().GetNumberOfCells() == 4
    solid = opened.read(Bases=["Solid"], PointArrayStatus={"Density": False}, CellArrayStatus=["Mach"])
    assert [part.GetBounds()[:2] for part in parts(solid)] == [(10.0, 12.0)]
    assert names(solid, POINTS) == {"Pressure"} and values(solid, "Mach") == [[0.0, 1.0]]
    with pytest.raises(ExecutionFailed, match=r"Bases: the file has no base 'Plasma'; it has: Gas, Solid"):
        opened.read(Bases=["Plasma"])


def test_a_warning_of_cgns_that_loses_data_is_an_error(tmp_path: Path) -> None:
    """VTK's reader gives points that are all 0 after it."""
    simulations.cgns(tmp_path / "cubes.cgns", structured=True)
    with pytest.raises(ExecutionFailed, match="dimensions need transposed"):
        Opened(tmp_path / "cubes.cgns").read()


def test_of_openfoam_regions_and_fields_can_be_chosen(directory: Path) -> None:
    opened = Opened(directory / "foam" / "case.foam")
    there = opened.there_is()
    assert there["MeshRegions"] == ["internalMesh", "patch/inlet", "patch/outlet", "patch/walls"]
    assert there["CellArrayStatus"] == ["U", "p"]
    assert values(opened.read(1.0), "p") == [[2.0, 3.0]]
    inlet = opened.read(MeshRegions=["patch/inlet"], CellArrayStatus=["p"])
    assert [part.GetNumberOfCells() for part in parts(inlet)] == [1]
    assert [part.GetBounds()[:2] for part in parts(inlet)] == [(0.0, 0.0)]
    assert names(inlet, CELLS) == {"p"}
    with pytest.raises(ExecutionFailed, match=r"MeshRegions: the file has no mesh region 'patch/top'; it has: intern"):
        opened.read(MeshRegions=["patch/top"])


def test_of_xdmf_grids_and_arrays_can_be_chosen(directory: Path) -> None:
    opened = Opened(directory / "cubes.xmf")
    there = opened.there_is()
    assert there == {"GridStatus": ["g0", "g1"], "PointArrayStatus": ["a", "b0", "b1"], "CellArrayStatus": ["c"]}
    assert opened.read().GetNumberOfCells() == 2
    upper = opened.read(GridStatus=["g1"], PointArrayStatus={"a": False})
    assert [part.GetBounds()[:2] for part in parts(upper) if part.GetNumberOfPoints()] == [(1.0, 2.0)]
    assert names(upper, POINTS) == {"b1"} and names(upper, CELLS) == {"c"}


def cubes() -> Any:
    """Eight cubes with two arrays of points and two of cells."""
    source = vtkCellTypeSource()
    source.SetCellType(12)
    source.SetBlocksDimensions(2, 2, 2)
    source.Update()
    made = source.GetOutput()
    for attributes, count, titles in (
        (made.GetPointData(), made.GetNumberOfPoints(), ("temp", "heat")),
        (made.GetCellData(), made.GetNumberOfCells(), ("stress", "damage")),
    ):
        attributes.Initialize()
        for title in titles:
            array = numpy_to_vtk(np.arange(float(count)), deep=True)
            array.SetName(title)
            attributes.AddArray(array)
    return made


@pytest.mark.parametrize("extension", [".vtu", ".vtkhdf"])
def test_arrays_of_grids_can_be_chosen(extension: str, tmp_path: Path) -> None:
    path = tmp_path / f"cubes{extension}"
    write_data(str(path), cubes(), {})
    opened = Opened(path)
    assert sorted(opened.there_is()["CellArrayStatus"]) == ["damage", "stress"]
    data = opened.read(CellArrayStatus=["stress"], PointArrayStatus={"heat": False})
    assert names(data, CELLS) == {"stress"} and names(data, POINTS) == {"temp"}
    assert values(data, "stress") == [list(range(8))]


def test_parts_and_variables_of_ensight_can_be_chosen(tmp_path: Path) -> None:
    grid, writer = cubes(), vtkEnSightWriter()
    ids = numpy_to_vtk(np.ones(8, np.int32), deep=True)
    ids.SetName("BlockId")
    grid.GetCellData().AddArray(ids)
    writer.SetInputData(grid)
    writer.SetPath(str(tmp_path))
    writer.SetBaseName("cubes")
    writer.Write()
    writer.WriteCaseFile(1)
    (case,) = tmp_path.glob("*.case")
    opened = Opened(case)
    assert opened.there_is() == {
        "Parts": ["VTK Part"],
        "CellArrayStatus": ["stress_c", "damage_c"],
        "PointArrayStatus": ["temp_n", "heat_n"],
    }
    data = opened.read(CellArrayStatus=["damage_c"])
    assert names(data, CELLS) == {"damage_c"} and {"temp_n", "heat_n"} <= names(data, POINTS)
    assert opened.read(Parts=[]).GetNumberOfCells() == 0


def test_columns_of_tables_in_pieces_can_be_chosen(tmp_path: Path) -> None:
    table, writer = vtkTable(), vtkXMLPTableWriter()
    for title in ("a", "b"):
        array = numpy_to_vtk(np.arange(3.0), deep=True)
        array.SetName(title)
        table.AddColumn(array)
    writer.SetInputData(table)
    writer.SetFileName(str(tmp_path / "t.pvtt"))
    assert writer.Write()
    opened = Opened(tmp_path / "t.pvtt")
    assert opened.there_is() == {"ColumnArrayStatus": ["a", "b"]}
    assert names(opened.read(), ROWS) == {"a", "b"}
    assert names(opened.read(ColumnArrayStatus=["b"]), ROWS) == {"b"}


@pytest.mark.parametrize("extension", [".vtm", ".vtpc"])
def test_blocks_are_selected_by_paths_in_the_tree_of_names(extension: str, tmp_path: Path) -> None:
    blocks = vtkMultiBlockDataSet() if extension == ".vtm" else vtkPartitionedDataSetCollection()
    for number, name in enumerate(("left", "right")):
        grid = cubes()
        if extension == ".vtm":
            blocks.SetBlock(number, grid)
        else:
            blocks.SetPartition(number, 0, grid)
        blocks.GetMetaData(number).Set(vtkCompositeDataSet.NAME(), name)
    write_data(str(tmp_path / f"two{extension}"), blocks, {})
    opened = Opened(tmp_path / f"two{extension}")
    assert opened.read().GetNumberOfCells() == 16
    assert opened.read(Selectors=["//left"]).GetNumberOfCells() == 8
    assert opened.read(Selectors=["/Root/left", "/Root/right"]).GetNumberOfCells() == 16
    with pytest.raises(ExecutionFailed, match=r"'//top' fits nothing of the assembly; it has: /Root/left, /Root/right"):
        opened.read(Selectors=["//top"])


@pytest.mark.parametrize(
    ("type_name", "file", "properties", "wrong"),
    [
        ("IOSSReader", "cubes.exo", {"ElementBlocks": ["left"]}, {"NodeSets": ["x"]}),
        ("CGNSReader", "cubes.cgns", {"Bases": ["Gas"], "CellArrayStatus": ["Mach"]}, {"Families": ["x"]}),
        ("OpenFOAMReader", "foam/case.foam", {"CellArrays": ["p"]}, {"CellArrays": ["x"]}),
        ("XDMFReader", "cubes.xmf", {"GridStatus": ["g1"], "CellArrayStatus": []}, {"PointArrayStatus": ["x"]}),
        ("Xdmf3ReaderS", "cubes.xmf", {"GridStatus": ["g1"], "CellArrays": []}, {"PointArrays": ["x"]}),
    ],
)
def test_curated_readers_offer_it_under_the_names_of_paraview(
    directory: Path, type_name: str, file: str, properties: dict[str, Any], wrong: dict[str, Any]
) -> None:
    pipeline = Pipeline()
    path = str(directory / file)
    pipeline.create(1, type_name, {"FileNames": [path]} if type_name == "IOSSReader" else {"FileName": path})
    there = look_into(pipeline.proxy(1))["offered"]
    for name, chosen in properties.items():
        assert set(chosen) <= set(there[name])
    pipeline.modify(1, properties)
    Executor().execute(pipeline, 1)
    read = offered_by(pipeline.proxy(1))
    assert all([one for one, on in read[name].items() if on] == chosen for name, chosen in properties.items())
    pipeline.modify(1, wrong)
    with pytest.raises(ExecutionFailed, match=r": the file has no .* 'x'; it has: "):
        look_into(pipeline.proxy(1))


def test_what_was_read_is_told_with_what_there_is(directory: Path) -> None:
    opened = Opened(directory / "cubes.xmf")
    opened.read(PointArrayStatus=["a"])
    assert offered_by(opened.pipeline.proxy(1))["PointArrayStatus"] == {"a": True, "b0": False, "b1": False}
