"""Before an execution: defaults that depend on data are filled in, and what the type needs of its inputs is checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apvserver.vtk_bridge.arrays import Range, considerate_range
from apvserver.vtk_bridge.information import announced_times, describe_data
from apvserver.vtk_bridge.pipeline import Pipeline, Proxy
from apvserver.vtk_bridge.requirements import Held, unmet
from servermanager.domains import defaults_of_data
from servermanager.information import DataInformation


def suit(pipeline: Pipeline, proxy: Proxy) -> str | None:
    """Make a proxy whose inputs are up to date suit them; why it cannot work on them, None if it can.

    Properties with a domain that depends on data, and that no client has set, get what the domain gives for the data of
    now: they follow the input, as do those of the objects that the proxy holds. What was set is kept.
    """
    definition = proxy.definition
    if not definition.inputs and definition.group != "readers":
        return None
    of = _state(pipeline, proxy)
    if proxy.suits is None or proxy.suits[0] != of:
        held = _held(pipeline, proxy)
        why = unmet(definition, held, proxy.given)
        for one in (proxy, *_objects(pipeline, proxy)) if why is None else ():
            _fill(pipeline, one, proxy, held)
        proxy.suits = of, why
    return proxy.suits[1]


def filled_values(pipeline: Pipeline, proxy: Proxy) -> dict[str, Any]:
    """What was filled in at the last execution; of objects that properties hold as "SliceType.Origin"."""
    objects = {
        **proxy.own_objects,
        **{name: pipeline.proxy(id_) for name, id_ in proxy.objects.items() if id_ is not None},
    }
    of_objects = {f"{name}.{key}": value for name, held in objects.items() for key, value in held.filled.items()}
    return {**proxy.filled, **of_objects}


def _state(pipeline: Pipeline, proxy: Proxy) -> tuple[Any, ...]:
    """What the answer depends on, besides the values that were set: which data is there, and what is held."""
    outputs = [pipeline.output(*one) for connections in proxy.inputs.values() for one in connections]
    data = [algorithm.GetOutputDataObject(port) for algorithm, port in outputs]
    held = [(id_, tuple(pipeline.proxy(id_).given)) for id_ in proxy.objects.values() if id_ is not None]
    return tuple(proxy.inputs.items()), [None if one is None else one.GetMTime() for one in data], held


def _fill(pipeline: Pipeline, proxy: Proxy, of: Proxy, held: Held) -> None:
    entries = proxy.recipe.filled
    if not entries:
        return
    first = {name: several[0] for name, several in held.items() if several}
    values = defaults_of_data(entries, first, proxy.given)
    ranged = [one for one in entries if one["domain"]["kind"] == "array_range" and one["name"] not in proxy.given]
    if ranged:
        chosen = {**values, **proxy.given}
        names = {_array_name(chosen.get(one["domain"].get("array", ""))) for one in ranged}
        measured = _held(pipeline, of, frozenset(name for name in names if name is not None))
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
    """What the properties of a proxy hold. What several proxies hold follows the inputs of the oldest of them."""
    yield from proxy.own_objects.values()
    for id_ in proxy.objects.values():
        if id_ is not None and min(pipeline.proxy(id_).users) == proxy.id:
            yield pipeline.proxy(id_)


def _held(pipeline: Pipeline, proxy: Proxy, measured: frozenset[str] = frozenset()) -> Held:
    """What the inputs hold, by name, with the ranges of the arrays of these names only: others take time."""

    def ranges(array: Any, component: int) -> Range | None:
        return considerate_range(array, component) if array.GetName() in measured else None

    return {
        name: tuple(_described(pipeline, connection, ranges) for connection in connections)
        for name, connections in proxy.inputs.items()
    }


def _described(pipeline: Pipeline, connection: tuple[int, int], ranges: Any) -> DataInformation:
    algorithm, port = pipeline.output(*connection)
    described = describe_data(algorithm.GetOutputDataObject(port), ranges)
    return DataInformation.from_plain({**described, **announced_times(algorithm, port)})
