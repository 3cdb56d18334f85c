"""How one output is shown in one view: its properties go to both halves of the representation."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any, ClassVar, Final

from async_paraview.information import DataInformation
from async_paraview.operations import data, render
from async_paraview.scene.representations import REPRESENTATION
from async_paraview.scene.types import SceneType
from services_core import Packet

from ..model.proxy import OutputPort
from ..model.sending.property_packets import property_packets
from .owner import ViewOwner
from .scene_proxy import SceneProxy
from .view_proxy import ViewProxy

INPUT: Final = "Input"
"""The input of representations in their definitions: given to `show`, and told by `source`."""


class RepresentationProxy(SceneProxy):
    """How one output is shown in one view. Every method that is no coroutine is fire and forget.

    Its properties (`help()`, docs/representations.md) are attributes: `representation.Opacity = 0.2`.
    """

    __slots__ = ("_extract", "_numbers", "_untold", "source", "view")

    scene_type: ClassVar[SceneType] = REPRESENTATION

    def __init__(
        self, scene: ViewOwner, id_: int, source: OutputPort, view: ViewProxy, properties: dict[str, Any] | None
    ) -> None:
        """Show an output, which the server is told of by the next call that tells anything.

        None: another client of the session shows it already.
        """
        super().__init__(scene, id_)
        self.source = source
        """The output that it shows."""
        self.view = view
        """The view that shows it."""
        self._untold: dict[str, Any] = {}
        self._extract: dict[str, Any] = {}
        """What the data service was told, or is about to be."""
        self._numbers = itertools.count(1)
        if properties is not None:
            self._tell_later({name: self._plain(name, value) for name, value in properties.items()}, anew=True)

    def update(self, **properties: Any) -> None:
        """Set properties: Representation, ColorBy, Color, Opacity, Visibility, ...: see docs/representations.md.

        As `update` of a view; raises also PacketError for data of the source that cannot travel.
        """
        super().update(**properties)
        self._scene.outbox.tell((self, "show"))

    def _assign(self, name: str, value: Any) -> None:
        super()._assign(name, value)
        self._scene.outbox.tell((self, "show"))

    def replay(self) -> None:
        """Have the server told all of it by the next call that tells anything. Called by the session."""
        self._told_in.clear()  # what it was told before, of a number that it does not know, overrides nothing
        self._tell_later(dict(self._set), anew=True)

    def _own(self) -> None:
        self._scene.connection.membership.require_editor()
        self._scene.own(self)

    def _waiting(self) -> Collection[str]:
        return self._untold

    def take_extract_told(self, told: Mapping[str, Any]) -> None:
        """Take what the data service was told by another client to extract.

        The render service has the last word on what is set. Where the two differ in something that was set here, what
        was said last there was said without knowing it: it is said again, with all.
        """
        self._set |= {name: value for name, value in told.items() if name not in self._told_in}
        self._extract = dict(told)
        mine = {name: self._set[name] for name in self._told_in if name in self._set and name in self._both}
        if any(name not in told or told[name] != value for name, value in mine.items()):
            self._tell_later({}, anew=True)
            self._scene.outbox.flush()

    def _lose(self, name: str) -> None:
        super()._lose(name)
        self._extract = {one: value for one, value in self._extract.items() if one != name}

    @property
    def _both(self) -> Collection[str]:
        """The properties that both halves are told."""
        return self.scene_type.of_both_halves

    def _take_in(self, new: dict[str, Any]) -> None:
        super()._take_in(new)
        both = {name: value for name, value in new.items() if name in self._both}
        self._extract = {**self._extract, **both}
        if self._told_in.keys() & both.keys():  # who was the last on the one side need not have been on the other
            self._tell_later({}, anew=True)

    def _take(self, plain: dict[str, Any]) -> None:
        self._tell_later(plain)

    def _tell_wrong(self, wrong: dict[str, Any]) -> None:
        self._tell_later({}, wrong=wrong)

    def _tell_later(self, plain: dict[str, Any], *, anew: bool = False, wrong: Mapping[str, Any] | None = None) -> None:
        """Take values, and have both halves told: the data service what to extract, if that is new, and for whom."""
        told = {**plain, **(wrong or {})}
        together, untold = {**self._set, **plain}, {**self._untold, **told}
        both = self.scene_type.of_both_halves
        extract = {name: value for name, value in {**together, **self._wrong}.items() if name in both}
        number = next(self._numbers)
        is_new = anew or (not both.isdisjoint(told) and extract != self._extract)
        show = self._shown(extract).packet() if is_new else None
        change = partial(
            render.UpdateRepresentation,
            representation=self.id,
            view=self.view.id,
            kind=self.view.kind,
            number=number if self._scene.connection.membership.is_shared else 0,
        )
        drawn = property_packets(change, untold)
        self._set, self._untold = together, untold
        self._told_in.update(dict.fromkeys(untold, number))
        if show is not None:
            self._extract = extract
            self._scene.outbox.add((self, "show"), lambda: self._tell_data(show))
        self._scene.outbox.add((self, "draw"), lambda: self._tell_render(drawn))

    def _plain(self, name: str, value: Any) -> Any:
        if name == INPUT:
            raise TypeError(f"{self.type_name}.{INPUT} is given to show(): show the other source, and delete this")
        return super()._plain(name, value)

    def _read(self, name: str) -> Any:
        return self.source if name == INPUT else super()._read(name)

    def _held(self) -> DataInformation | None:
        return self.source.proxy.information.get(self.source.port)

    def _values_for_domains(self) -> Mapping[str, Any]:
        color_by = self._set.get("ColorBy")
        return {**self._set, "ColorBy": color_by and color_by[:2]}

    async def update_domains(self) -> None:
        """Bring what the source holds up to date, so that domains are known.

        Raises as awaiting `update_pipeline` does.
        """
        await self.source.proxy.update_pipeline(port=self.source.port)

    def _tell_data(self, packet: Packet) -> None:
        self._scene.tell_changes_of(self.source.proxy)
        self._scene.data.send_message(packet)

    def _tell_render(self, packets: list[Packet]) -> None:
        for packet in packets:
            self._scene.render.send_message(packet)
        self._untold = {}

    def _shown(self, extract: dict[str, Any]) -> data.CreateRepresentation:
        return data.CreateRepresentation(
            representation=self.id,
            view=self.view.id,
            id=self.source.proxy.id,
            port=self.source.port,
            extract=extract,
            kind=self.view.kind,
        )

    async def rescale_to_visible_range(self) -> tuple[float, float] | None:
        """Have the colors span the numbers that are seen now, and return those.

        None if nothing colored is seen. Raises as `RenderViewProxy.ready` does.
        """
        await self.view.ready()
        wanted = render.VisibleRange(view=self.view.id, representation=self.id)
        found = (await self._scene.render.send_request(wanted.packet())).header["range"]
        if found is None:
            return None
        self.update(ScalarRange=found)
        return float(found[0]), float(found[1])

    def rescale_to_data_range(self) -> None:
        """Have the colors span the numbers of the whole data, and follow them."""
        self.update(ScalarRange=None)

    async def rescale_over_times(self) -> tuple[float, float] | None:
        """Have the colors span the numbers of all time steps, and return those.

        Each time step is executed. None if the data has no time steps, or nothing colors it. Raises as awaiting
        `update_pipeline` does, and KeyError if a time step lacks the array.
        """
        color_by, proxy, port = self._set.get("ColorBy"), self.source.proxy, self.source.port
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

    def delete(self) -> None:
        """Show it no more. Without effect if it, its view or its source was deleted."""
        self._scene.connection.membership.require_editor()
        if not self._scene.has_representation(self):
            return
        self.take_out()
        self._scene.undo.done(f"delete {self.type_name}", self.recreate, self.take_out)
        self._scene.outbox.flush()

    def take_out(self) -> None:
        """Have it shown no more by the next call that tells anything. Called by the session, and by undo."""
        self.raise_deleted()
        if self._scene.forget_representation(self.id):
            self.drop()

    def recreate(self) -> None:
        """Show it again, as it was, if its view and its source are there. Called by the session, and by undo."""
        if self._scene.has_view(self.view) and self._scene.has(self.source.proxy):
            self.id, self._untold = self._scene.new_id(), {}  # the server takes nothing more for the old number
            self._scene.take_in_representation(self)
            self.replay()

    def drop(self) -> None:
        """Have both halves deleted by the next call that tells anything. Called by the session."""
        outbox, id_ = self._scene.outbox, self.id
        forget = data.DeleteRepresentation(representation=id_).packet()
        delete = render.DeleteRepresentation(representation=id_).packet()
        outbox.drop((self, "show"), (self, "draw"))
        outbox.add((id_, "forget"), lambda: self._scene.data.send_message(forget))
        outbox.add((id_, "delete"), lambda: self._scene.render.send_message(delete))

    def __repr__(self) -> str:
        return f"<{self.type_name} {self.id} of {self.source.proxy!r}: {self._set}>"
