"""Volumes and slices of bytes and bits, of which all are close to each other, look like those of doubles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import vtkmodules.vtkCommonCore as core
from vtkmodules.vtkCommonDataModel import vtkImageData

from servermanager import Session, connect

from ..harness.apvtest import in_loop


def image(kind: str, components: int, cells: bool) -> vtkImageData:
    """Zeros and ones in a pattern that changes along all axes."""
    made = vtkImageData()
    made.SetDimensions((7, 7, 7) if cells else (6, 6, 6))
    array = getattr(core, f"vtk{kind}Array")()
    array.SetName("a")
    array.SetNumberOfComponents(components)
    array.SetNumberOfTuples(216)
    for place in range(216):
        for component in range(components):
            array.SetComponent(place, component, (place // 36 + place % 6 + component) % 2)
    (made.GetCellData() if cells else made.GetPointData()).AddArray(array)
    return made


async def picture(session: Session, data: Any, association: str, kind: str) -> Any:
    view = session.views.RenderView(ViewSize=[48, 48])
    look = {"Representation": kind, "Lighting": False, "LookupTable": "Grayscale", "Categorical": False}
    session.show(await session.send_data(data), view, ColorBy=(association, "a"), **look)
    view.reset_camera("-Z")
    pixels = (await view.screenshot(format="rgb")).pixels.astype(int)
    view.delete()
    return pixels


@pytest.mark.parametrize("cells", [False, True], ids=["points", "cells"])
@pytest.mark.parametrize(("representation", "components"), [("Volume", 1), ("Slice", 1), ("Slice", 3), ("Surface", 3)])
@in_loop
async def test_they_look_like_doubles(representation: str, components: int, cells: bool) -> None:
    association = "CELLS" if cells else "POINTS"
    async with connect(backend="inproc") as session:
        expected = await picture(session, image("Double", components, cells), association, representation)
        assert len(np.unique(expected.reshape(-1, 3), axis=0)) > 3
        for kind in ("Bit", "UnsignedChar", "SignedChar"):
            seen = await picture(session, image(kind, components, cells), association, representation)
            assert np.abs(seen - expected).max() <= 3, kind
