"""What an editor of colors shows is what the server has, and what it changes is what is seen."""

from __future__ import annotations

import numpy as np
import pytest

from servermanager import RemoteError, RenderViewProxy, RepresentationProxy, Session, connect
from servermanager.ui.editors import color_points
from servermanager.ui.editors.color_editor import ColorEditor
from servermanager.ui.editors.color_points import ColorPoint, OpacityPoint

from ..harness.apvtest import BACKENDS, in_loop, poll_async


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def ramp(session: Session) -> tuple[RenderViewProxy, RepresentationProxy]:
    """A plane that fills the view, colored by a number from 0 at its left to 10 at its right."""
    view = session.views.RenderView(
        ViewSize=[100, 50],
        CameraPosition=[0, 0, 20],
        CameraFocalPoint=[0, 0, 0],
        CameraParallelProjection=True,
        CameraParallelScale=5,
        OrientationAxesVisibility=False,
    )
    plane = session.create(
        "vtkPlaneSource", Origin=(-10, -5, 0), Point1=(10, -5, 0), Point2=(-10, 5, 0), XResolution=50
    )
    raised = session.create(
        "vtkElevationFilter", Input=plane, LowPoint=(-10, 0, 0), HighPoint=(10, 0, 0), ScalarRange=(0, 10)
    )
    shown = session.show(raised, view, ColorBy=("POINTS", "Elevation"), Ambient=1.0, Diffuse=0.0)
    return view, shown


def test_points_move_between_their_neighbors_and_colors_are_mixed() -> None:
    points = [ColorPoint(0, (0, 0, 0)), ColorPoint(5, (1, 0, 0)), ColorPoint(10, (1, 1, 1))]
    assert 9.99 < color_points.moved(points, 1, 20)[1].value < 10
    assert color_points.moved(points, 0, -3)[0].value == -3
    assert color_points.color_between(points, 7.5) == (1, 0.5, 0.5)
    assert color_points.color_between(points, -1) == (0, 0, 0)
    assert [one.value for one in color_points.added(points, ColorPoint(5, (0, 1, 0)))] == [0, 5, 10]
    assert [one.value for one in color_points.stretched(points, -1, 1)] == [-1, 0, 1]
    with pytest.raises(ValueError, match="two points are the fewest"):
        color_points.removed(points[:2], 0)
    opacities = [OpacityPoint(0, 0.2), OpacityPoint(1, 0.6)]
    assert color_points.opacity_between(opacities, 0.5) == pytest.approx(0.4)
    assert color_points.opacity_points(color_points.flat_opacities(opacities)) == tuple(opacities)


@in_loop
async def test_an_editor_shows_what_there_is(backend: str) -> None:
    async with connect(backend=backend) as session:
        _, shown = ramp(session)
        editor = ColorEditor(shown)
        await editor.refresh()
        state = editor.state
        assert (state.name, state.preset, state.is_fixed) == ("Elevation", "Cool to Warm", False)
        assert state.span == state.data_span == pytest.approx((0, 10))
        assert state.points[0].value == pytest.approx(0) and state.points[-1].value == pytest.approx(10)
        histogram = await editor.count(bins=10)
        assert histogram.limits == pytest.approx((0, 10)) and sum(histogram.counts) == 102 and histogram.outside == 0
        assert editor.state.histogram == histogram
        names = await editor.presets()
        assert names[0] == "Cool to Warm" and "Viridis" in names
        editor.close()


@in_loop
async def test_points_that_are_set_are_the_colors_that_are_seen(backend: str) -> None:
    async with connect(backend=backend) as session:
        view, shown = ramp(session)
        editor = ColorEditor(shown)
        editor.set_points([ColorPoint(0, (0, 0, 0)), ColorPoint(10, (1, 0, 0))])
        await poll_async(lambda: len(editor.state.points) == 2 and editor.state.span is not None)
        assert editor.state.preset is None and editor.state.is_fixed
        editor.add_point(5.0)
        await poll_async(lambda: len(editor.state.points) == 3)
        assert editor.state.points[1] == ColorPoint(5.0, (0.5, 0, 0))
        editor.set_color(1, (0, 1, 0))
        await poll_async(lambda: editor.state.points[1].color == (0, 1, 0))
        row = (await view.screenshot()).pixels[25].astype(int)
        assert row[50].tolist()[1] > 240 and row[50][0] < 20 and row[98][0] > 235 and row[1][1] < 20
        assert session.undo.undo() == "set colors"
        await poll_async(lambda: editor.state.points[1].color == (0.5, 0, 0))
        editor.rescale(0, 20)
        await poll_async(lambda: editor.state.span == (0, 20))
        assert [one.value for one in editor.state.points] == [0, 10, 20]
        editor.use_preset("Viridis", inverted=True)
        await poll_async(lambda: editor.state.preset == "Viridis" and editor.state.is_inverted)
        assert editor.state.span == (0, 20) and len(editor.state.points) > 10
        assert session.undo.labels[-2:] == ("rescale colors", "use the preset Viridis")
        editor.rescale_to_data()
        await poll_async(lambda: not editor.state.is_fixed and editor.state.span is not None)
        assert editor.state.span == pytest.approx((0, 10))
        editor.close()


@in_loop
async def test_opacities_legends_and_ways_of_rescaling(backend: str) -> None:
    async with connect(backend=backend) as session:
        view, shown = ramp(session)
        view.Background = [0, 0, 0]
        editor = ColorEditor(shown)
        await editor.refresh()
        opaque = (await view.screenshot()).pixels.astype(int)
        editor.set_maps_opacity(True)
        editor.add_opacity(10.0, 0.0)
        await poll_async(lambda: len(editor.state.opacities) == 2)
        editor.add_opacity(5.0)
        await poll_async(lambda: len(editor.state.opacities) == 3)
        editor.remove_opacity(1)
        await poll_async(lambda: len(editor.state.opacities) == 2)
        editor.move_opacity(0, -5.0, 2.0)
        await poll_async(lambda: editor.state.opacities[0] == OpacityPoint(-5.0, 1.0))
        clear = (await view.screenshot()).pixels.astype(int)
        assert clear[25, 95].sum() < 0.5 * opaque[25, 95].sum()
        view.ViewSize = [400, 200]
        without = (await view.screenshot()).pixels
        editor.set_legend(True)
        await poll_async(lambda: editor.state.legend)
        assert not np.array_equal((await view.screenshot()).pixels, without)
        editor.set_follows("Never")
        editor.set_logarithmic(True)
        editor.set_nan_color((0.25, 0.5, 1.0))
        editor.set_number_of_colors(4)
        await poll_async(lambda: editor.state.number_of_colors == 4)
        assert editor.state.nan_color == (0.25, 0.5, 1.0)
        assert editor.state.follows == "Never" and editor.state.is_logarithmic
        with pytest.raises(ValueError, match="no mode of rescaling 'Nevr'; there are Never"):
            editor.set_follows("Nevr")
        editor.rescale_to_visible()
        await poll_async(lambda: editor.state.is_fixed)
        editor.close()


@in_loop
async def test_a_volume_has_opacities_to_edit_before_any_were_set() -> None:
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=[80, 60])
        wavelet = session.sources.Wavelet(WholeExtent=[-3, 3] * 3)
        shown = session.show(wavelet, view, ColorBy=("POINTS", "RTData"))
        editor = ColorEditor(shown)
        await view.ready()
        await editor.refresh()
        assert not list(editor.state.opacities) and editor.state.span is not None
        shown.Representation = "Volume"
        await poll_async(lambda: len(editor.state.opacities) == 2, what="those of a volume")
        low, high = editor.state.span
        assert [*editor.state.opacities] == [OpacityPoint(low, 0.0), OpacityPoint(high, 1.0)]
        editor.rescale(100.0, 200.0)
        await poll_async(lambda: editor.state.span == (100.0, 200.0))
        assert not editor.opacities.Points, "none were set, so they follow the colors"
        editor.move_opacity(0, 120.0, 0.25)
        await poll_async(lambda: editor.state.opacities[0] == OpacityPoint(120.0, 0.25))
        editor.close()


@in_loop
async def test_a_legend_is_shown_as_its_panels_say() -> None:
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=[80, 60])
        sources = [session.sources.Wavelet(WholeExtent=[-3, high] * 3) for high in (3, 4)]
        two = [session.show(one, view, ColorBy=("POINTS", "RTData")) for one in sources]
        editor = ColorEditor(two[0])
        await editor.refresh()
        assert not editor.state.legend
        two[1].ScalarBarVisibility = True
        editor.set_legend(True)
        await poll_async(lambda: editor.state.legend, what="a legend")
        assert two[0].ScalarBarVisibility, "what the panel of what is shown says"
        editor.set_legend(False)
        await poll_async(lambda: not editor.state.legend, what="no legend")
        assert not any(one.ScalarBarVisibility for one in two)
        two[0].ScalarBarVisibility = True
        await poll_async(lambda: editor.state.legend, what="the legend that the other panel asks for")
        editor.close()


@in_loop
async def test_what_the_server_refuses_is_told_and_set_right() -> None:
    async with connect(backend="inproc") as session:
        _, shown = ramp(session)
        editor = ColorEditor(shown)
        await editor.refresh()
        editor.use_preset("Virdis")
        await poll_async(lambda: editor.error)
        assert isinstance(editor.error, RemoteError) and "Viridis" in str(editor.error)
        editor.use_preset("Viridis")
        await poll_async(lambda: editor.error is None and len(editor.state.points) > 10)
        with pytest.raises(ValueError, match="no array colors"):
            ColorEditor(session.show(session.sources.ConeSource(), session.views.RenderView()))
        editor.close()
