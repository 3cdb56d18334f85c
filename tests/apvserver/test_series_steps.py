"""Series of files: their times, the parts that they consist of, and what is told when they do not fit together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkDoubleArray
from vtkmodules.vtkCommonDataModel import vtkCompositeDataSet
from vtkmodules.vtkFiltersSources import vtkSphereSource
from vtkmodules.vtkIOHDF import vtkHDFWriter

from apvserver.vtk.base.blocks import parts
from apvserver.vtk.base.errors import ExecutionFailed, FileError, VtkError
from apvserver.vtk.base.information import describe_output
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.files.series import choose_for
from apvserver.vtk.files.series_steps import Piece, blocks_of, planned
from apvserver.vtk.files.writers.writing import write_data
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness import simulations


def ball(path: Path, radius: float, *, time: float | None = None, arrays: tuple[str, ...] = ()) -> str:
    """A sphere with point arrays that hold its radius; with a time in the file, as VTK's XML formats have it."""
    source = vtkSphereSource()
    source.SetRadius(radius)
    source.GenerateNormalsOff()
    source.Update()
    made = source.GetOutput()
    for name in arrays:
        array = vtkDoubleArray()
        array.SetName(name)
        array.SetNumberOfValues(made.GetNumberOfPoints())
        array.Fill(radius)
        made.GetPointData().AddArray(array)
    if time is not None:
        value = vtkDoubleArray()
        value.SetName("TimeValue")
        value.InsertNextValue(time)
        made.GetFieldData().AddArray(value)
    write_data(str(path), made, {})
    return str(path)


class Series:
    """A series that was opened."""

    def __init__(self, *paths: str, series: bool = False, **properties: Any) -> None:
        self.pipeline, self.messages = Pipeline(), list[Message]()
        self.pipeline.create(1, *choose_for(list(paths), series=series))
        self.pipeline.modify(1, properties)

    def read(self, time: float | None = None) -> Any:
        self.messages.clear()
        Executor().execute(self.pipeline, 1, time=time, on_message=self.messages.append)
        return self.pipeline.output_data(1)

    def radius(self, time: float | None = None) -> float:
        return round(self.read(time).GetBounds()[5], 6)

    @property
    def times(self) -> list[float]:
        self.read()
        return list(describe_output(*self.pipeline.output(1))["time_steps"])

    @property
    def warnings(self) -> list[str]:
        return [one.text for one in self.messages if one.severity == "warning"]


def blocks(data: Any) -> dict[str, float]:
    """The radius of each named block; 0 of an empty one."""
    found = {}
    for index in range(data.GetNumberOfBlocks()):
        name, block = data.GetMetaData(index).Get(vtkCompositeDataSet.NAME()), data.GetBlock(index)
        found[name] = 0.0 if block is None else round(block.GetBounds()[5], 6)
    return found


def pvd(path: Path, *entries: str) -> str:
    lines = "".join(f"<DataSet {entry}/>" for entry in entries)
    path.write_text(f'<VTKFile type="Collection"><Collection>{lines}</Collection></VTKFile>')
    return str(path)


# --- times


def test_times_that_the_files_state_are_those_of_the_series(tmp_path: Path) -> None:
    for number, time in enumerate((0.5, 2.5, 1.5)):
        ball(tmp_path / f"ball_{number}.vtp", 1 + number, time=time)
    series = Series(str(tmp_path / "ball_0.vtp"), series=True)
    assert series.times == [0.5, 1.5, 2.5]
    assert [series.radius(time) for time in (0.5, 1.5, 2.5)] == [1.0, 3.0, 2.0]


def test_files_that_state_no_time_or_all_the_same_are_numbered(tmp_path: Path) -> None:
    for number in range(3):
        ball(tmp_path / f"none_{number}.vtp", 1 + number)
        ball(tmp_path / f"same_{number}.vtp", 1 + number, time=7.0)
    for name in ("none", "same"):
        series = Series(str(tmp_path / f"{name}_0.vtp"), series=True)
        assert series.times == [0.0, 1.0, 2.0]
        assert [series.radius(time) for time in (0.0, 1.0, 2.0)] == [1.0, 2.0, 3.0]


def test_a_run_that_was_started_again_tells_which_file_counts(tmp_path: Path) -> None:
    """Files of several times each; the later one also has a time of the earlier one."""
    simulations.exodus(tmp_path / "run_1.exo", (0.0, 1.0, 2.0))
    simulations.exodus(tmp_path / "run_2.exo", (2.0, 3.0), add=1000.0)
    simulations.exodus(tmp_path / "run_3.exo", (4.0,), add=2000.0)
    series = Series(str(tmp_path / "run_1.exo"), series=True)

    def stress(time: float) -> float:
        arrays = (part.GetCellData().GetArray("stress") for part in parts(series.read(time)))
        return float(vtk_to_numpy(next(array for array in arrays if array is not None))[0])

    assert stress(0.0) == 10.0
    (told,) = series.warnings
    assert "run_1.exo and" in told and "run_2.exo both have times from 2 to 2: those are read from" in told
    assert [stress(time) for time in (1.0, 2.0, 3.0, 4.0)] == [11.0, 12.0, 1013.0, 2014.0]
    assert series.times == [0.0, 1.0, 2.0, 3.0, 4.0] and series.warnings == []


def test_a_time_that_is_no_number_is_refused(tmp_path: Path) -> None:
    ball(tmp_path / "a.vtp", 1)
    with pytest.raises(FileError, match=r"the time of a\.vtp is nan: a time is a finite number"):
        choose_for([pvd(tmp_path / "a.pvd", 'timestep="nan" file="a.vtp"')])
    with pytest.raises(VtkError, match=r"TimeValues\[1\] is inf, of b: a time is a finite number"):
        planned(["a", "b"], [0.0, float("inf")], [], {})


# --- parts


def test_parts_become_blocks_with_their_names(tmp_path: Path) -> None:
    for name, radius in (("a", 1.0), ("b", 2.0), ("c", 3.0)):
        ball(tmp_path / f"{name}.vtp", radius)
    entries = [
        'timestep="0" group="" part="0" name="core" file="a.vtp"',
        'timestep="0" group="" part="1" name="shell" file="b.vtp"',
        'timestep="1" group="" part="0" name="core" file="c.vtp"',
        'timestep="1" group="" part="1" name="shell" file="a.vtp"',
    ]
    series = Series(pvd(tmp_path / "all.pvd", *entries))
    assert blocks(series.read(0.0)) == {"core": 1.0, "shell": 2.0}
    assert blocks(series.read(1.0)) == {"core": 3.0, "shell": 1.0}


def test_a_part_that_appears_later_is_empty_before(tmp_path: Path) -> None:
    for name, radius in (("a", 1.0), ("b", 2.0)):
        ball(tmp_path / f"{name}.vtp", radius)
    entries = [
        'timestep="0" group="fluid" part="0" file="a.vtp"',
        'timestep="1" group="fluid" part="0" file="b.vtp"',
        'timestep="1" group="drops" part="0" file="a.vtp"',
        'timestep="2" group="drops" part="0" file="b.vtp"',
    ]
    series = Series(pvd(tmp_path / "all.pvd", *entries))
    assert blocks(series.read(0.0)) == {"fluid part 0": 1.0, "drops part 0": 0.0}
    assert blocks(series.read(1.0)) == {"fluid part 0": 2.0, "drops part 0": 1.0}
    assert blocks(series.read(2.0)) == {"fluid part 0": 0.0, "drops part 0": 2.0}


def test_two_files_of_one_part_at_one_time_are_both_read(tmp_path: Path) -> None:
    for name, radius in (("a", 1.0), ("b", 2.0)):
        ball(tmp_path / f"{name}.vtp", radius)
    entries = [f'timestep="0" name="drop" file="{name}.vtp"' for name in ("a", "b")]
    series = Series(pvd(tmp_path / "all.pvd", *entries))
    assert blocks(series.read(0.0)) == {"drop": 1.0, "drop (2)": 2.0}


def test_steps_are_planned_from_names_and_numbers() -> None:
    assert planned(["b", "a"], [], [], {}) == {0.0: [Piece("b")], 1.0: [Piece("a")]}
    assert planned(["b", "a"], [2.0, 1.0], [], {}) == {1.0: [Piece("a")], 2.0: [Piece("b")]}
    assert planned(["a", "b"], [], [], {"a": (0.0, 1.0), "b": (1.0, 2.0)}) == {
        0.0: [Piece("a", "", 0.0)],
        1.0: [Piece("b", "", 1.0)],
        2.0: [Piece("b", "", 2.0)],
    }
    assert blocks_of(planned(["a", "b"], [0.0, 0.0], [], {})) == ["", ""]
    assert blocks_of(planned(["a", "b"], [0.0, 1.0], ["x", "x"], {})) == []
    with pytest.raises(VtkError, match="PartNames has 1 values for 2 files: one for each, or none"):
        planned(["a", "b"], [], ["x"], {})


# --- what does not fit together


def test_a_file_that_lacks_an_array_of_the_others_is_told(tmp_path: Path) -> None:
    ball(tmp_path / "ball_0.vtp", 1, arrays=("p", "T"))
    ball(tmp_path / "ball_1.vtp", 2, arrays=("p",))
    series = Series(str(tmp_path / "ball_0.vtp"), series=True)
    series.read(0.0)
    assert series.warnings == []
    series.read(1.0)
    (told,) = series.warnings
    assert "ball_1.vtp: it lacks arrays of points that other files of the series have: 'T'" in told


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    ball(tmp_path / "ball_0.vtp", 1)
    simulations.exodus(tmp_path / "ball_1.exo")
    series = Series(str(tmp_path / "ball_0.vtp"), str(tmp_path / "ball_1.exo"))
    series.read(0.0)
    with pytest.raises(ExecutionFailed, match=r"ball_1\.exo holds a vtkPart.*the first file a vtkPolyData: what"):
        series.read(1.0)


def test_arrays_of_a_series_are_chosen_by_name(tmp_path: Path) -> None:
    ball(tmp_path / "ball_0.vtp", 1, arrays=("p", "T"))
    ball(tmp_path / "ball_1.vtp", 2, arrays=("p", "T", "late"))
    series = Series(str(tmp_path / "ball_0.vtp"), series=True, PointArrayStatus=["p", "late"])

    def arrays(time: float) -> set[str]:
        points = series.read(time).GetPointData()
        return {points.GetArrayName(index) for index in range(points.GetNumberOfArrays())}

    assert arrays(1.0) == {"p", "late"} and series.warnings == []
    assert arrays(0.0) == {"p"}
    assert any("ball_0.vtp: PointArrayStatus: the file has no point array 'late'" in one for one in series.warnings)
    series.pipeline.modify(1, {"PointArrayStatus": ["never"]})
    with pytest.raises(ExecutionFailed, match=r"no file has a point array 'never'; they have: p, T, late"):
        series.read(0.0)
    series.pipeline.modify(1, {}, {}, ["PointArrayStatus"])
    assert arrays(1.0) == {"p", "T", "late"}


def test_bases_of_a_series_are_chosen_by_name(tmp_path: Path) -> None:
    for number in range(2):
        simulations.cgns(tmp_path / f"cubes_{number}.cgns")
    series = Series(str(tmp_path / "cubes_0.cgns"), series=True)
    assert series.read(0.0).GetNumberOfCells() == 4
    series.pipeline.modify(1, {"Bases": ["Solid"], "PointArrayStatus": ["Pressure"]})
    for time in (0.0, 1.0):
        assert [part.GetBounds()[:2] for part in parts(series.read(time))] == [(10.0, 12.0)]
    series.pipeline.modify(1, {"Bases": ["Plasma"]})
    with pytest.raises(ExecutionFailed, match=r"Bases: no file has a base 'Plasma'; they have: Gas, Solid"):
        series.read(0.0)


def steps_in_one_file(path: Path, begin: float, radius: float) -> str:
    """A .vtkhdf file of three times, begin, begin + 0.5 and begin + 1, of spheres that grow from a radius by 1."""
    for number in range(3):
        ball(path.parent / f"{path.stem}_{number}.vtp", radius + number, time=begin + number / 2, arrays=("p", "T"))
    series, writer = Series(str(path.parent / f"{path.stem}_0.vtp"), series=True), vtkHDFWriter()
    series.read()
    writer.SetInputConnection(series.pipeline.algorithm(1).GetOutputPort())
    writer.SetFileName(str(path))
    writer.SetWriteAllTimeSteps(True)
    assert writer.Write()
    return str(path)


def test_files_of_several_times_continue_each_other(tmp_path: Path) -> None:
    """Each counts up to where the next one begins."""
    first = steps_in_one_file(tmp_path / "first.vtkhdf", 0.0, 1.0)
    second = steps_in_one_file(tmp_path / "second.vtkhdf", 1.0, 11.0)
    alone, both = Series(first, PointArrayStatus=["p"]), Series(first, second, PointArrayStatus=["p"])
    assert alone.times == [0.0, 0.5, 1.0] and [alone.radius(time) for time in alone.times] == [1.0, 2.0, 3.0]
    assert both.times == [0.0, 0.5, 1.0, 1.5, 2.0]
    assert [both.radius(time) for time in both.times] == [1.0, 2.0, 11.0, 12.0, 13.0]
    points = both.read(1.5).GetPointData()
    assert [points.GetArrayName(index) for index in range(points.GetNumberOfArrays())] == ["p"]
    assert points.GetArray("p").GetRange() == (12.0, 12.0) and both.messages == []


def test_the_time_of_files_is_in_the_array_that_is_named(tmp_path: Path) -> None:
    """As in ParaView: TimeArray "None" takes the order of the files, another name the numbers of that array."""
    paths = [ball(tmp_path / f"ball_{step}.vtp", 1.0 + step, time=10.0 * step) for step in range(3)]
    series = Series(*paths)
    assert series.times == [0.0, 10.0, 20.0]
    series.pipeline.modify(1, {"TimeArray": "None"})
    assert series.times == [0.0, 1.0, 2.0] and series.radius(1.0) == 2.0
    series.pipeline.modify(1, {"TimeArray": "TimeValue"})
    assert series.times == [0.0, 10.0, 20.0] and series.radius(10.0) == 2.0
    alone = Pipeline()
    alone.create(1, "XMLPolyDataReader", {"FileName": paths[2]})
    for name, times in (("TimeValue", [20.0]), ("None", []), ("TimeValue", [20.0])):
        alone.modify(1, {"TimeArray": name})
        Executor().execute(alone, 1)
        assert list(describe_output(*alone.output(1))["time_steps"]) == times, name
