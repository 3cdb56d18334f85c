"""What the reader of a proxy has to offer, by the proxy's own properties; and what it has not delivered of that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from vtkmodules.vtkCommonDataModel import vtkDataObject
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from apvserver.vtk_bridge.about import messages_of
from apvserver.vtk_bridge.errors import ExecutionFailed, FileError, InvalidProperty
from apvserver.vtk_bridge.information import parts
from apvserver.vtk_bridge.messages import Message, capture
from apvserver.vtk_bridge.pipeline import Proxy
from apvserver.vtk_bridge.preparation import prepare
from apvserver.vtk_bridge.requirements import unmet
from apvserver.vtk_bridge.selections import Offered, offered, selections_of

_TIME_STEPS: Final = vtkStreamingDemandDrivenPipeline.TIME_STEPS()
_KINDS: Final = {
    "POINTS": vtkDataObject.POINT,
    "CELLS": vtkDataObject.CELL,
    "ROWS": vtkDataObject.ROW,
}


def look_into(proxy: Proxy, on_message: Callable[[Message], None] = lambda message: None) -> dict[str, Any]:
    """Have a reader look into its files, without reading what they hold: {"offered", "time_steps"}.

    Raises `ExecutionFailed` with what is wrong with the files, or with what is to be read of them.
    """
    with capture() as captured:
        why = unmet(proxy.definition, {}, proxy.given)
        errors = [] if why is None else [why]
        try:
            for algorithm in proxy.algorithms if why is None else ():
                prepare(algorithm)
                algorithm.UpdateInformation()
        except (FileError, InvalidProperty) as error:
            errors.append(str(error))
    for message in messages_of(proxy, captured.reports):
        on_message(message)
    errors += captured.errors
    if errors:
        raise ExecutionFailed(proxy.id, proxy.type_name, errors)
    information = proxy.instance.GetOutputInformation(0)
    times = information.Get(_TIME_STEPS) if information.Has(_TIME_STEPS) else ()
    return {"offered": offered_by(proxy), "time_steps": list(times)}


def offered_by(proxy: Proxy) -> Offered:
    """What a reader has found in its files when it last looked, and whether that is read, by property."""
    found: Offered = {}
    for part in proxy.recipe.parts:
        algorithm = proxy.parts[part.name]
        there = offered(algorithm) if selections_of(type(algorithm)) else {}
        for name in _names(proxy, part.name, there):
            found[name[0]] = there[name[1]]
    return found


def undelivered(algorithm: Any) -> list[str]:
    """What a reader has announced, was to read, and has left out, as texts; it says nothing of that itself."""
    data = None
    told = []
    for selection in selections_of(type(algorithm)):
        if selection.association not in _KINDS:
            continue
        wanted = {name for name, on in selection.read(algorithm).items() if on}
        if not wanted:
            continue
        data = algorithm.GetOutputDataObject(0) if data is None else data
        missing = sorted(wanted - _arrays(data, _KINDS[selection.association]))
        if missing and _holds_anything(data):
            names = ", ".join(repr(name) for name in missing[:20]) + (", ..." if len(missing) > 20 else "")
            told.append(
                f"{selection.name}: the file announces {len(missing)} {selection.noun}(s) that are not in what "
                f"{type(algorithm).__name__} has read of it: {names}"
            )
    return told


def _names(proxy: Proxy, part: str, there: Offered) -> Iterator[tuple[str, str]]:
    """Names of properties of a proxy, and those of the part that they go to."""
    routes = proxy.recipe.routes
    if routes is None:
        yield from ((name, name) for name in there)
        return
    for name, route in routes.items():
        yield from ((name, target) for of, target in route.targets if of == part and target in there)


def _arrays(data: Any, kind: int) -> set[str]:
    found = set()
    for part in parts(data) if data is not None else ():
        attributes = part.GetAttributes(kind)
        for index in range(attributes.GetNumberOfArrays() if attributes is not None else 0):
            found.add(attributes.GetArrayName(index))
    return found


def _holds_anything(data: Any) -> bool:
    return any(part.GetNumberOfElements(kind) for part in parts(data) for kind in _KINDS.values())
