"""save_data with WriteTimeSteps: what is opened again has the same times and values; all files appear, or none."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest

from servermanager import connect
from services_core import RemoteError

from ..harness.apvtest import BACKENDS, in_loop
from ..harness.written_and_read import differences


def contents(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir()}


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize(("extension", "options"), [(".vtu", {}), (".vtk", {"FileType": "ASCII"}), (".vtkhdf", {})])
@in_loop
async def test_all_times_are_written_and_opened_again(extension: str, options: dict[str, Any], tmp_path: Path) -> None:
    async with connect() as session:
        moving = session.create("vtkTimeSourceExample", Growing=True, XAmplitude=10.0 / 3)
        times = (await moving.update_pipeline()).time_steps
        assert len(times) > 5
        size = await session.save_data(tmp_path / f"a{extension}", moving, WriteTimeSteps=True, **options)
        names = [f"a_{number:04}{extension}" for number in range(len(times))]
        assert sorted(os.listdir(tmp_path)) == sorted([*names, f"a{extension}.series"])
        assert size == sum((tmp_path / name).stat().st_size for name in names)
        listed = json.loads((tmp_path / f"a{extension}.series").read_text())
        assert listed == {
            "file-series-version": "1.0",
            "files": [{"name": name, "time": time} for name, time in zip(names, times, strict=True)],
        }
        back = await session.open(tmp_path / f"a{extension}.series")
        assert (await back.update_pipeline()).time_steps == times
        for time in (times[3], times[0], times[-1]):
            session.time = time
            one, other = [(await source.fetch()).to_vtk() for source in (moving, back)]
            found = [why for why in differences(one, other) if "arrays of whole new: ['TimeValue']" not in why]
            assert one.GetNumberOfPoints() > 0 and found == []


@in_loop
async def test_some_times_of_blocks_and_a_shorter_series_again(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        moving = session.create("vtkTimeSourceExample")
        inputs = [moving, session.sources.Sphere()]
        grouped = session.filters.GroupDatasets(Input=inputs, OutputType="vtkPartitionedDataSetCollection")
        (tmp_path / "a_0007.vtpc").write_text("of somebody else")
        for wanted, ending in (([0.0, 1.0, 2.0], ""), ([1.0, 0.0], "_1")):
            await session.save_data(tmp_path / "a.vtpc", grouped, WriteTimeSteps=wanted)
            stems = [f"a_{number:04}" for number in range(len(wanted))]
            files = [
                *(f"{stem}{ending}" for stem in stems),
                *(f"{stem}.vtpc" for stem in stems),
                "a.vtpc.series",
                "a_0007.vtpc",
            ]
            assert sorted(os.listdir(tmp_path)) == sorted(files)
            back = await session.open(tmp_path / "a.vtpc.series")
            assert (await back.update_pipeline()).time_steps == tuple(sorted(wanted))
            found = [(await source.update_pipeline(time=1.0)).bounds for source in (back, grouped)]
            assert found[0] == found[1]


@in_loop
async def test_what_fails_at_a_later_time_leaves_all_as_it_was(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        moving = session.create("vtkTimeSourceExample")
        await session.save_data(tmp_path / "a.vtu", moving, WriteTimeSteps=[0.0, 1.0])
        before = contents(tmp_path)
        (tmp_path / "b_0001.vtu").mkdir()
        with pytest.raises(RemoteError, match=r"a_0000\.png: .*not a format for vtkUnstructuredGrid.*at the time 0\)"):
            await session.save_data(tmp_path / "a.png", moving, WriteTimeSteps=True)
        with pytest.raises(ValueError, match=r"either the time 1 .* not both"):
            await session.save_data(tmp_path / "a.vtu", moving, time=1.0, WriteTimeSteps=True)
        with pytest.raises(RemoteError, match="all different"):
            await session.save_data(tmp_path / "a.vtu", moving, WriteTimeSteps=[1.0, 1.0])
        with pytest.raises(RemoteError, match="no times to write"):
            await session.save_data(tmp_path / "a.vtu", moving, WriteTimeSteps=[])
        with pytest.raises(RemoteError, match=r"b_0001\.vtu is a directory on the server"):
            await session.save_data(tmp_path / "b.vtu", moving, WriteTimeSteps=[0.0, 1.0])
        (tmp_path / "b_0001.vtu").rmdir()
        assert contents(tmp_path) == before


@in_loop
async def test_a_series_that_nobody_waits_for_leaves_nothing(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        moving = session.create("vtkTimeSourceExample")
        every = [number / 1e4 for number in range(5000)]
        steps = session.progress()
        saving = asyncio.ensure_future(session.save_data(tmp_path / "a.vtu", moving, WriteTimeSteps=every))
        await anext(steps)
        saving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await saving
        await moving.update_pipeline()
        assert os.listdir(tmp_path) == []


@in_loop
async def test_data_without_times_is_a_series_of_one(tmp_path: Path) -> None:
    async with connect() as session:
        await session.save_data(tmp_path / "a.vtp", session.sources.Sphere(), WriteTimeSteps=True)
        assert sorted(os.listdir(tmp_path)) == ["a.vtp.series", "a_0000.vtp"]
        back = await session.open(tmp_path / "a.vtp.series")
        assert (await back.update_pipeline()).number_of_points == 50
