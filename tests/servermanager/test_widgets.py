"""Widgets of views: bound to properties of proxies, drawn, dragged by a pointer, undone, followed, and in states."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from async_paraview.scene.props.widget import PLACES
from async_paraview.widgets.sight import CameraState, Sight
from servermanager import Image, RemoteError, RenderViewProxy, Session, SourceProxy, WidgetProxy, connect, simple
from servermanager.ui.interaction import ViewInteraction
from servermanager.ui.pointing.events import InputEvent
from servermanager.ui.widget_pointer import WidgetPointer

from ..harness.apvslow import slow_filter
from ..harness.apvtest import BACKENDS, apvpython, in_loop, poll_async

WIDTH, HEIGHT = 300, 200
WHITE, BLACK, ORANGE = (255, 255, 255), (0, 0, 0), (255, 166, 0)


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@dataclass(frozen=True)
class At:
    """A pointer."""

    x: float
    y: float
    width: int = WIDTH
    height: int = HEIGHT
    button: str = "left"
    modifiers: frozenset[str] = frozenset()
    touch: bool = False


def from_above(session: Session, **properties: Any) -> RenderViewProxy:
    """Looks down on x to the right, y up; a unit has 5 pixels, and (150, 100) is the origin."""
    camera: dict[str, Any] = {"CameraPosition": [0, 0, 60], "CameraFocalPoint": [0, 0, 0], "CameraViewUp": [0, 1, 0]}
    parallel = {"CameraParallelProjection": True, "CameraParallelScale": HEIGHT / 10}
    return session.views.RenderView(
        **{"ViewSize": [WIDTH, HEIGHT], "StillSamples": 1, **camera, **parallel, **properties}
    )


@asynccontextmanager
async def seeing(view: RenderViewProxy) -> AsyncIterator[None]:
    """Somebody looks at the view all the while."""

    async def look() -> None:
        async with view.images(format="zlib") as images:
            async for _ in images:
                pass

    looking = asyncio.create_task(look())
    try:
        await poll_async(lambda: view.last_image, what="the first picture")
        yield
    finally:
        looking.cancel()


async def seen(view: RenderViewProxy) -> np.ndarray[Any, Any]:
    """The view as a person sees it."""
    return (await view.screenshot(widgets=True)).pixels


def where(view: RenderViewProxy, place: Any) -> tuple[float, float]:
    """The pixel, from the top left, of a place of the scene in the picture that was seen last."""
    image = view.last_image
    assert isinstance(image, Image)
    x, y, _ = Sight(CameraState.of(image.camera), (image.width, image.height)).pixel(place).tolist()
    return x, image.height - y


def sequence_of(view: RenderViewProxy) -> int:
    """The number of the picture that was seen last."""
    return 0 if view.last_image is None else view.last_image.sequence


def drag(pointer: WidgetPointer, begin: tuple[float, float], *ends: tuple[float, float], **more: Any) -> bool:
    """Press, move to one place after the other, and let go at the last."""
    if not pointer.press(At(*begin, **more)):
        return False
    for end in ends:
        assert pointer.move(At(*end, **more))
    assert pointer.release(At(*ends[-1], **more))
    return True


def is_handle(pixels: np.ndarray[Any, Any], at: tuple[float, float], color: Any = WHITE) -> bool:
    """Whether a handle of that color, with a black rim, has its middle at a pixel."""
    x, y = (int(one) for one in at)
    middle = pixels[y - 2 : y + 3, x - 2 : x + 3].reshape(-1, 3)
    far = 5 if color == WHITE else 6  # what the pointer is over is larger
    ring = [pixels[y - far, x], pixels[y + far, x], pixels[y, x - far], pixels[y, x + far]]
    return bool((middle == color).all()) and sum(tuple(one) == BLACK for one in ring) >= 2


async def slice_of(session: Session, view: RenderViewProxy) -> SourceProxy:
    wavelet = session.sources.Wavelet()
    cut = session.filters.Slice(Input=wavelet)
    session.show(cut, view, ColorBy=("POINTS", "RTData"))
    return cut


@in_loop
async def test_a_plane_is_where_the_slice_is_and_is_dragged(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = from_above(session)
        cut = await slice_of(session, view)
        widget = await view.widgets.add(cut, "SliceType")
        assert isinstance(widget, WidgetProxy) and list(view.widgets) == [widget] and widget.proxy is cut
        assert (widget.Kind, widget.Origin, widget.Normal) == ("Plane", [0, 0, 0], [1, 0, 0])
        assert widget.Bounds == [-10, 10, -10, 10, -10, 10], "the box of the data, around it"
        assert not WidgetPointer(view).press(At(150, 100)), "no picture was seen yet"
        assert is_handle(await seen(view), (150, 100))
        assert not is_handle((await view.screenshot()).pixels, (150, 100)), "pictures to keep have none"
        assert cut.SliceType.value_set("Origin") != [0, 0, 0], "nothing was set by being looked at"
        pointer, steps = WidgetPointer(view), len(session.undo.labels)
        async with seeing(view):
            assert drag(pointer, (150, 100), (160, 95), (170.5, 80.5), (175, 90))
            assert cut.SliceType.Origin == widget.Origin == [5, 2, 0]
            assert session.undo.labels[steps:] == ("drag Plane of Slice",)
            await cut.update_pipeline()
            assert cut.information[0].bounds == (5, 5, -10, 10, -10, 10)
            assert is_handle(await seen(view), (175, 90), ORANGE)
            assert not pointer.move(At(20, 20, button="")) and not pointer.press(At(20, 20))
            pixels = await seen(view)
            assert is_handle(pixels, (175, 90)) and not is_handle(pixels, (150, 100))
            session.undo.undo()
            assert widget.Origin == [0, 0, 0] and is_handle(await seen(view), (150, 100))
            session.undo.redo()
            assert widget.Origin == [5, 2, 0] and is_handle(await seen(view), (175, 90))
            assert drag(pointer, (235, 90), (175, 30)), "the end of the normal is 60 pixels from the middle"
            np.testing.assert_allclose(cut.SliceType.Normal, [0, 1, 0], atol=1e-9)
        assert (await cut.update_pipeline()).bounds == pytest.approx((-10, 10, 2, 2, -10, 10))


@in_loop
async def test_a_widget_follows_its_proxy_and_sets_it(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = from_above(session)
        clip = session.filters.Clip(Input=session.sources.Wavelet())
        widget = await view.widgets.add(clip)
        assert widget.value_set("Property") == "ClipType"
        clip.ClipType.Normal = [0, 1, 0]
        assert widget.Normal == [0, 1, 0]
        widget.Origin = [1, 2, 3]
        assert clip.ClipType.Origin == [1, 2, 3] and session.undo.labels[-1] == "move Plane of Clip"
        with pytest.raises(ValueError, match="a direction, not zero"):
            widget.Normal = [0, 0, 0]
        assert clip.ClipType.Normal == [0, 1, 0]
        clip.ClipType = "Sphere"
        await poll_async(lambda: widget.Kind == "Sphere", what="the widget of the sphere")
        assert (widget.Center, widget.Radius) == ([0, 0, 0], 10), "as the server will have it, by the data"
        await clip.update_pipeline()
        widget.update(Radius=4.0, Color=[0, 0, 1])
        assert clip.ClipType.Radius == 4.0 and widget.Color == [0, 0, 1]
        session.undo.undo()
        session.undo.undo()
        session.undo.undo()
        assert widget.Kind == "Plane" and widget.Origin == [1, 2, 3]
        assert await view.widgets.add(clip) is widget and len(view.widgets) == 1, "there is one already"
        widget.delete()
        clip.ClipType.Origin = [0, 0, 0]
        assert len(view.widgets) == 0
        session.undo.undo()
        session.undo.undo()
        assert list(view.widgets) == [widget] and widget.Origin == [1, 2, 3]


@in_loop
async def test_every_kind_suits_some_types() -> None:
    async with connect() as session:
        view, wavelet = from_above(session), session.sources.Wavelet()
        tracer = session.filters.StreamTracer(Input=session.sources.FastUniformGrid())
        box = session.sources.Box(Center=[1, 2, 3])
        clip = session.filters.Clip(Input=wavelet, ClipType="Box")
        cases: dict[tuple[str, str], tuple[Any, dict[str, Any]]] = {
            ("Line", "SeedType"): (tracer, {"Point1": [-10, -10, -10], "Point2": [10, 10, 10]}),
            ("Ruler", ""): (session.sources.Ruler(), {"Point1": [-0.5, 0, 0], "Point2": [0.5, 0, 0]}),
            ("Line", ""): (
                session.filters.PlotOverLine(Input=wavelet), {"Point1": [-10, -10, -10], "Point2": [10, 10, 10]},
            ),
            ("Box", "ClipType"): (clip, {"Position": [-10, -10, -10], "Length": [20, 20, 20]}),
            ("Cylinder", "ClipType"): (
                session.filters.Clip(Input=wavelet, ClipType="Cylinder"), {"Axis": [0, 1, 0], "Radius": 10},
            ),
            ("Cone", "ClipType"): (
                session.filters.Clip(Input=wavelet, ClipType="Cone"), {"Origin": [0, 0, 0], "Angle": 45},
            ),
            ("Transform", "Transform"): (
                session.filters.Transform(Input=wavelet), {"Scale": [1, 1, 1], "Bounds": [-10, 10] * 3},
            ),
            ("Box", ""): (box, {"Position": [0.5, 1.5, 2.5], "Length": [1, 1, 1]}),
            ("Sphere", ""): (session.sources.Sphere(Radius=2.0), {"Center": [0, 0, 0], "Radius": 2.0}),
            ("Seeds", ""): (session.sources.PointCloud(), {"Radius": 0.5}),
            ("Point", "ProbeType"): (session.filters.ProbeLocation(Input=wavelet), {"Center": [0, 0, 0]}),
            ("Point", "Center"): (session.sources.Cone(Center=[3, 4, 5]), {"Center": [3, 4, 5]}),
            ("Spline", "ParametricFunction"): (session.sources.SplineSource(), {"Points": [0, 0, 0, 1, 0, 0]}),
        }  # fmt: skip
        for (kind, name), (proxy, places) in cases.items():
            widget = await view.widgets.add(proxy, "Center") if name == "Center" else await view.widgets.add(proxy)
            assert (widget.Kind, widget.value_set("Property")) == (kind, name)
            assert {one: getattr(widget, one) for one in places} == places, kind
        assert {one.Kind for one in view.widgets} | {"Plane"} == set(PLACES)
        view.widgets[7].Position = [0, 0, 0]
        assert box.Center == [0.5, 0.5, 0.5] and box.XLength == 1.0
        tracer.SeedType = "Point Cloud"
        await poll_async(lambda: view.widgets[0].Kind == "Seeds", what="a ball of seeds")
        assert view.widgets[0].Radius == 2.0, "a tenth of the data"


@in_loop
async def test_a_cone_and_a_transform_are_dragged_in_a_view() -> None:
    async with connect() as session:
        view = from_above(session)
        cut = await slice_of(session, view)
        cut.SliceType = "Cone"
        cone = await view.widgets.add(cut)
        assert (cone.Kind, cone.Axis, cone.Angle) == ("Cone", [0, 1, 0], 45)
        async with seeing(view):
            pointer, at = WidgetPointer(view), 96 * 0.5**0.5
            assert is_handle(await seen(view), (150 - at, 100 - at)), "it opens the cone"
            assert drag(pointer, (150 - at, 100 - at), (150 - at / 2, 100 - at))
            assert cut.SliceType.Angle == cone.Angle == pytest.approx(np.degrees(np.arctan(0.5)))
            assert session.undo.labels[-1] == "drag Cone of Slice"
            assert (await cut.update_pipeline()).bounds == pytest.approx((-5, 5, -10, 10, -5, 5))
            cone.Visibility = False
            moved = session.filters.Transform(Input=session.sources.Box(XLength=4, YLength=8, ZLength=2))
            box = await view.widgets.add(moved)
            await poll_async(lambda: box.Bounds == [-2, 2, -4, 4, -1, 1], what="the box of the data")
            assert is_handle(await seen(view), (160, 100)), "the face at x = 2"
            assert drag(pointer, (160, 100), (170, 100)) and session.undo.labels[-1] == "drag Transform of Transform"
            assert (moved.Transform.Translate, moved.Transform.Scale) == ([1, 0, 0], [1.5, 1, 1])
            assert drag(pointer, (155, 100), (155, 90)), "the middle"
            assert moved.Transform.Translate == pytest.approx([1, 2, 0])
            assert drag(pointer, (140, 75), (140, 70), (140 + HEIGHT / 4, 75)), "an edge: 45 degrees around y"
            assert moved.Transform.Rotate == pytest.approx([0, 45, 0])
            half = (3 + 1) * 0.5**0.5
            found = (await moved.update_pipeline()).bounds
            assert found == pytest.approx((1 - half, 1 + half, -2, 6, -half, half))
            session.undo.undo()
            assert moved.Transform.Rotate == [0, 0, 0] == box.Rotate
        glyphs = session.filters.Glyph(Input=cut)
        with pytest.raises(TypeError, match="no widget suits Glyph"):
            await view.widgets.add(glyphs)
        with pytest.raises(TypeError, match=r"no widget suits Glyph\.GlyphTransform"):
            await view.widgets.add(glyphs, "GlyphTransform")


@in_loop
async def test_what_no_widget_suits_is_said() -> None:
    async with connect() as session:
        view, wavelet = from_above(session), session.sources.Wavelet()
        with pytest.raises(TypeError, match=r"no widget suits Wavelet; .*a point suits each of Center: name one"):
            await view.widgets.add(wavelet)
        with pytest.raises(TypeError, match=r"no widget suits Wavelet\.Maximum"):
            await view.widgets.add(wavelet, "Maximum")
        with pytest.raises(AttributeError, match="did you mean Center"):
            await view.widgets.add(wavelet, "Centre")
        with pytest.raises(ValueError, match=r"no kind of widget is called 'Plain'.*Plane"):
            await view.widgets.add("Plain")
        assert len(view.widgets) == 0
        view.Widgets = [{"Kind": "Point"}] * 65
        with pytest.raises(RemoteError, match="at most 64 widgets"):
            await view.ready()


@in_loop
async def test_a_ruler_of_its_own_is_dragged_and_undone() -> None:
    async with connect() as session:
        view = from_above(session)
        ruler = await view.widgets.add("Ruler", Point1=[-20, 0, 0], Point2=[20, 0, 0])
        assert ruler.proxy is None and ruler.holder is None
        async with seeing(view):
            pointer = WidgetPointer(view)
            assert drag(pointer, (250, 100), (250, 90), (250, 60))
            assert ruler.Point2 == [20, 8, 0] and ruler.Point1 == [-20, 0, 0]
            pointer.leave()
            assert is_handle(await seen(view), (250, 60)) and is_handle(await seen(view), (50, 100))
            assert drag(pointer, (100, 90), (100, 80), modifiers=frozenset({"shift"})), "upon the line"
            assert ruler.Point1 == pytest.approx([-20, 2, 0]) and ruler.Point2 == pytest.approx([20, 10, 0])
            session.undo.undo()
            assert ruler.Point2 == [20, 8, 0]
            session.undo.undo()
            assert ruler.Point2 == [20, 0, 0] and ruler.Point1 == [-20, 0, 0]
            assert session.undo.labels[-1] == "create Widget"


@in_loop
async def test_at_release_alone_and_what_cannot_be_dragged() -> None:
    async with connect() as session:
        view = from_above(session)
        cut = await slice_of(session, view)
        widget = await view.widgets.add(cut, AtRelease=True)
        async with seeing(view):
            pointer = WidgetPointer(view)
            assert pointer.press(At(150, 100)) and pointer.move(At(170, 100))
            assert widget.Origin == [4, 0, 0] and cut.SliceType.Origin != [4, 0, 0]
            assert pointer.release(At(180, 100))
            assert cut.SliceType.Origin == widget.Origin == [6, 0, 0]
            session.undo.undo()
            assert widget.Origin == [0, 0, 0]
            assert pointer.press(At(150, 100)) and pointer.release(At(150, 100)), "a click changes nothing"
            assert widget.Origin == [0, 0, 0] and session.undo.labels[-1] == "create Widget"
            widget.Enabled = False
            assert not pointer.press(At(150, 100))
            widget.update(Enabled=True, Visibility=False)
            assert not pointer.press(At(150, 100)) and not is_handle(await seen(view), (150, 100))
            widget.Visibility = True
            assert not pointer.press(At(150, 100, button="right")), "the camera's"
            assert not pointer.press(At(160, 100 + 9)) and pointer.press(At(150, 100 + 22, touch=True))
            assert pointer.release(At(150, 122))


@in_loop
async def test_handles_keep_their_size_and_are_seen_in_front_of_surfaces_upon_any_color() -> None:
    async with connect() as session:
        for background in ([0, 0, 0], [1, 1, 1], [0.5, 0.5, 0.5], [1, 0.65, 0]):
            view = from_above(session, Background=background, CameraParallelProjection=False, CameraViewAngle=40.0)
            session.show(session.sources.Box(XLength=30, YLength=30, ZLength=30), view, Color=[1, 1, 1])
            widget = await view.widgets.add("Point", Center=[2, 3, -10])
            async with seeing(view):
                for zoom in (1.0, 3.0, 0.2):
                    view.zoom(zoom)
                    await view.ready()
                    assert is_handle(await seen(view), where(view, [2, 3, -10])), (background, zoom)
                pointer = WidgetPointer(view)
                x, y = where(view, widget.Center)
                assert drag(pointer, (x, y), (x + 10, y - 5))
                pointer.leave()
                assert where(view, widget.Center) == pytest.approx((x + 10, y - 5))
                assert is_handle(await seen(view), (x + 10, y - 5))


@in_loop
async def test_a_drag_while_a_filter_runs(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = from_above(session)
        cut = await slice_of(session, view)
        widget = await view.widgets.add(cut)
        async with seeing(view):
            await view.ready()
            slow = slow_filter(session)
            pointer = WidgetPointer(view)
            assert pointer.press(At(150, 100))
            for x in (155, 160, 165, 170):
                number = sequence_of(view)
                pointer.move(At(x, 100))
                await poll_async(lambda: sequence_of(view) > number, what="a picture of the move")  # noqa: B023

            def handle_is_seen() -> bool:
                return view.last_image is not None and is_handle(view.last_image.pixels, (170, 100), ORANGE)

            await poll_async(handle_is_seen, what="the handle where it was dragged to")
            assert not slow.done(), "all of that while it runs"
            assert pointer.release(At(170, 100)) and cut.SliceType.Origin == widget.Origin == [4, 0, 0]
            slow.cancel()


@in_loop
async def test_two_views_show_the_same_plane() -> None:
    async with connect() as session:
        one, other = from_above(session), from_above(session, CameraPosition=[0, 60, 0], CameraViewUp=[0, 0, 1])
        cut = await slice_of(session, one)
        await one.widgets.add(cut)
        beside = await other.widgets.add(cut)
        async with seeing(one), seeing(other):
            assert drag(WidgetPointer(one), (150, 100), (165, 100))
            assert beside.Origin == [3, 0, 0] and is_handle(await seen(other), where(other, [3, 0, 0]))
            x, y = where(other, [3, 0, 0])
            assert drag(WidgetPointer(other), (x, y), (x, y - 10))
            assert cut.SliceType.Origin == [3, 0, 2] == one.widgets[0].Origin
        one.delete()
        cut.SliceType.Origin = [0, 0, 0]
        assert beside.Origin == [0, 0, 0]
        session.undo.undo()
        session.undo.undo()
        assert one.widgets[0].Origin == [3, 0, 2]


@in_loop
async def test_a_widget_goes_with_its_proxy_and_comes_again() -> None:
    async with connect() as session:
        view = from_above(session)
        cut = await slice_of(session, view)
        widget = await view.widgets.add(cut)
        session.delete(cut)
        assert len(view.widgets) == 0 and not is_handle(await seen(view), (150, 100))
        session.undo.undo()
        assert list(view.widgets) == [widget] and widget.proxy is cut
        assert is_handle(await seen(view), (150, 100))
        cut.SliceType.Origin = [2, 0, 0]
        assert widget.Origin == [2, 0, 0]
        async with seeing(view):
            pointer = WidgetPointer(view)
            assert pointer.press(At(160, 100))
            session.delete(cut)
            pointer.move(At(170, 100))
            assert not pointer.release(At(170, 100)), "what is gone is not held"


@in_loop
async def test_a_deleted_view_follows_no_proxies_and_does_when_it_comes_back(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = from_above(session)
        cut = await slice_of(session, view)
        widget = await view.widgets.add(cut)
        told: list[str] = []
        end = widget.watch(lambda name, value: told.append(name))
        await view.screenshot()
        assert view.last_image is not None
        view.delete()
        assert view.last_image is None
        cut.SliceType.Origin = [1, 0, 0]
        assert told == [] and widget.Origin == [0, 0, 0]
        session.undo.undo()
        session.undo.undo()
        assert session.all_views() == [view] and widget.Origin == [0, 0, 0]
        cut.SliceType.Origin = [2, 0, 0]
        assert widget.Origin == [2, 0, 0] and told == ["Origin"]
        pixels = (await view.screenshot(format="rgb", widgets=True)).pixels
        assert is_handle(pixels, where(view, [2, 0, 0]))
        session.undo.undo()
        view.delete()
        cut.SliceType.Origin = [3, 0, 0]
        view.recreate()
        assert widget.Origin == [3, 0, 0]
        end()


async def _seen_with_a_widget_and_deleted(session: Session, cut: Any) -> weakref.ref[Any]:
    view = from_above(session)
    session.show(cut, view)
    await view.widgets.add(cut)
    await view.screenshot()
    view.delete()
    return weakref.ref(view)


@in_loop
async def test_nothing_keeps_a_deleted_view_whose_widgets_followed_proxies() -> None:
    async with connect() as session:
        cut = await slice_of(session, from_above(session))
        made = await _seen_with_a_widget_and_deleted(session, cut)
        session.undo.clear()
        gc.collect()
        assert made() is None


@in_loop
async def test_widgets_are_in_states(tmp_path: Path) -> None:
    async with connect() as session:
        view = from_above(session)
        cut = await slice_of(session, view)
        await view.widgets.add(cut, Color=[0, 0, 1])
        await view.widgets.add("Ruler", Point1=[-5, 0, 0], Point2=[5, 0, 0], Visibility=False)
        cut.SliceType.Origin = [4, 1, 0]
        async with seeing(view):
            WidgetPointer(view).move(At(170, 95, button=""))
        before = await seen(view)
        await session.save_state(tmp_path / "widgets.json")
        await session.save_script(tmp_path / "widgets.py")
        assert '"Active"' not in (tmp_path / "widgets.json").read_text()
        session.create("Wavelet")  # other numbers
        (made,) = [one for one in await session.load_state(tmp_path / "widgets.json") if one.type_name == "Slice"]
        loaded = session.all_views()[-1]
        assert isinstance(loaded, RenderViewProxy)
        plane, ruler = loaded.widgets
        assert plane.proxy is made and (plane.Origin, plane.Color) == ([4, 1, 0], [0, 0, 1])
        assert ruler.proxy is None and not ruler.Visibility and ruler.Point1 == [-5, 0, 0]
        made.SliceType.Origin = [0, 0, 0]
        assert plane.Origin == [0, 0, 0] and view.widgets[0].Origin == [4, 1, 0]
        session.undo.undo()
        view.widgets[0].show_at({"Active": ""})
        assert np.array_equal(await seen(loaded), await seen(view)) and before.shape == (HEIGHT, WIDTH, 3)
        script = (tmp_path / "widgets.py").read_text()
        assert "widgets.add(slice1_" in script and "'SliceType', Color=[0, 0, 1])" in script
        checks = ["plane, ruler = session.all_views()[0].widgets"]
        checks += ["print(plane.proxy.type_name, plane.Origin, plane.Color)"]
        checks += ["print(ruler.proxy, ruler.Visibility, ruler.Point1)"]
        (tmp_path / "longer.py").write_text(script + "".join(f"{line}\n" for line in checks))
        ended = await asyncio.to_thread(apvpython, str(tmp_path / "longer.py"))
        assert (ended.code, ended.errors) == (0, "")
        assert ended.output.splitlines() == ["Slice [4, 1, 0] [0, 0, 1]", "None False [-5, 0, 0]"]
        damaged = (tmp_path / "widgets.json").read_text().replace(f'"Proxy": {cut.id}', '"Proxy": 77777')
        (tmp_path / "damaged.json").write_text(damaged)
        with pytest.raises(ValueError, match=r"Widgets\[0\]\.Proxy: no proxy that comes before it has the id 77777"):
            await session.load_state(tmp_path / "damaged.json")


@in_loop
async def test_the_points_of_a_spline_are_made_by_a_click() -> None:
    async with connect() as session:
        view = from_above(session)
        spline = session.sources.SplineSource()
        await spline.definition()
        spline.ParametricFunction.Points = [-10, 0, 0, 10, 0, 0]
        widget = await view.widgets.add(spline)
        async with seeing(view):
            pointer, held = WidgetPointer(view), frozenset({"ctrl"})
            assert (
                pointer.press(At(150, 100, modifiers=held))
                and pointer.move(At(150, 80))
                and pointer.release(At(150, 80))
            )
            assert widget.Points == pytest.approx([-10, 0, 0, 0, 4, 0, 10, 0, 0])
            assert spline.ParametricFunction.Points == widget.Points
            session.undo.undo()
            assert widget.Points == [-10, 0, 0, 10, 0, 0]
            session.undo.redo()
            assert pointer.press(At(150, 80, modifiers=held)) and pointer.release(At(150, 80, modifiers=held))
            assert widget.Points == [-10, 0, 0, 10, 0, 0]


@in_loop
async def test_the_pointer_of_a_view_drags_its_widgets_and_moves_the_camera_beside_them() -> None:
    async with connect() as session:
        view = from_above(session)
        cut = await slice_of(session, view)
        widget = await view.widgets.add(cut)
        widget.Normal = [0, 0, 1]
        async with seeing(view):
            person = ViewInteraction(view)
            person.resize(WIDTH / 2, HEIGHT / 2, 2.0)

            def does(kind: str, x: float = 0.0, y: float = 0.0, button: str = "left", **more: Any) -> bool:
                return person.handle(InputEvent(kind, x / 2, y / 2, button=button, **more))

            assert does("move", 250, 100, button="") is False and person.hovered is None
            assert does("move", 150, 100, button="") and widget.value_set("Active") == "Origin"
            assert does("press", 150, 100) and does("move", 165, 95) and does("key", key="y", button="")
            assert does("move", 170, 90) and widget.Origin == pytest.approx([0, 2, 0])
            assert does("key", key="y", button="") and does("move", 170, 90) and does("release", 170, 90)
            assert widget.Origin == pytest.approx([4, 2, 0]) and session.undo.labels[-1] == "drag Plane of Slice"
            camera = await view.camera()
            assert camera["CameraPosition"] == [0, 0, 60]
            assert does("press", 20, 20) and does("move", 40, 20) and does("release", 60, 20)
            assert (await view.camera())["CameraPosition"][0] < -1 and widget.Origin == pytest.approx([4, 2, 0])
            person.close()


@in_loop
async def test_a_picture_in_another_size_is_dragged_upon_all_the_same() -> None:
    async with connect() as session:
        view = from_above(session)
        point = await view.widgets.add("Point")
        async with seeing(view):
            at = At(300, 50, width=600, height=100)
            pointer = WidgetPointer(view)
            assert (
                pointer.press(at)
                and pointer.move(replace(at, x=320, y=40))
                and pointer.release(replace(at, x=320, y=40))
            )
            assert point.Center == pytest.approx([2, 4, 0])


def test_paraviews_functions_show_and_hide_handles() -> None:
    simple.Connect()
    try:
        view = simple.CreateRenderView(ViewSize=[WIDTH, HEIGHT])
        clip = simple.Clip(Input=simple.Wavelet())
        simple.ShowInteractiveWidgets(proxy=clip.ClipType)
        (plane,) = view.widgets
        assert plane.Kind == "Plane" and plane.proxy == clip and plane.Visibility
        simple.HideInteractiveWidgets(proxy=clip.ClipType)
        assert not plane.Visibility
        simple.Show3DWidgets(clip)
        assert plane.Visibility and len(view.widgets) == 1
        plane.Origin = [1.0, 2.0, 3.0]
        assert clip.ClipType.Origin == [1.0, 2.0, 3.0]
        simple.SetActiveSource(simple.Wavelet())
        simple.ShowInteractiveWidgets()
        simple.Hide3DWidgets(clip)
        assert not plane.Visibility and len(view.widgets) == 1
    finally:
        simple.Disconnect()
