"""What a state of ParaView shows looks as it does there: pictures of pvpython 5.11 beside ours, view by view."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from PIL import Image

from servermanager import Session, connect

from ..harness.apvtest import in_loop
from .test_paraview_states import MADE, load, written

WANTED: Final[dict[str, Any]] = json.loads((MADE / "looks.json").read_text("utf-8"))
"""Points, cells, bounds and arrays of points, as ParaView 5.11 has found them."""
VIEWS: Final = ("balls", "blocks", "chart", "circles", "dots", "glyphs", "lines", "tubes")
"""The views, in the order of the file."""
FAR: Final = 4.0
"""How far a picture may be from ParaView's, in steps of 255 on average: edges differ between versions of VTK."""
SOFT: Final = 40
"""How many steps the colors in the middle of a face may differ."""


async def seen(session: Session, name: str) -> np.ndarray:
    view = session.all_views()[VIEWS.index(name)]
    return np.asarray((await view.screenshot(format="rgb")).pixels[..., :3], float)


def there(name: str) -> np.ndarray:
    with Image.open(MADE / "pictures" / f"{name}.png") as picture:
        return np.asarray(picture.convert("RGB"), float)


@in_loop
async def test_views_look_as_they_did(tmp_path: Path) -> None:
    async with connect() as session:
        loaded, _ = await load(session, written("looks", tmp_path))
        for name in ("dots", "balls", "lines", "tubes", "glyphs"):
            ours, theirs = await seen(session, name), there(name)
            assert np.abs(ours - theirs).mean() < FAR, name
            assert (np.abs(ours - theirs).max(axis=2) > SOFT).mean() < 0.05, name
        assert (await seen(session, "blocks")).std() > 20, "one block has normals, the other has none"
        assert {(one.where, one.what) for one in loaded.not_understood} == {
            ("link corners", "PropertyLink"),
            ("Wave in circles", "ShaderPreset"),
        }
        (cones,) = (one for one in session.all_representations() if getattr(one, "Representation", "") == "3D Glyphs")
        assert (cones.GlyphType, cones.ScaleFactor, cones.Scaling) == ("Cone", 0.7, False)


@in_loop
async def test_older_types_and_lists_of_arrays_have_the_numbers_that_they_had(tmp_path: Path) -> None:
    async with connect() as session:
        await load(session, written("looks", tmp_path))
        for name, (points, cells, bounds, arrays) in WANTED.items():
            if name in ("Rest", "Both"):
                continue  # a cone of VTK 9.7 has other points than one of VTK 9.2
            source = session.proxies.find_source(name)
            assert source is not None, name
            found = await source.update_pipeline()
            assert (found.number_of_points, found.number_of_cells) == (points, cells), name
            assert found.bounds == pytest.approx(bounds, abs=1e-5), name
            assert sorted(one.name for one in found.arrays if one.association == "POINTS") == arrays, name
