"""Before an execution: defaults that depend on data are filled in, and what the type needs of its inputs is checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from async_paraview.domains import defaults_of_data
from async_paraview.information import DataInformation

from ..base.arrays import Ranges
from ..base.information import describe_data, describe_shape
from ..base.values.ranges import Range, finite_range
from ..types.limits import Held
from .guards.locators import too_fine
from .guards.requirements import unmet
from .pieces.state import example
from .proxies import Pipeline
from .proxy import Proxy


def suit(pipeline: Pipeline, proxy: Proxy) -> str | None:
    """Make a proxy whose inputs are up to date suit them; why it cannot work on them, None if it can.

    Properties with a domain that depends on data, and that no client has set, get what the domain gives for the data of
    now: they follow the input, as do those of the objects that the proxy holds. What was set is kept.
    """
    definition = proxy.definition
    if not definition.inputs and definition.group != "readers" and not proxy.composition.limited:
        proxy.suits = [], None
        return None
    of = _versions(pipeline, proxy)
    if proxy.suits is None or proxy.suits[0] != of:
        if _fits(pipeline, proxy):
            proxy.suits = of, None
            return None
        held = _held(pipeline, proxy, _no_ranges if proxy.composition.asks_for_arrays else None)
        why = unmet(definition, held, {**proxy.given, **_types_held(pipeline, proxy)}) or _unmet_by_objects(
            pipeline, proxy
        )
        for one in (proxy, *_objects(pipeline, proxy)) if why is None else ():
            _fill(pipeline, one, proxy, held)
        proxy.suits = of, why
    return proxy.suits[1]


def _types_held(pipeline: Pipeline, proxy: Proxy) -> dict[str, str]:
    """Return the types of what a client has properties hold, by their names: "" of what is to hold nothing."""
    return {name: "" if id_ is None else pipeline.proxy(id_).type_name for name, id_ in proxy.objects.items()}


def _unmet_by_objects(pipeline: Pipeline, proxy: Proxy) -> str | None:
    """Return why an object that the proxy holds cannot be used; None if all can."""
    parts = (part for one in _objects(pipeline, proxy) for part in one.parts.values())
    return next((why for part in parts if (why := too_fine(part)) is not None), None)


def filled_values(pipeline: Pipeline, proxy: Proxy) -> dict[str, Any]:
    """Return what was filled in at the last execution; of objects that properties hold as "SliceType.Origin"."""
    if not proxy.own_objects and not proxy.objects:
        return dict(proxy.filled)
    objects = {
        **proxy.own_objects,
        **{name: pipeline.proxy(id_) for name, id_ in proxy.objects.items() if id_ is not None},
    }
    of_objects = {f"{name}.{key}": value for name, held in objects.items() for key, value in held.filled.items()}
    return {**proxy.filled, **of_objects}


def _fits(pipeline: Pipeline, proxy: Proxy) -> bool:
    """Return whether it takes the kinds of data that there are and depends on nothing else of them, in microseconds."""
    asks = proxy.composition.filled or proxy.composition.limited or proxy.own_objects or proxy.objects
    if asks or proxy.definition.group == "readers":
        return False
    ports = proxy.definition.inputs
    if not all(port.optional or proxy.inputs.get(port.name) for port in ports):
        return False
    data = [(port, _sample(pipeline, one)) for port in ports for one in proxy.inputs.get(port.name, ())]
    return all(held is None or _takes(port.data_types, held) for port, held in data)


def _takes(data_types: tuple[str, ...], held: Any) -> bool:
    """Return whether that kind is taken for sure; what is in blocks is to be looked at where their kinds are named."""
    wanted = [one for one in data_types if one not in ("vtkCompositeDataSet", "vtkDataObjectTree")]
    return any(map(held.IsA, data_types)) and not (held.IsA("vtkCompositeDataSet") and wanted)


def _versions(pipeline: Pipeline, proxy: Proxy) -> list[int]:
    """Return what the answer depends on, besides what a client has changed: which data is there."""
    return [_version(pipeline, one) for connections in proxy.inputs.values() for one in connections]


def _version(pipeline: Pipeline, connection: tuple[int, int]) -> int:
    held = pipeline.proxy(connection[0]).in_pieces
    if held is not None:
        return -2 * held.version - (held.summary is None)
    data = pipeline.output_data(*connection)
    return 0 if data is None else int(data.GetMTime())


def _sample(pipeline: Pipeline, connection: tuple[int, int]) -> Any:
    """Return an output; of one that is in pieces empty data of its kind."""
    held = pipeline.proxy(connection[0]).in_pieces
    return pipeline.output_data(*connection) if held is None else example(held.kind)


def _fill(pipeline: Pipeline, proxy: Proxy, of: Proxy, held: Held) -> None:
    entries = proxy.composition.filled
    if not entries:
        return
    first = {name: several[0] for name, several in held.items() if several}
    values = defaults_of_data(entries, first, proxy.given)
    depends = [one for one in entries if one["domain"]["kind"] == "array_range" or "array" in one["domain"]]
    ranged = [one for one in depends if one["name"] not in proxy.given]
    if ranged:
        chosen = {**values, **proxy.given}
        names = {_array_name(chosen.get(one["domain"].get("array", ""))) for one in ranged}
        measured = _held(pipeline, of, _ranges_of(frozenset(name for name in names if name is not None)))
        first = {name: several[0] for name, several in measured.items() if several}
        values = defaults_of_data(entries, first, proxy.given)
    if values != proxy.filled:
        pipeline.fill(proxy, values)
        if proxy is not of:
            for part in of.algorithms:
                part.Modified()


def _array_name(chosen: Any) -> str | None:
    return str(chosen[1]) if isinstance(chosen, list | tuple) and len(chosen) == 2 else None


def _objects(pipeline: Pipeline, proxy: Proxy) -> Iterator[Proxy]:
    """Yield what the properties of a proxy hold. What several proxies hold follows the inputs of the oldest of them."""
    yield from proxy.own_objects.values()
    for id_ in proxy.objects.values():
        if id_ is not None and min(pipeline.proxy(id_).users) == proxy.id:
            yield pipeline.proxy(id_)


def _held(pipeline: Pipeline, proxy: Proxy, ranges: Ranges | None) -> Held:
    """Return what the inputs hold, by name; without `ranges` not their arrays, unless they are composites."""
    return {
        name: tuple(_described(pipeline, connection, ranges) for connection in connections)
        for name, connections in proxy.inputs.items()
    }


def _described(pipeline: Pipeline, connection: tuple[int, int], ranges: Ranges | None) -> DataInformation:
    if pipeline.team is not None and pipeline.team.is_in_pieces(connection[0]):
        return DataInformation.from_dict({**pipeline.team.described(connection[0]), "time_steps": []})
    held = pipeline.proxy(connection[0]).in_pieces
    if held is not None:
        known = held.summary or held.brief
        return DataInformation.from_dict({**(known or describe_data(None)), "time_steps": []})
    data = pipeline.output_data(*connection)
    brief = ranges is None and data is not None and not data.IsA("vtkCompositeDataSet")
    described = describe_shape(data) if brief else describe_data(data, ranges or _no_ranges)
    return DataInformation.from_dict({**described, "time_steps": []})


def _no_ranges(_array: Any, _component: int) -> Range | None:
    """Return no range: ranges take time, and few need them."""
    return None


def _ranges_of(names: frozenset[str]) -> Ranges:
    return lambda array, component: finite_range(array, component) if array.GetName() in names else None
