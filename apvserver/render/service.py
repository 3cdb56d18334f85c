"""The render service: keeps the views and what they show, and makes images of them on its own thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services_core import IncomingCall, Packet, Service
from services_core.payload import pack_payload

from ..operations import Operation, Result, dispatch, field, pair
from .coalescing import Overtaking
from .image_formats import AUTO
from .image_streams import ViewImages

if TYPE_CHECKING:
    from .model import RenderModel


class RenderService(Service):
    """Every window lives on this service's thread from its making to its end."""

    def __init__(self, name: str = "render") -> None:
        super().__init__(name)
        self._model: RenderModel | None = None
        self._images: dict[int, ViewImages] = {}
        self._overtaking = Overtaking()
        self._operations: dict[str, Operation] = {
            "update_view": self._update_view,
            "update_representation": self._update_representation,
            "reset_camera": self._reset_camera,
            "interact": self._interact,
            "delete_view": self._delete_view,
            "delete_representation": self._delete_representation,
            "geometry": self._geometry,
            "sync": self._sync,
            "screenshot": self._screenshot,
            "view": self._view,
            "check": self._check,
            "capabilities": self._capabilities,
            "pick": self._pick,
            "seen": self._seen,
            "visible_range": self._visible_range,
            "presets": self._presets,
            "images": self._watch,
            "image_seen": self._image_seen,
        }

    # --- hooks of Service

    def started(self) -> None:
        """Import VTK and look for a usable OpenGL, here and not on anybody's event loop."""
        from .model import RenderModel

        self._model = RenderModel()

    def stopped(self) -> None:
        """Close every window on the thread that made it."""
        if self._model is not None:
            self._model.close()

    def preview(self, incoming: IncomingCall) -> None:
        """Skip what this change overtakes."""
        if isinstance(incoming.packet.header, dict):
            self._overtaking.arrived(incoming, incoming.packet.header)

    def process(self, incoming: IncomingCall) -> Result:
        """See Service.process; docs/protocol.md lists the operations."""
        return dispatch(self.name, self._operations, incoming)

    # --- one-way operations

    def _update_view(self, incoming: IncomingCall, header: dict[str, Any]) -> None:
        view, number = field(header, "view", int), field(header, "number", int, 0)
        try:
            self._the_model.update_view(view, field(header, "properties", dict, {}), _kind(header), number)
        finally:  # what is right of it was set
            self._mark(view)

    def _update_representation(self, incoming: IncomingCall, header: dict[str, Any]) -> None:
        representation, view = field(header, "representation", int), field(header, "view", int)
        properties = field(header, "properties", dict, {})
        try:
            self._the_model.update_representation(representation, view, properties, _kind(header))
        finally:
            self._mark(view)
        self._the_model.raise_failure_of(representation)

    def _reset_camera(self, incoming: IncomingCall, header: dict[str, Any]) -> None:
        view = field(header, "view", int)
        self._the_model.reset_camera(view, header.get("direction"))
        self._mark(view)

    def _interact(self, incoming: IncomingCall, header: dict[str, Any]) -> None:
        """A movement of the camera, or its beginning or end; it stands for those that it overtook.

        A step that is refused keeps none of the others from being made.
        """
        view, refused = field(header, "view", int), None
        for step in self._overtaking.taken(incoming, header):
            try:
                self._take_step(view, step)
            except Exception as error:
                refused = refused or error
        if refused is not None:
            raise refused

    def _take_step(self, view: int, step: dict[str, Any]) -> None:
        if step.get("kind") in ("start", "end"):
            images = self._images_of(view)
            (images.hold if step["kind"] == "start" else images.release)()
            return
        self._the_model.move_camera(view, step.get("kind"), step)
        self._mark(view)

    def _delete_view(self, incoming: IncomingCall, header: dict[str, Any]) -> None:
        view = field(header, "view", int)
        if view in self._images:
            self._images.pop(view).end()
        self._the_model.delete_view(view)

    def _delete_representation(self, incoming: IncomingCall, header: dict[str, Any]) -> None:
        view = self._the_model.delete_representation(field(header, "representation", int))
        if view is not None:
            self._mark(view)

    def _geometry(self, incoming: IncomingCall, header: dict[str, Any]) -> None:
        representation, view = field(header, "representation", int), field(header, "view", int)
        if self._the_model.add_geometry(representation, view, header, incoming.packet.buffers):
            self._mark(view)
            self._the_model.raise_failure_of(representation)

    # --- requests

    def _sync(self, incoming: IncomingCall, header: dict[str, Any]) -> Packet:
        """Answered once everything sent before has been applied; if it names a view, with what was refused of that."""
        if header.get("view") is not None:
            self._the_model.raise_refused(field(header, "view", int))
        return Packet({"op": "synced"})

    def _screenshot(self, incoming: IncomingCall, header: dict[str, Any]) -> Packet:
        view, image_format = field(header, "view", int), field(header, "format", str, "png")
        self._the_model.raise_refused(view)
        options: dict[str, Any] = {
            "size": None if header.get("size") is None else pair(header, "size"),
            "transparent": field(header, "transparent", bool, False),
            "magnification": field(header, "magnification", int, 1),
            "samples": field(header, "samples", int, 1),
            "unwanted": lambda: incoming.over or self.stopping,
        }
        return self._the_model.screenshot(view, image_format, options)

    def _view(self, incoming: IncomingCall, header: dict[str, Any]) -> Packet:
        """The view's properties as they are now, with the camera that a picture would show."""
        view = field(header, "view", int)
        properties, camera = self._the_model.view_properties(view)
        refused = self._the_model.refused_names(view)
        return Packet({"op": "view", "properties": properties, "camera": camera, "refused": refused})

    def _check(self, incoming: IncomingCall, header: dict[str, Any]) -> Packet:
        """Whether a view, or what is shown in one, could have these properties; nothing is made."""
        of, properties = field(header, "of", str), field(header, "properties", dict)
        if of not in ("view", "representation"):
            raise ValueError(f"properties of a view or of a representation are checked, not of {of!r:.40}")
        self._the_model.check(_kind(header), properties, of_view=of == "view")
        return Packet({"op": "checked"})

    def _capabilities(self, incoming: IncomingCall, header: dict[str, Any]) -> Packet:
        return Packet({"op": "capabilities", **self._the_model.capabilities()})

    def _pick(self, incoming: IncomingCall, header: dict[str, Any]) -> Packet:
        view, (x, y) = field(header, "view", int), pair(header, "at")
        return Packet({"op": "pick", **self._the_model.pick(view, x, y)})

    def _seen(self, incoming: IncomingCall, header: dict[str, Any]) -> Packet:
        view, rectangle = field(header, "view", int), field(header, "rectangle", list)
        found = self._the_model.seen(view, rectangle, field(header, "association", str))
        return pack_payload({"op": "seen"}, found)

    def _visible_range(self, incoming: IncomingCall, header: dict[str, Any]) -> Packet:
        view, representation = field(header, "view", int), field(header, "representation", int)
        return Packet({"op": "visible_range", "range": self._the_model.visible_range(view, representation)})

    def _presets(self, incoming: IncomingCall, header: dict[str, Any]) -> Packet:
        return Packet({"op": "presets", "names": self._the_model.presets()})

    # --- the stream of images

    def _watch(self, incoming: IncomingCall, header: dict[str, Any]) -> None:
        view, image_format = field(header, "view", int), field(header, "format", str, AUTO)
        quality = None if header.get("quality") is None else field(header, "quality", int)
        if quality is not None and not 1 <= quality <= 100:
            raise ValueError(f"the quality of images is 1 to 100, not {quality}")
        if incoming.stream is None:
            raise ValueError("'images' is a stream: subscribe to it")
        self._images_of(view).watch(incoming.stream, image_format, quality, header.get("reader"))

    def _image_seen(self, incoming: IncomingCall, header: dict[str, Any]) -> None:
        view = field(header, "view", int)
        if view in self._images:
            self._images[view].seen(field(header, "reader", int), field(header, "sequence", int))

    def _images_of(self, view: int) -> ViewImages:
        if view not in self._images:
            self._images[view] = ViewImages(
                self._the_model.view(view),
                sequence=self._the_model.sequence,
                call_soon=self.call_soon,
                call_later=self.call_later,
            )
        return self._images[view]

    def _mark(self, view: int) -> None:
        """This view has changed: make its image after what waits in the queue now, if somebody looks at it."""
        if view in self._images:
            self._images[view].changed()

    @property
    def _the_model(self) -> RenderModel:
        assert self._model is not None  # made in `started`, or every packet is answered with the error of that
        return self._model


def _kind(header: dict[str, Any]) -> str:
    """Of the view that a packet speaks of."""
    return field(header, "kind", str, "RenderView")
