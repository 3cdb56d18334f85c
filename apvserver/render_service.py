"""The render service: keeps the views and what they show, and makes images of them on its own thread."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from services_core import Closed, Incoming, Packet, Service, StreamWriter

from .operations import Operation, Result, dispatch, field

if TYPE_CHECKING:
    from .render_model import RenderModel

_log = logging.getLogger(__name__)


class RenderService(Service):
    """Every window lives on this service's thread from its making to its end."""

    def __init__(self, name: str = "render") -> None:
        super().__init__(name)
        self._model: RenderModel | None = None
        self._streams: dict[int, dict[StreamWriter, str]] = {}
        self._changed: set[int] = set()
        self._render_scheduled = False
        self._operations: dict[str, Operation] = {
            "update_view": self._update_view,
            "update_representation": self._update_representation,
            "reset_camera": self._reset_camera,
            "delete_view": self._delete_view,
            "delete_representation": self._delete_representation,
            "geometry": self._geometry,
            "sync": self._sync,
            "screenshot": self._screenshot,
            "view": self._view,
            "images": self._images,
        }

    # --- hooks of Service

    def started(self) -> None:
        """Import VTK and look for a usable OpenGL, here and not on anybody's event loop."""
        from .render_model import RenderModel

        self._model = RenderModel()

    def stopped(self) -> None:
        """Close every window on the thread that made it."""
        if self._model is not None:
            self._model.close()

    def process(self, incoming: Incoming) -> Result:
        """See Service.process; docs/protocol.md lists the operations."""
        return dispatch(self.name, self._operations, incoming)

    # --- one-way operations

    def _update_view(self, incoming: Incoming, header: dict[str, Any]) -> None:
        view = field(header, "view", int)
        self._the_model.update_view(view, field(header, "properties", dict, {}))
        self._mark(view)

    def _update_representation(self, incoming: Incoming, header: dict[str, Any]) -> None:
        representation, view = field(header, "representation", int), field(header, "view", int)
        self._the_model.update_representation(representation, view, field(header, "properties", dict, {}))
        self._mark(view)

    def _reset_camera(self, incoming: Incoming, header: dict[str, Any]) -> None:
        view = field(header, "view", int)
        self._the_model.reset_camera(view, header.get("direction"))
        self._mark(view)

    def _delete_view(self, incoming: Incoming, header: dict[str, Any]) -> None:
        view = field(header, "view", int)
        self._the_model.delete_view(view)
        for writer in self._streams.pop(view, ()):
            writer.end()

    def _delete_representation(self, incoming: Incoming, header: dict[str, Any]) -> None:
        view = self._the_model.delete_representation(field(header, "representation", int))
        if view is not None:
            self._mark(view)

    def _geometry(self, incoming: Incoming, header: dict[str, Any]) -> None:
        representation, view = field(header, "representation", int), field(header, "view", int)
        buffers = incoming.packet.buffers
        if self._the_model.add_geometry(representation, view, field(header, "piece", dict), buffers):
            self._mark(view)

    # --- requests

    def _sync(self, incoming: Incoming, header: dict[str, Any]) -> Packet:
        """Answered once everything sent before it has been applied."""
        return Packet({"op": "synced"})

    def _screenshot(self, incoming: Incoming, header: dict[str, Any]) -> Packet:
        view, image_format = field(header, "view", int), field(header, "format", str, "png")
        self._the_model.raise_refused(view)
        return self._the_model.image(view, image_format)

    def _view(self, incoming: Incoming, header: dict[str, Any]) -> Packet:
        """The view's properties as they are now, with the camera."""
        return Packet({"op": "view", "properties": self._the_model.view_properties(field(header, "view", int))})

    # --- the stream of images

    def _images(self, incoming: Incoming, header: dict[str, Any]) -> None:
        view, image_format = field(header, "view", int), field(header, "format", str, "png")
        if incoming.stream is None or not incoming.stream.newest:
            raise ValueError("'images' is a newest-only stream: subscribe to it with newest=True")
        self._the_model.check_format(image_format)
        self._streams.setdefault(view, {})[incoming.stream] = image_format
        self._mark(view)

    def _mark(self, view: int) -> None:
        """This view has changed: make its image after what waits in the queue now, if somebody looks at it."""
        self._changed.add(view)
        if not self._render_scheduled and self._streams:
            self._render_scheduled = True
            self.call_soon(self._render_changed)

    def _render_changed(self) -> None:
        self._render_scheduled = False
        changed, self._changed = self._changed, set()
        for view in changed:
            watchers = self._streams.get(view, {})
            for writer in [writer for writer in watchers if writer.over]:
                del watchers[writer]
            if not watchers and view in self._streams:
                del self._streams[view]
            for image_format in set(watchers.values()):
                self._send_image(view, image_format, [key for key, value in watchers.items() if value == image_format])

    def _send_image(self, view: int, image_format: str, writers: list[StreamWriter]) -> None:
        try:
            image = self._the_model.image(view, image_format)
        except Exception as error:
            _log.exception("view %s could not be rendered", view)
            for writer in writers:
                writer.end(error)
            return
        for writer in writers:
            try:
                writer.put(image)
            except Closed:
                self._streams.get(view, {}).pop(writer, None)

    @property
    def _the_model(self) -> RenderModel:
        assert self._model is not None  # made in `started`, or every packet is answered with the error of that
        return self._model
