"""Bad input of every kind, over both backends: a clear error at the call or at the update, and nothing is lost."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from servermanager import RemoteError, Session, StateError, connect

from ..harness.apvtest import BACKENDS, Server, in_loop

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8


@pytest.fixture(scope="module", params=BACKENDS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """One for all kinds of bad input: none of it ends what others use."""
    with Server(request.param, "--spare-workers", "1") as one:
        yield one


@asynccontextmanager
async def usable_afterwards(server: Server) -> AsyncIterator[Session]:
    """A session with a pipeline that must have survived in the end: same process, same result."""
    async with connect(server.url) as session:
        kept = session.filters.Contour(Input=session.sources.Wavelet(), ContourBy=("POINTS", "RTData"))
        kept.Isosurfaces = [150.0]
        cells = (await kept.update_pipeline()).number_of_cells
        yield session
        kept.Isosurfaces = [160.0]
        assert (await kept.update_pipeline()).number_of_cells not in (0, cells)
        kept.Isosurfaces = [150.0]
        assert (await kept.update_pipeline()).number_of_cells == cells > 100


@in_loop
async def test_values_out_of_range(server: Server) -> None:
    async with usable_afterwards(server) as session:
        sphere = session.sources.SphereSource(Radius=2.0)
        await sphere.definition()
        with pytest.raises(ValueError, match=r"takes an integer, not 1\.5"):
            sphere.ThetaResolution = 1.5
        sphere.ThetaResolution = 2**40
        with pytest.raises(RemoteError, match=r"InvalidProperty.*out of range for int"):
            await sphere.update_pipeline()
        sphere.ThetaResolution = 8
        info = await sphere.update_pipeline()
        assert info.bounds is not None and info.bounds[5] == 2.0, "what was set before is still there"


@in_loop
async def test_cycles_also_where_the_client_does_not_look(server: Server) -> None:
    async with usable_afterwards(server) as session:
        first = session.filters.ShrinkFilter(Input=session.sources.Wavelet())
        second = session.filters.ShrinkFilter(Input=first)
        await second.update_pipeline()
        with pytest.raises(ValueError, match="depends on"):
            first.Input = second
        states = [{"id": first.id, "properties": {}, "inputs": {"Input": [[second.id, 0]]}}]
        session.data.send_message({"op": "update", "proxies": states})  # a client that checks nothing
        with pytest.raises(RemoteError, match="cycle"):
            await second.update_pipeline()
        first.ShrinkFactor = 0.25  # what was refused is tried again with every change, until it is named anew
        with pytest.raises(RemoteError, match="cycle"):
            await second.update_pipeline()
        first.Input = first.inputs()["Input"]
        assert (await second.update_pipeline()).number_of_cells == 8000


@pytest.mark.parametrize(
    ("type_name", "words"),
    [
        ("PolyDataNormals", "takes a vtkPolyData, and there is a vtkImageData; ExtractSurface makes a surface"),
        ("TableToPoints", "takes a vtkTable, and there is a vtkImageData; DataToTable makes a table"),
    ],
)
@in_loop
async def test_an_input_of_the_wrong_type_of_data(type_name: str, words: str, server: Server) -> None:
    async with usable_afterwards(server) as session:
        wrong = session.create(type_name, Input=session.sources.Wavelet())
        with pytest.raises(RemoteError, match=f"ExecutionFailed.*{words}"):
            await wrong.update_pipeline()


@pytest.mark.parametrize(
    ("type_name", "properties"),
    [
        ("Contour", {"ContourBy": ("POINTS", "RTDat"), "Isosurfaces": [100.0]}),
        ("Threshold", {"Scalars": ("POINTS", "RTDat")}),
        ("Glyph", {"ScaleArray": ("POINTS", "RTDat")}),
        ("WarpByScalar", {"Scalars": ("POINTS", "RTDat")}),
        ("Gradient", {"ScalarArray": ("POINTS", "RTDat")}),
        ("vtkContourFilter", {"SelectInputArray": ("POINTS", "RTDat"), "Values": [100.0]}),
    ],
)
@in_loop
async def test_an_array_that_is_not_there(type_name: str, properties: dict[str, object], server: Server) -> None:
    async with usable_afterwards(server) as session:
        filter = session.create(type_name, Input=session.sources.Wavelet(), **properties)
        for _ in range(2):
            with pytest.raises(RemoteError, match=r"no POINTS array 'RTDat'; did you mean RTData\? It has: POINTS RTD"):
                await filter.update_pipeline()
        name = next(key for key, value in properties.items() if isinstance(value, tuple))
        setattr(filter, name, ("CELLS", "RTData"))
        with pytest.raises(RemoteError, match="no CELLS array 'RTData'"):
            await filter.update_pipeline()
        setattr(filter, name, ("POINTS", "RTData"))
        assert (await filter.update_pipeline()).number_of_points > 0


async def save_whole(session: Session, whole: Path) -> None:
    """A picture, or a sphere in what holds no pictures."""
    flat = session.filters.ImageCast(Input=session.sources.RTAnalyticSource(WholeExtent=[0, 30, 0, 30, 0, 0]))
    flat.OutputScalarType = 3
    holds_pictures = whole.suffix in (".png", ".vti", ".tif", ".mha")
    await session.save_data(whole, flat if holds_pictures else session.sources.Sphere())


@pytest.mark.parametrize(
    ("suffix", "words"),
    [(".ply", "this is no PLY file"), (".png", "this is no PNG picture"), (".vtk", "ExecutionFailed")],
)
@in_loop
async def test_foreign_files_where_cut_ones_would_crash_vtk(
    suffix: str, words: str, server: Server, tmp_path: Path
) -> None:
    """Cut ones are for the guard alone, in tests/apvserver/test_truncation.py; of these VTK could tell as well."""
    whole, foreign = tmp_path / f"whole{suffix}", tmp_path / f"foreign{suffix}"
    async with usable_afterwards(server) as session:
        await save_whole(session, whole)
        reader = await session.open(whole)
        points = (await reader.update_pipeline()).number_of_points
        foreign.write_bytes(JPEG)
        reader.FileName = str(foreign)
        with pytest.raises(RemoteError, match=words):
            await reader.update_pipeline()
        reader.FileName = str(whole)
        assert (await reader.update_pipeline()).number_of_points == points > 0


@pytest.mark.parametrize("suffix", [".vtp", ".vti", ".stl", ".tif", ".mha"])
@in_loop
async def test_truncated_and_foreign_files(suffix: str, server: Server, tmp_path: Path) -> None:
    whole = tmp_path / f"whole{suffix}"
    async with usable_afterwards(server) as session:
        await save_whole(session, whole)
        content = whole.read_bytes()
        reader = await session.open(whole)
        points = (await reader.update_pipeline()).number_of_points
        for size in (len(content) // 20, len(content) // 2, len(content) * 9 // 10):
            (tmp_path / f"cut{suffix}").write_bytes(content[:size])
            with pytest.raises(RemoteError):
                await (await session.open(tmp_path / f"cut{suffix}")).update_pipeline()
        (tmp_path / f"foreign{suffix}").write_bytes(JPEG)
        with pytest.raises(RemoteError, match=r"FileError.*cannot read this file.*its content|ExecutionFailed"):
            await (await session.open(tmp_path / f"foreign{suffix}")).update_pipeline()
        name = "FileName"
        setattr(reader, name, str(tmp_path / f"cut{suffix}"))
        with pytest.raises(RemoteError):
            await reader.update_pipeline()
        setattr(reader, name, str(whole))
        assert (await reader.update_pipeline()).number_of_points == points > 0


@in_loop
async def test_bytes_that_are_no_text_in_a_message_of_vtk(server: Server, tmp_path: Path) -> None:
    (tmp_path / "foreign.vtk").write_bytes(b"# vtk DataFile Version 3.0\nx\nASCII\nDATASET " + JPEG)
    async with usable_afterwards(server) as session:
        with pytest.raises(RemoteError, match=r"ExecutionFailed: LegacyVTKReader .*foreign\.vtk|no text"):
            await (await session.open(tmp_path / "foreign.vtk")).update_pipeline()


@in_loop
async def test_a_state_file_of_a_newer_version(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    async with usable_afterwards(server) as session:
        await session.save_state(path)
        path.write_text(json.dumps({**json.loads(path.read_text()), "version": 99}))
        count = len(session.proxies)
        with pytest.raises(StateError, match="has version 99, this program reads up to 1; update it"):
            await session.load_state(path)
        assert len(session.proxies) == count


@in_loop
async def test_deleting_what_others_use(server: Server) -> None:
    async with usable_afterwards(server) as session:
        wavelet = session.sources.Wavelet()
        clip = session.filters.Clip(Input=wavelet)
        await clip.update_pipeline()
        with pytest.raises(ValueError, match=r"Clip1 depend on it; delete\(\.\.\., dependents=True\) does"):
            session.delete(wavelet)
        session.data.send_message({"op": "delete", "ids": [wavelet.id]})  # a client that checks nothing
        assert (await clip.update_pipeline()).number_of_cells > 0
        faults: list[str] = []
        session.data.add_fault_callback(lambda error: faults.append(str(error)))
        for ids in ([clip.id, 999], [clip.id, "2"]):  # all or none
            session.data.send_message({"op": "delete", "ids": ids})
        await session.data.send_request({"op": "sync"})
        assert "999" in faults[0] and "'delete' needs a field 'ids' of type [int, ...], got" in faults[1]
        assert (await clip.update_pipeline()).number_of_cells > 0
        session.delete(wavelet, dependents=True)
        assert session.proxies.find_source("Clip1") is None
