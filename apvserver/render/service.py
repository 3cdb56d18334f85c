"""The render service: keeps the views and what they show, and makes images of them on its own thread."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from async_paraview.operations import Method, Operation, Result, render
from async_paraview.operations.members import member_of
from async_paraview.scene.palettes import COLOR_PALETTE
from async_paraview.vtk_imports import importing_all
from services_core import IncomingCall, Packet, Service, ServiceClient
from services_core.payload import pack_payload, unpack_payload

from ..heap import GivingBack, give_back
from ..vtk import find_libraries
from .coalescing import Coalescing, interrupts
from .image_streams import ViewImages
from .shared_things import check_deleted, check_shared
from .shared_views import SharedViews

if TYPE_CHECKING:
    from ..vtk.rendering.compositing.composer import Composer
    from .model import RenderModel

_log = logging.getLogger(__name__)


class RenderService(Service):
    """Every window lives on this service's thread from its making to its end."""

    def __init__(
        self,
        compose: Callable[[], Composer] | None = None,
        when_watched: Callable[[int], None] = lambda view: None,
    ) -> None:
        """Begin; `compose` makes what has other ranks draw, where there are several: it imports VTK.

        `when_watched` is called with a view that somebody begins to look at live.
        """
        super().__init__("render")
        self._when_watched = when_watched
        self._compose = compose
        self._model: RenderModel | None = None
        self._has_begun_drawing = False
        self._images: dict[int, ViewImages] = {}
        self._coalescing = Coalescing()
        self._shared = SharedViews(self._seen)
        self._giving_back = GivingBack(self)
        self._methods: dict[type[Operation], Method] = {
            render.UpdateView: self._update_view,
            render.UpdateRepresentation: self._update_representation,
            render.UpdateColorMap: self._update_color_map,
            render.UpdateShared: self._update_shared,
            render.ResetCamera: self._reset_camera,
            render.Interact: self._interact,
            render.DeleteView: self._delete_view,
            render.DeleteRepresentation: self._delete_representation,
            render.DeleteShared: self._delete_shared,
            render.Geometry: self._geometry,
            render.Sync: self._sync,
            render.Screenshot: self._screenshot,
            render.LegendPicture: self._legend_picture,
            render.TextPicture: self._text_picture,
            render.Export: self._export,
            render.View: self._view,
            render.Check: self._check,
            render.Capabilities: self._capabilities,
            render.Pick: self._pick,
            render.VisibleIds: self._visible_ids,
            render.VisibleRange: self._visible_range,
            render.Composition: self._composition,
            render.Plots: self._plots,
            render.ColorMap: self._color_map,
            render.Presets: self._presets,
            render.Images: self._watch,
            render.AckImage: self._ack_image,
            render.ToldAll: self._told_all,
            render.Changes: self._follow,
        }

    # --- hooks of Service

    def started(self) -> None:
        """Import VTK and look for a usable OpenGL, here and not on anybody's event loop."""
        with importing_all():
            find_libraries()
            from .model import RenderModel

        composer = None if self._compose is None else self._compose()
        self._model = RenderModel(lambda view: self.call_soon(lambda: self._mark(view)), composer)

    def prepare(self) -> None:
        """Make a picture that nobody sees, before somebody comes who wants one. From any thread; it takes 0.1 s.

        Where it is known how this machine renders. What goes wrong with it is told to those who want a picture.
        """
        self._has_begun_drawing = True
        self.call_soon(self._make_unseen)

    def _make_unseen(self) -> None:
        from .first_picture import make_unseen

        try:
            make_unseen()
        except Exception as error:
            _log.info("no picture could be made before one was wanted: %s", error)

    def stopped(self) -> None:
        """Close every window on the thread that made it, and give back what the session has taken."""
        if self._model is not None:
            self._model.close()
        give_back()

    def preview(self, incoming: IncomingCall) -> None:
        """Skip what this change overtakes, and end what it makes wait."""
        header = incoming.packet.header
        self._coalescing.arrived(incoming, header)
        if self._model is not None and interrupts(header):
            self._model.interrupt()

    def client_left(self, client: ServiceClient) -> None:
        """Tell the client of no change any more."""
        self._shared.left(client)

    def process(self, incoming: IncomingCall) -> Result:
        """See Service.process; docs/protocol.md lists the operations."""
        return render.OPERATIONS.call(self._methods, incoming)

    # --- one-way operations

    def _update_view(self, incoming: IncomingCall, update: render.UpdateView) -> None:
        if self._shared.is_overtaken(incoming, update):
            return
        self._raise_gone(incoming, update.view)
        self._shared.view_updated(incoming, update)
        client = member_of(incoming.client.info).client
        try:
            self._the_model.update_view(update.view, update.properties, update.kind, (client, update.number))
        finally:  # what is right of it was set
            self._mark(update.view)
            self._mark_linked(incoming)
            if not self._has_begun_drawing:  # while data is made that this view is to show
                self._has_begun_drawing = True
                self.call_soon(self._the_model.begin_drawing)

    def _update_representation(self, incoming: IncomingCall, update: render.UpdateRepresentation) -> None:
        representation = update.representation
        if self._shared.is_overtaken(incoming, update):
            return
        self._raise_gone(incoming, update.view)
        self._raise_gone(incoming, update.view, representation)
        self._shared.representation_updated(incoming, update)
        try:
            self._the_model.update_representation(representation, update.view, update.properties, update.kind)
        finally:
            self._mark(update.view)
            self._mark_recolored()
        self._the_model.raise_failure_of(representation)

    def _update_color_map(self, incoming: IncomingCall, update: render.UpdateColorMap) -> None:
        if self._shared.is_overtaken(incoming, update):
            return
        self._shared.color_map_updated(incoming, update)
        try:
            self._the_model.update_color_map(update.kind, update.name, update.properties)
        finally:
            self._mark_recolored()

    def _update_shared(self, incoming: IncomingCall, update: render.UpdateShared) -> None:
        """Keep what programs share: but for the palette nothing is seen of it here."""
        if self._shared.is_overtaken(incoming, update):
            return
        if incoming.packet.buffers:
            update = replace(update, properties=unpack_payload(incoming.packet))
        check_shared(update)
        self._shared.shared_updated(incoming, update)
        if update.kind == COLOR_PALETTE.name:
            for view in self._the_model.update_palette(update.properties):
                self._mark(view)

    def _delete_shared(self, incoming: IncomingCall, delete: render.DeleteShared) -> None:
        check_deleted(delete)
        self._shared.shared_deleted(incoming, delete)

    def _mark_linked(self, incoming: IncomingCall) -> None:
        """Mark the views whose camera has followed another one, and tell where it is."""
        for view in self._the_model.take_linked():
            self._mark(view)
            self._shared.camera_moved(incoming, view)

    def _mark_recolored(self) -> None:
        """Mark the views in which something is seen in other colors, since what it shares has changed."""
        for view in set(self._the_model.seen_in_other_colors()):
            self._mark(view)

    def _raise_gone(self, incoming: IncomingCall, view: int, representation: int | None = None) -> None:
        """Raise UnknownView if it was deleted, and have its client told."""
        try:
            self._the_model.raise_gone(view, representation)
        except ValueError:  # UnknownView, of a module that is imported with VTK
            self._shared.gone(incoming, view, representation)
            raise

    def _reset_camera(self, incoming: IncomingCall, reset: render.ResetCamera) -> None:
        self._the_model.reset_camera(reset.view, reset.direction)
        self._shared.camera_reset(incoming, reset)
        self._mark(reset.view)
        self._mark_linked(incoming)

    def _interact(self, incoming: IncomingCall, last: render.Interact) -> None:
        """Move the camera, or begin or end a movement; this step stands for those that it overtook.

        A step that is refused keeps none of the others from being made.
        """
        refused = None
        for step in self._coalescing.taken(incoming, last):
            try:
                self._take_step(step)
            except Exception as error:
                refused = refused or error
        self._shared.camera_moved(incoming, last.view)
        self._mark_linked(incoming)
        if refused is not None:
            raise refused

    def _take_step(self, step: render.Interact) -> None:
        if step.kind == "start":
            self._the_model.view(step.view).take_hold()
        if step.kind in ("start", "end"):
            images = self._images_of(step.view)
            (images.hold if step.kind == "start" else images.release)()
            return
        self._the_model.move_camera(step.view, step.kind, asdict(step))
        self._mark(step.view)

    def _delete_view(self, incoming: IncomingCall, delete: render.DeleteView) -> None:
        if delete.view in self._images:
            self._images.pop(delete.view).end()
        self._shared.view_deleted(incoming, delete)
        self._the_model.delete_view(delete.view)
        self._mark_recolored()
        self._giving_back.soon()

    def _delete_representation(self, incoming: IncomingCall, delete: render.DeleteRepresentation) -> None:
        self._shared.representation_deleted(incoming, delete)
        view = self._the_model.delete_representation(delete.representation)
        self._giving_back.soon()
        if view is not None:
            self._mark(view)
            self._mark_recolored()

    def _geometry(self, incoming: IncomingCall, geometry: render.Geometry) -> None:
        if self._the_model.add_geometry(geometry, incoming.packet.buffers):
            for view in (geometry.view, *self._the_model.linked_with(geometry.view)):  # it may be fitted to this
                self._mark(view)
            self._mark_recolored()
            self._the_model.raise_failure_of(geometry.representation)

    def _told_all(self, incoming: IncomingCall, told: render.ToldAll) -> None:
        self._shared.told_all(incoming, told)

    # --- requests

    def _sync(self, incoming: IncomingCall, sync: render.Sync) -> Packet:
        """Answer once everything sent before has been applied; if it names a view, with what was refused of that."""
        if sync.mark is not None:
            self._shared.mark(incoming, sync.mark)
        if sync.view is not None:
            self._the_model.raise_refused(sync.view)
        return Packet({})

    def _screenshot(self, incoming: IncomingCall, wanted: render.Screenshot) -> Packet:
        self._the_model.raise_refused(wanted.view)
        client = member_of(incoming.client.info).client
        try:
            return self._the_model.screenshot(wanted, client, cancelled=incoming.cancelled)
        finally:  # the first picture fits the camera
            self._mark_linked(incoming)

    def _legend_picture(self, incoming: IncomingCall, wanted: render.LegendPicture) -> Packet:
        for view in wanted.views:
            self._the_model.raise_refused(view)
        return self._the_model.legend_picture(wanted)

    def _text_picture(self, incoming: IncomingCall, wanted: render.TextPicture) -> Packet:
        return self._the_model.text_picture(wanted)

    def _export(self, incoming: IncomingCall, wanted: render.Export) -> Packet:
        self._the_model.raise_refused(wanted.view)
        try:
            return self._the_model.export(wanted, cancelled=incoming.cancelled)
        finally:  # it fits the camera as a picture does
            self._mark_linked(incoming)

    def _view(self, incoming: IncomingCall, wanted: render.View) -> Packet:
        """Return the view's properties as they are now, with the camera that a picture would show."""
        properties, camera = self._the_model.view_properties(wanted.view)
        refused = self._the_model.refused_names(wanted.view)
        why = self._the_model.refusals(wanted.view)
        return Packet({"properties": properties, "camera": camera, "refused": refused, "why": why})

    def _check(self, incoming: IncomingCall, check: render.Check) -> Packet:
        """Return whether a view, or what is shown in one, could have these properties; nothing is made."""
        if check.of == "color map":
            self._the_model.check_color_map(check.kind, check.properties)
            return Packet({})
        if check.of not in ("view", "representation"):
            raise ValueError(f"properties of a view or of a representation are checked, not of {check.of!r:.40}")
        self._the_model.check(check.kind, check.properties, of_view=check.of == "view")
        return Packet({})

    def _capabilities(self, incoming: IncomingCall, wanted: render.Capabilities) -> Packet:
        return Packet(self._the_model.capabilities())

    def _pick(self, incoming: IncomingCall, pick: render.Pick) -> Packet:
        return Packet(self._the_model.pick(pick.view, *pick.at))

    def _composition(self, incoming: IncomingCall, wanted: render.Composition) -> Packet:
        return Packet(self._the_model.composition(wanted))

    def _plots(self, incoming: IncomingCall, wanted: render.Plots) -> Packet:
        return Packet({"plots": self._the_model.view(wanted.view).plots()})

    def _visible_ids(self, incoming: IncomingCall, wanted: render.VisibleIds) -> Packet:
        return pack_payload({}, self._the_model.seen(wanted.view, wanted.rectangle, wanted.association))

    def _visible_range(self, incoming: IncomingCall, wanted: render.VisibleRange) -> Packet:
        return Packet({"range": self._the_model.visible_range(wanted.view, wanted.representation)})

    def _color_map(self, incoming: IncomingCall, wanted: render.ColorMap) -> Packet:
        return pack_payload({}, self._the_model.color_map(wanted.name))

    def _presets(self, incoming: IncomingCall, wanted: render.Presets) -> Packet:
        return Packet({"names": self._the_model.presets()})

    # --- several clients

    def _follow(self, incoming: IncomingCall, wanted: render.Changes) -> None:
        self._shared.follow(incoming, wanted)

    def _seen(self, view: int) -> tuple[Mapping[str, Any], str] | None:
        """Return how a view is seen; None where it cannot be: its clients know only what was asked for."""
        try:
            return self._the_model.view_properties(view)
        except Exception as error:
            _log.debug("view %d is not seen: %s", view, error)
            return None

    # --- the stream of images

    def _watch(self, incoming: IncomingCall, images: render.Images) -> None:
        quality = images.quality
        if quality is not None and not 1 <= quality <= 100:
            raise ValueError(f"the quality of images is 1 to 100, not {quality}")
        assert incoming.stream is not None  # or it would have been refused: it is a stream
        client = member_of(incoming.client.info).client
        reader = client, images.reader
        self._images_of(images.view).watch(incoming.stream, images.format, quality, reader, images.unpacks)
        self._when_watched(images.view)

    def _ack_image(self, incoming: IncomingCall, ack: render.AckImage) -> None:
        if ack.view in self._images:
            client = member_of(incoming.client.info).client
            self._images[ack.view].seen((client, ack.reader), ack.sequence)

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
        """Mark a view as changed: make its image after what waits in the queue now, if somebody looks at it."""
        if view in self._images:
            self._images[view].changed()

    @property
    def _the_model(self) -> RenderModel:
        assert self._model is not None  # made in `started`, or every packet is answered with the error of that
        return self._model
