"""What a person does in a view is what the camera does, what is picked, and what is selected."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import pytest

from servermanager import RenderViewProxy, Session, SourceProxy, connect
from servermanager.ui.interaction import ViewInteraction
from servermanager.ui.pointing.drags import PointerAt
from servermanager.ui.pointing.events import InputEvent
from servermanager.ui.pointing.happenings import Band, Failed, Happening, ModeChanged, Picked, Selected

from ..harness.apvtest import BACKENDS, in_loop, poll_async

SIZE = 100
"""CSS pixels of a side; the view shows 10 units of the plane z = 0 around its middle, with two device pixels to one."""


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Person:
    """Does things in a view, and sees what comes of it."""

    def __init__(self, view: RenderViewProxy, **options: Any) -> None:
        self.interaction = ViewInteraction(view, **options)
        self.interaction.resize(SIZE, SIZE, 2.0)
        self.seen: list[Happening] = []
        self.interaction.watch(self.seen.append)

    def does(self, kind: str, x: float = 0.0, y: float = 0.0, *held: str, button: str = "left", **more: Any) -> bool:
        return self.interaction.handle(InputEvent(kind, x, y, button, frozenset(held), **more))

    def drags(self, begin: tuple[float, float], end: tuple[float, float], *held: str, **more: Any) -> None:
        self.does("press", *begin, *held, **more)
        for part in (0.5, 1.0):
            x, y = (a + part * (b - a) for a, b in zip(begin, end, strict=True))
            self.does("move", x, y, *held, **more)
        self.does("release", *end, *held, **more)

    async def sees(self, kind: type[Happening]) -> Any:
        return await poll_async(lambda: next((one for one in self.seen if isinstance(one, kind)), None), what=str(kind))


def from_above(session: Session) -> RenderViewProxy:
    """Looks down on x to the right, y up; a CSS pixel is a tenth of a unit."""
    return session.views.RenderView(
        ViewSize=[2 * SIZE, 2 * SIZE],
        CameraPosition=[0, 0, 20],
        CameraFocalPoint=[0, 0, 0],
        CameraParallelProjection=True,
        CameraParallelScale=5,
    )


def raised_plane(session: Session) -> SourceProxy:
    """Four by four cells from -2 to 2, with a number that grows with x."""
    plane = session.create(
        "vtkPlaneSource", Origin=(-2, -2, 0), Point1=(2, -2, 0), Point2=(-2, 2, 0), XResolution=4, YResolution=4
    )
    return session.create("vtkElevationFilter", Input=plane, LowPoint=(-2, 0, 0), HighPoint=(2, 0, 0))


def at(x: float, y: float) -> tuple[float, float]:
    return (x + 5) * 10, (5 - y) * 10


@in_loop
async def test_drags_move_the_camera_as_the_methods_do(backend: str) -> None:
    async with connect(backend=backend) as session:
        view, other = from_above(session), from_above(session)
        person = Person(view)
        person.drags((50, 50), (70, 40))
        for _ in range(2):
            other.rotate(0.1, -0.05)
        person.drags((10, 10), (20, 15), "shift")
        other.pan(0.1, 0.05)
        person.drags((10, 50), (90, 40), button="right")
        other.zoom(1.1**2)
        person.drags((75, 50), (50, 75), "ctrl", "shift")
        other.roll(90)
        person.drags((75, 50), (75, 30), "ctrl", button="right")
        other.zoom_at(1.1**4, 0.25, 0.0)
        person.does("wheel", 25, 75, notches=-1.5, button="")
        other.zoom_at(1.21**-1.5, -0.25, 0.25)
        mine, theirs = await view.camera(), await other.camera()
        for name, value in theirs.items():
            np.testing.assert_allclose(mine[name], value, atol=1e-9, err_msg=name)
        assert not person.seen


@in_loop
async def test_what_is_under_the_pointer_stays_there_when_a_wheel_zooms(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = from_above(session)
        session.show(raised_plane(session), view)
        person = Person(view, picks=True)
        person.does("press", *at(1.5, -0.6))
        person.does("release", *at(1.5, -0.6))
        before = (await person.sees(Picked)).result.position
        person.seen.clear()
        person.does("wheel", *at(1.5, -0.6), notches=3, button="")
        person.interaction.pick(*at(1.5, -0.6))
        after = (await person.sees(Picked)).result.position
        np.testing.assert_allclose(before, after, atol=0.06)
        assert (await view.camera())["CameraParallelScale"] == pytest.approx(5 / 1.21**3)


@in_loop
async def test_a_click_picks_and_a_drag_does_not(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = from_above(session)
        source = raised_plane(session)
        session.show(source, view)
        person = Person(view)
        person.does("press", *at(0.6, -1.4))
        person.does("move", *at(0.7, -1.4))
        person.does("release", *at(0.7, -1.4))
        picked = await person.sees(Picked)
        assert picked.result.source.proxy is source and (picked.result.cell, picked.result.point) == (2, 8)
        assert picked.result.point_values["Elevation"] == pytest.approx(0.75)
        assert (await view.camera())["CameraPosition"] == [0, 0, 20]
        person.seen.clear()
        person.drags((50, 50), (60, 50))
        person.does("press", 50, 50, button="right")
        person.does("release", 50, 50, button="right")
        person.does("press", 2, 2)
        person.does("release", 2, 2)
        assert (await person.sees(Picked)).result is None  # the background, and nothing before
        assert len(person.seen) == 1


@in_loop
async def test_a_rectangle_selects_and_modifiers_change_what_there_is(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = from_above(session)
        source = raised_plane(session)
        session.show(source, view)
        await view.ready()
        person = Person(view)

        async def select(*held: str, x: float) -> set[float]:
            person.seen.clear()
            person.interaction.mode = "select cells"
            person.drags(at(x, -1.9), at(x + 0.5, 1.9), *held)
            selected = await person.sees(Selected)
            assert selected.kind == "CELLS" and person.interaction.mode == "camera"
            bands = [one.rectangle for one in person.seen if isinstance(one, Band)]
            assert (
                len(bands) == 3 and bands[-1] is None and bands[1] == pytest.approx((*at(x, 1.9), *at(x + 0.5, -1.9)))
            )
            found = await session.selections.extract(source).fetch()
            return {round(float(one), 2) for one in np.asarray(found.points)[:, 0]}

        assert await select(x=-1.75) == {-2.0, -1.0}
        assert await select("ctrl", x=1.25) == {-2.0, -1.0, 1.0, 2.0}
        assert await select("shift", x=-1.75) == {1.0, 2.0}
        assert await select(x=0.25) == {0.0, 1.0}
        assert (await view.camera())["CameraPosition"] == [0, 0, 20]
        person.seen.clear()
        person.interaction.mode = "select points"
        person.drags(at(-4.5, -4.5), at(-4.0, -4.0))
        assert (await person.sees(Selected)).outputs == () and not session.selections.all()


@in_loop
async def test_a_box_fills_the_view(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = from_above(session)
        person = Person(view)
        person.interaction.mode = "zoom to box"
        person.drags(at(1, 3), at(3, 1))
        camera = await view.camera()
        np.testing.assert_allclose(camera["CameraFocalPoint"], (2, 2, 0), atol=1e-9)
        assert camera["CameraParallelScale"] == pytest.approx(1.0)
        with pytest.raises(ValueError, match="no mode 'zoom'"):
            person.interaction.mode = "zoom"


@in_loop
async def test_escape_gives_up_a_rectangle(backend: str) -> None:
    async with connect(backend=backend) as session:
        person = Person(from_above(session))
        person.interaction.mode = "select cells"
        person.does("press", 10, 10)
        person.does("move", 60, 60)
        assert person.does("key", key="Escape", button="")
        assert person.seen == [
            ModeChanged("select cells"), Band((10, 10, 60, 60)), Band(None), ModeChanged("camera"),
        ]  # fmt: skip
        assert not person.does("release", 70, 70)


@in_loop
async def test_two_fingers_pull_and_spread(backend: str) -> None:
    async with connect(backend=backend) as session:
        view, other = from_above(session), from_above(session)
        person = Person(view)
        person.does("press", 40, 50, pointer=1, touch=True)
        person.does("press", 60, 50, pointer=2, touch=True)
        person.does("move", 30, 50, pointer=1, touch=True)
        person.does("move", 70, 50, pointer=2, touch=True)
        person.does("release", 30, 50, pointer=1, touch=True)
        person.does("move", 90, 90, pointer=2, touch=True)
        person.does("release", 90, 90, pointer=2, touch=True)
        other.zoom(2.0)
        mine, theirs = await view.camera(), await other.camera()
        for name, value in theirs.items():
            np.testing.assert_allclose(mine[name], value, atol=1e-9, err_msg=name)
        person.does("press", 40, 50, pointer=3, touch=True)
        person.does("move", 50, 50, pointer=3, touch=True)
        person.does("release", 50, 50, pointer=3, touch=True)
        other.rotate(0.1, 0.0)
        np.testing.assert_allclose(
            (await view.camera())["CameraPosition"], (await other.camera())["CameraPosition"], atol=1e-9
        )
        assert not person.seen


@in_loop
async def test_keys(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = from_above(session)
        shown = session.show(session.sources.ConeSource(), view)
        hidden = session.show(session.sources.SphereSource(), view, Visibility=False)
        await view.ready()
        person = Person(view)
        assert person.does("key", key="w", button="")
        assert shown.Representation == "Wireframe" and "Representation" not in hidden.set_values()
        assert session.undo.undo() == "show as Wireframe" and "Representation" not in shown.set_values()
        assert person.does("key", key="x", button="")
        camera = await view.camera()
        forward = np.subtract(camera["CameraFocalPoint"], camera["CameraPosition"])
        np.testing.assert_allclose(forward / np.linalg.norm(forward), (1, 0, 0), atol=1e-9)
        other = from_above(session)
        person = Person(other)
        assert person.does("key", 0, 0, key="ArrowRight", button="")
        np.testing.assert_allclose(
            (await other.camera())["CameraPosition"],
            (-20 * np.sin(np.radians(5)), 0, 20 * np.cos(np.radians(5))),
            atol=1e-9,
        )
        assert not person.does("key", 0, 0, "ctrl", key="r", button="") and not person.does("key", key="F1", button="")


class Handle:
    """Something in a view that is dragged."""

    def __init__(self) -> None:
        self.told: list[tuple[str, float, float]] = []

    def press(self, pointer: PointerAt) -> bool:
        return self._takes("press", pointer)

    def move(self, pointer: PointerAt) -> bool:
        return self._takes("move", pointer)

    def release(self, pointer: PointerAt) -> bool:
        return self._takes("release", pointer)

    def key(self, name: str) -> bool:
        return name == "k"

    def _takes(self, kind: str, pointer: PointerAt) -> bool:
        self.told.append((kind, pointer.x, pointer.y))
        assert (pointer.width, pointer.height) == (2 * SIZE, 2 * SIZE)
        return pointer.x < SIZE


@in_loop
async def test_what_stands_in_the_view_has_the_pointer_from_press_to_release(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = from_above(session)
        person, handle = Person(view), Handle()
        person.interaction.in_view.append(handle)
        assert person.does("move", 10, 20, button="") and person.interaction.hovered is handle
        person.drags((20, 30), (90, 40))
        assert handle.told == [
            ("move", 20, 40), ("press", 40, 60), ("move", 110, 70), ("move", 180, 80), ("release", 180, 80),
        ]  # fmt: skip
        assert (await view.camera())["CameraPosition"] == [0, 0, 20]
        person.does("press", 20, 20)
        person.does("cancel")
        assert handle.told[-1] == ("release", 40, 40)
        person.drags((90, 50), (70, 50))
        assert (await view.camera())["CameraPosition"][0] > 1.0 and not person.seen


@in_loop
async def test_what_goes_wrong_is_told(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = from_above(session)
        person = Person(view)
        view.delete()
        person.drags((50, 50), (70, 40))
        failed = await person.sees(Failed)
        assert failed.doing == "moving the camera" and "deleted" in str(failed.error)
        assert len(person.seen) == 1
        person.interaction.pick(5, 5)
        assert (await poll_async(lambda: person.seen[1:])) and person.seen[1].doing == "picking"  # type: ignore[union-attr]


@in_loop
async def test_closing_gives_up_what_is_under_way() -> None:
    async with connect(backend="inproc") as session:
        view = from_above(session)
        person = Person(view)
        person.interaction.pick(5, 5)
        person.interaction.close()
        await asyncio.sleep(0)
        await view.screenshot()
        assert not person.seen
