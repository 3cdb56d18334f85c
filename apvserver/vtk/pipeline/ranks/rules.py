"""Which types of proxies may be made in pieces, and what each rank needs of its neighbours for that."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Final, Literal

from async_paraview.records import dataclass

from ...algorithms.arrays.suited_arrays import ChosenPointArray
from ...base.associations import CELLS
from ..pieces.table import Given, given
from ..proxy import Proxy

LARGEST, ALL_REGIONS, CLOSEST = 4, 5, 6
"""Of vtkConnectivityFilter: which regions are kept."""

Kept = Literal["all", "own cells", "own extent"]


IMAGES: Final = frozenset({"vtkImageData"})
STRUCTURED: Final = IMAGES | {"vtkStructuredGrid"}
ANY: Final = STRUCTURED | {"vtkPolyData", "vtkUnstructuredGrid"}


@dataclass(frozen=True, slots=True)
class Rule:
    """How a type is made in pieces; the union of the pieces is what one process makes of the whole."""

    layers: int = 0
    """So many layers of the neighbours' are needed around the piece of an image."""
    keeps: Kept = "all"
    """What of the result is the rank's: all, the cells within its own part, or the part of the image."""
    takes: frozenset[str] = ANY
    """Classes of data of whose pieces it is right."""
    takes_apart: frozenset[str] = frozenset()
    """Classes of data of whose pieces it is right if these have no points in common, and only straight solid cells."""
    shares_points: bool = True
    """Whether points at which pieces meet are one in the whole, as they were in the input."""
    unites: bool = False
    """Whether regions are numbered, over all pieces, after each rank has numbered its own; see `all_regions`."""
    unless: Collection[str] = ()
    """With one of these set, it is not made in pieces."""
    asks_for_own: bool = False
    """Whether an image is asked for the rank's own extent only: nothing is made in the layers around it, which are
    there for differences of values alone. Right for what makes of each cell whatever the others are, also of one whose
    face has the values looked for; of images only."""


CELL_BY_CELL: Final = Rule()
"""Each cell, and each point, by itself: without a look at any other."""

UNSTRUCTURED: Final = frozenset({"vtkUnstructuredGrid"})

CUTS_CELLS: Final = Rule(takes=STRUCTURED, takes_apart=UNSTRUCTURED)
"""Each cell by itself, with points on edges: where edges of several cells are cut at one place, as at their ends, there
are as many points in the whole, and of unstructured cells of several pieces nobody could tell how many."""
OWN_POINTS: Final = Rule(shares_points=False)
"""Each cell by itself, with points of its own."""

_CONTOUR: Final = Rule(1, "own cells", IMAGES, UNSTRUCTURED, unless=("PointMergeMethod", "FastMode"), asks_for_own=True)
_POLYGONS: Final = replace(_CONTOUR, asks_for_own=False)
"""A contour of polygons: which of their corners are one depends on the cells beside them."""

RULES: Final[Mapping[str, Rule]] = {
    "Contour": _CONTOUR,
    "Slice": Rule(1, "own cells", IMAGES, UNSTRUCTURED, unless=("PointMergeMethod", "Crinkleslice")),
    "Clip": CUTS_CELLS,
    "Threshold": CELL_BY_CELL,
    "Calculator": CELL_BY_CELL,
    "Elevation": CELL_BY_CELL,
    "PointDatatoCellData": CELL_BY_CELL,
    "CellSize": Rule(unless=("ComputeSum",)),
    "Transform": CELL_BY_CELL,
    "WarpByScalar": CELL_BY_CELL,
    "WarpByVector": CELL_BY_CELL,
    "CellCenters": OWN_POINTS,
    "Shrink": OWN_POINTS,
    "Connectivity": Rule(unites=True, takes=frozenset({"vtkPolyData", "vtkUnstructuredGrid"})),
    "CellDatatoPointData": Rule(1, "own extent", IMAGES, UNSTRUCTURED),
    "Gradient": Rule(1, "own extent", IMAGES, UNSTRUCTURED),
}
"""By the name of the type. What is not here is made by rank 0 of the whole, or added up: see `is_added_up`."""


def rule_of(proxy: Proxy) -> Rule | None:
    """Return how a proxy with inputs is made in pieces as it is set; None if it is made of the whole."""
    rule = RULES.get(proxy.type_name)
    if rule is None or len(proxy.composition.outputs) != 1:
        return None
    if not {*proxy.given, *proxy.named, *proxy.objects}.isdisjoint(rule.unless):
        return None
    if rule.unites and proxy.parts["filter"].GetExtractionMode() not in (LARGEST, ALL_REGIONS, CLOSEST):
        return None
    if _averages_cells(proxy):
        return None
    return _POLYGONS if proxy.type_name == "Contour" and not proxy.given.get("GenerateTriangles", True) else rule


@contextmanager
def all_regions(proxy: Proxy, rule: Rule | None) -> Iterator[None]:
    """Have a filter of regions keep all of them, with their numbers, meanwhile: which is kept is known to all ranks."""
    filter = None if rule is None or not rule.unites else proxy.parts["filter"]
    if filter is None or (filter.GetExtractionMode() == ALL_REGIONS and filter.GetColorRegions()):
        yield
        return
    mode, colors = filter.GetExtractionMode(), filter.GetColorRegions()
    filter.SetExtractionMode(ALL_REGIONS)
    filter.SetColorRegions(True)
    try:
        yield
    finally:
        filter.SetExtractionMode(mode)
        filter.SetColorRegions(colors)


def is_added_up(proxy: Proxy) -> bool:
    """Return whether each rank may add up its piece for a proxy with inputs, as it is set, and all of them the sums."""
    if len(proxy.algorithms) != 1 or not hasattr(proxy.instance, "of_pieces"):
        return False
    adds_up = getattr(proxy.instance, "adds_up", None)
    return adds_up is None or bool(adds_up())


def _averages_cells(proxy: Proxy) -> bool:
    """Return whether it brings a cell array to the points first: then it looks one layer farther than its rule says."""
    if not any(isinstance(one, ChosenPointArray) for one in proxy.algorithms):
        return False
    chosen = {**proxy.filled, **proxy.given}.values()
    return any(isinstance(one, list | tuple) and len(one) == 2 and one[0] == CELLS for one in chosen)


def given_in_pieces(proxy: Proxy) -> Given | None:
    """Return how a proxy without inputs can make a part of its output alone, with the values of the whole.

    None if it cannot: then it is made by rank 0.
    """
    if proxy.inputs or len(proxy.algorithms) != 1 or len(proxy.composition.outputs) != 1:
        return None
    return given(proxy.algorithms[0])
