"""What proxies have for scripts of ParaView's kind, beside their own names: `UpdatePipeline`, `PointData`, ..."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar, Final

from async_paraview.information import DataInformation
from async_paraview.names import is_of_property
from services_core import RemoteError

from ..model.definitions import property_names
from ..model.proxy import ObjectProxy, OutputPort, SourceProxy
from ..states.paraview.names import TypeNames, by_python, source_names, type_names
from ..sync.blocking import Blocking
from ..views.parts.part import PartProxy
from .current import give, nearest, port_of, run
from .information import Arrays, Information
from .values import NO_ARRAY, is_input, names_array, read_value, taken_value

_SERIES: Final = "FileSeriesReader"
_GROUPS: Final = (
    "implicit_functions", "transforms", "views", "representations", "annotations", "lookup_tables",
    "piecewise_functions", "additional_lights", "animation", "animation_keyframes", "misc", "textures",
)  # fmt: skip
"""The groups of ParaView in which there is what makes no data."""
_ARRAYS: Final = {"PointData": "POINTS", "CellData": "CELLS", "FieldData": "FIELD", "RowData": "ROWS"}


class Scripted(Blocking):
    """Properties as ParaView's scripts have them: lists where there may be several values, labels of choices."""

    __slots__ = ()
    _meant: ClassVar[Mapping[str, str]] = {}
    """Other names of properties, where the type does not have them itself."""

    # --- properties

    def _entry(self, name: str) -> Mapping[str, Any]:
        """Return the definition of a property. Raises AttributeError, with a hint."""
        target = self._target

        async def entry(_: Any) -> Any:
            await target.definition()
            return target.entry(name)

        found: Mapping[str, Any] | None = run(self, lambda _: target.entry(name))
        return found if found is not None else run(self, entry)

    def __getattr__(self, name: str) -> Any:
        if not is_of_property(name):
            return super().__getattr__(name)
        try:
            return self._get(self._named(name))
        except AttributeError:
            if not self._is_older(name):
                raise
        return self._face.read(self._target, name)

    def _named(self, name: str) -> str:
        """Return what a property is called here."""
        meant = self._meant.get(name)
        return name if meant is None or name in self._target.scene_type.by_name else meant

    def _is_older(self, name: str) -> bool:
        """Return whether a property had that name before, as far as the definition has arrived."""
        return run(self, lambda target: target.older(name)) is not None

    def _get(self, name: str) -> Any:
        entry = self._entry(name)
        value = read_value(entry, self._face.read(self._target, name))
        if entry.get("type") == "array_selection" and value == []:  # nobody has chosen: what is read by itself
            return self._read_by_itself(name)
        return value if not is_input(entry) else _shown_inputs(value)

    def _read_by_itself(self, name: str) -> list[str]:
        """Return which of the names that a file has are read unless something else is said."""
        if not run(self, lambda target: target.offered):
            run(self, lambda target: target.update_domains())
        return [one for one, on in run(self, lambda target: target.offered).get(name, {}).items() if on]

    def __setattr__(self, name: str, value: Any) -> None:
        if is_of_property(name) and not isinstance(getattr(type(self), name, None), property):
            self._set_one(self._named(name), value)
        else:
            super().__setattr__(name, value)

    def _set_one(self, name: str, value: Any) -> None:
        try:
            self._set(name, value)
        except AttributeError:
            if not self._is_older(name):
                raise
            self._face.write(self._target, name, value)

    def _set(self, name: str, value: Any) -> None:
        entry = self._entry(name)
        taken = taken_value(entry, value, self._arrays_for(name))
        if names_array(entry) and taken == []:  # no array: as a new proxy has it
            if name in run(self, lambda target: target.set_values()):
                self._face.take_back(self._target, name)
            return
        self._face.write(self._target, name, taken)

    def _arrays_for(self, name: str) -> list[tuple[str, str]]:
        """Return what arrays a property has to choose of, as far as that is known."""
        return [(str(one[0]), str(one[1])) for one in self._domain(name).entries if isinstance(one, tuple)]

    def _domain(self, name: str) -> Any:
        return run(self, lambda target: target.domain(name))

    # --- what objects of the server manager have

    def ListProperties(self) -> list[str]:
        """Return the names of all properties and inputs."""
        return [*property_names(run(self, lambda target: target.definition())), *self._meant]

    def GetProperty(self, name: str) -> Any:
        """Return the value of a property. Raises AttributeError, with the nearest name."""
        return getattr(self, name)

    GetPropertyValue = GetProperty

    def SetPropertyWithName(self, name: str, value: Any) -> None:
        """Set a property. Raises AttributeError, TypeError, ValueError."""
        setattr(self, name, value)

    def Set(self, **properties: Any) -> None:
        """Set several properties. Raises AttributeError, TypeError, ValueError, with those before it set."""
        for name, value in properties.items():
            setattr(self, name, value)

    def UpdateVTKObjects(self) -> None:
        """Tell the server what was set."""
        update = getattr(self._target, "update_vtk_objects", None)
        if update is not None:
            run(self, lambda _: update())

    def UpdateProperty(self, name: str) -> None:
        """Tell the server what was set, that property among it."""
        self._entry(name)
        self.UpdateVTKObjects()

    def GetXMLLabel(self) -> str:
        """Return the name of the type, as a person reads it."""
        return str(run(self, lambda target: target.definition())["label"])

    def GetXMLName(self) -> str:
        """Return the name of the type, as ParaView's own definitions have it: SphereSource for Sphere."""
        known = self._of_paraview()
        return str(self._target.type_name) if known is None else known.xml

    def GetXMLGroup(self) -> str:
        """Return the group of the type, as ParaView's own definitions have it: sources, filters, views, ..."""
        known = self._of_paraview()
        return str(run(self, lambda target: target.definition())["group"]) if known is None else known.group

    def _of_paraview(self) -> TypeNames | None:
        """Return what ParaView has for the type, None if it has none."""
        name = str(self._target.type_name)
        found = (type_names(group, name) for group in _GROUPS)
        return next((one for one in found if one is not None), None) or by_python(_GROUPS).get(name)

    @property
    def SMProxy(self) -> Any:
        """Return itself: ParaView has two objects for it."""
        return self

    def GetGlobalIDAsString(self) -> str:
        """Return its number among all proxies of the session."""
        return str(self._target.id)

    GetGlobalID = GetGlobalIDAsString


def _shown_inputs(value: Any) -> Any:
    """Return sources for their first outputs."""
    if isinstance(value, list):
        return [_shown_inputs(one) for one in value]
    return value.proxy if isinstance(getattr(value, "_target", None), OutputPort) and value.port == 0 else value


class ScriptedObject(Scripted):
    """What properties of others hold: planes, transforms, ..."""

    __slots__ = ()

    def _get(self, name: str) -> Any:
        value = super()._get(name)
        if run(self, lambda target: name in target.set_names()):
            return value
        for owner, held_as in run(self, _places):
            filled = _filled(owner)
            if f"{held_as}.{name}" in filled:
                return read_value(self._entry(name), filled[f"{held_as}.{name}"])
        return value


class ScriptedSource(Scripted):
    """A source, filter, reader or writer."""

    __slots__ = ()

    def _of_paraview(self) -> TypeNames | None:
        return source_names(str(self._target.type_name))

    def __getattr__(self, name: str) -> Any:
        if name in _ARRAYS:
            return Arrays(self._information_now, _ARRAYS[name])
        if name == "TimestepValues":
            return list(self._information_now().time_steps)
        return super().__getattr__(name)

    def _named(self, name: str) -> str:
        """Return what a property is called: files that are times are FileName of some of ParaView's readers."""
        return "FileNames" if name == "FileName" and self._target.type_name == _SERIES else super()._named(name)

    def ListProperties(self) -> list[str]:
        """Return the names of all properties and inputs."""
        return [*super().ListProperties(), *(["FileName"] if self._target.type_name == _SERIES else [])]

    def _set(self, name: str, value: Any) -> None:
        without_place = isinstance(value, (list, tuple)) and len(value) == 2 and value[0] is None
        if without_place and value[1] not in NO_ARRAY and not self._arrays_for(name):
            with suppress(RemoteError):  # an input that cannot be made has no arrays, and whoever updates it is told
                run(self, lambda target: target.update_domains())
        super()._set(name, value)

    def _get(self, name: str) -> Any:
        entry = self._entry(name)
        of_data = entry.get("domain", {}).get("kind") in ("arrays", "array_range", "bounds", "extent", "times")
        if not of_data or run(self, lambda target: name in target.set_names()):
            return super()._get(name)
        found = run(self, lambda target: self._from_data(target, name))
        return super()._get(name) if found is None else read_value(entry, found)

    async def _from_data(self, target: SourceProxy, name: str) -> Any:
        """Return what a property that was not set is taken from the data, None if nothing is."""
        try:
            await target.update_domains()
        except RemoteError:
            return None  # an input that cannot be made: it has the default, and whoever updates it is told
        return target.domain(name).default

    def _information_now(self, port: int = 0) -> DataInformation:
        found: DataInformation = run(self, lambda target: _information(target, port))
        return found

    def UpdatePipeline(self, time: float | None = None) -> None:
        """Have it executed, at a time if one is given. Raises RemoteError if it fails."""
        run(self, lambda target: target.update_pipeline(time=time))

    def UpdatePipelineInformation(self) -> None:
        """Bring what can be chosen up to date: times, arrays of files."""
        run(self, lambda target: target.update_domains())
        self._information_now()

    def GetDataInformation(self, port: int = 0) -> Information:
        """Return what an output holds; it is executed if that is out of date."""
        return Information(self._information_now(port))

    def GetPointDataInformation(self) -> Arrays:
        """Return the arrays of points."""
        return Arrays(self._information_now, "POINTS")

    def GetCellDataInformation(self) -> Arrays:
        """Return the arrays of cells."""
        return Arrays(self._information_now, "CELLS")

    def GetFieldDataInformation(self) -> Arrays:
        """Return the arrays of the data set as a whole."""
        return Arrays(self._information_now, "FIELD")

    def GetNumberOfOutputPorts(self) -> int:
        """Return how many outputs it has."""
        return int(run(self, lambda target: target.definition())["outputs"])

    def __getitem__(self, port: int) -> Any:
        """Return an output by its number; the first one is the source itself."""
        if not isinstance(port, int) or not 0 <= port < max(1, self.GetNumberOfOutputPorts()):
            raise IndexError(f"{self!r} has {self.GetNumberOfOutputPorts()} outputs, and none that is {port!r}")
        return self if port == 0 else run(self, lambda target: target.port(port))

    @property
    def Port(self) -> int:
        """Return 0: the number of the first output, which it stands for."""
        return 0

    def FileNameChanged(self) -> None:
        """Have files read again."""
        self.UpdatePipelineInformation()


class ScriptedPort(Blocking):
    """An output that is not the first of its source."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if not is_of_property(name):
            return super().__getattr__(name)
        proxy, port = port_of(self)
        return Arrays(partial(proxy._information_now, port), _ARRAYS[name]) if name in _ARRAYS else getattr(proxy, name)

    def GetDataInformation(self) -> Information:
        """Return what it holds; it is executed if that is out of date."""
        proxy, port = port_of(self)
        return Information(proxy._information_now(port))

    def UpdatePipeline(self, time: float | None = None) -> None:
        """Have it executed, at a time if one is given."""
        proxy, port = port_of(self)
        run(proxy, lambda target: target.update_pipeline(port=port, time=time))

    @property
    def SMProxy(self) -> Any:
        """Return the source."""
        return self.proxy

    @property
    def Port(self) -> int:
        """Return its number."""
        return int(self._target.port)


class ScriptedPart(Blocking):
    """A part of a view, or of what is shown: its axes, a function of its numbers."""

    __slots__ = ()

    def Set(self, **properties: Any) -> None:
        """Set several properties. Raises AttributeError, ValueError, with those before it set."""
        for name, value in properties.items():
            setattr(self, name, value)


def set_all(proxy: Any, properties: Mapping[str, Any]) -> None:
    """Set properties by name. Raises AttributeError, with the nearest name, before anything is set."""
    known = proxy.ListProperties()
    for name in properties:
        is_attribute = isinstance(getattr(type(proxy), name, None), property)
        if name not in known and not is_attribute and not proxy._is_older(name):
            raise AttributeError(f"{proxy._target.type_name} has no property {name!r}{nearest(name, known)}")
    for name, value in properties.items():
        setattr(proxy, name, value)


async def _information(target: SourceProxy, port: int) -> DataInformation:
    known = target.information.get(port)
    return known if known is not None and not target.stale else await target.update_pipeline(port=port)


def _places(target: ObjectProxy) -> list[tuple[Any, str]]:
    """Return what holds an object, and as which of its properties."""
    place = target.place
    held = [] if place is None else [place]
    return [*held, *((user, name) for user in target.users() for name in user.holds(target))]


def _filled(owner: Any) -> dict[str, Any]:
    """Return what an execution has taken from the data, for properties that nobody has set."""
    try:
        information: DataInformation = owner._information_now()
    except RemoteError:
        return {}  # it cannot be made: whoever updates it is told
    return information.filled


give(SourceProxy, ScriptedSource)
give(ObjectProxy, ScriptedObject)
give(OutputPort, ScriptedPort)
give(PartProxy, ScriptedPart)
