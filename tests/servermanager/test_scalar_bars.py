"""Legends as objects: one for each color map in a view, with properties of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from async_paraview.scene.scalar_bars import NumberFormat
from servermanager import RenderViewProxy, RepresentationProxy, Session, connect

from ..harness.apvtest import BACKENDS, in_loop
from .test_color_maps import squares

SIZE = (300, 200)


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def legend(session: Session) -> tuple[RenderViewProxy, RepresentationProxy, Any]:
    """Show three small squares, and their legend; returns the picture without it, too."""
    view = session.views.RenderView(
        ViewSize=SIZE, Background=(0, 0, 0), UseFXAA=False, CameraPosition=(0, 0, 60), CameraFocalPoint=(0, 0, 0)
    )
    source = await session.send_data(squares(0, 5, 10))
    shown = session.show(source, view, ColorBy=("CELLS", "a"), LookupTable="Grayscale", Lighting=False)
    session.color_maps["a"].RGBPoints = [0, 0, 1, 0, 10, 0, 1, 0]  # the bar is what is green
    without = await picture(view)
    assert shown.scalar_bar is view.scalar_bar("a") is view.scalar_bar(session.color_maps["a"])
    shown.ScalarBarVisibility = True
    return view, shown, without


async def picture(view: RenderViewProxy) -> Any:
    return (await view.screenshot()).pixels[..., :3].astype(int)


async def changed(view: RenderViewProxy, without: Any, color: tuple[int, int, int] | None = None) -> tuple[int, ...]:
    """Return the box (left, right, top, bottom) of what the legend draws, or of what of it has one color."""
    seen = await picture(view)
    mask = (seen != without).any(axis=2)
    if color is not None:
        mask &= _is(seen, color)
    rows, columns = np.nonzero(mask)
    assert len(rows), "nothing of the legend is seen"
    return int(columns.min()), int(columns.max()), int(rows.min()), int(rows.max())


def _is(seen: Any, color: tuple[int, int, int]) -> Any:
    """Where something has a color, edges of letters included."""
    return np.abs(seen - color).max(axis=2) < 120


GREEN = (0, 255, 0)


@in_loop
async def test_it_stands_where_and_as_it_is_told(backend: str) -> None:
    async with connect(backend=backend) as session:
        view, shown, without = await legend(session)
        left, right, top, bottom = await changed(view, without, GREEN)
        assert left > 250 and bottom - top > 5 * (right - left)
        bar = shown.scalar_bar
        assert bar is not None
        bar.WindowLocation = "Lower Left Corner"
        left, right, top, bottom = await changed(view, without, GREEN)
        assert right < 50 and top > 60
        bar.update(WindowLocation="Any Location", Position=(0.5, 0.5), ScalarBarLength=0.4)
        left, right, top, bottom = await changed(view, without, GREEN)
        assert abs(left - 150) <= 3 and abs(bottom - 100) <= 6 and top >= 20
        bar.ScalarBarThickness = 20
        left, right, *_ = await changed(view, without, GREEN)
        assert abs(right - left + 1 - 20) <= 2
        bar.update(Orientation="Horizontal", WindowLocation="Lower Center", ScalarBarLength=0.8)
        left, right, top, bottom = await changed(view, without, GREEN)
        assert left > 20 and right < 280 and right - left > 150 and top > 150
        bar.Visibility = False
        assert np.array_equal(await picture(view), without)
        shown.ScalarBarVisibility = False
        assert np.array_equal(await picture(view), without)
        bar.Visibility = True
        await changed(view, without, GREEN)
        del bar.Visibility
        assert np.array_equal(await picture(view), without)


@in_loop
async def test_its_texts_are_as_they_are_told() -> None:
    async with connect(backend="inproc") as session:
        view, shown, without = await legend(session)
        bar = shown.scalar_bar
        assert bar is not None
        bar.update(TitleColor=(1, 0, 0), LabelColor=(0, 0, 1), WindowLocation="Any Location", Position=(0.4, 0.2))
        red = await changed(view, without, (255, 0, 0))
        blue = await changed(view, without, (0, 0, 255))
        assert red[3] < blue[2] + 12 and blue[0] > red[0]
        bar.update(Title="A long title", ComponentTitle="", TitleFontSize=24)
        larger = await changed(view, without, (255, 0, 0))
        assert larger[1] - larger[0] > 3 * (red[1] - red[0]) and larger[3] - larger[2] > red[3] - red[2]
        width = blue[1] - blue[0]
        bar.update(AutomaticLabelFormat=False, LabelFormat="%10.5f")
        blue = await changed(view, without, (0, 0, 255))
        assert blue[1] - blue[0] > 1.5 * width
        bar.DrawTickLabels = False
        with pytest.raises(AssertionError, match="nothing of the legend"):
            await changed(view, without, (0, 0, 255))


@in_loop
async def test_its_numbers_are_those_asked_for() -> None:
    async with connect(backend="inproc") as session:
        view, shown, _ = await legend(session)
        bar = shown.scalar_bar
        assert bar is not None
        bar.update(
            LabelColor=(0, 0, 1), Title="", WindowLocation="Any Location", Position=(0.4, 0.1), ScalarBarLength=0.8
        )

        async def heights() -> list[int]:
            """The rows where numbers stand, in groups: their middles, from the top."""
            seen = await picture(view)
            rows = np.nonzero(_is(seen, (0, 0, 255)).any(axis=1))[0]
            groups = np.split(rows, np.nonzero(np.diff(rows) > 3)[0] + 1)
            return [int(group.mean()) for group in groups]

        assert len(await heights()) == 6  # 0, 2, 4, 6, 8, 10
        bar.NumberOfLabels = 3
        three = await heights()
        assert len(three) == 3 and abs((three[0] + three[2]) / 2 - three[1]) <= 2
        bar.update(UseCustomLabels=True, CustomLabels=[2.5])
        assert await heights() == pytest.approx([(three[1] + three[2]) / 2], abs=2)
        bar.update(AddRangeLabels=True)
        assert await heights() == pytest.approx([three[0], (three[1] + three[2]) / 2, three[2]], abs=2)


@in_loop
async def test_what_it_cannot_be_is_refused_and_the_rest_is_saved(backend: str, tmp_path: Any) -> None:
    async with connect(backend=backend) as session:
        view, shown, without = await legend(session)
        bar = shown.scalar_bar
        assert bar is not None
        for name, value, why in (
            ("RangeLabelFormat", "%s", "how one number is written"),
            ("TextPosition", "Above", "no position of texts"),
            ("TitleJustification", "Middle", "no justification of a title"),
            ("LabelFormat", "{:.3g} and {:.2f}", "how one number is written"),
            ("LabelFormat", "%s", "how one number is written"),
            ("LabelFormat", "{0.__class__}", "how one number is written"),
            ("LabelFormat", "{:9999.3f}", "at most 100"),
            ("Orientation", "Diagonal", "no orientation is called"),
            ("WindowLocation", "Somewhere", "no location of legends"),
        ):
            with pytest.raises(ValueError, match=why):
                setattr(bar, name, value)
        with pytest.raises(AttributeError, match="did you mean Title"):
            bar.Titel = "x"
        assert bar.set_values() == {} and (await changed(view, without, GREEN))[0] > 250
        bar.update(Title="height", WindowLocation="Upper Center", Orientation="Horizontal")
        bar.TitleFontSize = 20
        assert session.undo.undo() == "set TitleFontSize of ScalarBar" and bar.TitleFontSize == 14
        session.undo.redo()
        seen = await picture(view)
        await session.save_state(tmp_path / "scene.json")
        wavelet = session.sources.Wavelet()
        session.show(wavelet, session.views.RenderView())
        await session.save_script(tmp_path / "scene.py")
        assert "'TitleFontSize': 20" in (tmp_path / "scene.py").read_text()
        view.delete()
        session.undo.undo()
        assert np.array_equal(await picture(view), seen)
    async with connect(backend=backend) as session:
        await session.load_state(tmp_path / "scene.json")
        (loaded,) = session.all_views()
        assert isinstance(loaded, RenderViewProxy)
        assert loaded.scalar_bar("a").set_values() == {
            "Title": "height", "WindowLocation": "Upper Center", "Orientation": "Horizontal", "TitleFontSize": 20,
        }  # fmt: skip
        session.undo.undo()
        assert session.all_views() == []


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("%-#6.3g", "{:<#6.3g}"),
        ("%g", "{:g}"),
        ("%+.2e m", "{:+.2e} m"),
        ("%05.1f", "{:05.1f}"),
        ("{:.3g}", "{:.3g}"),
        ("{}", "{}"),
    ],
)
def test_formats_of_c_become_those_of_python(given: str, stored: str) -> None:
    assert NumberFormat()(given) == stored
    assert stored.format(12.5)
