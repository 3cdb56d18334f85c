"""Views and representations: their properties go to the render service, what they show to the data service."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar, Final, TypeVar

from async_paraview.operations import Operation, render
from async_paraview.scene.catalog import LISTS
from async_paraview.scene.props.light import light_meant
from async_paraview.scene.types import SceneType
from async_paraview.scene.views import CAMERA_PROPERTIES, MOVEMENTS, PLACING_THE_CAMERA, RENDER_VIEW
from async_paraview.values import copied
from services_core import RemoteError

from .color_map import ColorMapProxy
from .images import Image
from .owner import ViewOwner
from .parts.composition import Composition
from .parts.light import LightProxy
from .parts.listed import ListedProxy
from .picking import PickResult, Selection, pick, select
from .scalar_bar import BARS, ScalarBarProxy, color_map_name, with_bar
from .text import TextProxy
from .view_proxy import Recreatable, ViewProxy
from .widgets.widget import WidgetProxy
from .widgets.widgets import Widgets

L = TypeVar("L", bound=ListedProxy)

LISTED: Final[Mapping[str, type[ListedProxy]]] = {one.place: one for one in (TextProxy, LightProxy, WidgetProxy)}
"""What is in the properties that are lists."""
PLACED: Final = "placed"
WAITING: Final = "waiting"
"""What servers call a camera that stays, and one that waits for something to be fitted to."""

MOST_MOVEMENTS: Final = 1000
"""So many movements are remembered until a picture tells where the camera is."""


class RenderViewProxy(ViewProxy):
    """A render view on the server. Every method that is no coroutine is fire and forget.

    Its properties (`help()`) are attributes: `view.Background = [1, 1, 1]`. Those of the camera, when they are read,
    are of the camera that was last set here, or seen in an image or by `await camera()`; movements change it.
    """

    __slots__ = (
        "_bars",
        "_camera",
        "_camera_is",
        "_camera_set",
        "_direction",
        "_listed",
        "_movements",
        "_reset",
        "_widgets",
    )

    scene_type: ClassVar[SceneType] = RENDER_VIEW

    def __init__(self, scene: ViewOwner, id_: int, properties: dict[str, Any] | None) -> None:
        self._listed: dict[str, list[ListedProxy]] = {name: [] for name in LISTS}
        self._bars: dict[str, ScalarBarProxy] = {}
        self._widgets = Widgets(self)
        self._reset = False
        self._direction: str | None = None
        self._camera: dict[str, Any] = {}
        self._camera_is = WAITING
        self._camera_set = 0
        self._movements: deque[render.Interact] = deque(maxlen=MOST_MOVEMENTS)
        super().__init__(scene, id_, properties)

    # --- texts, lights and widgets

    @property
    def texts(self) -> tuple[TextProxy, ...]:
        """Return the texts in front of the scene, in the order in which they were added. Local."""
        return self.listed(TextProxy.place)

    def add_text(self, text: str, **properties: Any) -> TextProxy:
        """Show a text in front of the scene: WindowLocation ("Lower Left Corner", ...), FontSize, Color, Bold.

        Raises as `update` does; then there is no text.
        """
        return self.add_listed(TextProxy, {"Text": text, **properties})

    @property
    def lights(self) -> tuple[LightProxy, ...]:
        """Return the lights beside the usual ones, in the order in which they were added. Local."""
        return self.listed(LightProxy.place)

    def add_light(self, **properties: Any) -> LightProxy:
        """Add a light: Coords ("Scene", "Camera", "Headlight"), Position, FocalPoint, DiffuseColor, ...

        Raises as `update` does; then there is no light.
        """
        return self.add_listed(LightProxy, properties)

    @property
    def widgets(self) -> Widgets:
        """Return the widgets: planes, lines, boxes, ... with handles; `await view.widgets.add(clip)` shows one."""
        return self._widgets

    def add_listed(self, kind: type[L], properties: Mapping[str, Any]) -> L:
        """Make a text, light or widget, as one step of undo, and tell the server. Raises as `update` does."""
        self._own()
        made = kind(self._scene, self, properties, lenient=True)
        self.set_listed(kind.place, [*self._listed[kind.place], made], f"create {made.type_name}")
        self._scene.outbox.flush()
        return made

    def listed(self, place: str) -> tuple[Any, ...]:
        """Return the texts ("Texts"), or the lights ("AdditionalLights"). Called by them."""
        return tuple(self._listed[place])

    def set_listed(self, place: str, listed: Sequence[ListedProxy], label: str) -> None:
        """Have these, of this view, and no others, as one step of undo; the next call tells the server."""
        self._own()
        self._change({place: list(listed)}, label)

    def tell_listed(self, place: str) -> None:
        """Have the server told of all texts, or lights, by the next call. Called by them."""
        self._take({place: list(self._listed[place])})

    # --- legends

    def scalar_bar(self, color_map: ColorMapProxy | str) -> ScalarBarProxy:
        """Return the legend of a color map, or of the map of that name, in this view. Local.

        Raises TypeError, and ValueError for one of another session.
        """
        name = color_map_name(color_map, self.session)
        if name not in self._bars:
            self._parts[BARS, name] = self._bars[name] = ScalarBarProxy(self, name)
        return self._bars[name]

    def part_values(self, place: Any) -> dict[str, Any]:
        """Return what was set of a part, or of a legend. Called by it."""
        if isinstance(place, tuple):
            return dict(self._set.get(place[0], {}).get(place[1], {}))
        return super().part_values(place)

    def tell_part(self, place: Any, values: Mapping[str, Any], wrong: Mapping[str, Any]) -> None:
        """Have the server told of a part, or of a legend, by the next call. Called by it."""
        if not isinstance(place, tuple):
            super().tell_part(place, values, wrong)
            return
        property_, name = place
        right, told = with_bar(self._set.get(property_, {}), name, values, wrong)
        self._take_as({property_: right}, {property_: told})

    # --- properties

    def value_set(self, name: str) -> Any:
        """Return what was set here for one property, texts and lights as proxies; of the camera what was seen last."""
        if name in LISTS and name in self._set:
            return list(self._listed[name])
        known = name in self._camera and (name in self._set or self._camera_is != WAITING)
        return copied(self._camera[name]) if known else super().value_set(name)

    async def camera(self) -> dict[str, Any]:
        """Return the camera as the next picture will show it: its properties by name, as `update` takes them.

        Where it was never placed, that is as it will be fitted to what is shown, which is waited for. Raises
        RemoteError where nothing can be rendered.
        """
        with suppress(RemoteError):  # what cannot be shown is not fitted to
            await self._flush()
        properties = await self.properties()
        return {name: properties[name] for name in CAMERA_PROPERTIES}

    async def properties(self) -> dict[str, Any]:
        """Return the view's properties as they are on the server, with the camera that a picture would show now."""
        since = self._camera_set
        answer = await self._on_the_server()
        properties: dict[str, Any] = answer["properties"]
        if since == self._camera_set:
            self._camera = {name: properties[name] for name in CAMERA_PROPERTIES}
            self._now_is(answer["camera"])
        return properties

    def _read(self, name: str) -> Any:
        if name in LISTS:
            return copied(self._set.get(name, []))
        return copied(self._camera[name]) if name in self._camera else super()._read(name)

    def _plain(self, name: str, value: Any) -> Any:
        if name not in LISTS:
            return super()._plain(name, value)
        kind = LISTED[name]
        if not isinstance(value, Sequence) or isinstance(value, str):
            known = ", ".join(kind.scene_type.by_name)
            raise TypeError(f"RenderView.{name} takes a list of {kind.scene_type.owner}s, maps with {known}")
        return [self._one_listed(kind, one) for one in value]

    def _one_listed(self, kind: type[ListedProxy], value: Any) -> ListedProxy:
        """Return a text or light that is meant by a value of a list."""
        if not isinstance(value, ListedProxy):
            return kind(self._scene, self, light_meant(value) if kind is LightProxy else dict(value))
        if not isinstance(value, kind) or value.session is not self.session:
            raise ValueError(f"{value!r} is no {kind.scene_type.owner} of this session")
        if value.view is not self and value.is_held():
            raise ValueError(f"{value!r} is of another view: {value.view!r}")
        return value

    def _take(self, plain: dict[str, Any]) -> None:
        lists: dict[str, list[ListedProxy]] = {name: plain[name] for name in LISTS if name in plain}
        number = self._take_lists(plain, lists) if lists else self._take_as(plain, plain)
        placed = {name: value for name, value in plain.items() if name in CAMERA_PROPERTIES}
        if placed:
            self._camera |= placed
            self._camera_set = number
        if "CameraPosition" in plain:
            self._reset = False
            self._movements.clear()
            self._scene.outbox.drop((self, "fit"))

    def _take_lists(self, plain: dict[str, Any], lists: Mapping[str, list[ListedProxy]]) -> int:
        """Take values among which there are lists; returns the number of this change."""
        told = {name: [one.told() for one in listed] for name, listed in lists.items()}
        kept = {name: [one.set_values() for one in listed] for name, listed in lists.items()}
        number = self._take_as({**plain, **kept}, {**plain, **told})
        for name, listed in lists.items():
            self._listed[name] = list(listed)
            for one in listed:
                one.view = self
            self._note_listed(name)
        return number

    def take_reset_told(self, direction: str | None) -> None:
        """Note that another client has had the camera fitted to what is visible."""
        self._reset, self._direction, self._camera_is = True, direction, WAITING
        self._movements.clear()

    def _take_in(self, new: dict[str, Any]) -> None:
        super()._take_in(new)
        for name in LISTS:
            if name in new:
                self._take_in_listed(name, new[name])
        placed = {name: value for name, value in new.items() if name in CAMERA_PROPERTIES}
        self._camera |= placed
        if not PLACING_THE_CAMERA.isdisjoint(placed):
            self._reset = False
            self._now_is(PLACED)
            self._scene.outbox.drop((self, "fit"))

    def left(self) -> None:
        """Give back what nobody needs of a view that was deleted, and follow no proxies. Called by the scene."""
        super().left()
        self._widgets.left()

    def recreate(self, shown: Sequence[Recreatable] = ()) -> None:
        """Open it again, as it was set, with what it showed; widgets are where their proxies are. Called by undo."""
        super().recreate(shown)
        self._widgets.came_back()

    def _note_listed(self, place: str) -> None:
        """Note that there are others in one of its lists."""
        if place == WidgetProxy.place:
            self._widgets.changed()

    def _lose(self, name: str) -> None:
        super()._lose(name)
        if name in LISTS:
            self._listed[name] = []
            self._note_listed(name)
        self._camera.pop(name, None)
        if name in PLACING_THE_CAMERA and PLACING_THE_CAMERA.isdisjoint(self._set):
            self._camera_is = WAITING

    def _take_in_listed(self, name: str, told: Sequence[Mapping[str, Any]]) -> None:
        """Have as many as were told, in that order; those that are there become as they were told."""
        listed = self._listed[name] = self._listed[name][: len(told)]
        for one, properties in zip(listed, told, strict=False):
            one.take_told(dict(properties), 0)
        listed += [LISTED[name].told_by_others(self, one) for one in told[len(listed) :]]
        self._note_listed(name)

    def _forget(self, name: str) -> None:
        super()._forget(name)
        if name in LISTS:
            self._listed[name] = []
            self._note_listed(name)
        if name not in CAMERA_PROPERTIES:
            return
        del self._camera[name]
        if PLACING_THE_CAMERA.isdisjoint(self._set):  # as it was before: fitted to what is visible
            self._reset, self._camera_is = True, WAITING
            self._movements.clear()
            self._scene.outbox.add((self, "fit"), self._fit)

    def said_of_camera(self) -> dict[str, Any] | None:
        """Return how the camera was fitted and moved here since it waits for something to be seen; None if not at all.

        `direction` as of `reset_camera`, and `movements`: the names of methods (`kind`), each with its numbers.
        """
        if self._camera_is == PLACED or not self._movements:
            return None
        moved = [
            {"kind": one.kind, **{name: getattr(one, name) for name in MOVEMENTS[one.kind]}} for one in self._movements
        ]
        return {"direction": self._direction if self._reset else None, "movements": moved}

    def say_of_camera(self, said: Mapping[str, Any]) -> None:
        """Have it fitted and moved as `said_of_camera` has told."""
        self.reset_camera(said["direction"])
        for one in said["movements"]:
            numbers = {name: value for name, value in one.items() if name != "kind"}
            self._interact(one["kind"], **numbers)

    def _now_is(self, camera: str) -> None:
        """Take what the server says that the camera is: where one stays, the movements that led there are done."""
        self._camera_is = camera
        if camera == PLACED:
            self._movements.clear()

    def _fit(self) -> None:
        """Have it fitted, and moved as it was since: all over again, if it has to be said once more."""
        self._scene.render.send_message(render.ResetCamera(view=self.id, direction=self._direction).packet())
        for one in self._movements:
            self._scene.render.send_message(replace(one, view=self.id).packet())

    def _saw(self, image: Image) -> None:
        super()._saw(image)
        if image.camera and image.update >= self._camera_set:
            self._camera = dict(zip(CAMERA_PROPERTIES, image.camera.values(), strict=True))
            self._now_is(PLACED if image.camera_placed else WAITING)

    def _lasting(self) -> dict[str, Any]:
        return {**self._set, **self._camera} if self._camera_is == PLACED else self._set

    def replay_later(self) -> None:
        """Have the server told all of it; the camera is where it was last put, or seen since, or fitted and moved."""
        super().replay_later()
        if self._camera_is != PLACED and (self._reset or self._movements):
            self._scene.outbox.add((self, "fit"), self._fit)

    def reset_camera(self, direction: str | None = None) -> None:
        """Fit the camera to what is visible. `direction` is where it looks: "+X", "-X", ...; "-Z" looks down."""
        self._send(render.ResetCamera(view=self.id, direction=direction))
        self._reset, self._direction, self._camera_is = True, direction, WAITING
        self._movements.clear()
        self._camera_set = self._take_as({}, {})  # images that do not tell this number are of before
        self._scene.outbox.flush()

    async def capabilities(self) -> dict[str, Any]:
        """Return what rendering can do on that server.

        "window", "renderer", "vendor" and "opengl" are OpenGL's words for itself; "ray_tracing" and "video" tell
        whether there are such things, "why_no_ray_tracing" and "why_no_video" why not. Raises RemoteError where nothing
        can be rendered.
        """
        reply = await self._scene.render.send_request(render.Capabilities().packet())
        return dict(reply.header)

    # --- moving the camera; angles are degrees, distances fractions of the picture's height

    def start_interaction(self) -> None:
        """Say that a person begins to move something: nothing is refined before `end_interaction`."""
        self._interact("start")

    def end_interaction(self) -> None:
        """Say that the person has let go: the view refines at once."""
        self._interact("end")

    def rotate(self, dx: float, dy: float) -> None:
        """Turn the scene as a ball that is dragged to the right and down.

        `dx` and `dy` are fractions of the picture's height; all of it turns the scene by 180 degrees.
        """
        self._interact("rotate", dx=dx, dy=dy)

    def orbit(self, azimuth: float, elevation: float = 0.0) -> None:
        """Move the camera around the focal point: to the right, and over the top, by so many degrees."""
        self._interact("orbit", azimuth=azimuth, elevation=elevation)

    def pan(self, dx: float, dy: float) -> None:
        """Move the scene to the right and down, by fractions of the picture's height."""
        self._interact("pan", dx=dx, dy=dy)

    def zoom(self, factor: float) -> None:
        """Make what is at the focal point look `factor` times as large."""
        self._interact("zoom", factor=factor)

    def zoom_at(self, factor: float, dx: float, dy: float) -> None:
        """Make things look `factor` times as large, while what is seen at a place stays there.

        `dx` and `dy` lead there from the middle of the picture, to the right and down, in fractions of its height.
        """
        self._interact("zoom_at", factor=factor, dx=dx, dy=dy)

    def roll(self, degrees: float) -> None:
        """Turn the picture clockwise, by so many degrees."""
        self._interact("roll", degrees=degrees)

    def _interact(self, kind: str, **numbers: float) -> None:
        step = render.Interact(view=self.id, kind=kind, **numbers)
        self._send(step)
        if numbers and self._camera_is != PLACED:
            self._movements.append(step)

    def _send(self, operation: Operation) -> None:
        """Send a message, after what could not be told before."""
        self._own()
        self._scene.outbox.flush()
        self._scene.render.send_message(operation.packet())

    async def composition(
        self, *, size: tuple[int, int] | None = None, magnification: int = 1, dpi: float | None = None
    ) -> Composition:
        """Tell where legends, texts and axes stand in a picture, as `screenshot` with the same options makes it.

        None of them covers another or is cut off, as long as sizes in points can shrink so far; what stands at a place
        that was set stays there. Raises RemoteError.
        """
        await self._flush()
        asked = render.Composition(
            view=self.id, size=size, magnification=magnification, dpi=None if dpi is None else float(dpi)
        )
        return Composition.from_reply((await self._scene.render.send_request(asked.packet())).header)

    async def pick(self, x: int, y: int) -> PickResult | None:
        """Return what a pixel shows of the data; None for the background, and volumes.

        `x` and `y` count from the top left, as in images. Raises RemoteError outside of the picture.
        """
        return await pick(self._scene, self.id, self.ready, x, y)

    async def select_points(self, x0: int, y0: int, x1: int, y1: int) -> list[Selection]:
        """Select the points that are seen in a rectangle of pixels, and return a Selection for each output.

        `extracted` of each is a source of just those. What is hidden behind something else is not selected. An empty
        list if nothing is seen.
        """
        return await select(self._scene, self.id, self.ready, [x0, y0, x1, y1], "POINTS")

    async def select_cells(self, x0: int, y0: int, x1: int, y1: int) -> list[Selection]:
        """Select the cells that are seen in a rectangle of pixels, as `select_points`."""
        return await select(self._scene, self.id, self.ready, [x0, y0, x1, y1], "CELLS")
