"""Sources and filters as functions, and what there is by name."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from services_core import RemoteError

from ..model.definitions import OBJECTS, UNKNOWN_TYPE
from ..model.proxy import SourceProxy
from . import displays
from .current import (
    a_source,
    close_session,
    is_extractor,
    is_representation,
    is_source,
    is_view,
    port_of,
    run,
    session,
    when_gone,
)
from .proxies import set_all

_NAMES: Final = ("registrationName", "guiName")
_left: Final[dict[int, Any]] = {}
"""Sources that were deleted while others used them: they go with the last of those."""

_GROUPS: Final = ("sources", "filters", "readers", "writers", "objects")
_types: Final[list[str]] = []
"""The names of all types of the session's server, as soon as they were asked for."""

_when_made: Final[list[Callable[[Any, Mapping[str, Any]], None]]] = []
"""Called with each new proxy, and what it was given."""
_left_out: Final[list[Callable[[Any], bool]]] = []
"""Tell of sources whether they are none of the pipeline."""

when_gone(_left.clear)
when_gone(_types.clear)


def when_made(work: Callable[[Any, Mapping[str, Any]], None]) -> None:
    """Have something done with each new proxy and what it was given. Called as this package is imported."""
    _when_made.append(work)


def leave_out(which: Callable[[Any], bool]) -> None:
    """Have sources left out of those that are told. Called as this package is imported."""
    _left_out.append(which)


class Constructor:
    """Makes proxies of one type: `Contour(Input=wavelet, Isosurfaces=[150.0])`; without Input, of the active source."""

    def __init__(self, type_name: str) -> None:
        """Make proxies of a type of the server."""
        self.__name__ = self.__qualname__ = type_name
        self.__module__ = __package__ or ""

    def __call__(self, *arguments: Any, **properties: Any) -> Any:
        """Make one with these properties, registered by `registrationName`; sources become the active one."""
        return make(self.__name__, arguments, properties)

    @property
    def __doc__(self) -> str:  # type: ignore[override]  # of each type, not of the class
        """Return what the type does, and its properties."""
        return str(getattr(session().sources, self.__name__).__doc__)

    @property
    def __signature__(self) -> inspect.Signature:
        """Return the properties, with their defaults."""
        found: inspect.Signature = getattr(session().sources, self.__name__).__signature__
        return found

    def __repr__(self) -> str:
        return f"<{self.__name__}: makes proxies of that type>"


def make(type_name: str, arguments: tuple[Any, ...], properties: dict[str, Any]) -> Any:
    """Make a proxy as a constructor does. Raises AttributeError, TypeError, ValueError, with nothing made."""
    name = next((properties.pop(one) for one in _NAMES if one in properties), None)
    definition = _definition(type_name)
    inputs = [entry["name"] for entry in definition["inputs"]]
    if len(arguments) > 1:
        raise TypeError(f"{type_name} takes its input first, and everything else by name, not {arguments[1:]!r:.80}")
    if arguments and not inputs:
        raise TypeError(f"{type_name} has no input: {arguments[0]!r:.80} cannot be connected to it")
    if arguments:
        properties[inputs[0]] = arguments[0]
    elif inputs and inputs[0] not in properties and not definition["inputs"][0]["optional"]:
        active = session().proxies.active.source
        if active is not None:
            properties[inputs[0]] = active
    if series := _series_of(definition, properties):
        return _opened(properties.pop(series), properties, name)
    connected = {key: properties.pop(key) for key in [one for one in properties if one in inputs]}
    with session().undo.all_or_nothing(f"create {type_name}"):
        made = _made(type_name, definition)
        set_all(made, connected)
        set_all(made, properties)
        for work in _when_made:
            work(made, {**connected, **properties})
        if name and is_source(made) and session().proxies.name_is_free(name):
            session().proxies.rename(made, name)
    return made


def _series_of(definition: Mapping[str, Any], properties: Mapping[str, Any]) -> str | None:
    """Return which property of a reader of one file was given several, which are times; None if none was."""
    if definition["group"] != "readers":
        return None
    for entry in definition["properties"]:
        given = properties.get(entry["name"])
        if entry.get("path") and entry.get("size") == 1 and isinstance(given, (list, tuple)) and len(given) > 1:
            return str(entry["name"])
    return None


def _opened(files: Sequence[Any], properties: Mapping[str, Any], name: str | None) -> Any:
    """Return the reader of files that are times, which looks itself at what they are, with properties of it."""
    made = session().open([os.fspath(one) for one in files])
    try:
        set_all(made, properties)
    except (AttributeError, TypeError, ValueError):
        session().delete(made)
        raise
    if name and session().proxies.name_is_free(name):
        session().proxies.rename(made, name)
    return made


def _definition(type_name: str) -> dict[str, Any]:
    """Return the definition of a type of sources, else of objects."""
    found: dict[str, Any]
    try:
        found = run(session(), lambda one: one.definitions.definition(type_name))
    except RemoteError as error:
        if error.type_name != UNKNOWN_TYPE:
            raise
        try:
            found = run(session(), lambda one: one.definitions.definition(f"{OBJECTS}{type_name}"))
        except RemoteError:
            raise error from None
    return found


def _made(type_name: str, definition: dict[str, Any]) -> Any:
    return session().create_object(type_name) if definition["group"] == "objects" else session().create(type_name)


def GetSources() -> dict[tuple[str, str], Any]:
    """Return all sources and filters by (name, number)."""
    proxies = session().proxies
    there = [
        one
        for one in proxies.sources()
        if one._target.id not in _left and not run(one, _is_held) and not any(out(one) for out in _left_out)
    ]
    return {(proxies.name(one), one.GetGlobalIDAsString()): one for one in there}


def _is_held(source: SourceProxy) -> bool:
    """Return whether it is a property of others, as the seeds of streamlines are."""
    return any(user.value_set(name) is source for user in source.users() for name in user.holds(source))


def FindSource(name: str) -> Any:
    """Return the source or filter of that name, None if there is none."""
    return next((one for (known, _), one in GetSources().items() if known == name), None)


def GetActiveSource() -> Any:
    """Return the active source, None if there is none."""
    return session().proxies.active.source


def SetActiveSource(source: Any) -> None:
    """Make a source the active one; None: no source is."""
    session().proxies.active.set_source(None if source is None else a_source(source, "SetActiveSource"))


def RenameSource(newName: str, proxy: Any = None) -> None:
    """Give a source another name. Raises ValueError if that is taken."""
    session().proxies.rename(a_source(proxy, "RenameSource"), newName)


def RenameProxy(proxy: Any, group: str, newName: str) -> None:
    """Give a proxy of a group ("sources") another name."""
    if group != "sources":
        raise ValueError(f"RenameProxy: only sources have names here, not proxies of the group {group!r}")
    RenameSource(newName, proxy)


def Delete(proxy: Any = None) -> None:
    """Delete a source (the active one by default), a view, or what is shown.

    A source that others use is gone by name, and goes with the last of them.
    """
    if is_view(proxy) or is_representation(proxy) or isinstance(proxy, displays.ScriptedText) or is_extractor(proxy):
        proxy.delete()
        return
    if proxy is not None and not is_source(proxy):
        return  # colors and layouts are there as long as something has them
    proxy = a_source(proxy, "Delete")
    _left[proxy._target.id] = proxy
    manager = session().proxies
    if manager.active.source is proxy:
        manager.active.set_source(None)
    displays.take_out_texts(proxy)
    for shown in session().all_representations():
        if shown.source.proxy is proxy:
            shown.delete()
    while unused := [one for one in _left.values() if not manager.dependents(one)]:
        for one in unused:
            session().delete(one)
            del _left[one._target.id]


def UpdatePipeline(time: float | None = None, proxy: Any = None) -> None:
    """Execute a source, the active one by default."""
    a_source(proxy, "UpdatePipeline").UpdatePipeline(time)


def SetProperties(proxy: Any = None, **params: Any) -> None:
    """Set properties of a source, the active one by default."""
    set_all(a_source(proxy, "SetProperties") if proxy is None else proxy, params)


def GetProperty(*arguments: Any, **keywords: Any) -> Any:
    """Return a property: `GetProperty("Radius")` of the active source, `GetProperty(sphere, "Radius")`."""
    proxy = keywords.pop("proxy", None)
    name = keywords.pop("name", None)
    for one in arguments:
        if isinstance(one, str):
            name = one
        else:
            proxy = one
    if keywords or name is None:
        raise TypeError(f"GetProperty takes the name of a property, and a proxy, not {(*arguments, keywords)!r:.80}")
    return (a_source(None, "GetProperty") if proxy is None else proxy).GetProperty(name)


def ResetProperty(propertyName: str, proxy: Any = None, restoreFromSettings: bool = True) -> None:
    """Set a property back to what a new proxy has."""
    proxy = a_source(None, "ResetProperty") if proxy is None else proxy
    proxy.GetProperty(propertyName)
    if propertyName in proxy.set_values():
        delattr(proxy, propertyName)


def FetchData(proxy: Any = None, **_options: Any) -> dict[int, Any]:
    """Return the data of a source as an object of VTK, by the number of its process: 0."""
    return {0: fetch(a_source(proxy, "FetchData"))}


def fetch(proxy: Any) -> Any:
    """Return a copy of an output as an object of VTK."""
    source, port = port_of(proxy)
    return source.fetch(port=port).to_vtk()


def ResetSession() -> None:
    """Delete all: the session is closed, and another one begins in its place."""
    close_session()
    session()


def type_names() -> list[str]:
    """Return the names of all types that can be made."""
    if not _types:
        found = run(session(), lambda one: one.definitions.list())
        names = {one.name for one in found if one.group in _GROUPS and not one.name.startswith("vtk")}
        _types.extend(sorted(names))
    return list(_types)
