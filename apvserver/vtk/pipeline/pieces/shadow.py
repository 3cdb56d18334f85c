"""A pipeline of its own for one piece: copies of proxies, fed with that piece as if it were the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ...types.properties import apply_settings
from ...types.property_routes import settings_of
from ...types.toml_definitions import OBJECTS
from ..progress import notice_files
from ..proxies import Pipeline
from ..proxy import Connection, Proxy

HOLDER: Final = "vtkTrivialProducer"


def shadow_of(
    pipeline: Pipeline,
    ids: Sequence[int],
    feeds: Mapping[Connection, Any],
    changes: Mapping[str, Any] | None = None,
) -> Pipeline:
    """Return copies of the proxies of these ids, which are in order, with the data that feeds them.

    What they need beside that is given to them as it is. What was filled in for the whole is set. `changes` are
    properties of the last of them.
    """
    made = Pipeline()
    held: dict[Connection, int] = {}
    for connection, data in feeds.items():
        held[connection] = _hold(made, data)
    for id_ in ids:
        _copy(pipeline, made, pipeline.proxy(id_), held, {} if changes is None or id_ != ids[-1] else changes)
    return made


def close(shadow: Pipeline) -> None:
    """Let go of all that it holds."""
    for id_ in shadow.ids():
        proxy = shadow.proxy(id_)
        if not proxy.is_object and type(proxy.instance).__name__ == HOLDER and id_ < 0:
            proxy.instance.SetOutput(None)
        proxy.watches = ()
    shadow.close()


def _hold(made: Pipeline, data: Any) -> int:
    id_ = -2 - len(made)
    made.create(id_, HOLDER)
    made.proxy(id_).instance.SetOutput(data)
    return id_


def _copy(
    pipeline: Pipeline, made: Pipeline, proxy: Proxy, held: dict[Connection, int], changes: Mapping[str, Any]
) -> None:
    inputs = {
        name: [_source(pipeline, made, connection, held) for connection in connections]
        for name, connections in proxy.inputs.items()
    }
    objects = {
        name: None if id_ is None else _object(pipeline, made, pipeline.proxy(id_), held)
        for name, id_ in proxy.objects.items()
    }
    prefix = OBJECTS if proxy.is_object else ""
    values = {**proxy.filled, **proxy.named, **proxy.given, **changes}
    made.create(proxy.id, prefix + proxy.type_name, values, inputs, objects)
    copy = made.proxy(proxy.id)
    for name, own in proxy.own_objects.items():
        filled = {**own.filled, **own.given}
        if filled and name in copy.own_objects:
            own_copy = copy.own_objects[name]
            apply_settings(settings_of(own_copy.composition, own_copy.parts, filled))
            own_copy.given.update(filled)
    notice_files(copy)


def _source(pipeline: Pipeline, made: Pipeline, connection: Connection, held: dict[Connection, int]) -> Connection:
    if connection in held:
        return held[connection], 0
    if connection[0] in made:
        return connection
    held[connection] = _hold(made, pipeline.output_data(*connection))
    return held[connection], 0


def _object(pipeline: Pipeline, made: Pipeline, held_object: Proxy, held: dict[Connection, int]) -> int:
    if held_object.id in made:
        return held_object.id
    if held_object.is_object:
        _copy(pipeline, made, held_object, held, {})
        return held_object.id
    return _source(pipeline, made, (held_object.id, 0), held)[0]
