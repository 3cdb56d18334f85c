"""Data from the client, parts of data to the client, and files on the server."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvista

from servermanager import RemoteError, connect
from services_core import Packet, Reply, ServiceEndpoint

from ..harness.apvtest import BACKENDS, in_loop


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@in_loop
async def test_arrays_and_meshes_become_sources(backend: str) -> None:
    async with connect(backend=backend) as session:
        values = np.arange(2 * 3 * 4, dtype=np.float32).reshape(2, 3, 4)
        source = await session.send_data(values, name="mine")
        assert session.proxies.find_source("mine") is source
        info = await source.update_pipeline()
        assert info.raw["dimensions"] == [4, 3, 2] and info.array("values").ranges == ((0.0, 23.0),)
        contour = session.filters.Contour(Input=source, ContourBy=("POINTS", "values"), Isosurfaces=[11.5])
        assert (await contour.update_pipeline()).bounds == pytest.approx((0, 3, 0, 2, 0, 1), abs=1)
        back = await source.fetch()
        assert (back.point_data["values"].reshape(2, 3, 4) == values).all()
        await session.send_data(values * 2, proxy=source)
        assert (await source.update_pipeline()).array("values").ranges == ((0.0, 46.0),)
        mesh = await session.send_data(pyvista.Sphere(theta_resolution=12, phi_resolution=12))
        assert (await session.filters.Shrink(Input=mesh).update_pipeline()).number_of_cells == 240


@in_loop
async def test_data_of_many_pieces_arrives_whole(backend: str) -> None:
    async with connect(backend=backend) as session:
        values = np.random.default_rng(1).random((64, 128, 256))
        source = await session.send_data(values)
        seen: list[tuple[int, int]] = []
        back = await source.fetch(progress=lambda done, total: seen.append((done, total)))
        assert (back.point_data["values"].reshape(values.shape) == values).all()
        assert seen[-1][0] == seen[-1][1] >= values.nbytes and seen == sorted(seen)


class Roomy:
    """An endpoint that takes a message only of who has waited for room since the one before."""

    def __init__(self, endpoint: ServiceEndpoint) -> None:
        self._endpoint = endpoint
        self._has_room = False
        self.sent: list[str] = []

    async def room(self) -> None:
        await self._endpoint.room()
        self._has_room = True

    def send_message(self, packet: Packet) -> None:
        self._take("message")
        self._endpoint.send_message(packet)

    def send_request(self, packet: Packet) -> Reply[Any]:
        self._take("request")
        return self._endpoint.send_request(packet)

    def _take(self, kind: str) -> None:
        assert self._has_room
        self._has_room = False
        self.sent.append(kind)


@in_loop
async def test_each_piece_waits_for_room_the_last_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    async with connect(backend="inproc") as session:
        values = np.arange(700_000.0)
        endpoint = Roomy(session.scene.data)
        with monkeypatch.context() as patch:
            patch.setattr(type(session.scene), "data", endpoint)
            source = await session.send_data(values)
        assert endpoint.sent == ["message"] * (len(endpoint.sent) - 1) + ["request"] and len(endpoint.sent) > 3
        assert (await source.update_pipeline()).array("values").ranges == ((0.0, 699_999.0),)


@pytest.mark.parametrize("data", ["text", np.zeros((1, 1, 1, 1, 1)), np.array(["a"]), np.zeros((0, 3)), None])
@in_loop
async def test_what_cannot_be_sent(data: object) -> None:
    async with connect(backend="inproc") as session:
        with pytest.raises((TypeError, ValueError), match="can be sent"):
            await session.send_data(data)
        assert len(session.proxies) == 0


@in_loop
async def test_parts_of_data(backend: str) -> None:
    async with connect(backend=backend) as session:
        wavelet = session.sources.Wavelet()
        sphere = session.sources.Sphere()
        table = session.filters.DataToTable(Input=wavelet, FieldAssociation="Points")
        group = session.filters.GroupDatasets(Input=[wavelet, sphere], OutputType="vtkMultiBlockDataSet")
        rows = await table.fetch(rows=(10, 15))
        whole = await table.fetch()
        assert (rows.row_data["RTData"] == whole.row_data["RTData"][10:15]).all()
        block = await group.fetch(block=1)
        assert block.type_name == "vtkPolyData" and block.number_of_points == 50
        both = session.filters.GenerateIds(Input=wavelet)
        part = await both.fetch(arrays=[("POINTS", "PointIds")])
        assert list(part.point_data) == ["PointIds"] and list(part.cell_data) == []
        for wrong, words in (
            ({"block": 7}, "there is no block 7; there are 2"),
            ({"rows": (0, 2)}, "has no rows; only tables have"),
            ({"arrays": [("POINTS", "Normal")]}, "there is no array 'Normal' of POINTS; did you mean 'Normals'"),
        ):
            with pytest.raises(RemoteError, match=words) as caught:
                await (sphere if "arrays" in wrong else group).fetch(**wrong)
            assert caught.value.type_name == "SubsetError"
        assert (await group.fetch()).number_of_points == 9261 + 50


@pytest.mark.parametrize("suffix", [".vti", ".vtk", ".mha", ".nii"])
@in_loop
async def test_images_are_saved_and_opened(suffix: str, tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        path = tmp_path / f"wavelet{suffix}"
        size = await session.save_data(path, session.sources.Wavelet())
        assert size == path.stat().st_size > 9261
        assert os.listdir(tmp_path) == [path.name]
        reader = await session.open(str(path))
        info = await reader.update_pipeline()
        assert info.number_of_points == 9261 and info.arrays[0].ranges[0] == pytest.approx((37.353, 276.829), abs=0.01)


@in_loop
async def test_saving_reports_what_is_wrong(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        wavelet = session.sources.Wavelet()
        for path, words in (
            (tmp_path / "a.ply", r"\.ply is not a format for vtkImageData; formats for it: .*\.vti"),
            (tmp_path / "a", "a name without extension is unknown"),
            (tmp_path / "no" / "a.vti", "directory .*no does not exist on the server"),
        ):
            with pytest.raises(RemoteError, match=words) as caught:
                await session.save_data(path, wavelet)
            assert caught.value.type_name == "FileError"
        with pytest.raises(RemoteError, match="no property 'Dat'"):
            await session.save_data(tmp_path / "a.vti", wavelet, Dat=1)
        assert os.listdir(tmp_path) == []
        await session.save_data(tmp_path / "a.vti", wavelet, DataMode="Ascii")
        assert b'format="ascii"' in (tmp_path / "a.vti").read_bytes()
