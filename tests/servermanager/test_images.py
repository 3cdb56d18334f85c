"""Images as a stream: what each says of itself, how a view refines at rest, and screenshots of every sort."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from servermanager import Image, RemoteError, RenderViewProxy, Session, connect

from ..harness.apvtest import BACKENDS, in_loop, pixels


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def cone(session: Session, **properties: object) -> RenderViewProxy:
    """A white cone before blue, whose edges are slanted."""
    view = session.views.RenderView(ViewSize=[80, 60], Background=[0, 0, 1], UseFXAA=False, **properties)
    session.show(session.sources.ConeSource(Resolution=32), view)
    return view


async def until_still(images: object) -> list[Image]:
    """Images up to the last of a refinement."""
    seen: list[Image] = []
    async for image in images:  # type: ignore[attr-defined]
        seen.append(image)
        if image.still and image.level != 1:
            return seen
    raise AssertionError(f"the stream ended before a still image came: {seen}")


@in_loop
async def test_at_rest_a_view_refines_by_itself_to_an_exact_image(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = cone(session)
        await view.ready()
        async with view.images() as images:
            seen = await until_still(images)
        levels = [image.level for image in seen]
        assert levels == sorted(levels) and levels[-1] == 8
        assert [image.format for image in seen] == ["lz4" if image.still else "jpeg" for image in seen]
        assert all(0 < image.requested <= image.rendered <= image.sent for image in seen)
        exact = await view.screenshot(samples=8)
        np.testing.assert_array_equal(seen[-1].pixels, exact.pixels)
        single = await view.screenshot()
        assert len(np.unique(exact.pixels.reshape(-1, 3), axis=0)) > len(
            np.unique(single.pixels.reshape(-1, 3), axis=0)
        )
        assert np.abs(exact.pixels.astype(int) - single.pixels).mean() < 3  # smoother, and the same picture


@in_loop
async def test_a_client_without_lz4_gets_what_it_can_unpack(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("servermanager.views.view_proxy.UNPACKS", ("zlib",))
    monkeypatch.setattr("servermanager.views.view_proxy.STILL_FORMATS", {None: ("zlib",)})
    async with connect(backend=backend) as session:
        view = cone(session)
        await view.ready()  # or a picture without the cone is at rest first, where that takes its time
        async with view.images() as images:
            seen = await until_still(images)
        assert [image.format for image in seen] == ["zlib" if image.still else "jpeg" for image in seen]
        packed, exact = await view.screenshot(format="lz4", samples=8), await view.screenshot(samples=8)
        assert (packed.format, exact.format) == ("zlib", "png")
        np.testing.assert_array_equal(packed.pixels, exact.pixels)
        np.testing.assert_array_equal(seen[-1].pixels, exact.pixels)


@in_loop
async def test_after_a_change_the_last_image_shows_it(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = cone(session)
        await view.ready()
        async with view.images(format="rgb") as images:
            await until_still(images)
            for step in range(20):
                view.update(Background=[0, step / 19, 0])
            last = (await until_still(images))[-1]
            assert tuple(last.pixels[0, 0]) == (0, 255, 0)


@in_loop
async def test_an_image_tells_the_camera_that_it_shows(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = cone(session)
        await view.ready()
        async with view.images() as images:
            await until_still(images)
            view.update(CameraPosition=[0, 0, 9], CameraFocalPoint=[0, 0, 0])
            async for image in images:
                if tuple(image.camera["position"]) == (0, 0, 9):
                    break


@in_loop
async def test_images_of_another_size_than_the_view_has_are_not_delivered(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = cone(session)
        async with view.images() as images:
            await anext(images)
            for side in range(20, 60):
                view.update(ViewSize=[side, side])
                image = await anext(images)
                assert (image.width, image.height) == (side, side) and image.pixels.shape == (side, side, 3)


@in_loop
async def test_a_fixed_quality_is_kept_and_one_format_is_one_format(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = cone(session)
        async with view.images(format="jpeg", quality=33) as images:
            seen = await until_still(images)
        assert {image.quality for image in seen} == {33} and {image.format for image in seen} == {"jpeg"}


@in_loop
async def test_two_streams_of_one_view_each_get_what_they_asked_for(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = cone(session)
        await view.ready()
        async with view.images(format="png") as files, view.images(format="rgb") as raw:
            file, pixel = (await until_still(files))[-1], (await until_still(raw))[-1]
            assert file.sequence == pixel.sequence
            np.testing.assert_array_equal(file.pixels, pixel.pixels)
            late = view.images(format="lz4")
            np.testing.assert_array_equal((await anext(late)).pixels, pixel.pixels)  # without another change


@in_loop
async def test_what_a_stream_cannot_be_asked_for_is_its_error(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = cone(session)
        with pytest.raises(RemoteError, match="'bmp' is not known; the formats are auto, jpeg, png, lz4, zlib, rgb"):
            await anext(view.images(format="bmp"))
        with pytest.raises(RemoteError, match="1 to 100, not 101"):
            await anext(view.images(quality=101))
        with pytest.raises(RemoteError, match="'auto' is not known"):
            await view.screenshot(format="auto")


@in_loop
async def test_a_screenshot_without_background_has_an_alpha_channel(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        view = cone(session)
        image = await view.save_screenshot(tmp_path / "cone.png", transparent=True)
        assert image.pixels.shape == (60, 80, 4)
        assert image.pixels[0, 0, 3] == 0 and image.pixels[30, 40, 3] == 255
        opaque = await view.screenshot()
        np.testing.assert_array_equal(opaque.pixels[30, 40], image.pixels[30, 40, :3])
        assert tuple(opaque.pixels[0, 0]) == (0, 0, 255)


@in_loop
async def test_screenshots_of_any_size_leave_the_view_as_it_is(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = cone(session)
        before = await view.screenshot()
        large = await view.screenshot(size=(400, 300), magnification=2)
        assert large.pixels.shape == (600, 800, 3)
        shrunk = large.pixels.reshape(60, 10, 80, 10, 3).mean(axis=(1, 3))
        assert np.abs(shrunk - before.pixels).mean() < 4
        np.testing.assert_array_equal((await view.screenshot()).pixels, before.pixels)
        with pytest.raises(RemoteError, match="16385 x 300 cannot be drawn"):
            await view.screenshot(size=(16385, 300))
        with pytest.raises(RemoteError, match="samples are 1 to 256"):
            await view.screenshot(samples=0)


@in_loop
async def test_screenshots_are_saved_by_the_suffix_of_the_file(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        view = cone(session)
        shown = (await view.screenshot()).pixels
        for name in ("view.png", "view.tif", "view.bmp"):
            await view.save_screenshot(tmp_path / name)
            np.testing.assert_array_equal(pixels(tmp_path / name), shown)
        await view.save_screenshot(tmp_path / "view.jpg")
        assert np.abs(pixels(tmp_path / "view.jpg").astype(int) - shown).mean() < 4
        with pytest.raises(ValueError, match=r"not saved as \.xyz.*use \.png"):
            await view.save_screenshot(tmp_path / "view.xyz")
        assert not (tmp_path / "view.xyz").exists()


@in_loop
async def test_nobody_who_waits_for_images_keeps_others_from_theirs(backend: str) -> None:
    async with connect(backend=backend) as session:
        first, second = cone(session), cone(session)
        async with first.images() as idle, second.images() as images:
            await asyncio.gather(anext(idle), until_still(images))
            for step in range(5):  # nobody reads the first stream meanwhile
                for view in (first, second):
                    view.update(Background=[0, step / 4, 0])
                await until_still(images)
            assert tuple((await until_still(idle))[-1].pixels[0, 0]) == (0, 255, 0)


@in_loop
async def test_movements_of_the_camera_add_up_however_fast_they_come(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = cone(session, CameraPosition=[0, 0, 5], CameraFocalPoint=[0, 0, 0])
        await view.ready()
        async with view.images() as images:
            await until_still(images)
            view.start_interaction()
            for _ in range(90):
                view.orbit(1.0)
            view.zoom(2.0)
            view.end_interaction()
            last = (await until_still(images))[-1]
            np.testing.assert_allclose(last.camera["position"], (2.5, 0, 0), atol=1e-9)
            view.pan(0.0, 0.5)
            properties = await view.properties()
            assert properties["CameraFocalPoint"][1] > 0.5


@in_loop
async def test_nothing_is_refined_while_a_person_moves_something(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = cone(session, CameraPosition=[0, 0, 5], CameraFocalPoint=[0, 0, 0])
        await view.ready()
        async with view.images() as images:
            await until_still(images)
            view.start_interaction()
            view.rotate(0.1, 0.0)
            assert (await anext(images)).level <= 1
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.5):
                    await anext(images)
            view.end_interaction()
            assert (await until_still(images))[-1].level == 8


@in_loop
async def test_what_changes_all_the_time_is_seen_every_so_often(backend: str) -> None:
    """Each execution takes far longer than the time between changes, so that every one is interrupted by the next."""
    async with connect(backend=backend) as session:
        view = session.views.RenderView(ViewSize=[80, 60], StillSamples=1)
        wavelet = session.create("vtkRTAnalyticSource", WholeExtent=(-70, 70, -70, 70, -70, 70))
        contour = session.create("vtkContourFilter", Input=wavelet, Values=[150.0])
        session.show(contour, view)
        await view.ready()
        changes, seen = 0, set[Any]()
        async with view.images(format="rgb") as images:
            reading = asyncio.ensure_future(anext(images))
            while len(seen) < 4:
                changes += 1
                wavelet.Maximum = 200.0 + changes % 100
                session.update_vtk_objects()
                await asyncio.wait([reading], timeout=0.01)
                if reading.done():
                    seen.add(reading.result().pixels.tobytes())
                    reading = asyncio.ensure_future(anext(images))
            reading.cancel()
        assert changes > 2 * len(seen)


@in_loop
async def test_a_video_shows_what_the_view_shows_and_keeps_up_with_a_slow_reader(backend: str) -> None:
    pytest.importorskip("av", reason="PyAV is not installed: pip install 'async-paraview[video]'")
    async with connect(backend=backend) as session:
        view = cone(session)
        await view.ready()
        async with view.images(format="h264") as images:
            first = await until_still(images)
            assert first[-1].format == "lz4" and first[0].format == "rgb"
            assert np.abs(first[0].pixels.astype(int) - first[-1].pixels).mean() < 8
            for step in range(1, 101):  # nobody reads meanwhile
                view.update(Background=[0, step / 100, 0])
                if step % 10 == 0:
                    await view.screenshot()
            seen = await until_still(images)
            assert len(seen) < 20  # two that were under way, then the newest
            assert tuple(seen[-1].pixels[0, 0]) == (0, 255, 0)
            assert np.abs(seen[-2].pixels.astype(int) - seen[-1].pixels).mean() < 8
            view.update(ViewSize=[81, 61])
            last = (await until_still(images))[-1]
            assert last.pixels.shape == (61, 81, 3)
