"""A time that is asked for is that of one execution; and images of a series may have another size at each time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from servermanager import connect

from ..harness.apvdata import executed, image, numbers, with_points, written
from ..harness.apvtest import in_loop

SIZES = (3, 5, 4)


def steps(folder: Path, *, sizes: tuple[int, ...] = SIZES, spacing: float = 1.0) -> list[str]:
    """Files of images of these sizes, whose numbers k are those of the steps."""
    made = []
    for index, size in enumerate(sizes):
        one = image(size, size, size, origin=(7, 0, 0), spacing=(spacing, spacing, spacing + index))
        with_points(one, k=np.full(size**3, float(index))).GetPointData().SetActiveScalars("k")
        made.append(written(one, folder / f"step_{index}.vti"))
    return made


def series(folder: Path, **options: Any) -> Pipeline:
    made = Pipeline()
    made.create(1, "FileSeriesReader", {"FileNames": steps(folder, **options)})
    return made


def k(pipeline: Pipeline, id_: int, time: float | None = None) -> float:
    (found,) = set(numbers(executed(pipeline, id_, time), "k").tolist())
    return float(found)


@pytest.mark.parametrize("type_name", ["vtkPassThrough", "PointDatatoCellData", "Threshold", "ImageGaussianSmooth"])
def test_a_time_is_that_of_one_execution_of_all_that_is_upstream(tmp_path: Path, type_name: str) -> None:
    pipeline = series(tmp_path, sizes=(3, 3, 3))
    properties = {"PassPointData": True} if type_name == "PointDatatoCellData" else {}
    pipeline.create(2, type_name, properties, {"Input": [(1, 0)]})
    assert [k(pipeline, 2, time) for time in (None, 1.0, None, 2.0, 1.0)] == [0.0, 1.0, 0.0, 2.0, 1.0]
    assert [k(pipeline, 1), k(pipeline, 2)] == [0.0, 0.0]


def test_what_does_not_depend_on_time_is_not_made_anew(tmp_path: Path) -> None:
    pipeline = series(tmp_path, sizes=(3, 3))
    pipeline.create(2, "Wavelet", {"WholeExtent": [0, 2] * 3})
    pipeline.create(3, "vtkPassThrough", {}, {"Input": [(2, 0)]})
    executor = Executor()
    seen = set()
    for time in (None, 1.0, None):
        executor.execute(pipeline, 3, time=time)
        seen.add(pipeline.output_data(3).GetMTime())
    assert len(seen) == 1
    executor.execute(pipeline, 1, time=1.0)
    executor.execute(pipeline, 1)
    once = pipeline.output_data(1).GetMTime()
    executor.execute(pipeline, 1)
    assert pipeline.output_data(1).GetMTime() == once, "it is of no time already"


def test_statistics_over_time_leave_their_source_at_no_time_of_theirs(tmp_path: Path) -> None:
    pipeline = series(tmp_path, sizes=(3, 3, 3))
    pipeline.create(2, "TemporalStatistics", {}, {"Input": [(1, 0)]})
    for _ in range(2):
        found = executed(pipeline, 2)
        assert numbers(found, "k_average").tolist() == [1.0] * 27
        assert k(pipeline, 1) == 0.0


def test_values_between_steps_stay_at_the_last_time_that_was_asked_for(tmp_path: Path) -> None:
    pipeline = series(tmp_path, sizes=(3, 3, 3))
    pipeline.create(2, "TemporalInterpolator", {}, {"Input": [(1, 0)]})
    assert [k(pipeline, 2, time) for time in (None, 0.5, 1.75, None)] == [0.0, 0.5, 1.75, 1.75]


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, None, 2), (2, 1)])
def test_images_of_a_series_have_their_own_size_in_filters(tmp_path: Path, order: tuple[int | None, ...]) -> None:
    """The size of each file is known: 3, 5 and 4 points along each axis, the third of which grows apart."""
    pipeline = series(tmp_path, spacing=2.0)
    pipeline.create(2, "CellSize", {}, {"Input": [(1, 0)]})
    pipeline.create(6, "objects/Plane", {"Normal": [1, 0, 0], "Origin": [8, 0, 0]})
    pipeline.create(3, "Slice", {}, {"Input": [(1, 0)]}, {"SliceType": 6})
    pipeline.create(4, "ImageGaussianSmooth", {}, {"Input": [(1, 0)]})
    pipeline.create(5, "ExtractSubset", {}, {"Input": [(4, 0)]})
    for asked in order:
        time, index = (None if asked is None else float(asked)), asked or 0
        cells = SIZES[index] - 1
        wanted = (7.0, 7 + 2.0 * cells, 0.0, 2.0 * cells, 0.0, (2.0 + index) * cells)
        sizes = numbers(executed(pipeline, 2, time), "Volume", "Cell")
        assert len(sizes) == cells**3 and sizes.sum() == pytest.approx(np.prod(np.diff(wanted)[::2]))
        assert executed(pipeline, 3, time).GetBounds()[2:] == pytest.approx(wanted[2:])
        assert executed(pipeline, 5, time).GetBounds() == pytest.approx(wanted)


@pytest.mark.parametrize(("type_name", "time"), [("TemporalStatistics", None), ("TemporalInterpolator", 0.5)])
def test_what_works_on_several_times_refuses_images_of_several_sizes(
    tmp_path: Path, type_name: str, time: float | None
) -> None:
    pipeline = series(tmp_path)
    pipeline.create(2, type_name, {}, {"Input": [(1, 0)]})
    with pytest.raises(ExecutionFailed, match="takes grids of one size"):
        executed(pipeline, 2, time)
    assert k(pipeline, 1, 1.0) == 1.0


@pytest.mark.parametrize(("type_name", "time"), [("TemporalStatistics", None), ("TemporalInterpolator", 0.5)])
def test_what_works_on_several_times_fails_with_a_file_that_is_missing(
    tmp_path: Path, type_name: str, time: float | None
) -> None:
    names = steps(tmp_path, sizes=(3, 3, 3))
    content = Path(names[1]).read_bytes()
    Path(names[1]).unlink()
    pipeline = Pipeline()
    pipeline.create(1, "FileSeriesReader", {"FileNames": names})
    pipeline.create(2, type_name, {}, {"Input": [(1, 0)]})
    with pytest.raises(ExecutionFailed, match=r"step_1\.vti: no such file"):
        executed(pipeline, 2, time)
    with pytest.raises(ExecutionFailed, match=r"step_1\.vti: no such file"):
        executed(pipeline, 1, 1.0)
    assert k(pipeline, 1, 2.0) == 2.0
    Path(names[1]).write_bytes(content)
    assert k(pipeline, 1, 1.0) == 1.0
    assert executed(pipeline, 2, time).GetNumberOfPoints() == 27


@in_loop
async def test_a_session_gives_what_it_gave_before(tmp_path: Path) -> None:
    names = steps(tmp_path, sizes=(3, 3, 3))
    async with connect() as session:
        reader = await session.open(names[0], series=True)
        threshold = session.filters.Threshold(Input=reader, Scalars=("POINTS", "k"))
        view = session.views.RenderView(ViewSize=(40, 40))
        session.show(reader, view)

        async def told() -> list[float]:
            (rows,) = [page.columns async for page in session.rows(reader, columns=["k"])]
            held = (await reader.fetch()).point_data["k"][0]
            kept = (await threshold.fetch()).point_data["k"][0]
            ranges = (await reader.update_pipeline()).array("k").ranges[0] or ()
            return [float(held), float(kept), float(rows["k"][0]), *map(float, ranges)]

        assert await told() == [0.0] * 5
        await reader.update_pipeline(time=1.0)
        await reader.temporal_information()
        await session.save_data(tmp_path / "of_two.vti", reader, time=2.0)
        assert await told() == [0.0] * 5
        session.time = 2.0
        assert await told() == [2.0] * 5
        await view.screenshot()
        session.time = None
        await view.screenshot()
        assert await told() == [0.0] * 5
