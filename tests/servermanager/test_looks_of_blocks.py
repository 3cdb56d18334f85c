"""Single blocks are drawn, colored and seen through as asked, and picked as all others; pixels are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from servermanager import RenderViewProxy, Session, connect
from services_core import RemoteError

from ..harness.apvtest import in_loop
from .test_paraview_looks import looking, pixels

PLACES = {"left": (100, 50), "middle": (100, 100), "right": (100, 150)}
RED, GREEN, BLUE = [255, 0, 0], [0, 255, 0], [0, 0, 255]


def three(session: Session) -> Any:
    """Three squares beside each other, as blocks of one output."""
    squares = [
        session.sources.Plane(Origin=(x - 0.4, -0.4, 0), Point1=(x + 0.4, -0.4, 0), Point2=(x - 0.4, 0.4, 0))
        for x in (-1.0, 0.0, 1.0)
    ]
    return session.filters.GroupDatasets(Input=squares, BlockNames=list(PLACES))


async def colors(view: RenderViewProxy) -> list[list[int]]:
    seen = await pixels(view)
    return [[int(one) for one in seen[place]] for place in PLACES.values()]


@in_loop
async def test_blocks_have_the_looks_that_are_asked_for() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session)
        shown = session.show(three(session), view, Color=(1, 0, 0), Lighting=False)
        assert await colors(view) == [RED, RED, RED]
        shown.BlockColors = ["/Root/middle", 0, 1, 0, "//right", 0, 0, 1]
        assert await colors(view) == [RED, GREEN, BLUE]
        shown.BlockOpacities = ["/Root/right", 0.5, "/Root/left", "0.25"]  # as ParaView's states have numbers
        assert await colors(view) == [pytest.approx([64, 0, 0], abs=1), GREEN, pytest.approx([0, 0, 127], abs=1)]
        shown.BlockSelectors = ["/Root/left", "/Root/middle"]
        assert (await colors(view))[1:] == [GREEN, [0, 0, 0]]
        shown.update(BlockSelectors=["/"], BlockOpacities=[], BlockColors=["/", 0, 0, 1, "/Root/left", 0, 1, 0])
        assert await colors(view) == [GREEN, BLUE, BLUE]
        shown.update(Position=(0, 1, 0), Visibility=True)
        assert await colors(view) == [[0, 0, 0]] * 3
        shown.Position = (0, 0, 0)
        for x, name in ((50, "left"), (150, "right")):
            picked = await view.pick(x, 100)
            assert picked is not None and picked.block == 1 + list(PLACES).index(name)
        shown.Visibility = False
        assert not (await pixels(view)).any()
        shown.update(Visibility=True, BlockColors=[])
        assert await colors(view) == [RED, RED, RED]


@in_loop
async def test_blocks_without_a_color_have_that_of_their_numbers() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session)
        numbered = session.filters.Calculator(Input=three(session), ResultArrayName="x", Function="coordsX")
        shown = session.show(
            numbered, view, ColorBy=("POINTS", "x"), RGBPoints=[-1, 1, 0, 0, 1, 0, 0, 1], Lighting=False
        )
        before = await colors(view)
        shown.BlockColors = ["/Root/middle", 0, 1, 0]
        seen = await colors(view)
        assert seen[1] == GREEN and seen[0] == before[0] and seen[2] == before[2]
        shown.BlockOpacities = ["/Root/right", 0.5]
        assert (await colors(view))[2] == pytest.approx([one / 2 for one in before[2]], abs=2)
        shown.InvertLookupTable = True
        seen = await colors(view)
        assert seen[0][2] > 200 > seen[0][0] and seen[1] == GREEN


@in_loop
async def test_paths_that_fit_nothing_are_said_and_what_is_set_is_in_states(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        view = looking(session)
        shown = session.show(three(session), view, Color=(1, 0, 0))
        shown.BlockColors = ["/Root/top", 0, 1, 0]
        with pytest.raises(
            RemoteError, match=r"BlockColors: '/Root/top' fits no block; there is /Root/left, /Root/mid"
        ):
            await view.screenshot()
        for name, wrong in (("BlockColors", ["/Root/left", 0, 1]), ("BlockColors", ["/", 0, 1, 2])):
            with pytest.raises(ValueError, match="expected"):
                setattr(shown, name, wrong)
        shown.update(BlockColors=["/Root/left", 0, 1, 0], BlockOpacities=["/Root/right", 0.5])
        expected = await colors(view)
        for name in ("scene.json", "scene.pvsm"):
            await session.save_state(tmp_path / name)
    for name in ("scene.json", "scene.pvsm"):
        async with connect(backend="inproc") as session:
            await session.load_state(tmp_path / name)
            (loaded,) = session.all_views()
            assert isinstance(loaded, RenderViewProxy) and await colors(loaded) == expected, name


@in_loop
async def test_exported_scenes_have_all_blocks_in_their_colors(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        view = looking(session)
        shown = session.show(three(session), view, Color=(1, 0, 0), Lighting=False)
        shown.BlockColors = ["/Root/middle", 0, 1, 0]
        await view.export(tmp_path / "scene.obj")
        materials = (tmp_path / "scene.mtl").read_text()
        assert np.all([f"Kd {one}" in materials for one in ("1 0 0", "0 1 0")]), materials
