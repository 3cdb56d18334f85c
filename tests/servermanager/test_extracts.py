"""Extractors: what they write at which times, by which names, with which values; and what is left where it fails."""

from __future__ import annotations

import asyncio
import csv
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from vtkmodules.vtkRenderingCore import vtkCamera

from async_paraview.scene.extracts.file_names import filled_name
from async_paraview.scene.extracts.types import ABSENT_WRITERS, WRITERS
from servermanager import RemoteError, Session, connect
from servermanager.extracts.phi_theta import around
from servermanager.extracts.triggers import activated

from ..harness.apvtest import BACKENDS, Server, in_loop


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# --- when, where to, and how it is called: without a server


def steps(*times: float) -> list[tuple[int, float]]:
    return list(enumerate(times))


def test_steps_are_taken_by_their_numbers() -> None:
    ten = steps(*range(10))

    def taken(**values: Any) -> list[int]:
        return [number for (number, _), due in zip(ten, activated("TimeStep", values, ten), strict=True) if due]

    assert taken() == list(range(10))
    assert taken(Frequency=3) == [0, 3, 6, 9]
    assert taken(Frequency=3, UseStartTimeStep=True, StartTimeStep=2) == [2, 5, 8]
    assert taken(UseEndTimeStep=True, EndTimeStep=1) == [0, 1] and taken(EndTimeStep=1) == list(range(10))
    window = list(enumerate((0.0, 1.0, 2.0), start=5))
    assert activated("TimeStep", {"Frequency": 2}, window) == [False, True, False]  # 5, 6, 7


def test_times_are_taken_by_their_values_half_a_step_more_or_less() -> None:
    times = [0.1 * number for number in range(11)]

    def taken(**values: Any) -> list[float]:
        due = activated("TimeValue", values, steps(*times))
        return [round(time, 3) for time, one in zip(times, due, strict=True) if one]

    assert taken(Length=0.5) == [0.0, 0.5, 1.0]  # as ParaView: 0.4999... counts, for steps of a tenth
    assert taken(Length=0.25) == [0.0, 0.3, 0.6, 0.9]
    assert taken(Length=0.0, UseStartTimeValue=True, StartTimeValue=0.75) == [0.8, 0.9, 1.0]
    assert taken(Length=0.5, UseEndTimeValue=True, EndTimeValue=0.55) == [0.0, 0.5]


def test_names_are_filled_in_as_paraview_does() -> None:
    assert filled_name("a_{timestep:06d}{camera}.png", 7, 0.5, "p=010.00t=000.00") == "a_000007p=010.00t=000.00.png"
    assert filled_name("a_{timestep}_{time}.vtp", 12, 1.0) == "a_12_1.vtp"
    assert filled_name("{time:.3f}_{time:08.2f}_{time:e}.vtp", 0, 1 / 3) == "0.333_00000.33_3.333333e-01.vtp"
    assert filled_name("a_%.4ts_%.2t%cm.png", 3, 0.125, "p=1") == "a_0003_0.12p=1.png"  # until 5.10


def test_cameras_are_where_those_of_vtk_go() -> None:
    camera = {"CameraPosition": [3.0, 1.0, 2.0], "CameraFocalPoint": [1.0, 1.0, 1.0], "CameraViewUp": [0.0, 0.0, 1.0]}
    found = list(around(camera, 3, 5))
    assert [str(angles) for angles, _ in found[:2]] == ["p=000.00t=000.00", "p=000.00t=072.00"]
    assert len(found) == 15 and found[5][0].named() == {"phi": "120.00", "theta": "000.00"}
    theirs = vtkCamera()
    for index, (angles, place) in enumerate(found):
        if index % 5 == 0:
            theirs.SetFocalPoint(1.0, 1.0, 1.0)
            theirs.SetPosition(1.0, 1.0, 1.0 + 5.0**0.5)
            theirs.SetViewUp(0.0, 1.0, 0.0)
            theirs.Azimuth(angles.phi)
        else:
            theirs.Elevation(72.0)
        theirs.OrthogonalizeViewUp()
        assert place["CameraPosition"] == pytest.approx(theirs.GetPosition(), abs=1e-9)
        assert place["CameraViewUp"] == pytest.approx(theirs.GetViewUp(), abs=1e-9)


# --- what is written


async def moving_scene(session: Session) -> tuple[Any, Any]:
    """Data that moves at ten times, from 0 to 1, and a view that shows it."""
    moving = session.create("vtkTimeSourceExample", Growing=True, XAmplitude=2.0)
    view = session.views.RenderView(ViewSize=[60, 40], Background=[0.0, 0.0, 1.0])
    session.show(moving, view)
    return moving, view


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@in_loop
async def test_data_is_written_at_its_times_with_its_values(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        moving, _ = await moving_scene(session)
        session.proxies.rename(moving, "a {b}/c")
        every = session.extractors.create("VTU", moving)
        some = session.extractors.create("CSV", moving, FileName="rows/t{time:.3f}.csv", Trigger="Time Step", AddTime=1)
        assert every.Writer.FileName == "a _b__c_{timestep:06d}.pvtu"
        some.Trigger.Frequency = 4
        told: list[tuple[int, int]] = []
        written = await session.save_extracts(tmp_path / "new" / "place", progress=lambda *step: told.append(step))
        assert told == [(number + 1, 13) for number in range(13)]
        folder = tmp_path / "new" / "place"
        assert sorted(os.listdir(folder / "rows")) == ["t0.000.csv", "t0.444.csv", "t0.889.csv"]
        assert [Path(one.path).name for one in written if one.extractor == every.name] == [
            f"a _b__c_{number:06d}.pvtu" for number in range(10)
        ]
        for one in (written[0], written[-1]):
            session.time = one.time
            wanted = (await moving.fetch()).to_vtk()
            if one.extractor == every.name:
                back = await session.open(one.path)
                assert (await back.update_pipeline()).bounds == (await moving.update_pipeline()).bounds
                continue
            rows = rows_of(Path(one.path))
            assert [float(row["Time"]) for row in rows] == [one.time] * wanted.GetNumberOfPoints()
            for index, row in enumerate(rows):
                place = tuple(float(row[f"Points:{axis}"]) for axis in range(3))
                assert place == wanted.GetPoint(index)
        session.time = None
        assert session.time is None


@in_loop
async def test_pictures_are_those_of_the_view_at_that_time_and_from_there(tmp_path: Path) -> None:
    async with connect() as session:
        _, view = await moving_scene(session)
        view.reset_camera()
        await view.ready()
        still = session.extractors.create("PNG", view, ImageResolution=[30, 20])
        still.Trigger.Frequency = 9
        round_about = session.extractors.create(
            "TIFF", view, CameraMode="Phi-Theta", PhiResolution=2, ThetaResolution=2
        )
        round_about.Trigger.update(UseEndTimeStep=True, EndTimeStep=0)
        session.time = 0.5
        before = await view.camera()
        steps = len(session.undo.labels)
        written = await session.save_extracts(tmp_path, cinema=True)
        assert session.time == 0.5 and len(session.undo.labels) == steps
        assert await view.camera() == before
        names = [Path(one.path).name for one in written]
        assert names == [
            "RenderView1_000000.png",
            *(
                f"RenderView1_000000p={phi}t={theta}.tif"
                for phi in ("000.00", "180.00")
                for theta in ("000.00", "180.00")
            ),
            "RenderView1_000009.png",
        ]
        with session.undo.paused():
            session.time = 1.0
            again = (await view.screenshot(format="rgb", size=(30, 20))).pixels
            assert np.array_equal(np.asarray(Pillow.open(tmp_path / names[-1]).convert("RGB")), again)
            session.time = 0.0
            center = np.array(before["CameraFocalPoint"])
            distance = float(np.linalg.norm(np.array(before["CameraPosition"]) - center))
            view.update(CameraPosition=(center - [0, 0, distance]).tolist(), CameraViewUp=[0.0, 1.0, 0.0])
            behind = (await view.screenshot(format="rgb")).pixels
        found = np.asarray(Pillow.open(tmp_path / names[3]).convert("RGB"))
        assert names[3].endswith("p=180.00t=000.00.tif") and np.array_equal(found, behind)
        assert len(np.unique(found.reshape(-1, 3), axis=0)) > 2  # something is seen
        listed = rows_of(tmp_path / "data.csv")
        assert list(listed[0]) == ["time", "producer", "phi", "theta", "FILE_png", "FILE_tif"]
        assert listed[3] == {
            "time": "0", "producer": "TIFF1", "phi": "180.00", "theta": "000.00", "FILE_png": "", "FILE_tif": names[3],
        }  # fmt: skip
        assert [row["time"] for row in listed] == ["0"] * 5 + ["1"]


@in_loop
async def test_backgrounds_and_cameras_are_for_the_pictures_alone(tmp_path: Path) -> None:
    async with connect() as session:
        view = session.views.RenderView(ViewSize=[60, 40], Background=[0.0, 0.0, 1.0])
        session.show(session.sources.Sphere(), view)
        view.update(CameraPosition=[0.0, 0.0, 100.0], CameraFocalPoint=[0.0, 0.0, 0.0])
        await view.ready()
        session.extractors.create(
            "BMP", view, OverrideColorPalette="WhiteBackground", FileName="white.bmp", ResetDisplay=1
        )
        session.extractors.create("PNG", view, TransparentBackground=True, FileName="clear.png")
        await session.save_extracts(tmp_path)
        white = np.asarray(Pillow.open(tmp_path / "white.bmp").convert("RGB"))
        assert white[0, 0].tolist() == [255, 255, 255]
        assert (white != 255).any(axis=2).mean() > 0.2, "it is fitted: it was a few pixels from afar"
        clear = np.asarray(Pillow.open(tmp_path / "clear.png"))
        assert clear.shape == (40, 60, 4) and clear[0, 0, 3] == 0
        assert (clear[:, :, 3] > 0).mean() < 0.05, "not here"
        assert view.Background == [0.0, 0.0, 1.0] and (await view.camera())["CameraPosition"] == [0.0, 0.0, 100.0]


@in_loop
async def test_letters_grow_with_the_resolution_unless_that_is_not_wanted(tmp_path: Path) -> None:
    async with connect() as session:
        view = session.views.RenderView(ViewSize=[100, 80])
        view.add_text("Hg", FontSize=16)
        large: dict[str, Any] = {"ImageResolution": [300, 240]}
        session.extractors.create("PNG", view, FileName="own.png")
        session.extractors.create("PNG", view, FileName="grown.png", **large)
        session.extractors.create("PNG", view, FileName="same.png", FontScaling="Do not scale fonts", **large)
        await session.save_extracts(tmp_path)

        def height(name: str) -> int:
            pixels = np.asarray(Pillow.open(tmp_path / name).convert("RGB"))
            rows = np.nonzero((pixels != pixels[0, 0]).any(axis=(1, 2)))[0]
            return int(rows.max() - rows.min() + 1)

        own = height("own.png")
        assert own > 8 and height("same.png") == own and height("grown.png") == pytest.approx(3 * own, abs=4)


@in_loop
async def test_a_database_of_cinema_opens_as_the_table_of_its_files(tmp_path: Path) -> None:
    async with connect() as session:
        session.extractors.create("VTP", session.sources.Sphere(), FileName="one.vtp")
        await session.save_extracts(tmp_path / "a.cdb", cinema=True)
        table = await session.open(tmp_path / "a.cdb")
        held = await table.fetch()
        assert {name: list(map(str, values)) for name, values in held.row_data.items()} == {
            "time": ["0"], "producer": ["VTP1"], "FILE_vtp": ["one.vtp"],
        }  # fmt: skip


@in_loop
async def test_windows_and_strides_take_some_times_and_number_them_as_paraview(tmp_path: Path) -> None:
    async with connect() as session:
        moving, _ = await moving_scene(session)
        session.extractors.create("VTU", moving, FileName="a_{timestep}_{time:.2f}.vtu")
        written = await session.save_extracts(tmp_path, frame_window=(2, 6), frame_stride=2)
        assert [Path(one.path).name for one in written] == ["a_2_0.22.vtu", "a_3_0.44.vtu", "a_4_0.67.vtu"]
        with pytest.raises(ValueError, match="frames 77 to 80 are none of those of the data, which has"):
            await session.save_extracts(tmp_path / "none", cinema=True, frame_window=(77, 80))
        assert not (tmp_path / "none").exists()
        for wrong in ({"frame_window": (3, 2)}, {"frame_window": (-1, 2)}, {"frame_stride": 0}):
            with pytest.raises(ValueError, match="frames are a window"):
                await session.save_extracts(tmp_path / "other", **wrong)
        assert not (tmp_path / "other").exists()


# --- what is wrong


@in_loop
async def test_what_cannot_be_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    async with connect() as session:
        moving, view = await moving_scene(session)
        create = session.extractors.create
        for kind, words in (*ABSENT_WRITERS.items(), ("PNGG", "Did you mean 'PNG'")):
            with pytest.raises(ValueError, match=words[:30].replace("(", r"\(")):
                create(kind, view)
        with pytest.raises(TypeError, match="PNG extractors write a view, not"):
            create("PNG", moving)
        with pytest.raises(TypeError, match="CSV extractors write a source"):
            create("CSV", view)
        for properties, error, words in (
            ({"FileName": "a.jpg"}, ValueError, r"ends with \.png"),
            ({"FileName": "a_{step}.png"}, ValueError, "{step} stands for nothing"),
            ({"FileName": "a_{timestep.real}.png"}, ValueError, "a brace"),
            ({"FileName": "a_{time:>20}.png"}, ValueError, "stands for nothing"),
            ({"FileNam": "a.png"}, AttributeError, "did you mean FileName"),
            ({"Trigger": "Python"}, ValueError, "a script does not decide"),
            ({"Trigger": "TimeStp"}, ValueError, "Did you mean 'TimeStep'"),
            ({"PhiResolution": 361}, ValueError, "from 1 to 360"),
            ({"StereoMode": "Red-Blue"}, ValueError, "StereoType of the view"),
            ({"Writer": 3}, ValueError, "keeps what it is made with"),
        ):  # fmt: skip
            with pytest.raises(error, match=words):
                create("PNG", view, **properties)
        assert len(session.extractors) == 0
        with pytest.raises(ValueError, match="no extractor is enabled"):
            await session.save_extracts(tmp_path / "x")
        one = create("VTU", moving, FileName="a.vtu", Enable=False)
        with pytest.raises(ValueError, match="no extractor is enabled"):
            await session.save_extracts(tmp_path / "x")
        one.Enable = True
        with pytest.raises(
            ValueError, match=r"a\.vtu would be written twice, by VTU1 at the time 0 and by VTU1 at 0\.11"
        ):
            await session.save_extracts(tmp_path / "x")
        one.delete()
        create("JPG", view, TransparentBackground=True)
        with pytest.raises(ValueError, match="JPEG has no transparent background"):
            await session.save_extracts(tmp_path / "x")
        chart = session.views.XYChartView(ViewSize=[60, 40])
        for left in session.extractors:
            left.delete()
        create("PNG", chart, CameraMode="Phi-Theta")
        with pytest.raises(ValueError, match="no camera that could go around"):
            await session.save_extracts(tmp_path / "x")
        assert os.listdir(tmp_path) == []


@in_loop
async def test_what_fails_half_way_leaves_whole_files_and_no_list(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        moving, _ = await moving_scene(session)
        session.extractors.create("VTU", moving)
        (tmp_path / "TimeSourceExample1_000003.pvtu").mkdir()
        with pytest.raises(RemoteError, match=r"000003\.pvtu is a directory"):
            await session.save_extracts(tmp_path, cinema=True)
        assert sorted(one for one in os.listdir(tmp_path) if one.endswith(".pvtu")) == [
            f"TimeSourceExample1_{number:06d}.pvtu" for number in range(4)
        ]
        assert not (tmp_path / "data.csv").exists() and session.time is None
        back = await session.open(tmp_path / "TimeSourceExample1_000002.pvtu")
        assert (await back.update_pipeline()).number_of_points > 0
        other = session.extractors.create("STL", moving)  # a format that does not hold such data
        session.extractors.find("VTU1").Enable = False  # type: ignore[union-attr]
        with pytest.raises(RemoteError, match=r"\.stl is not a format for vtkUnstructuredGrid"):
            await session.save_extracts(tmp_path / "made" / "for it")
        assert not (tmp_path / "made").exists()
        other.delete()


@in_loop
async def test_what_is_cancelled_ends_soon_and_sets_back_what_was(tmp_path: Path) -> None:
    async with connect() as session:
        _, view = await moving_scene(session)
        view.update(CameraPosition=[0.0, 0.0, 9.0], CameraFocalPoint=[0.0, 0.0, 0.0], CameraViewUp=[0.0, 1.0, 0.0])
        await view.ready()
        session.extractors.create("PNG", view, CameraMode="Phi-Theta", PhiResolution=30, ThetaResolution=30)
        begun = asyncio.Event()
        saving = asyncio.ensure_future(session.save_extracts(tmp_path, cinema=True, progress=lambda *_: begun.set()))
        await begun.wait()
        saving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await saving
        count = len(os.listdir(tmp_path))
        assert 0 < count < 9000 and not (tmp_path / "data.csv").exists()
        for name in os.listdir(tmp_path):
            Pillow.open(tmp_path / name).load()  # it is whole
        assert session.time is None and (await view.camera())["CameraPosition"] == [0.0, 0.0, 9.0]
        assert len(os.listdir(tmp_path)) == count


def test_a_server_elsewhere_writes_its_data_and_this_program_its_pictures(tmp_path: Path) -> None:
    @in_loop
    async def run(server: Server) -> None:
        async with connect(server.url) as session:
            moving, view = await moving_scene(session)
            session.extractors.create("VTU", moving, FileName="a_{timestep}.vtu")
            session.extractors.create("PNG", view, FileName="a_{timestep}.png")
            with pytest.raises(ValueError, match="a Cinema database is one folder"):
                await session.save_extracts(tmp_path / "x", cinema=True)
            assert os.listdir(tmp_path) == []
            assert len(await session.save_extracts(tmp_path / "x", frame_window=(0, 1))) == 4
            assert sorted(os.listdir(tmp_path / "x")) == ["a_0.png", "a_0.vtu", "a_1.png", "a_1.vtu"]

    with Server("zmq") as server:
        run(server)


# --- as parts of a session


@in_loop
async def test_extractors_are_in_states_and_scripts(tmp_path: Path) -> None:
    async with connect() as session:
        moving, view = await moving_scene(session)
        one = session.extractors.create("VTU", moving, name="mine", PointDataArrays=["X"], ChooseArraysToWrite=True)
        one.Trigger.Frequency = 3
        other = session.extractors.create("PNG", view, ImageResolution=[12, 8], Trigger="TimeValue", Enable=False)
        other.Trigger.Length = 0.25
        await session.save_state(tmp_path / "a.json")
        await session.save_script(tmp_path / "a.py")
    for load in ("state", "script"):
        async with connect() as session:
            if load == "state":
                await session.load_state(tmp_path / "a.json")
            else:
                text = (tmp_path / "a.py").read_text().replace("session = await connect()", "")
                names = {"session": session}
                exec(compile("async def main(session):\n " + text.replace("\n", "\n "), "a.py", "exec"), names)  # noqa: S102
                await names["main"](session)  # type: ignore[operator]
            found = {each.name: each for each in session.extractors}
            assert list(found) == ["mine", "PNG1"]
            mine, pictures = found["mine"], found["PNG1"]
            assert mine.Writer.set_values() == {
                "FileName": "TimeSourceExample1_{timestep:06d}.pvtu", "PointDataArrays": ["X"],
                "ChooseArraysToWrite": True,
            }  # fmt: skip
            assert (mine.Trigger.type_name, mine.Trigger.Frequency, mine.Enable) == ("TimeStep", 3, True)
            assert mine.Producer.proxy is session.proxies.sources()[0]
            assert (pictures.Trigger.type_name, pictures.Trigger.Length, pictures.Enable) == ("TimeValue", 0.25, False)
            assert pictures.Writer.ImageResolution == [12, 8] and pictures.Producer is session.all_views()[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "PNGG"}, r"extractors\[0\]\.kind"),
        ({"source": [99, 0]}, "no proxy that comes before"),
        ({"writer": {"FileName": "a.png"}}, r"extractors\[0\]\.writer\.properties\.FileName: its name ends with"),
        ({"writer": {"Nothing": 1}}, "no property"),
        ({"triggers": {"Python": {}}}, "trigger"),
        ({"properties": {"Enable": "yes"}}, "True or False"),
    ],
)
@in_loop
async def test_states_with_damaged_extractors_are_refused(change: dict[str, Any], words: str, tmp_path: Path) -> None:
    async with connect() as session:
        session.extractors.create("VTP", session.sources.Sphere())
        await session.save_state(tmp_path / "a.json")
        state = json.loads((tmp_path / "a.json").read_text())
        state["extractors"][0] |= change
        (tmp_path / "a.json").write_text(json.dumps(state))
        with pytest.raises(ValueError, match=words):
            await session.load_state(tmp_path / "a.json")
        assert len(session.extractors) == 1 and len(session.proxies.sources()) == 1


@in_loop
async def test_they_go_with_what_they_write_and_come_again_by_undo(backend: str) -> None:
    async with connect(backend=backend) as session:
        moving, view = await moving_scene(session)
        data, pictures = session.extractors.create("VTU", moving), session.extractors.create("PNG", view)
        assert session.extractors.of(moving) == [data] and session.extractors.of(view) == [pictures]
        data.Writer.FileName = "a_{timestep}.vtu"
        session.undo.undo()
        assert data.Writer.FileName == "TimeSourceExample1_{timestep:06d}.pvtu"
        session.delete(moving)
        assert list(session.extractors) == [pictures]
        with pytest.raises(ValueError, match="was deleted"):
            data.Enable = False
        session.undo.undo()
        assert list(session.extractors) == [pictures, data]
        view.delete()
        assert list(session.extractors) == [data]
        session.undo.undo()
        assert list(session.extractors) == [data, pictures]
        data.delete()
        session.undo.undo()
        session.undo.undo()  # of the deletion's undo nothing is left: the creation of the pictures
        assert data in session.extractors
        assert session.extractors.find("PNG1") is None or pictures in session.extractors
        with pytest.raises(ValueError, match="taken"):
            session.extractors.create("VTU", moving, name="VTU1")


def test_there_is_one_for_every_format_that_data_is_written_in() -> None:
    from apvserver.vtk.files.writers.writing import WRITERS as FORMATS

    names = [end for one in WRITERS.values() for end in one.by_name["FileName"].check.extensions]  # type: ignore[attr-defined]
    assert len(names) == len(set(names))
    assert set(FORMATS) - set(names) == {".pnm"}  # a picture of data: PNGWriter and others at the end of a pipeline
