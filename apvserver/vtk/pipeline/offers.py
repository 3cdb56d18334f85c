"""What the reader of a proxy has to offer, by the proxy's own properties."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from ..base.errors import ExecutionFailed, FileError, InvalidProperty
from ..base.vtk_messages import Message, capture
from ..types.adapters.selections import Offered, offered, selections_of
from .about import messages_of
from .guards.requirements import unmet
from .preparation import prepare
from .proxy import Proxy

_TIME_STEPS: Final = vtkStreamingDemandDrivenPipeline.TIME_STEPS()


def look_into(proxy: Proxy, on_message: Callable[[Message], None] = lambda message: None) -> dict[str, Any]:
    """Have a reader look into its files, without reading what they hold: {"offered", "time_steps"}.

    Of a filter there is nothing to look into: its input is not made for that. Raises `ExecutionFailed` with what is
    wrong with the files, or with what is to be read of them.
    """
    if proxy.definition.inputs:
        return {"offered": {}, "time_steps": []}
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
    """Return what a reader has found in its files when it last looked, and whether that is read, by property."""
    found: Offered = {}
    if not proxy.composition.chooses:
        return found
    for part in proxy.composition.parts:
        algorithm = proxy.parts[part.name]
        there = offered(algorithm) if selections_of(type(algorithm)) else {}
        for name in _names(proxy, part.name, there):
            found[name[0]] = there[name[1]]
    return found


def _names(proxy: Proxy, part: str, there: Offered) -> Iterator[tuple[str, str]]:
    """Yield names of properties of a proxy, and those of the part that they go to."""
    routes = proxy.composition.routes
    if routes is None:
        yield from ((name, name) for name in there)
        return
    for name, route in routes.items():
        yield from ((name, target) for of, target in route.targets if of == part and target in there)
