"""Views and representations: their properties go to the render service, what they show to the data service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from async_paraview.operations import Operation, render
from async_paraview.values import plain_value
from services_core import PacketError

from .owner import ViewOwner
from .picking import Picked, Selected, pick, select
from .view_properties import VIEW, as_text
from .view_proxy import AnyViewProxy


class RenderViewProxy(AnyViewProxy):
    """A render view on the server. Every method that is no coroutine is fire and forget."""

    kind = "RenderView"

    def __init__(self, scene: ViewOwner, id_: int, properties: dict[str, Any]) -> None:
        self._texts: list[ViewText] = []
        self._reset: tuple[str | None] | None = None
        super().__init__(scene, id_, properties)

    def update(self, **properties: Any) -> None:
        """Set properties: ViewSize, Background, CameraPosition, CameraFocalPoint, CameraViewUp, ...

        `Texts`, a list of maps such as {"Text": "hello", "FontSize": 24}, replaces all `texts`.
        """
        super().update(**properties)

    def _plain(self, properties: dict[str, Any]) -> dict[str, Any]:
        plain = super()._plain({name: value for name, value in properties.items() if name != "Texts"})
        if "Texts" in properties:
            plain["Texts"] = [ViewText(self, dict(one)).properties for one in properties["Texts"]]
        return plain

    @property
    def texts(self) -> tuple[ViewText, ...]:
        """The texts in front of the scene, in the order in which they were added. Local."""
        return tuple(self._texts)

    def _take(self, plain: dict[str, Any]) -> None:
        super()._take(plain)
        if "Texts" in plain and plain["Texts"] != [text.properties for text in self._texts]:
            self._texts = [ViewText(self, one) for one in plain["Texts"]]
        if "CameraPosition" in plain:
            self._reset = None

    def replay(self) -> None:
        """Tell the server all of it. Called by Session.restart; the camera is where it was last put or fitted."""
        super().replay()
        if self._reset is not None:
            self.reset_camera(*self._reset)

    def reset_camera(self, direction: str | None = None) -> None:
        """Fit the camera to what is visible. `direction` is where it looks: "+X", "-X", ...; "-Z" looks down."""
        self._send(render.ResetCamera(view=self.id, direction=direction))
        self._reset = (direction,)

    def add_text(self, text: str, **properties: Any) -> ViewText:
        """A text in front of the scene: WindowLocation ("Lower Left Corner", ...), FontSize, Color, Bold."""
        made = ViewText(self, {"Text": text, **properties})
        self.set_texts([*self._texts, made])
        return made

    def set_texts(self, texts: Sequence[ViewText]) -> None:
        """Show these, of this view, and no others. Called by them."""
        self._scene.own(self)
        self._take({"Texts": [dict(text.properties) for text in texts]})
        self._texts = list(texts)
        self._scene.outbox.flush()

    def help(self) -> str:
        """Its properties, a line each; local."""
        return as_text(VIEW)

    async def capabilities(self) -> dict[str, Any]:
        """What rendering can do on that server: "renderer", "opengl", "ray_tracing", "video", and why not."""
        reply = await self._scene.render.send_request(render.Capabilities().packet())
        return dict(reply.header)

    # --- moving the camera; angles are degrees, distances fractions of the picture's height

    def start_interaction(self) -> None:
        """A person begins to move something: images are not refined before `end_interaction`."""
        self._interact("start")

    def end_interaction(self) -> None:
        """The person has let go: the view refines at once."""
        self._interact("end")

    def rotate(self, dx: float, dy: float) -> None:
        """Turn the scene as a ball that is dragged to the right and down; its whole height turns it by 180 degrees."""
        self._interact("rotate", dx=dx, dy=dy)

    def orbit(self, azimuth: float, elevation: float = 0.0) -> None:
        """Move the camera around the focal point: to the right, and over the top."""
        self._interact("orbit", azimuth=azimuth, elevation=elevation)

    def pan(self, dx: float, dy: float) -> None:
        """Move the scene to the right and down."""
        self._interact("pan", dx=dx, dy=dy)

    def zoom(self, factor: float) -> None:
        """Make what is at the focal point look so many times as large."""
        self._interact("zoom", factor=factor)

    def roll(self, degrees: float) -> None:
        """Turn the picture clockwise."""
        self._interact("roll", degrees=degrees)

    def _interact(self, kind: str, **numbers: float) -> None:
        self._send(render.Interact(view=self.id, kind=kind, **numbers))

    def _send(self, operation: Operation) -> None:
        """After what could not be told before."""
        self._scene.outbox.flush()
        self._scene.render.send_message(operation.packet())

    async def pick(self, x: int, y: int) -> Picked | None:
        """What the pixel (from the top left, as in images) shows of the data; None for the background, and volumes.

        Raises RemoteError outside of the picture.
        """
        return await pick(self._scene, self.id, self.shown, x, y)

    async def select_points(self, x0: int, y0: int, x1: int, y1: int) -> list[Selected]:
        """The points that are seen in a rectangle of pixels, by output; `extracted` of each is a source of just those.

        What is hidden behind something else is not selected. An empty list if nothing is seen.
        """
        return await select(self._scene, self.id, self.shown, [x0, y0, x1, y1], "POINTS")

    async def select_cells(self, x0: int, y0: int, x1: int, y1: int) -> list[Selected]:
        """The cells that are seen in a rectangle of pixels; as `select_points`."""
        return await select(self._scene, self.id, self.shown, [x0, y0, x1, y1], "CELLS")


class ViewText:
    """A text in a view. Every method is fire and forget."""

    def __init__(self, view: RenderViewProxy, properties: dict[str, Any]) -> None:
        self.view = view
        self.properties = {name: plain_value(name, value) for name, value in properties.items()}

    def update(self, **properties: Any) -> None:
        """Set Text, WindowLocation, FontSize, Color, Bold. Raises as `update` of the view, ValueError if deleted."""
        self._check()
        before, self.properties = self.properties, {**self.properties, **ViewText(self.view, properties).properties}
        try:
            self.view.set_texts(self.view.texts)
        except PacketError:
            self.properties = before
            raise

    def delete(self) -> None:
        """Show it no more."""
        self._check()
        self.view.set_texts([text for text in self.view.texts if text is not self])

    def _check(self) -> None:
        if self not in self.view.texts:
            raise ValueError(f"{self!r} was deleted, or its view has other texts by now: see view.texts")

    def __repr__(self) -> str:
        return f"<ViewText {self.properties}>"
