"""The socket of a view, without a browser: one picture under way, the newest next, and only what means something."""

from __future__ import annotations

import io

import aiohttp
import numpy as np
import pytest
from aiohttp import WSMsgType
from PIL import Image

from apvweb.parts.live_view import ENDED, MOST_WRONG, TAKEN_ELSEWHERE
from apvweb.parts.messages import read_message
from tests.harness.apvtest import in_loop, poll_async
from tests.harness.time_limits import scaled

from .site import looking, serving, view_of


@in_loop
async def test_the_still_picture_is_exact_and_of_the_size_that_was_asked_for() -> None:
    async with serving() as site, looking(site) as window:
        content = site.contents[0]
        view_of(content).StillSamples = 1  # a screenshot is one drawing
        content.work.add("Sphere", PhiResolution=30, ThetaResolution=30)
        await window.say("size", width=320.4, height=199.6, pixel_ratio=1.5)
        await poll_async(lambda: content.session.all_representations(), what="a sphere that is shown")
        await view_of(content).ready()
        said, file = await window.still()
        while (said["width"], said["height"]) != (481, 299):
            said, file = await window.still()
        assert said["type"] == "image/png"
        truth = await view_of(content).screenshot()
        while True:  # the sphere may have come after the picture
            with Image.open(io.BytesIO(file)) as image:
                if np.array_equal(np.asarray(image.convert("RGB")), truth.pixels[..., :3]):
                    break
            said, file = await window.still()
        assert len(np.unique(truth.pixels.reshape(-1, truth.pixels.shape[-1]), axis=0)) > 10


@in_loop
async def test_there_is_one_picture_under_way_and_the_next_is_the_newest() -> None:
    async with serving() as site, looking(site) as window:
        content = site.contents[0]
        await window.say("size", width=200, height=100, pixel_ratio=1)
        await window.still()
        view_of(content).Background = [1.0, 0.0, 0.0]
        first, _ = await window.picture()
        for blue in np.linspace(0.0, 1.0, 20):
            view_of(content).Background = [0.0, 0.0, float(blue)]
            await window.say("here")
            assert (await window.heard("here"))["kind"] == "here"  # and no picture before it
        await window.say("painted", sequence=first["sequence"] - 1)  # of another one: means nothing
        await window.say("painted", sequence=first["sequence"])
        truth, seen = (await view_of(content).screenshot()).pixels[3, 3, :3], []
        while tuple(truth) not in seen:  # what was drawn before the last of them may have been taken for what stays
            said, file = await window.still()
            assert said["sequence"] > first["sequence"]
            with Image.open(io.BytesIO(file)) as image:
                seen.append(image.convert("RGB").getpixel((3, 3)))
        assert len(seen) <= 3, seen


@pytest.mark.deep
@in_loop
async def test_events_move_the_camera_and_a_newer_window_takes_the_pictures() -> None:
    async with serving() as site, looking(site) as window:
        content = site.contents[0]
        await window.say("size", width=200, height=100, pixel_ratio=1)
        await window.still()
        before = await view_of(content).camera()
        await window.say("press", x=100, y=50, button="left")
        await window.say("move", x=140, y=60, button="left")
        await window.say("release", x=140, y=60, button="left")
        await window.still()
        assert (await view_of(content).camera())["CameraPosition"] != before["CameraPosition"]
        async with looking(site, first=False) as newer:
            closed = await window.socket.receive(timeout=scaled(20))
            while closed.type in (WSMsgType.TEXT, WSMsgType.BINARY):  # what was under way
                closed = await window.socket.receive(timeout=scaled(20))
            assert closed.type is WSMsgType.CLOSE and closed.data == TAKEN_ELSEWHERE
            said, _ = await newer.still()
            assert (said["width"], said["height"]) == (200, 100)  # what was shown last


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ("[]", "a message is a map"),
        ("{", "Expecting property name"),
        ('{"kind": "explode"}', "kind of an event"),
        ('{"kind": "press", "x": 1e999}', "x of an event"),
        ('{"kind": "size", "width": -1, "height": 1, "pixel_ratio": 1}', "width is a number"),
        ('{"kind": "size", "width": 1e9, "height": 1, "pixel_ratio": 1}', "width is a number"),
        ('{"kind": "size", "width": "8", "height": 1, "pixel_ratio": 1}', "width is a number"),
        ('{"kind": "painted"}', "sequence is a number"),
        ("[" * 9000, "too many levels"),
    ],
)
def test_what_means_nothing_is_refused(message: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_message(message)


@in_loop
async def test_who_says_nothing_but_nonsense_is_cut_off_and_others_are_not() -> None:
    async with serving() as site, looking(site) as window:
        for _ in range(MOST_WRONG + 1):
            await window.socket.send_bytes(b"\0" * 100)
        while (message := await window.socket.receive(timeout=scaled(20))).type is not WSMsgType.CLOSE:
            assert message.type in (WSMsgType.TEXT, WSMsgType.BINARY)
        assert message.data == aiohttp.WSCloseCode.POLICY_VIOLATION
        async with looking(site, first=False) as again:
            await again.say("size", width=64, height=48, pixel_ratio=1)
            said, _ = await again.still()
            assert said["width"] in (64, 800)


@pytest.mark.deep
@in_loop
async def test_a_view_that_is_gone_says_so() -> None:
    async with serving() as site, looking(site) as window:
        site.contents[0].stage.close()
        while (message := await window.socket.receive(timeout=scaled(20))).type is not WSMsgType.CLOSE:
            assert message.type in (WSMsgType.TEXT, WSMsgType.BINARY)
        assert message.data == ENDED
        async with looking(site, first=False) as later:
            message = await later.socket.receive(timeout=scaled(20))
            assert message.type is WSMsgType.CLOSE and message.data == ENDED
