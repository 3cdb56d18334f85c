"""How a proxy that is executed in pieces stands: where its pieces come from, and what is known or kept of them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any, Final

from vtkmodules.vtkCommonDataModel import vtkDataObject
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline, vtkTrivialProducer

from .division import Division

_versions: Final = itertools.count(1)
_TIMES: Final = (vtkStreamingDemandDrivenPipeline.TIME_STEPS(), vtkStreamingDemandDrivenPipeline.TIME_RANGE())


@dataclass(eq=False)
class InPieces:
    """A proxy whose output is never there as a whole."""

    source: int
    """The id of what gives the pieces."""
    through: tuple[int, ...]
    """The ids of what each piece goes through, in order, with the proxy itself; empty for the source."""
    division: Division
    ghosts: int
    """How many ghost levels the pieces of the source need."""
    state: Any
    """What it depends on."""
    kind: str = ""
    """The class of its pieces; known when the first was made."""
    summary: dict[str, Any] | None = None
    """What its pieces hold together."""
    brief: dict[str, Any] | None = None
    """What one of them holds, without ranges and bounds."""
    made: dict[Any, Any] = field(default_factory=dict)
    """What else was made of all pieces: to be drawn, and to be counted."""
    version: int = field(default_factory=lambda: next(_versions))


@dataclass(eq=False)
class Collected:
    """The output of a proxy as a whole, which was made of pieces."""

    producer: Any
    """Stands in the place of the proxy's algorithm."""
    state: Any


def collected(data: Any, state: Any, source: Any) -> Collected:
    """Return data as the output of an algorithm, which has the times of that of a source."""
    producer = vtkTrivialProducer()
    producer.SetOutput(data)
    producer.UpdateInformation()
    for key in _TIMES:
        if source.GetOutputInformation(0).Has(key):
            producer.GetOutputInformation(0).CopyEntry(source.GetOutputInformation(0), key)
    data.DataHasBeenGenerated()
    return Collected(producer, state)


def example(kind: str) -> Any:
    """Return an empty data object of a class."""
    from vtkmodules.vtkCommonDataModel import vtkDataObjectTypes

    return vtkDataObjectTypes.NewDataObject(kind) if kind else vtkDataObject()
