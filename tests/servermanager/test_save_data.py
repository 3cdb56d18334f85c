"""save_data by a session: what is refused keeps the old file, what is left out is told, and nobody waits for it."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from servermanager import connect
from services_core import RemoteError

from ..harness.apvtest import BACKENDS, in_loop


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@in_loop
async def test_a_volume_as_a_picture_is_refused_and_what_would_work_works(backend: str, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"the good old file")
    async with connect(backend=backend) as session:
        wavelet = session.sources.Wavelet()
        with pytest.raises(RemoteError, match=r"one plane and the data 21 x 21 x 21 points; .*ExtractSubset") as caught:
            await session.save_data(path, wavelet)
        assert caught.value.type_name == "FileError"
        plane = session.filters.ExtractSubset(Input=wavelet, VOI=[-10, 10, -10, 10, 0, 0])
        with pytest.raises(RemoteError, match=r"RTData is float; ImageShiftScale or ImageCast"):
            await session.save_data(path, plane)
        assert path.read_bytes() == b"the good old file" and os.listdir(tmp_path) == ["a.png"]
        cast = session.filters.vtkImageShiftScale(Input=plane, OutputScalarType=3, ClampOverflow=True)
        assert await session.save_data(path, cast) == path.stat().st_size
        assert (await (await session.open(path)).update_pipeline()).number_of_points == 441


@in_loop
async def test_arrays_that_a_shape_cannot_keep_are_told(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        messages = session.messages()
        sphere = session.sources.Sphere()
        await session.save_data(tmp_path / "a.stl", sphere)
        told = await anext(messages)
        assert (told.severity, told.proxy) == ("warning", sphere.id)
        assert "these arrays are not in the file: Normals" in told.text


@in_loop
async def test_another_session_goes_on_while_text_is_written(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session, connect(backend="inproc") as other:
        large = session.sources.Sphere(ThetaResolution=400, PhiResolution=400)
        await large.update_pipeline()
        small = other.sources.Sphere()
        await small.update_pipeline()
        longest: list[float] = []
        for _ in range(3):  # a pause of the machine is not in all of them
            waits, begun = [0.0], time.monotonic()
            saving = asyncio.ensure_future(session.save_data(tmp_path / "a.vtp", large, DataMode="Ascii"))
            while not saving.done():
                before = time.monotonic()
                small.ThetaResolution = 8 + len(waits) % 2
                await small.update_pipeline()
                waits.append(time.monotonic() - before)
            longest.append(max(waits) / (time.monotonic() - begun))
            assert await saving > 4_000_000
        assert min(longest) < 1 / 3, "the longest wait, as a part of what saving took"


@in_loop
async def test_columns_that_are_renamed_are_told_where_a_table_is_opened_and_saved(
    backend: str, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("x,x,z\n0.5,1,\n1.5,2,3\n")
    async with connect(backend=backend) as session:
        messages = session.messages()
        table = await session.open(tmp_path / "a.csv")
        held = await table.fetch()
        assert {name: [str(one) for one in column] for name, column in held.row_data.items()} == {
            "x": ["0.5", "1.5"], "x_1": ["1", "2"], "z": ["nan", "3.0"],
        }  # fmt: skip
        told = await anext(messages)
        assert (told.severity, told.proxy) == ("warning", table.id)
        assert "the name 'x' occurs again, and the column 1 is called 'x_1'" in told.text
        await session.save_data(tmp_path / "b.tsv", table)
        assert (tmp_path / "b.tsv").read_text() == '"x"\t"x_1"\t"z"\n0.5\t1\tnan\n1.5\t2\t3.0\n'
