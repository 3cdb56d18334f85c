"""Views and representations: their properties go to the render service, what they show to the data service."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from services_core import RequestCancelled

from .animation import Camera, Frame, frames, save
from .images import Image, ImageStream, check_suffix
from .picking import Picked, Selected, pick, select
from .streams import TypedStream
from .values import plain_value
from .video import VideoStream
from .view_properties import VIEW, as_text

if TYPE_CHECKING:
    from .session import Session


_readers = itertools.count(1)
"""Numbers by which readers of videos say what they have seen."""


class RenderViewProxy:
    """A render view on the server. Every method that is no coroutine is fire and forget."""

    def __init__(self, session: Session, id_: int, properties: dict[str, Any]) -> None:
        self.id = id_
        self.session = session
        """The session that it belongs to."""
        self._properties: dict[str, Any] = {}
        self._texts: list[ViewText] = []
        self._reset: tuple[str | None] | None = None
        self.update(**properties)

    def update(self, **properties: Any) -> None:
        """Set properties: ViewSize, Background, CameraPosition, CameraFocalPoint, CameraViewUp, ..."""
        self._set({name: plain_value(name, value) for name, value in properties.items()})

    def _set(self, plain: dict[str, Any]) -> None:
        self._properties.update(plain)
        if "CameraPosition" in plain:
            self._reset = None
        self.session.render.send_message({"op": "update_view", "view": self.id, "properties": plain})

    def replay(self) -> None:
        """Tell the server all of it. Called by Session.restart; the camera is where it was last put or fitted."""
        self.session.render.send_message({"op": "update_view", "view": self.id, "properties": self._properties})
        if self._reset is not None:
            self.reset_camera(*self._reset)

    def reset_camera(self, direction: str | None = None) -> None:
        """Fit the camera to what is visible. `direction` is where it looks: "+X", "-X", ...; "-Z" looks down."""
        self._reset = (direction,)
        self.session.render.send_message({"op": "reset_camera", "view": self.id, "direction": direction})

    def add_text(self, text: str, **properties: Any) -> ViewText:
        """A text in front of the scene: WindowLocation ("Lower Left Corner", ...), FontSize, Color, Bold."""
        made = ViewText(self, {"Text": text, **properties})
        self._texts.append(made)
        self.send_texts()
        return made

    def send_texts(self) -> None:
        """Tell the server the texts. Called by them."""
        self._set({"Texts": [dict(text.properties) for text in self._texts]})

    def remove_text(self, text: ViewText) -> None:
        """Show it no more."""
        self._texts.remove(text)
        self.send_texts()

    def help(self) -> str:
        """Its properties, a line each; local."""
        return as_text(VIEW)

    async def capabilities(self) -> dict[str, Any]:
        """What rendering can do on that server: "renderer", "opengl", "ray_tracing", "video", and why not."""
        reply = await self.session.render.send_request({"op": "capabilities"})
        return {name: value for name, value in reply.header.items() if name != "op"}

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
        self.session.render.send_message({"op": "interact", "view": self.id, "kind": kind, **numbers})

    def delete(self) -> None:
        """Close the view on the server, with all that it shows."""
        self.session.forget_view(self)
        self.session.render.send_message({"op": "delete_view", "view": self.id})

    async def shown(self) -> None:
        """Wait until all that was asked to be shown has arrived in the view. Raises RemoteError if some failed.

        A change made meanwhile is waited for as well.
        """
        while True:
            self.session.update_vtk_objects()
            try:
                await self.session.data.send_request({"op": "flush", "view": self.id})
            except RequestCancelled:
                continue  # a newer change of ours interrupted it; what that one shows is what is wanted now
            return

    async def screenshot(
        self,
        *,
        format: str = "png",  # the field's word
        size: tuple[int, int] | None = None,
        transparent: bool = False,
        magnification: int = 1,
        samples: int = 1,
    ) -> Image:
        """An image of all that was asked to be shown, in full detail. Raises RemoteError.

        `format` is "png", "jpeg", "lz4" or "rgb" (see Image). `size` is (width, height) in pixels, the view's own by
        default; `magnification` multiplies it, and texts with it. `transparent` leaves the background out; `samples`
        drawings are averaged for smooth edges.
        """
        await self.shown()
        header = {"op": "screenshot", "view": self.id, "format": format, "size": size and list(size)}
        options = {"transparent": transparent, "magnification": magnification, "samples": samples}
        return Image.from_packet(await self.session.render.send_request({**header, **options}))

    async def save_screenshot(self, path: str | Path, **options: Any) -> Image:
        """Write a screenshot to a local file, .png, .jpg or another that Pillow writes; options as of `screenshot`.

        Raises ValueError for another suffix, OSError, RemoteError.
        """
        file = Path(path)
        check_suffix(file)
        image = await self.screenshot(**{"format": "png" if file.suffix.lower() == ".png" else "lz4"} | options)
        await asyncio.get_running_loop().run_in_executor(None, image.save, file)
        return image

    def frames(
        self,
        *,
        count: int | None = None,
        times: Sequence[float] | None = None,
        camera: Camera | None = None,
        change: Callable[[float], object] | None = None,
        **options: Any,
    ) -> AsyncIterator[Frame]:
        """Pictures of an animation, one after the other: `async for frame in view.frames(camera="orbit", count=90)`.

        `times` are those of the data, such as `information.time_steps`; `camera` is "orbit", a whole turn around the
        focal point, or key cameras (maps of camera properties) to go along; `change(fraction)` is called before each
        frame, with 0 to 1, to set whatever else is to change. `count` is the number of frames: as many as times, else
        100. Further options are those of `screenshot`. Raises ValueError, and as `screenshot` does.
        """
        return frames(self, count=count, times=times, camera=camera, change=change, **options)

    async def save_animation(
        self,
        path: str | Path,
        *,
        frame_rate: float = 25.0,
        progress: Callable[[int, int], object] | None = None,
        **options: Any,
    ) -> int:
        """Write an animation to local files: frame_%04d.png, or a video (.mp4, .mkv, .mov, .webm; extra `video`).

        Options are those of `frames`; `progress(done, total)` is called as frames arrive. Returns their number. If the
        task that awaits is cancelled, no half-written file is left. Raises ValueError, OSError, RemoteError.
        """
        return await save(self.frames(**options), Path(path), frame_rate, progress)

    async def pick(self, x: int, y: int) -> Picked | None:
        """What the pixel (from the top left, as in images) shows of the data; None for the background, and volumes.

        Raises RemoteError outside of the picture.
        """
        return await pick(self.session, self.id, self.shown, x, y)

    async def select_points(self, x0: int, y0: int, x1: int, y1: int) -> list[Selected]:
        """The points that are seen in a rectangle of pixels, by output; `extracted` of each is a source of just those.

        What is hidden is not selected, but for points right behind an outline. An empty list if nothing is seen.
        """
        return await select(self.session, self.id, self.shown, [x0, y0, x1, y1], "POINTS")

    async def select_cells(self, x0: int, y0: int, x1: int, y1: int) -> list[Selected]:
        """The cells that are seen in a rectangle of pixels; as `select_points`."""
        return await select(self.session, self.id, self.shown, [x0, y0, x1, y1], "CELLS")

    async def properties(self) -> dict[str, Any]:
        """The view's properties as they are on the server, with the camera."""
        reply = await self.session.render.send_request({"op": "view", "view": self.id})
        properties: dict[str, Any] = reply.header["properties"]
        return properties

    def images(self, *, format: str = "auto", quality: int | None = None) -> TypedStream[Image]:
        """Images of the view, one whenever it has changed; the newest wins, a slow reader gets fewer, never older ones.

        While the view changes, detail and JPEG quality follow InteractiveFrameRate and the link (`quality`, 1 to 100,
        fixes that of JPEG). At rest the view refines by itself: all detail, then the mean of StillSamples drawings, and
        the last image is exact (`still`). `format` "auto" is JPEG, and lz4 for what stays; "jpeg", "png", "lz4" and
        "rgb" are for all images; "h264" is a video, for slow links, and lz4 for what stays (extra `video`, on both
        sides).
        """
        header = {"op": "images", "view": self.id, "format": format, "quality": quality}
        if format == "h264":
            reader = next(_readers)
            seen = {"op": "image_seen", "view": self.id, "reader": reader}
            subscription = self.session.render.subscribe({**header, "reader": reader})
            return VideoStream(
                subscription, self._size, lambda number: self.session.render.send_message({**seen, "sequence": number})
            )
        return ImageStream(self.session.render.subscribe(header, newest=True), self._size)

    def _size(self) -> tuple[int, int] | None:
        """The size that was asked for last; None if the view has the size that views begin with."""
        size = self._properties.get("ViewSize")
        return None if size is None else (size[0], size[1])

    def __repr__(self) -> str:
        return f"<RenderView {self.id}: {self._properties}>"


class ViewText:
    """A text in a view. Every method is fire and forget."""

    def __init__(self, view: RenderViewProxy, properties: dict[str, Any]) -> None:
        self.view = view
        self.properties = {name: plain_value(name, value) for name, value in properties.items()}

    def update(self, **properties: Any) -> None:
        """Set Text, WindowLocation, FontSize, Color, Bold."""
        self.properties |= {name: plain_value(name, value) for name, value in properties.items()}
        self.view.send_texts()

    def delete(self) -> None:
        """Show it no more."""
        self.view.remove_text(self)

    def __repr__(self) -> str:
        return f"<ViewText {self.properties}>"
