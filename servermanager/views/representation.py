"""How one output is shown in one view: its properties go to both halves of the representation."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar, Final

from async_paraview.operations import data, render
from async_paraview.values import copied, plain_value
from services_core import Packet

from ..model.proxy import OutputPort
from ..model.sending.property_packets import property_packets
from ..model.set_properties import UNSET
from .owner import ViewOwner
from .view_properties import REPRESENTATION, as_text
from .view_proxy import AnyViewProxy

EXTRACTION: Final = frozenset({
    "Representation", "ColorBy", "FeatureAngle", "SliceMode", "Slice", "ResampleDimensions", "OrientationArray",
    "ScaleArray", "MaximumNumberOfGlyphs", "TubeRadius", "NumberOfSides",
    "UseLogScale", "ScalarRange", "Categorical", "RGBPoints",
})  # fmt: skip
"""Properties that matter where the data is: what is extracted of it, or is to be said of it, depends on them."""


class RepresentationProxy:
    """How one output is shown in one view. Every method is fire and forget."""

    extraction: ClassVar[frozenset[str]] = EXTRACTION

    def __init__(
        self, scene: ViewOwner, id_: int, source: OutputPort, view: AnyViewProxy, properties: dict[str, Any]
    ) -> None:
        self.id = id_
        self.source = source
        self.view = view
        self._scene = scene
        self._properties: dict[str, Any] = {}
        self._untold: dict[str, Any] = {}
        try:
            self._set({name: plain_value(name, value) for name, value in properties.items()}, extracted=True)
            scene.outbox.tell((self, "show"))
        except BaseException:
            self._take_back()
            raise

    @property
    def session(self) -> Any:
        """The session that it belongs to."""
        return self._scene.session

    def update(self, **properties: Any) -> None:
        """Set properties: Representation, ColorBy, Color, Opacity, Visibility, ...: see docs/representations.md.

        What is wrong with a name or a value is raised by every awaited call that needs the view, until it is set right
        or this is deleted; the others are set. Raises PacketError, with nothing changed, for a value that cannot
        travel; Busy, or what ended the connection: a later call tells it.
        """
        self._scene.own(self)
        plain = {name: plain_value(name, value) for name, value in properties.items()}
        extracted = any(plain[name] != self._properties.get(name, UNSET) for name in self.extraction & plain.keys())
        self._set(plain, extracted=extracted)
        self._scene.outbox.tell((self, "show"))

    def replay(self) -> None:
        """Have the server told all of it by the next call that tells anything. Called by the session."""
        self._set(dict(self._properties), extracted=True)

    def _set(self, plain: dict[str, Any], *, extracted: bool) -> None:
        """Take values, and have both halves told: the data service what to extract, and for whom."""
        together, untold = {**self._properties, **plain}, {**self._untold, **plain}
        show = self._shown(together).packet() if extracted else None
        change = partial(render.UpdateRepresentation, representation=self.id, view=self.view.id, kind=self.view.kind)
        drawn = property_packets(change, untold)
        self._properties, self._untold = together, untold
        if show is not None:
            self._scene.outbox.add((self, "show"), lambda: self._tell_data(show))
        self._scene.outbox.add((self, "draw"), lambda: self._tell_render(drawn))

    def _tell_data(self, packet: Packet) -> None:
        self._scene.tell_changes_of(self.source.proxy)
        self._scene.data.send_message(packet)

    def _tell_render(self, packets: list[Packet]) -> None:
        for packet in packets:
            self._scene.render.send_message(packet)
        self._untold = {}

    def _shown(self, properties: dict[str, Any]) -> data.CreateRepresentation:
        return data.CreateRepresentation(
            representation=self.id,
            view=self.view.id,
            id=self.source.proxy.id,
            port=self.source.port,
            extract={name: value for name, value in properties.items() if name in self.extraction},
            kind=self.view.kind,
        )

    def help(self) -> str:
        """Its properties, a line each; local."""
        return as_text(REPRESENTATION)

    async def rescale_to_visible_range(self) -> tuple[float, float] | None:
        """Have the colours span the numbers that are seen now; returns them, None if nothing coloured is seen.

        Raises as `RenderViewProxy.shown` does.
        """
        await self.view.shown()
        wanted = render.VisibleRange(view=self.view.id, representation=self.id)
        found = (await self._scene.render.send_request(wanted.packet())).header["range"]
        if found is None:
            return None
        self.update(ScalarRange=found)
        return float(found[0]), float(found[1])

    def rescale_to_data_range(self) -> None:
        """Have the colours span the numbers of the whole data, and follow them."""
        self.update(ScalarRange=None)

    async def rescale_over_times(self) -> tuple[float, float] | None:
        """Have the colours span the numbers of all time steps, each of which is executed; returns them.

        None if the data has no time steps, or nothing colours it. Raises as `update_pipeline` does, and KeyError if a
        time step lacks the array.
        """
        color_by, proxy, port = self._properties.get("ColorBy"), self.source.proxy, self.source.port
        ranges = []
        if color_by is not None:
            for time in (await proxy.update_pipeline(port=port)).time_steps:
                information = await proxy.update_pipeline(port=port, time=time)
                found = information.array(color_by[1], color_by[0])
                ranges.append(found.range_of(color_by[2] if len(color_by) > 2 else "Magnitude"))
        known = [one for one in ranges if one is not None]
        if not known:
            return None
        span = min(low for low, _ in known), max(high for _, high in known)
        self.update(ScalarRange=span)
        return span

    def set_values(self) -> dict[str, Any]:
        """What was set here, by name, as copies."""
        return copied(self._properties)  # type: ignore[no-any-return]  # of a dict it is one

    def delete(self) -> None:
        """Show it no more. Without effect if its view or its source was deleted."""
        self.take_out()
        self._scene.outbox.flush()

    def take_out(self) -> None:
        """Have it shown no more by the next call that tells anything. Called by the session."""
        if self._scene.forget_representation(self.id):
            self._take_back()

    def _take_back(self) -> None:
        outbox, id_ = self._scene.outbox, self.id
        forget = data.DeleteRepresentation(representation=id_).packet()
        delete = render.DeleteRepresentation(representation=id_).packet()
        outbox.drop((self, "show"), (self, "draw"))
        outbox.add((id_, "forget"), lambda: self._scene.data.send_message(forget))
        outbox.add((id_, "delete"), lambda: self._scene.render.send_message(delete))

    def __repr__(self) -> str:
        return f"<Representation {self.id} of {self.source.proxy!r}: {self._properties}>"
