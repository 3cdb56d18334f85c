"""Color maps in sessions that several programs are in, and in those whose worker is replaced."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from servermanager import RenderViewProxy, connect

from ..harness.apvtest import BACKENDS, Server, in_loop
from .test_color_maps import colors, grays, near, scene, show
from .test_several_programs import settled, two


@pytest.fixture(scope="module", params=BACKENDS)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with Server(request.param) as server:
        yield server.url


@in_loop
async def test_others_see_what_one_sets(url: str) -> None:
    async with two(url) as (one, other):
        view = scene(one)
        shown = await show(one, view, 0, 5, 10, LookupTable="Grayscale", ScalarRange=(0, 20))
        one.opacity_functions["a"].Points = [0, 0, 0.5, 0, 10, 1, 0.5, 0]
        await settled(one, other)
        told = other.color_maps["a"]
        assert told.set_values() == {"Preset": "Grayscale", "ScalarRange": [0, 20]}
        assert other.opacity_functions["a"].Points == [0, 0, 0.5, 0, 10, 1, 0.5, 0]
        (theirs,) = other.all_representations()
        assert theirs.LookupTable is told and theirs.set_values() == shown.set_values()
        heard: list[tuple[str, object]] = []
        theirs.watch(lambda name, value: heard.append((name, value)))
        shown.LookupTable.ScalarRange = (0, 10)
        await settled(one, other)
        assert ("ScalarRange", [0, 10]) in heard
        told.update(InvertLookupTable=True)
        await settled(one, other)
        assert shown.InvertLookupTable is True and near(await colors(view), grays(255, 127, 0))
        async with connect(url, session=one.token) as late:
            assert late.color_maps["a"].set_values() == told.set_values()
            (theirs_too,) = late.all_views()
            assert isinstance(theirs_too, RenderViewProxy) and near(await colors(theirs_too), grays(255, 127, 0))


@in_loop
async def test_a_new_worker_is_told_of_them(url: str) -> None:
    async with connect(url) as session:
        if session.about["backend"] == "inproc":
            pytest.skip("there is no worker to be replaced")
        view = scene(session)
        shown = await show(session, view, 0, 5, 10)
        session.color_maps["a"].update(Preset="Grayscale", ScalarRange=(0, 20), VectorMode="Component")
        shown.UseSeparateColorMap = True
        shown.LookupTable.RGBPoints = [0, 1, 0, 0, 10, 0, 0, 1]
        second = scene(session)
        await show(session, second, 0, 5, 10)
        before = [(await one.screenshot()).pixels for one in (view, second)]
        await session.restart()
        for one, pixels in zip((view, second), before, strict=True):
            np.testing.assert_array_equal((await one.screenshot()).pixels, pixels)
        assert near(await colors(second), grays(0, 64, 128))
