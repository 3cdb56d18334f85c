"""How one output is shown in one view: its properties go to both halves of the representation."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, Final

from async_paraview.information import DataInformation
from async_paraview.operations import data, render
from async_paraview.scene.charts.settings import LOG_AXES
from async_paraview.scene.checks import Flag
from async_paraview.scene.color_maps import COLOR_MAP, COMPONENT, SHARED, SHARED_OPACITIES
from async_paraview.scene.representations import REPRESENTATION
from async_paraview.scene.types import SceneType
from services_core import Packet

from ..model.holding.set_properties import UNSET
from ..model.proxy import OutputPort
from ..model.sending.property_packets import property_packets
from .color_map import ColorMapProxy, PiecewiseFunctionProxy, SharedByName
from .owner import ViewOwner
from .parts.part import Whole
from .scalar_bar import ScalarBarProxy
from .scene_proxy import SceneProxy
from .view_proxy import ViewProxy

COLOR_ARRAY_NAME: Final = "ColorArrayName"
LOOKUP_TABLE: Final = "LookupTable"
OPACITY_FUNCTION: Final = "ScalarOpacityFunction"
SEPARATE: Final = "UseSeparateColorMap"
RESOLVED: Final = frozenset({"ScalarRange", "RGBPoints", "UseLogScale", "Categorical", "MapComponent", LOG_AXES})
"""What the data service is told of a color map, or a chart, with each representation that it concerns."""

INPUT: Final = "Input"
"""The input of representations in their definitions: given to `show`, and told by `source`."""


class RepresentationProxy(Whole):
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
            plain = {name: self._plain(name, value) for name, value in self._meaning(properties).items()}
            own, shared = self._sorted_by_owner(plain)
            self._set = {name: value for name, value in own.items() if name in ("ColorBy", "ColorMap")}
            self._set_shared(shared)  # first: the data service is told of it with this
            self._tell_later(own, anew=True)

    # --- what it shares with others

    @property
    def color_map(self) -> ColorMapProxy | None:
        """Return what colors it: LookupTable. None where no array does. Local."""
        name = self.color_map_name(self._set)
        return None if name is None else self._scene.color_maps[name]

    @property
    def opacity_function(self) -> PiecewiseFunctionProxy | None:
        """Return how opaque its numbers are: ScalarOpacityFunction. None where no array colors it. Local."""
        name = self.color_map_name(self._set)
        if name is None:
            return None
        function: PiecewiseFunctionProxy = self._scene.opacity_functions[self._set.get("OpacityFunction") or name]
        return function

    @property
    def scalar_bar(self) -> ScalarBarProxy | None:
        """Return the legend of its colors in its view. None where no array colors it. Local."""
        color_map = self.color_map
        return None if color_map is None else self.view.scalar_bar(color_map)

    @staticmethod
    def color_map_name(values: Mapping[str, Any]) -> str | None:
        """Return the name of the color map of a representation with these properties; None: no array colors it."""
        color_by = values.get("ColorBy")
        return None if color_by is None else values.get("ColorMap") or color_by[1]

    def color_map_changed(self, shared: SharedByName, name: str) -> None:
        """Have the data service know of it, and those who watch. Called by what has changed."""
        if self._scene.connection.membership.may_change and self._scene.has_representation(self):
            extract = {one: value for one, value in self._set.items() if one in self._both} | self._resolved(self._set)
            if extract != self._extract:
                self._tell_later({}, anew=True)
        mine = [one for one, theirs in SHARED.items() if theirs == name and shared.kind == COLOR_MAP.name]
        if shared.kind != COLOR_MAP.name and name == "Points":
            mine = [SHARED_OPACITIES]
        for one in mine:
            self.tell_watchers(one, self.value_set(one))

    def _resolved(self, together: Mapping[str, Any]) -> dict[str, Any]:
        """Return what its color map has that the data service has to know, as it is told of representations."""
        name = self.color_map_name(together)
        if name is None or self.scene_type is not REPRESENTATION or name not in self._scene.color_maps:
            return {}
        values = self._scene.color_maps[name].set_values()
        found = {mine: values[SHARED[mine]] for mine in RESOLVED & SHARED.keys() if SHARED[mine] in values}
        if values.get("VectorMode") == COMPONENT and len(together["ColorBy"]) == 2:
            found["MapComponent"] = values.get("VectorComponent", 0)
        return {one: value for one, value in found.items() if one not in together}

    def _meaning(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        if self.scene_type is not REPRESENTATION:
            return super()._meaning(properties)
        meant: dict[str, Any] = {}
        given = {name: color_array(value) if name == COLOR_ARRAY_NAME else value for name, value in properties.items()}
        for name, value in super()._meaning(given).items():
            if name == LOOKUP_TABLE and (value is None or isinstance(value, SceneProxy)):
                color_by = properties.get("ColorBy", self._set.get("ColorBy"))
                found = self._name_of(name, value, ColorMapProxy)
                meant["ColorMap"] = None if color_by is not None and found == color_by[1] else found
            elif name == OPACITY_FUNCTION:
                meant["OpacityFunction"] = self._name_of(name, value, PiecewiseFunctionProxy)
            elif name == SEPARATE:
                meant["ColorMap"] = self._separate(properties) if Flag()(value) else None
            else:
                meant[name] = value
        return meant

    def _name_of(self, name: str, value: Any, kind: type[SharedByName]) -> str | None:
        if value is None:
            return None
        if not isinstance(value, kind):
            raise TypeError(
                f"{self.type_name}.{name} takes a {kind.scene_type.owner} of the session, not {value!r:.60}"
            )
        if value.session is not self.session:
            raise ValueError(f"{value!r} is of another session: of {value.session!r}, not of {self.session!r}")
        return value.name

    def _separate(self, properties: Mapping[str, Any]) -> str:
        color_by = properties.get("ColorBy", self._set.get("ColorBy"))
        if color_by is None:
            raise ValueError(f"{self.type_name}.{SEPARATE}: no array colors it yet; set ColorBy first")
        return f"Separate_{self.id}_{color_by[1]}"

    def _shared_in(self, name: str) -> tuple[SharedByName, str] | None:
        """Return what has a property instead of this, and what that calls it; None: it has it itself."""
        if self.scene_type is not REPRESENTATION or name in self._set or self.color_map is None:
            return None
        if name == SHARED_OPACITIES:
            assert self.opacity_function is not None
            return self.opacity_function, "Points"
        return (self.color_map, SHARED[name]) if name in SHARED else None

    def _sorted_by_owner(self, plain: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what of properties it takes itself, and what is that of the color map which it will have with them.

        What was set before an array colored it, the map gets with that.
        """
        own, together = dict(plain), {**self._set, **plain}
        if self.scene_type is not REPRESENTATION or self.color_map_name(together) is None:
            return own, {}
        names = [*SHARED, SHARED_OPACITIES]
        shared = {name: together[name] for name in names if name in plain or (name in self._set and "ColorBy" in plain)}
        before, after = self._set.get("ColorBy"), together["ColorBy"]
        if before and before[1] != after[1] == after[1] and "ColorMap" not in plain:
            own |= {"ColorMap": None} if self._set.get("ColorMap") == before[1] else {}
        return {name: value for name, value in own.items() if name not in shared}, shared

    def _set_shared(self, shared: Mapping[str, Any]) -> None:
        """Set what its color map and opacity function have."""
        if not shared:
            return
        color_map, function = self.color_map, self.opacity_function
        assert color_map is not None and function is not None
        of_map = {SHARED[name]: value for name, value in shared.items() if name in SHARED}
        if of_map:
            color_map.set_plain(of_map)
        if SHARED_OPACITIES in shared:
            function.set_plain({"Points": _nodes(shared[SHARED_OPACITIES])})

    def _change(self, plain: dict[str, Any], label: str | None = None) -> None:
        own, shared = self._sorted_by_owner(plain)
        if not shared:
            super()._change(own, label)
            return
        with self._scene.undo.group(label or f"set {', '.join(plain)} of {self.type_name}"):
            if own:
                super()._change(own)
            for name in shared:
                if name in self._set or any(self._meant(one) == name for one in self._wrong):
                    with self._set_right((name,)):
                        self._forget(name)
            self._set_shared(shared)

    def value_set(self, name: str) -> Any:
        shared = self._shared_in(name)
        if shared is None:
            return super().value_set(name)
        of, theirs = shared
        value = of.value_set(theirs)
        if name == SHARED_OPACITIES and isinstance(value, list | tuple):
            return [one for at in range(0, len(value), 4) for one in value[at : at + 2]]
        return value

    def restore(self, name: str, value: Any) -> None:
        shared = self._shared_in(name)
        if shared is None:
            super().restore(name, value)
        elif name == SHARED_OPACITIES and value is not UNSET:
            shared[0].restore(shared[1], _nodes(value))
        else:
            shared[0].restore(shared[1], value)

    def _take_back(self, name: str) -> None:
        self._own()
        if name in (LOOKUP_TABLE, SEPARATE) and "ColorMap" in self._set:
            name = "ColorMap"
        elif name == OPACITY_FUNCTION:
            name = "OpacityFunction"
        if (shared := self._shared_in(name)) is not None:
            delattr(*shared)
        else:
            super()._take_back(name)

    # --- its properties

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
        of_its_own = {name: value for name, value in told.items() if name not in RESOLVED}
        self._set |= {name: value for name, value in of_its_own.items() if name not in self._told_in}
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
        extract |= self._resolved(together)
        number = next(self._numbers)
        is_new = anew or (not (both | {"ColorMap"}).isdisjoint(told) and extract != self._extract)
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
        if name == INPUT:
            return self.source
        if self.scene_type is REPRESENTATION:
            if name == LOOKUP_TABLE and LOOKUP_TABLE not in self._set:
                return self.color_map
            if name == OPACITY_FUNCTION:
                return self.opacity_function
            if name == SEPARATE:
                return self._set.get("ColorMap") is not None
        return super()._read(name)

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
        return f"<{self.type_name} {self.id} of {self.source}{self._as_set()}>"


def color_array(value: Any) -> Any:
    """Return what ColorBy takes for a value of ParaView's ColorArrayName: an array without a name is none."""
    if value in (None, "", "None"):
        return None
    if isinstance(value, str):
        return ("POINTS", value)
    if isinstance(value, Sequence) and len(value) == 2 and value[1] in (None, "", "None"):
        return None
    return value


def _nodes(pairs: Sequence[float] | None) -> list[float] | None:
    """Return value, opacity, ... as an opacity function has it."""
    if pairs is None:
        return None
    return [one for at in range(0, len(pairs), 2) for one in (*pairs[at : at + 2], 0.5, 0.0)]
