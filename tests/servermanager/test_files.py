"""Files of the server: listings by page with numbered files as one entry, series in time, files that list others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from servermanager import DataFile, RemoteError, Session, connect

from ..harness.apvslow import slow_filter, until_it_runs
from ..harness.apvtest import BACKENDS, Server, in_loop


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def write_cones(session: Session, directory: Path, count: int = 3) -> None:
    """cone_08.vtp, cone_09.vtp, ...: cones of the heights 1, 2, 3, ..."""
    cone = session.sources.Cone()
    for number in range(count):
        cone.Height = float(number + 1)
        await session.save_data(directory / f"cone_{number + 8:02}.vtp", cone)


def x_range(bounds: tuple[float, ...] | None) -> tuple[float, float]:
    assert bounds is not None
    return bounds[0], bounds[1]


@in_loop
async def test_a_directory_by_pages_with_numbered_files_as_one(backend: str, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / ".hidden").touch()
    for name in ("b.ply", "a.txt", "notes.md", "run1.e.4.0", "run1.e.4.1", "10.vti", "9.vti", "x1_2.vtu", "x2_2.vtu"):
        (tmp_path / name).write_bytes(b"12345")
    async with connect(backend=backend) as session:
        page = await session.files.list(str(tmp_path))
        assert (page.path, page.parent, page.total) == (str(tmp_path), str(tmp_path.parent), 8)
        assert [(one.name, one.kind, one.files, one.size_bytes, one.readable) for one in page.entries] == [
            ("deep", "directory", 1, 0, False),
            ("...vti", "series", 2, 10, True),
            ("a.txt", "file", 1, 5, True),
            ("b.ply", "file", 1, 5, True),
            ("notes.md", "file", 1, 5, False),
            ("run1.e.4...", "series", 2, 10, True),
            ("x1_2.vtu", "file", 1, 5, True),
            ("x2_2.vtu", "file", 1, 5, True),
        ]
        assert page.entries[1].path == str(tmp_path / "9.vti")
        second = await session.files.list(str(tmp_path), offset=3, limit=2)
        assert [one.name for one in second.entries] == ["b.ply", "notes.md"] and second.total == 8
        assert [one.name async for one in session.files.walk(str(tmp_path), limit=3)] == [o.name for o in page.entries]
        with pytest.raises(RemoteError, match=r"FileError.*no such directory on the server"):
            await session.files.list(str(tmp_path / "missing"))
        with pytest.raises(RemoteError, match=r"FileError.*1 to 10000 entries, not 0"):
            await session.files.list(str(tmp_path), limit=0)


@in_loop
async def test_listing_and_definitions_do_not_wait_for_a_filter(backend: str, tmp_path: Path) -> None:
    (tmp_path / "a.vtu").touch()
    async with connect(backend=backend) as session:
        slow = slow_filter(session)
        await until_it_runs(session)
        assert (await session.files.list(str(tmp_path))).entries[0].name == "a.vtu"
        assert (await session.filters.Clip.definition())["label"] == "Clip"
        assert len(await session.types()) > 1000
        with pytest.raises(RemoteError, match="empty"):
            await session.open(tmp_path / "a.vtu")
        assert not slow.done()
        waiting = session.data.send_request({"op": "list_files", "path": str(tmp_path)})
        waiting.cancel()
        assert (await session.files.list(str(tmp_path))).total == 1
        assert not slow.done(), "cancelling a listing must not interrupt the filter"
        slow.cancel()


@in_loop
async def test_a_server_with_data_roots_lists_only_them(backend: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "in.vtu").touch()
    (root / "out.vtu").symlink_to(tmp_path / "secret.vtu")
    (root / "up").symlink_to(tmp_path)
    (tmp_path / "secret.vtu").touch()
    with Server(backend, "--data-root", str(root)) as server:
        async with connect(server.url) as session:
            page = await session.files.list()
            assert (page.path, page.parent, page.roots) == (str(root), None, (str(root),))
            assert [one.name for one in page.entries] == ["in.vtu"]
            for path in (tmp_path, root / "..", root / "up"):
                with pytest.raises(RemoteError, match=r"FileError.*files below"):
                    await session.files.list(str(path))


@in_loop
async def test_a_series_by_number_has_times(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        await write_cones(session, tmp_path)
        file = await DataFile.open(session, tmp_path / "cone_09.vtp", series=True)
        assert file.paths == tuple(str(tmp_path / f"cone_{number}.vtp") for number in ("08", "09", "10"))
        assert file.time_steps == (0.0, 1.0, 2.0)
        heights = [x_range(info.bounds)[1] * 2 async for _, info in file.steps()]
        assert heights == [1.0, 2.0, 3.0]
        calls: list[tuple[int, int]] = []
        united = await file.reader.temporal_information(progress=lambda *call: calls.append(call))
        assert x_range(united.bounds) == (-1.5, 1.5) and calls == [(1, 3), (2, 3), (3, 3)]
        outline = session.filters.OutlineFilter(Input=file.reader)
        assert x_range((await outline.update_pipeline(time=1.4)).bounds) == (-1.0, 1.0), "the time before it counts"
        alone = await DataFile.open(session, tmp_path / "cone_09.vtp")
        assert alone.time_steps == () and x_range(alone.information.bounds) == (-1.0, 1.0)
        chosen = await session.open([tmp_path / "cone_10.vtp", tmp_path / "cone_08.vtp"])
        assert x_range((await chosen.update_pipeline(time=0)).bounds) == (-1.5, 1.5)


@in_loop
async def test_files_that_list_others_with_their_times(backend: str, tmp_path: Path) -> None:
    entries = [("0.5", "cone_08.vtp"), ("2.5", "cone_09.vtp"), ("2.5", "cone_10.vtp")]
    lines = "".join(f'<DataSet timestep="{time}" part="0" file="{name}"/>' for time, name in entries)
    (tmp_path / "all.pvd").write_text(f'<VTKFile type="Collection"><Collection>{lines}</Collection></VTKFile>')
    files = [{"name": name, "time": float(time)} for time, name in entries[:2]]
    (tmp_path / "all.vtp.series").write_text(json.dumps({"file-series-version": "1.0", "files": files}))
    async with connect(backend=backend) as session:
        await write_cones(session, tmp_path)
        series = await DataFile.open(session, tmp_path / "all.vtp.series")
        assert series.time_steps == (0.5, 2.5)
        assert x_range((await series.reader.update_pipeline(time=2.5)).bounds) == (-1.0, 1.0)
        (tmp_path / "parts.pvd").write_text((tmp_path / "all.pvd").read_text().replace('"0.5"', '"2.5"'))
        parts = await DataFile.open(session, tmp_path / "parts.pvd")
        assert (parts.information.data_type, parts.information.number_of_cells) == ("vtkMultiBlockDataSet", 21)
        for text, words in [("<x", "no list of files with their times"), ("<x/>", "lists no files")]:
            (tmp_path / "bad.pvd").write_text(text)
            with pytest.raises(RemoteError, match=words):
                await session.open(tmp_path / "bad.pvd")
        count = len(session.proxies)
        (tmp_path / "cone_09.vtp").write_text("<VTKFile")
        with pytest.raises(RemoteError):
            await DataFile.open(session, tmp_path / "cone_09.vtp")
        assert len(session.proxies) == count, "what cannot be read leaves no proxy"
        with pytest.raises(RemoteError, match="TimeValues has 1 values for 2 files"):
            await session.create("FileSeriesReader", FileNames=["a.vtp", "b.vtp"], TimeValues=[1.0]).update_pipeline()
