"""What is fetched or sent is nobody else's: neither side sees what the other does to its memory, on any backend."""

from __future__ import annotations

import gc
from typing import Any

import numpy as np
import psutil
import pytest
import pyvista
from vtkmodules.util.numpy_support import vtk_to_numpy

from async_paraview.datasets import Assembler, DataSet, encode, split
from async_paraview.datasets.vtk_codec.data_objects import snapshot
from servermanager import Session, SourceProxy, connect
from services_core import Packet

from ..harness.apvtest import BACKENDS, in_loop

MiB = 2**20


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def arrays_of_server(session: Session, source: SourceProxy) -> dict[str, Any]:
    """What the server holds, as a filter that reads it sees it: a copy."""
    seen = await session.filters.vtkAppendFilter(Input=source).fetch()
    assert seen.points is not None
    return {"points": seen.points.copy(), **{name: array.copy() for name, array in seen.point_data.items()}}


def equal(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)


@in_loop
async def test_writing_to_what_was_fetched_changes_nothing_on_the_server(backend: str) -> None:
    async with connect(backend=backend) as session:
        ball = session.sources.Sphere()
        before = await arrays_of_server(session, ball)
        data = await ball.fetch()
        assert data.points is not None
        for array in (data.points, data.point_data["Normals"]):
            with pytest.raises(ValueError, match="read-only"):
                array[:] = 9
            with pytest.raises(ValueError, match="WRITEABLE"):
                array.flags.writeable = True
        first = data.points.copy()
        mesh, wrapped = data.to_vtk(), data.to_pyvista()
        ids = mesh.GetPolys().GetConnectivityArray()
        for array in (mesh.GetPoints().GetData(), mesh.GetPointData().GetArray("Normals"), ids):
            vtk_to_numpy(array)[:] = 9
        wrapped.points[:] = 8
        wrapped["Normals"][:] = 7
        assert (data.points == first).all()
        assert equal(await arrays_of_server(session, ball), before)


@in_loop
async def test_pyvista_reads_the_same_memory_without_a_copy_and_keeps_it(backend: str) -> None:
    async with connect(backend=backend) as session:
        wavelet, ball = session.sources.Wavelet(), session.sources.Sphere()
        image, surface = await wavelet.fetch(), await ball.fetch()
        grid, mesh = image.to_pyvista(copy=False), surface.to_pyvista(copy=False)
        assert isinstance(grid, pyvista.ImageData) and isinstance(mesh, pyvista.PolyData)
        assert surface.points is not None
        pairs = [
            (grid["RTData"], image.point_data["RTData"]),
            (mesh.points, surface.points),
            (mesh["Normals"], surface.point_data["Normals"]),
        ]
        own = image.to_pyvista()["RTData"], surface.to_pyvista().points, surface.to_pyvista()["Normals"]
        for (seen, held), copied in zip(pairs, own, strict=True):
            assert np.asarray(seen).ctypes.data == held.ctypes.data and seen.shape == held.shape
            assert np.array_equal(seen, held) and np.array_equal(copied, held)
            assert not np.shares_memory(copied, held)
            assert not held.flags.writeable, "whoever wants to write takes a copy"
        expected = {"points": surface.points.copy(), "RTData": image.point_data["RTData"].copy()}
        faces = surface.to_pyvista().faces.copy()
        session.delete(wavelet)
        session.delete(ball)
        session.undo.clear()
        await session.sources.Cone().update_pipeline()  # after what was said before
        del pairs, own, seen, held, copied, image, surface
        gc.collect()
    gc.collect()
    overwritten = [
        np.full(len(expected["RTData"]), np.nan, np.float32) for _ in range(50)
    ]  # what was free is not any more
    assert np.array_equal(grid["RTData"], expected["RTData"])
    assert np.array_equal(mesh.points, expected["points"]) and np.array_equal(mesh.faces, faces)
    assert len(overwritten) == 50


def test_what_is_written_to_pyvista_without_a_copy_is_seen_in_the_data_set() -> None:
    """As `to_vtk` says of it: that is why it copies, unless it is asked not to."""
    sphere = pyvista.Sphere()
    encoded = encode(sphere)
    data = DataSet(encoded.meta, encoded.buffers)
    assert data.points is not None
    shared, own = data.to_pyvista(copy=False), data.to_pyvista()
    own.points[0] = 8
    assert not (data.points[0] == 8).any()
    shared.points[0] = 9
    assert (data.points[0] == 9).all()


@in_loop
async def test_changing_a_mesh_after_it_was_sent_changes_nothing_on_the_server(backend: str) -> None:
    async with connect(backend=backend) as session:
        small = pyvista.Sphere(theta_resolution=12, phi_resolution=12)
        large = pyvista.ImageData(dimensions=(80, 80, 80)).cast_to_structured_grid()
        assert large.points.nbytes > 2 * MiB
        for mesh in (small, large):
            mesh["values"] = np.arange(mesh.n_points, dtype=np.float64)
            source = await session.send_data(mesh)
            before = await arrays_of_server(session, source)
            assert (before["values"] == np.arange(mesh.n_points)).all()
            mesh.points[:] = 7
            mesh["values"][:] = -1
            assert equal(await arrays_of_server(session, source), before)


@in_loop
async def test_changing_an_array_after_it_was_sent_changes_nothing_on_the_server(backend: str) -> None:
    async with connect(backend=backend) as session:
        values = np.arange(80.0**3).reshape(80, 80, 80)
        source = await session.send_data(values)
        values[:] = -1
        assert (await source.update_pipeline()).array("values").ranges == ((0.0, 80.0**3 - 1),)


@in_loop
async def test_what_is_kept_to_be_sent_again_is_what_was_sent(backend: str) -> None:
    async with connect(backend=backend) as session:
        mesh = pyvista.Sphere(theta_resolution=12, phi_resolution=12)
        wanted = mesh.points.copy()
        source = await session.send_data(mesh)
        mesh.points[:] = 7
        ((holder, kept),) = session.sent_data()
        assert holder is source
        await session.send_data(np.zeros((2, 2, 2)), proxy=source)
        await session.send_data(kept, proxy=source)
        points = (await source.fetch()).points
        assert points is not None and (points == wanted).all()


@in_loop
async def test_a_new_server_process_gets_what_was_sent() -> None:
    async with connect(backend="zmq") as session:
        values = np.arange(8.0).reshape(2, 2, 2)
        source = await session.send_data(values)
        values[:] = -1
        await session.restart()
        assert (await source.update_pipeline()).array("values").ranges == ((0.0, 7.0),)


@in_loop
async def test_numbers_of_other_machines_are_sent_as_numbers(backend: str) -> None:
    async with connect(backend=backend) as session:
        for kind in (">f8", ">f4", ">i4", "<f8", ">u2"):
            source = await session.send_data(np.arange(8, dtype=kind).reshape(2, 2, 2))
            assert np.ravel((await source.fetch()).point_data["values"]).tolist() == list(range(8)), kind


def pieces_as_packets(data: Any, piece_bytes: int) -> list[Packet]:
    return [Packet(piece.header, piece.buffers) for piece in split(data, piece_bytes=piece_bytes)]


def assembled(packets: list[Packet]) -> DataSet:
    assembler = Assembler(2**40)
    for packet in packets:
        assembler.add(packet.header, packet.buffers)
    return assembler.finish()


def test_within_a_process_what_is_sent_in_pieces_is_copied_once() -> None:
    values = np.arange(100_000, dtype=np.float64)
    sent = snapshot(values)
    arrived = assembled(pieces_as_packets(sent, 64 * 1024)).point_data["values"]
    assert (arrived == values).all()
    (buffer,) = sent.buffers
    assert arrived.ctypes.data == np.frombuffer(buffer, np.uint8).ctypes.data != values.ctypes.data


def test_pieces_of_what_vtk_holds_are_put_together_where_they_are() -> None:
    image = pyvista.ImageData(dimensions=(64, 32, 16))
    image["values"] = np.arange(64 * 32 * 16, dtype=np.float32)
    held = vtk_to_numpy(image.GetPointData().GetArray("values"))
    arrived = assembled(pieces_as_packets(encode(image), 10_000)).point_data["values"]
    assert (arrived == held).all() and arrived.ctypes.data == held.ctypes.data
    with pytest.raises(ValueError, match="WRITEABLE"):
        arrived.flags.writeable = True


def test_pieces_that_are_not_in_their_places_are_gathered() -> None:
    """The second half is a copy: as if it had come over a wire."""
    values = np.arange(100_000, dtype=np.float64)
    packets = pieces_as_packets(snapshot(values), 400_000)
    last = Packet(packets[-1].header, [bytes(view) for view in packets[-1].buffers])
    arrived = assembled([*packets[:-1], last]).point_data["values"]
    assert (arrived == values).all()
    first = Packet(packets[0].header, [bytes(view) for view in packets[0].buffers])
    assert (assembled([first, *packets[1:]]).point_data["values"] == values).all()


def test_a_copy_of_a_composite_has_its_own_memory() -> None:
    blocks = pyvista.MultiBlock({"a": pyvista.Sphere(), "none": None, "b": pyvista.ImageData(dimensions=(2, 2, 2))})
    blocks["a"]["text"] = ["e"] * blocks["a"].n_points
    encoded = encode(blocks)
    data = DataSet(encoded.meta, encoded.buffers)
    copy = data.to_pyvista()
    assert copy["a"]["text"][0] == "e" and copy.keys() == ["a", "none", "b"]
    before = blocks["a"].points.copy()
    copy["a"].points[:] = 9
    assert (blocks["a"].points == before).all()


@in_loop
async def test_memory_of_deleted_sources_is_given_back_without_the_collector() -> None:
    async with connect(backend="inproc") as session:

        async def one(size: int) -> None:
            wavelet = session.sources.Wavelet(WholeExtent=[0, 199, 0, 199, 0, size])
            assert (await wavelet.update_pipeline()).number_of_points == 200 * 200 * (size + 1)
            session.delete(wavelet)
            session.undo.clear()

        gc.disable()
        try:
            await one(99)
            await session.data.send_request({"op": "sync"})
            before = psutil.Process().memory_info().rss
            for index in range(10):
                await one(99 + index)  # 16 MB each
            await session.data.send_request({"op": "sync"})
            assert psutil.Process().memory_info().rss - before < 50e6
        finally:
            gc.enable()


@in_loop
async def test_in_one_process_what_is_fetched_is_what_the_server_holds() -> None:
    async with connect(backend="inproc") as session:
        wavelet = session.sources.Wavelet(WholeExtent=[0, 63, 0, 63, 0, 63])
        first, again = (await wavelet.fetch()).point_data["RTData"], (await wavelet.fetch()).point_data["RTData"]
        assert first.ctypes.data == again.ctypes.data and not first.flags.writeable
        before = first.copy()
        wavelet.Maximum = 10.0
        other = (await wavelet.fetch()).point_data["RTData"]
        assert not np.shares_memory(other, first) and (first == before).all() and not (other == before).all()
        session.delete(wavelet)
        session.undo.clear()
        await session.data.send_request({"op": "sync"})
        gc.collect()
        np.ones(64**3, np.float32)  # what was freed would be taken for this
        assert (first == before).all()


def frozen(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    values.flags.writeable = False
    return values


@in_loop
async def test_arrays_that_nobody_can_write_to_are_sent_without_a_copy() -> None:
    async with connect(backend="inproc") as session:
        own = frozen(np.arange(200_000.0)).reshape(50, 50, 80)
        received = np.frombuffer(bytes(own), np.float64).reshape(own.shape)
        fetched = (await session.sources.Wavelet(WholeExtent=[0, 49, 0, 49, 0, 49]).fetch()).point_data["RTData"]
        for values in (own, own[10:], received, fetched):
            source = await session.send_data(values)
            there = (await source.fetch()).point_data["values"]
            assert there.ctypes.data == values.ctypes.data and (there == values.ravel()).all()


@in_loop
async def test_arrays_that_somebody_can_write_to_are_copied(backend: str) -> None:
    async with connect(backend=backend) as session:
        below = np.arange(200_000.0)
        over = frozen(below[:])
        raw = bytearray(bytes(below))
        shown = frozen(np.frombuffer(raw, np.float64))
        turned = frozen(np.arange(200_000.0).reshape(400, 500).T)
        sources = [await session.send_data(one) for one in (over, shown, turned)]
        below[:] = -1
        raw[:8000] = bytes(8000)
        there = [(await one.fetch()).point_data["values"] for one in sources]
        assert all((one == np.arange(200_000.0)).all() for one in there[:2])
        assert (there[2] == np.arange(200_000.0).reshape(400, 500).T.ravel()).all()


@in_loop
async def test_read_only_arrays_arrive_by_any_way(backend: str) -> None:
    async with connect(backend=backend) as session:
        for kind in (np.float32, ">f8", np.int16):
            values = frozen(np.arange(300_000).astype(kind).reshape(100, 1000, 3)[:, :, :2])
            source = await session.send_data(values)
            assert ((await source.fetch()).point_data["values"] == values.ravel()).all(), kind
