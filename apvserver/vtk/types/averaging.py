"""Which classes average what of which input: in front of those integers become doubles, in any composition.

VTK keeps the type of an array, and rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, Literal

from vtkmodules.vtkCommonDataModel import vtkDataObject

from async_paraview.records import dataclass

from ..base.facts import vtk_facts
from .composition import Composition, SubProxy, SubProxyPort

POINTS: Final[frozenset[int]] = frozenset({vtkDataObject.POINT})
CELLS: Final[frozenset[int]] = frozenset({vtkDataObject.CELL})
BOTH: Final = POINTS | CELLS
NONE: Final[frozenset[int]] = frozenset()


@dataclass(frozen=True)
class Averages:
    """What a class averages, or interpolates: arrays of points or cells of the input at `port`.

    One that reads few of many values gets huge arrays to be `read`: converted as it reads them; of active scalars it
    may want the memory (`takes_memory`), so that those are not marked then. `now` says of an instance whether it does,
    as its properties are; `of` says of which arrays. One that makes one result of all blocks of a composite says in
    `blocks` what is done with arrays that only some of them have.
    """

    what: frozenset[int] = POINTS
    port: int = 0
    read: bool = False
    takes_memory: bool = False
    now: Callable[[Any], bool] = lambda algorithm: True
    of: Callable[[Any], bool] = lambda array: True
    blocks: Literal["", "told", "nan"] = ""


def _turns(array: Any) -> bool:
    """Return whether an array can be one of vectors or tensors: bytes are colors."""
    return array.GetNumberOfComponents() in (3, 6, 9) and array.GetDataTypeSize() > 1


_KINDS: Final[Mapping[str, Averages]] = MappingProxyType(
    {
        "at_edges": Averages(),
        "at_edges_by_memory": Averages(takes_memory=True),
        "between_points": Averages(),
        "at_places": Averages(port=1, blocks="nan"),
        "in_an_image": Averages(blocks="nan"),
        "of_cells": Averages(CELLS),
        "unless_categories": Averages(now=lambda filter: not filter.GetCategoricalData()),
        "of_merged_points": Averages(now=lambda filter: bool(filter.GetAveragePointData())),
        "of_curved_faces": Averages(now=lambda filter: filter.GetNonlinearSubdivisionLevel() > 1),
        "of_the_whole": Averages(BOTH, blocks="told"),
        "over_time": Averages(BOTH),
        "mirrored": Averages(BOTH, of=_turns),
    }
)
"""By their names in `base/facts/execution.toml`, which says which classes they are."""


def averages_of(vtk_name: str) -> tuple[Averages, ...]:
    """Return what a class, by its exact name, averages of its inputs; on a VTK that was not measured as on those."""
    read = vtk_name in vtk_facts.names("execution", "reads_views", "of_integers")
    kinds = vtk_facts.by_name("execution", "averages").get(vtk_name, ())
    return tuple(replace(_KINDS[kind], read=read) for kind in kinds)


def promoting(made_of: Composition) -> Composition:
    """Return the same composition with a part that promotes integers in front of every input that is averaged."""
    consumers = {(part.name, one.port): part for part in made_of.parts for one in averages_of(part.vtk_name)}
    if not consumers:
        return made_of
    names = {port: f"{port[0]} integers {port[1]}".strip() for port in consumers}
    parts: list[SubProxy] = []
    for part in made_of.parts:
        parts += [SubProxy(name, "PromoteIntegers") for port, name in names.items() if port[0] == part.name]
        parts.append(part)
    inner: list[tuple[SubProxyPort, SubProxyPort]] = [(port, (name, 0)) for port, name in names.items()]
    return replace(
        made_of,
        parts=tuple(parts),
        links=(*((_moved(to, names), of) for to, of in made_of.links), *inner),
        inputs={name: tuple(_moved(port, names) for port in ports) for name, ports in made_of.inputs.items()},
    )


def _moved(port: SubProxyPort, names: Mapping[SubProxyPort, str]) -> SubProxyPort:
    return (names[port], 0) if port in names else port
