"""What the proxies of all kinds of views have in common: properties, pictures, and a stream of images."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from services_core import RequestCancelled

from .images import Image, ImageStream, check_suffix
from .values import plain_value

if TYPE_CHECKING:
    from .session import Session


class AnyViewProxy:
    """A view on the server, of a kind that a subclass says. Every method that is no coroutine is fire and forget."""

    kind: ClassVar[str]

    def __init__(self, session: Session, id_: int, properties: dict[str, Any]) -> None:
        self.id = id_
        self._session = session
        self._properties: dict[str, Any] = {}
        self.update(**properties)

    def update(self, **properties: Any) -> None:
        """Set properties: ViewSize, Background, ...

        What is wrong with a name or a value is raised by the next awaited call that needs the view.
        """
        self._set({name: plain_value(name, value) for name, value in properties.items()})

    def _set(self, plain: dict[str, Any]) -> None:
        self._properties.update(plain)
        self._tell(plain)

    def _tell(self, plain: dict[str, Any]) -> None:
        header = {"op": "update_view", "view": self.id, "kind": self.kind, "properties": plain}
        self._session.render.send_message(header)

    def replay(self) -> None:
        """Tell the server all of it. Called by Session.restart."""
        self._tell(self._properties)

    def delete(self) -> None:
        """Close the view on the server, with all that it shows."""
        self._session.forget_view(self)
        self._session.render.send_message({"op": "delete_view", "view": self.id})

    async def shown(self) -> None:
        """Wait until all that was asked to be shown has arrived in the view. Raises RemoteError if some failed.

        A change made meanwhile is waited for as well.
        """
        while True:
            self._session.update_vtk_objects()
            try:
                await self._session.data.send_request({"op": "flush", "view": self.id})
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
        return Image.from_packet(await self._session.render.send_request({**header, **options}))

    async def save_screenshot(self, path: str | Path, **options: Any) -> Image:
        """Write a screenshot to a local file, .png, .jpg or another that Pillow writes; options as of `screenshot`.

        Raises ValueError for another suffix, OSError, RemoteError.
        """
        file = Path(path)
        check_suffix(file)
        image = await self.screenshot(**{"format": "png" if file.suffix.lower() == ".png" else "lz4"} | options)
        await asyncio.get_running_loop().run_in_executor(None, image.save, file)
        return image

    async def properties(self) -> dict[str, Any]:
        """The view's properties as they are on the server, with the camera."""
        reply = await self._session.render.send_request({"op": "view", "view": self.id})
        properties: dict[str, Any] = reply.header["properties"]
        return properties

    def images(self, *, format: str = "auto", quality: int | None = None) -> ImageStream:
        """Images of the view, one whenever it has changed; the newest wins, a slow reader gets fewer, never older ones.

        While the view changes, detail and JPEG quality follow InteractiveFrameRate and the link (`quality`, 1 to 100,
        fixes that of JPEG). At rest the view refines by itself: all detail, then the mean of StillSamples drawings, and
        the last image is exact (`still`). `format` "auto" is JPEG, and lz4 for what stays; "jpeg", "png", "lz4" and
        "rgb" are for all images.
        """
        header = {"op": "images", "view": self.id, "format": format, "quality": quality}
        return ImageStream(self._session.render.subscribe(header, newest=True), self._size)

    def _size(self) -> tuple[int, int] | None:
        """The size that was asked for last; None if the view has the size that views begin with."""
        size = self._properties.get("ViewSize")
        return None if size is None else (size[0], size[1])

    def __repr__(self) -> str:
        return f"<{self.kind} {self.id}: {self._properties}>"
