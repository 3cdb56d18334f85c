"""Pictures of 8 and 16 bits have the color map that was asked for; labels have colors of labels where nobody asks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkImageData

from servermanager import Session, connect

from ..harness.apvtest import in_loop

SIZE = (200, 200)
PLACES = (40, 70, 100, 130, 160)


def image(values: Any) -> vtkImageData:
    """Return a picture whose numbers `n` run from left to right."""
    made = vtkImageData()
    made.SetDimensions(len(values), len(values), 1)
    array = numpy_to_vtk(np.tile(values, len(values)), deep=True)
    array.SetName("n")
    made.GetPointData().AddArray(array)
    return made


async def row(session: Session, values: Any, **look: Any) -> np.ndarray:
    """Return the colors along the middle of the picture."""
    view = session.views.RenderView(ViewSize=SIZE, UseFXAA=False)
    session.show(
        await session.send_data(image(values)), view, ColorBy=("POINTS", "n"), Lighting=False, UseSeparateColorMap=True,
        **look,
    )  # fmt: skip
    view.reset_camera("-Z")
    return (await view.screenshot()).pixels[100, PLACES].astype(int)


SCAN = np.repeat(np.linspace(-1000, 3000, 50), 2).astype(np.int16)
PHOTOGRAPH = np.linspace(0, 255, 100).astype(np.uint8)
FEW = np.repeat(np.arange(20, dtype=np.uint8), 5)


@pytest.mark.parametrize("kind", ["Slice", "Surface"])
@pytest.mark.parametrize("values", [SCAN, PHOTOGRAPH, FEW], ids=["scan", "photograph", "few"])
@in_loop
async def test_a_color_map_that_was_asked_for_is_had(values: np.ndarray, kind: str) -> None:
    async with connect(backend="inproc") as session:
        grey = await row(session, values, Representation=kind, LookupTable="Grayscale")
        assert np.ptp(grey, axis=1).max() <= 4
        # The picture of 100 columns is fitted with a margin of 1.05.
        at = (np.array(PLACES) - 99.5) / (200 / 1.05) + 0.5
        wanted = np.interp(at, np.linspace(0, 1, len(values)), values.astype(float))
        wanted = 255 * (wanted - values.min()) / float(int(values.max()) - int(values.min()))
        assert np.abs(grey[:, 0] - wanted).max() < 20
        turned = await row(session, values, Representation=kind, InvertLookupTable=True)
        usual = await row(session, values, Representation=kind, LookupTable="Cool to Warm")
        assert np.abs(turned - usual[::-1]).max() < 40 and usual[0, 2] > 150 > usual[0, 0] and usual[-1, 0] > 150


@in_loop
async def test_what_nobody_asked_for_is_labels_only_where_their_colors_differ() -> None:
    async with connect(backend="inproc") as session:
        shades = await row(session, PHOTOGRAPH)
        np.testing.assert_array_equal(shades, await row(session, PHOTOGRAPH, LookupTable="Cool to Warm"))
        labels = await row(session, FEW)
        np.testing.assert_array_equal(labels, await row(session, FEW, Categorical=True))
        assert np.abs(labels - await row(session, FEW, LookupTable="Cool to Warm")).max() > 50
        np.testing.assert_array_equal(labels, await row(session, FEW, LookupTable="Viridis", Categorical=True))


@in_loop
async def test_undo_gives_labels_back() -> None:
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=SIZE, UseFXAA=False)
        session.show(await session.send_data(image(FEW)), view, ColorBy=("POINTS", "n"), Lighting=False)
        view.reset_camera("-Z")
        before = (await view.screenshot()).pixels
        session.color_maps["n"].Preset = "Cool to Warm"
        assert not np.array_equal((await view.screenshot()).pixels, before)
        session.undo.undo()
        assert session.color_maps["n"].Preset is None
        np.testing.assert_array_equal((await view.screenshot()).pixels, before)
