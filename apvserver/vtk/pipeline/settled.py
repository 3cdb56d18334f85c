"""Whether a proxy is as its last execution has left it: then neither VTK nor any check has anything to do.

What is made of something depends on the time that is asked for, on the data of the inputs, on what its properties hold
and on its own parts; VTK counts each change of one of them, and each execution, in one count of the process.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from vtkmodules.vtkCommonDataModel import vtkDataObject

from ..algorithms.arrays.promotion import PromoteIntegers
from .proxies import Pipeline
from .proxy import Proxy

_DATA_OBJECT: Final = vtkDataObject.DATA_OBJECT()

PartTimes = tuple[int, int]
"""When a part was modified last, and when its first output was made."""


class Source(NamedTuple):
    """What the outputs of a proxy are made of, and for: the time of the data, the output port, times of the inputs."""

    time: float | None
    port: int
    inputs: list[int]


class Settled(NamedTuple):
    """How an execution has left a proxy."""

    source: Source
    parts: list[PartTimes]


def source_of(pipeline: Pipeline, proxy: Proxy, time: float | None, port: int) -> Source:
    """Return what a proxy, all sources of which are up to date, is to be made of now."""
    times: list[int] = []
    for connections in proxy.inputs.values():
        for connection in connections:
            times += _data_times(pipeline.output_data(*connection))
    for id_ in proxy.objects.values():
        if id_ is not None:
            held = pipeline.proxy(id_)
            times.append(held.modified_time())
            if not held.is_object:
                times += _data_times(pipeline.output_data(id_))
    times += [one.modified_time() for one in proxy.own_objects.values()]
    return Source(time, port, times)


def settled_parts(proxy: Proxy, source: Source) -> int:
    """Return how many parts of a proxy, from the first on, are as they were when it was made of just that.

    Before the first one stands what suits the whole proxy: that is to be looked at after each change. What has no
    outputs, such as a writer, works each time.
    """
    settled = proxy.settled
    if settled is None or settled.source != source or proxy.suits is None:
        return 0
    for index, algorithm in enumerate(proxy.algorithms):
        if isinstance(algorithm, PromoteIntegers):
            algorithm.prepare()  # what it is to do is a matter of the part behind it
        times = algorithm.GetMTime(), made_at(proxy, index)
        if times != settled.parts[index] or not algorithm.GetNumberOfOutputPorts():
            return index
    return len(proxy.algorithms)


def settle(proxy: Proxy, source: Source) -> None:
    """Remember that a proxy was just made of that."""
    times = [(one.GetMTime(), made_at(proxy, index)) for index, one in enumerate(proxy.algorithms)]
    proxy.settled = Settled(source, times)


def made_at(proxy: Proxy, index: int) -> int:
    """Return a number that grows when a part of a proxy executes; 0 if it has made nothing yet, or makes nothing.

    What it has made is kept, as Python takes longer to get hold of a data object than VTK takes to make a small one;
    VTK's own GetOutputDataObject has the data of all that is upstream made, at a time when that may be of another kind.
    """
    if not (informations := proxy.informations[index]):
        return 0
    data = proxy.made[index] = _DATA_OBJECT.Get(informations[0])
    return 0 if data is None else int(data.GetUpdateTime())


def _data_times(data: Any) -> tuple[int, int]:
    return (0, 0) if data is None else (data.GetMTime(), data.GetUpdateTime())
