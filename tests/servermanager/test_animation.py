"""Animations: their frames against screenshots, as files and as videos, and what is left when they are cancelled."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apvserver.render.video import H264Encoder
from servermanager import Frame, RenderViewProxy, Session, connect

from ..harness.apvtest import BACKENDS, in_loop, pixels


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def cone(session: Session) -> RenderViewProxy:
    view = session.views.RenderView(ViewSize=[81, 60], CameraPosition=[0, 0, 5], CameraFocalPoint=[0, 0, 0])
    session.show(session.create("vtkConeSource", Resolution=6), view)
    return view


@in_loop
async def test_a_turn_of_the_camera_ends_where_it_began(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = cone(session)
        seen = [frame async for frame in view.frames(camera="orbit", count=4)]
        assert [(frame.index, frame.count, frame.time) for frame in seen] == [(i, 4, None) for i in range(4)]
        places = [np.round(frame.image.camera["position"], 9).tolist() for frame in seen]
        assert places == [[0, 0, 5], [5, 0, 0], [0, 0, -5], [-5, 0, 0]]
        assert (seen[0].image.pixels != seen[1].image.pixels).any()
        np.testing.assert_allclose((await view.screenshot()).camera["position"], (0, 0, 5), atol=1e-9)


@in_loop
async def test_frames_of_key_cameras_and_changes_as_files(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        view, done = cone(session), []
        keys = [{"CameraPosition": (0, 0, 5)}, {"CameraPosition": (0, 0, 9)}, {"CameraPosition": (9, 0, 0)}]
        count = await view.save_animation(
            tmp_path / "frame_%03d.png",
            camera=keys,
            count=5,
            change=lambda fraction: view.update(Background=[fraction, 0, 0]),
            progress=lambda *step: done.append(step),
        )
        assert count == 5 and done == [(i + 1, 5) for i in range(5)]
        assert sorted(os.listdir(tmp_path)) == [f"frame_{i:03d}.png" for i in range(5)]
        view.update(CameraPosition=[0, 0, 7], Background=[0.25, 0, 0])
        np.testing.assert_array_equal(pixels(tmp_path / "frame_001.png"), (await view.screenshot()).pixels)


@in_loop
async def test_times_of_the_data(backend: str) -> None:
    async with connect(backend=backend) as session:
        source = session.create("vtkTimeSourceExample")
        times = (await source.update_pipeline()).time_steps
        view = session.views.RenderView(ViewSize=[40, 30])
        session.show(source, view)
        seen: list[Frame] = [frame async for frame in view.frames(times=times[:3])]
        assert [frame.time for frame in seen] == list(times[:3]) and session.time is None


@in_loop
async def test_a_video_shows_the_frames(backend: str, tmp_path: Path) -> None:
    av = pytest.importorskip("av", reason="PyAV is not installed: pip install 'async-paraview[video]'")
    async with connect(backend=backend) as session:
        view = cone(session)
        path = tmp_path / "turn.mp4"
        assert await view.save_animation(path, camera="orbit", count=6, frame_rate=12.5) == 6
        shown = [frame.image.pixels async for frame in view.frames(camera="orbit", count=6)]
        with av.open(str(path)) as container:
            video = container.streams.video[0]
            assert (video.width, video.height, float(video.average_rate)) == (80, 60, 12.5)  # 81 is odd
            decoded = [one.to_ndarray(format="rgb24") for one in container.decode(video)]
        assert len(decoded) == 6
        for picture, expected in zip(decoded, shown, strict=True):
            assert np.abs(picture.astype(int) - expected[:, :80]).mean() < 8
        assert os.listdir(tmp_path) == ["turn.mp4"]


def narrow_bt709(color: tuple[float, float, float]) -> list[float]:
    """Luma and chroma of a color by ITU-R BT.709, in eight bits."""
    red, green, blue = color
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return [16 + 219 * luma, 128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748]


def check_colors(frame: Any, color: tuple[float, float, float]) -> None:
    """What a frame says of its colors, and what they are by that."""
    assert (frame.colorspace, frame.color_range) == (1, 1)
    planes = [np.frombuffer(plane, np.uint8)[0] for plane in frame.planes]
    np.testing.assert_allclose(planes, narrow_bt709(color), atol=3)


@pytest.mark.parametrize("suffix", ["mp4", "webm"])
@in_loop
async def test_colors_of_a_video_are_those_that_players_show(suffix: str, tmp_path: Path) -> None:
    av = pytest.importorskip("av", reason="PyAV is not installed: pip install 'async-paraview[video]'")
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=[64, 48], OrientationAxesVisibility=False)
        for color in ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.993, 0.906, 0.144)):
            view.Background = color
            path = tmp_path / f"a.{suffix}"
            await view.save_animation(path, camera="orbit", count=2)
            with av.open(str(path)) as container:
                context = container.streams.video[0].codec_context
                for frame in container.decode(video=0):
                    check_colors(frame, color)
            if suffix == "mp4":
                assert (context.color_primaries, context.color_trc) == (1, 1)


def test_streams_of_pictures_say_what_their_colors_are() -> None:
    av = pytest.importorskip("av", reason="PyAV is not installed: pip install 'async-paraview[video]'")
    from av.codec import CodecContext

    for color in ((1.0, 0.0, 0.0), (0.2, 0.4, 0.8)):
        encoder = H264Encoder(64, 48, frame_rate=25, quality=95)
        data = encoder.encode(np.full((48, 64, 3), np.round(np.array(color) * 255), np.uint8))
        decoder = CodecContext.create("h264", "r")
        frames: list[Any] = [*decoder.decode(av.Packet(data)), *decoder.decode(None)]
        assert len(frames) == 1
        check_colors(frames[0], color)


@in_loop
async def test_cancelling_leaves_nothing_half_written(backend: str, tmp_path: Path) -> None:
    pytest.importorskip("av", reason="PyAV is not installed: pip install 'async-paraview[video]'")
    async with connect(backend=backend) as session:
        view, begun = cone(session), asyncio.Event()

        def note(done: int, _: int) -> None:
            if done > 3:
                begun.set()

        saving = asyncio.create_task(
            view.save_animation(tmp_path / "long.mp4", camera="orbit", count=10_000, progress=note)
        )
        await begun.wait()
        saving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await saving
        assert os.listdir(tmp_path) == []
        assert (await view.screenshot()).width == 81


@in_loop
async def test_the_time_is_set_back_when_an_animation_ends_early(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        view, session.time = cone(session), 0.25

        def stop(done: int, _total: int) -> None:
            if done == 2:
                raise RuntimeError("enough")

        with pytest.raises(RuntimeError, match="enough"):
            await view.save_animation(tmp_path / "frame_%d.png", times=[1.0, 2.0, 3.0], progress=stop)
        assert session.time == 0.25 and sorted(os.listdir(tmp_path)) == ["frame_0.png", "frame_1.png"]


@in_loop
async def test_what_makes_no_animation_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with connect(backend="inproc") as session:
        view = cone(session)
        for options, words in (
            ({"times": []}, "does not change with time"),
            ({"camera": "around"}, "'orbit' or a list of key cameras"),
            ({"camera": [{}]}, "at least two"),
            ({"camera": "orbit", "count": 0}, "at least one frame"),
        ):
            with pytest.raises(ValueError, match=words):
                await view.save_animation(tmp_path / "frame_%d.png", **options)
        with pytest.raises(ValueError, match=r"a place for their number, as in frame_%04d\.png"):
            await view.save_animation(tmp_path / "frame.png", camera="orbit")
        monkeypatch.setitem(sys.modules, "av", None)
        with pytest.raises(ValueError, match=r"pip install 'async-paraview\[video\]'"):
            await view.save_animation(tmp_path / "turn.mp4", camera="orbit")
        assert os.listdir(tmp_path) == []
