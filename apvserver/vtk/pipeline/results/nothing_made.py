"""Whether a filter has made nothing of something, which VTK does without a word: users are told."""

from __future__ import annotations

from typing import Any, Final

from vtkmodules.vtkCommonDataModel import vtkDataObject

from ...base.blocks import parts
from ..proxy import Proxy

_DATA_OBJECT: Final = vtkDataObject.DATA_OBJECT()
_COUNTS: Final = ("GetNumberOfCells", "GetNumberOfPoints", "GetNumberOfRows", "GetNumberOfVertices", "GetNumberOfNodes")
_MAY: Final = frozenset({"ExtractSelection", "ProgrammableFilter", "ProgrammableSource"})
"""Types that make nothing where that is what was asked for."""


def held_output(algorithm: Any, port: int = 0) -> Any:
    """Return what an algorithm has made; None if that is nothing yet.

    VTK's own GetOutputDataObject has the data of all that is upstream made, at a time when that may be of another kind.
    """
    return _DATA_OBJECT.Get(algorithm.GetOutputInformation(port))  # 30 times as fast as to ask the information


def made_nothing(proxy: Proxy) -> str | None:
    """Return what to say if a filter has made nothing of an input in which there is something; None if not."""
    if proxy.definition.group != "filters" or proxy.type_name in _MAY:
        return None
    made = _output(proxy)
    if made is None or _holds(made):
        return None
    inputs = (
        held_input(proxy.parts[part], port) for ports in proxy.composition.inputs.values() for part, port in ports
    )
    something = next((data for data in inputs if data is not None and _holds(data)), None)
    if something is None:
        return None
    counts = [f"{getattr(something, one)()} {one[11:].lower()}" for one in _COUNTS[:3] if hasattr(something, one)]
    return f"the result is empty, and the input, a {something.GetClassName()}, is not: it has {', '.join(counts)}"


def _output(proxy: Proxy) -> Any:
    if not proxy.composition.outputs or proxy.is_object:
        return None
    part, port = proxy.composition.outputs[0]
    return held_output(proxy.parts[part], port)


def held_input(algorithm: Any, port: int) -> Any:
    """Return the first data at an input; None where nothing is connected."""
    return algorithm.GetInputDataObject(port, 0) if algorithm.GetNumberOfInputConnections(port) else None


def _holds(data: Any) -> bool:
    """Return whether there is anything in it; a table or a selection has more than the names of columns."""
    known = [getattr(part, one) for part in parts(data) for one in _COUNTS if hasattr(part, one)]
    return any(count() for count in known) if known else not data.IsA("vtkCompositeDataSet")
