"""What proxies may be connected to, and what their properties may hold: checked before anything changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from async_paraview.values import type_meant

from ..base.errors import InvalidProperty, PipelineError, UnknownProperty, UnknownProxy, UnknownType
from ..types.composition import ExposedProperty
from ..types.toml_definitions import OBJECTS, composition
from .proxy import OWN, Connection, Inputs, Objects, Proxy, make_proxy


class Known(Protocol):
    """The proxies that there are: a pipeline."""

    def __contains__(self, id: object) -> bool: ...

    def proxy(self, id: int) -> Proxy:
        """Return the proxy of that id. Raises `UnknownProxy`."""

    def upstream_order(self, id: int) -> tuple[int, ...]:
        """Return all that a proxy depends on, and itself, sources first."""


def checked_inputs(proxies: Known, proxy: Proxy, inputs: Inputs) -> dict[str, tuple[Connection, ...]]:
    """Return what the named inputs are to be connected to. Raises `PipelineError`, `UnknownProxy`."""
    ports = proxy.definition.ports
    checked: dict[str, tuple[Connection, ...]] = {}
    for name, connections in inputs.items():
        if name not in ports:
            known = ", ".join(ports) or "none, it is a source"
            raise PipelineError(f"{proxy} has no input {name!r}; its inputs: {known}")
        sources = tuple([_checked_connection(proxies, proxy, name, connection) for connection in connections])
        if len(sources) > 1 and not ports[name].repeatable:
            raise PipelineError(f"input {name!r} of {proxy} takes one connection, not {len(sources)}")
        checked[name] = sources
    return checked


def _checked_connection(proxies: Known, proxy: Proxy, name: str, connection: Connection) -> Connection:
    try:
        source_id, port = connection
    except (TypeError, ValueError):
        raise PipelineError(f"input {name!r} of {proxy} expects (proxy id, output port), not {connection!r}") from None
    if source_id not in proxies:
        raise UnknownProxy(f"cannot connect input {name!r} of {proxy}: no proxy has id {source_id!r}")
    source = proxies.proxy(source_id)
    if port not in range(source.definition.outputs):
        raise PipelineError(
            f"cannot connect input {name!r} of {proxy}: {source} has no output port {port!r}, "
            f"it has {source.definition.outputs}, counted from 0"
        )
    if _makes_a_cycle(proxies, proxy, source):
        raise PipelineError(f"cannot connect input {name!r} of {proxy} to {source}: that would make a cycle")
    return source_id, int(port)


def _makes_a_cycle(proxies: Known, proxy: Proxy, source: Proxy) -> bool:
    """Return whether it would depend on itself: only a proxy that others depend on already can come to do so."""
    return proxy is source or (bool(proxy.users) and proxy.id in proxies.upstream_order(source.id))


def checked_objects(proxies: Known, proxy: Proxy, objects: Objects) -> dict[str, tuple[ExposedProperty, Proxy | None]]:
    """Return what the named properties are to hold, and where it goes.

    Raises `UnknownProperty`, `UnknownProxy`, `InvalidProperty`, and `PipelineError` for what would make a cycle.
    """
    known = proxy.definition.objects
    checked: dict[str, tuple[ExposedProperty, Proxy | None]] = {}
    for name, id_ in objects.items():
        if name not in known:
            some = ", ".join(known) or "none"
            raise UnknownProperty(f"{proxy} has no property {name!r} that holds an object; it has: {some}")
        held = None if id_ is None else proxies.proxy(id_)
        route = proxy.composition.route(name)
        assert route is not None
        if held is not None:
            if _makes_a_cycle(proxies, proxy, held):
                raise PipelineError(f"cannot set {name} of {proxy} to {held}: that would make a cycle")
            if held.is_object == (route.connect is not None):
                some = ", ".join(known[name].candidates[:8])
                raise InvalidProperty(f"{name} of {proxy} cannot hold {held}; it takes {some}")
        checked[name] = (route, held)
    return checked


def objects_by_name(
    proxy: Proxy, properties: Mapping[str, Any]
) -> tuple[Mapping[str, Any], dict[str, tuple[ExposedProperty, Proxy | None]]]:
    """Return the properties that are values, and new objects for those that are set to the name of a type.

    Raises `UnknownType`.
    """
    named: dict[str, tuple[ExposedProperty, Proxy | None]] = {}
    if not proxy.definition.objects:
        return properties, named
    texts = {name for name, value in properties.items() if isinstance(value, str)}
    asked = {name: one for name, one in proxy.definition.objects.items() if name in texts} if texts else {}
    if not asked:
        return properties, named
    for name, one in asked.items():
        route = proxy.composition.route(name)
        assert route is not None
        kind = type_meant({"names": one.names}, properties[name].removeprefix(OBJECTS))
        if kind is None:
            named[name] = route, None
            continue
        try:
            made_of = composition(("" if one.takes_sources else OBJECTS) + kind)
        except UnknownType as error:
            raise UnknownType(f"{proxy.type_name}.{name}: {error}") from None
        if proxy.named.get(name) != made_of.definition.type_name:
            named[name] = route, make_proxy(OWN, made_of)
    return {name: value for name, value in properties.items() if name not in asked}, named
