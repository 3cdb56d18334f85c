"""Puts what makes images straight between sources and the filters that need it, before these are executed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..algorithms.sampling.ascending import ascending, has_rectilinear
from ..algorithms.turned import Straightened, has_images_from_elsewhere, to_be_made_straight
from ..base.facts import vtk_facts
from .proxies import Pipeline
from .proxy import Connection, Proxy
from .times import update_at


def straighten_inputs(pipeline: Pipeline, proxy: Proxy, time: float | None) -> None:
    """Have a proxy whose inputs are up to date work on straight data where its parts take all data for straight.

    What is put between belongs to no proxy: VTK executes it with the filter. It is brought up to date here, so that
    what looks at the input of the filter finds it.
    """
    first = next(iter(proxy.inputs), None)
    for name, connections in proxy.inputs.items():
        for part, port in proxy.composition.inputs[name] if connections else ():
            _connect(pipeline, proxy, proxy.parts[part], port, connections, looked_into=name == first)
            for index in range(len(connections)):
                between = _between(proxy.parts[part], port, index)
                if between is not None:
                    update_at(between, 0, time)


def _connect(
    pipeline: Pipeline, proxy: Proxy, algorithm: Any, port: int, connections: Sequence[Connection], *, looked_into: bool
) -> None:
    # With the names of ancestors: VTK makes a vtkPAxisAlignedReflectionFilter, say, in the place of what was named.
    classes = {kind.__name__ for one in proxy.algorithms for kind in type(one).__mro__}
    held = [pipeline.output_data(*one) for one in connections]
    looked_into &= not vtk_facts.names("execution", "wrong_on_rectilinear_grids", "finds_cells").isdisjoint(classes)
    from_zero = not vtk_facts.names("execution", "wrong_on_images_from_elsewhere", "gets_from_zero").isdisjoint(classes)
    needed = [
        data is not None
        and (
            to_be_made_straight(classes, data)
            or (looked_into and has_rectilinear(data))
            or (from_zero and has_images_from_elsewhere(data))
        )
        for data in held
    ]
    there = [_between(algorithm, port, index) for index in range(len(connections))]
    if all((one is not None) == wanted for one, wanted in zip(there, needed, strict=True)):
        return
    algorithm.RemoveAllInputConnections(port)
    for connection, wanted in zip(connections, needed, strict=True):
        source, output = pipeline.output(*connection)
        if wanted:
            between = Straightened(ascending if looked_into else None, from_zero=from_zero)
            between.SetInputConnection(source.GetOutputPort(output))
            algorithm.AddInputConnection(port, between.GetOutputPort())
        else:
            algorithm.AddInputConnection(port, source.GetOutputPort(output))


def _between(algorithm: Any, port: int, index: int) -> Any:
    """Return what was put in front of a port; None if a source is connected itself."""
    connection = algorithm.GetInputConnection(port, index)
    producer = None if connection is None else connection.GetProducer()
    return producer if isinstance(producer, Straightened) else None
