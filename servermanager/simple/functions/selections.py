"""Selections, by the names of ParaView's functions: by queries, ids, thresholds, places, and rectangles of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ...selecting.selections import MODIFIERS
from ..current import a_source, a_view, nearest, session, when_gone
from ..pipeline import leave_out, make, when_made

__all__ = [
    "AddSelectionLink",
    "ClearSelection",
    "CreateSelection",
    "GetSelections",
    "GrowSelection",
    "QuerySelect",
    "RemoveSelectionLink",
    "SelectBlocks",
    "SelectCells",
    "SelectCellsThrough",
    "SelectCompositeDataIDs",
    "SelectGlobalIDs",
    "SelectHierarchicalDataIDs",
    "SelectIDs",
    "SelectLocation",
    "SelectPoints",
    "SelectPointsThrough",
    "SelectSurfaceBlocks",
    "SelectSurfaceCells",
    "SelectSurfacePoints",
    "SelectThresholds",
    "ShrinkSelection",
]
FIELD_TYPES: Final = ("POINT", "CELL", "ROW")
_ELEMENTS: Final = {"POINT": "Point Data", "CELL": "Cell Data", "ROW": "Row Data"}
_SOURCES: Final = (
    "IDSelectionSource", "GlobalIDSelectionSource", "CompositeDataIDSelectionSource", "ThresholdSelectionSource",
    "HierarchicalDataIDSelectionSource", "LocationSelectionSource", "SelectionQuerySource", "BlockSelectionSource",
    "BlockSelectorsSelectionSource", "FrustumSelectionSource", "ValueSelectionSource", "AppendSelections",
)  # fmt: skip
_created: Final[dict[str, Any]] = {}
"""Selections by the names that CreateSelection was given."""
_links: Final[dict[str, tuple[Any, Any]]] = {}
"""Sources of which the same is selected, two by two, by the names of their links."""

when_gone(_created.clear)
when_gone(_links.clear)


def _field(field_type: Any, what: str) -> str:
    name = str(field_type).upper()
    if name not in FIELD_TYPES:
        raise ValueError(f"{what}: FieldType is one of {', '.join(FIELD_TYPES)}, not {field_type!r}")
    return name


def _select(what: str, source: Any, type_name: str, modifier: str | None = None, /, **properties: Any) -> Any:
    """Select of a source, and of what is linked with it; returns the selection that it has then."""
    source = a_source(source, what)
    made = session().selections.make(source, type_name, _modifier(modifier, what), **properties)
    for other in _linked(source):
        session().selections.select(other, made)
    return made


def _modifier(modifier: Any, what: str) -> str | None:
    if modifier in (None, ""):
        return None
    if modifier not in MODIFIERS:
        raise ValueError(f"{what}: Modifier is one of {', '.join(MODIFIERS)} or None, not {modifier!r}")
    return str(modifier)


def SelectCells(query: str | None = None, proxy: Any = None) -> Any:
    """Select the cells of a source (the active one by default) that a query is true for; None: all.

    Returns the selection, a SelectionQuerySource. What is wrong with the query is raised where it is extracted.
    """
    return _select(
        "SelectCells", proxy, "SelectionQuerySource", QueryString=query or "id >= 0", ElementType="Cell Data"
    )


def SelectPoints(query: str | None = None, proxy: Any = None) -> Any:
    """Select the points of a source (the active one by default) that a query is true for; None: all."""
    return _select(
        "SelectPoints", proxy, "SelectionQuerySource", QueryString=query or "id >= 0", ElementType="Point Data"
    )


def QuerySelect(QueryString: str = "", FieldType: str = "POINT", Source: Any = None, InsideOut: Any = False) -> None:
    """Select what a query is true for, or with InsideOut all the others."""
    element = _ELEMENTS[_field(FieldType, "QuerySelect")]
    _select(
        "QuerySelect",
        Source,
        "SelectionQuerySource",
        QueryString=QueryString,
        ElementType=element,
        InsideOut=bool(InsideOut),
    )


def _by_ids(
    type_name: str, what: str, IDs: Sequence[int], FieldType: str, cells: Any, Source: Any, modifier: Any
) -> None:
    field = _field(FieldType, what)
    _select(what, Source, type_name, modifier, IDs=list(IDs), FieldType=field, ContainingCells=bool(cells))


def SelectIDs(
    IDs: Sequence[int] = (),
    FieldType: str = "POINT",
    ContainingCells: Any = False,
    Source: Any = None,
    Modifier: str | None = None,
) -> None:
    """Select by numbers: process, id, process, id, ...; of composites in each block.

    Modifier is "ADD", "SUBTRACT", "TOGGLE", or None: the former selection is replaced.
    """
    _by_ids("IDSelectionSource", "SelectIDs", IDs, FieldType, ContainingCells, Source, Modifier)


def SelectGlobalIDs(
    IDs: Sequence[int] = (),
    FieldType: str = "POINT",
    ContainingCells: Any = False,
    Source: Any = None,
    Modifier: str | None = None,
) -> None:
    """Select by the global ids of the data."""
    _by_ids("GlobalIDSelectionSource", "SelectGlobalIDs", IDs, FieldType, ContainingCells, Source, Modifier)


def SelectCompositeDataIDs(
    IDs: Sequence[int] = (),
    FieldType: str = "POINT",
    ContainingCells: Any = False,
    Source: Any = None,
    Modifier: str | None = None,
) -> None:
    """Select in blocks: flat index, process, id, and so on."""
    what = "SelectCompositeDataIDs"
    _by_ids("CompositeDataIDSelectionSource", what, IDs, FieldType, ContainingCells, Source, Modifier)


def SelectHierarchicalDataIDs(
    IDs: Sequence[int] = (),
    FieldType: str = "POINT",
    ContainingCells: Any = False,
    Source: Any = None,
    Modifier: str | None = None,
) -> None:
    """Select in levels of images: level, index, id, and so on."""
    what = "SelectHierarchicalDataIDs"
    _by_ids("HierarchicalDataIDSelectionSource", what, IDs, FieldType, ContainingCells, Source, Modifier)


def SelectThresholds(
    Thresholds: Sequence[float] = (),
    ArrayName: str = "",
    FieldType: str = "POINT",
    Source: Any = None,
    Modifier: str | None = None,
) -> None:
    """Select where an array is between low and high, low and high, ..., which count themselves."""
    field = _field(FieldType, "SelectThresholds")
    limits = [float(one) for one in Thresholds]
    _select(
        "SelectThresholds",
        Source,
        "ThresholdSelectionSource",
        Modifier,
        Thresholds=limits,
        ArrayName=ArrayName,
        FieldType=field,
    )


def SelectLocation(Locations: Sequence[float] = (), Source: Any = None, Modifier: str | None = None) -> None:
    """Select the points that are just at x, y, z, x, y, z, ..."""
    places = [float(one) for one in Locations]
    _select("SelectLocation", Source, "LocationSelectionSource", Modifier, Locations=places, FieldType="POINT")


def SelectBlocks(
    BlockSelector: str | Sequence[str], Source: Any = None, FieldType: str = "POINT", Modifier: str | None = None
) -> None:
    """Select all points or cells of blocks, by paths as "/Root/Block0"."""
    paths = [BlockSelector] if isinstance(BlockSelector, str) else list(BlockSelector)
    field = _field(FieldType, "SelectBlocks")
    _select("SelectBlocks", Source, "BlockSelectorsSelectionSource", Modifier, BlockSelectors=paths, FieldType=field)


# --- by pictures


def _in_a_view(what: str, rectangle: Sequence[int], polygon: Any, view: Any, modifier: Any, kind: str) -> None:
    if polygon:
        raise ValueError(f"{what}: of pictures rectangles are selected, and no polygons: give Rectangle")
    view = a_view(view, what)
    if not hasattr(view._target, "camera"):
        raise ValueError(f"{what} selects in render views, and not in a {view.type_name}")
    view.Update()
    width, height = view.ViewSize
    given = list(rectangle) or [0, 0, width, height]
    if len(given) != 4:
        raise ValueError(f"{what}: Rectangle is x1, y1, x2, y2 in pixels from the lower left, not {rectangle!r:.60}")
    (left, right), (low, high) = sorted(map(int, given[::2])), sorted(map(int, given[1::2]))
    through = kind.startswith("THROUGH")
    # ParaView's ends are places of a picture, of which the pixels between them are meant where all behind is selected.
    last = max(left, right - 1) if through else right
    top = min(height - high, height - 1 - low) if through else height - 1 - high
    pixels = [left, top, last, height - 1 - low]
    if through:
        session().selections.select_through(view, pixels, kind.removeprefix("THROUGH_"), _modifier(modifier, what))
    else:
        session().selections.select_surface(view, pixels, kind, _modifier(modifier, what))


def SelectSurfacePoints(
    Rectangle: Sequence[int] = (), Polygon: Any = (), View: Any = None, Modifier: str | None = None
) -> None:
    """Select the points that are seen in a rectangle: x1, y1, x2, y2 in pixels from the lower left; none: in all."""
    _in_a_view("SelectSurfacePoints", Rectangle, Polygon, View, Modifier, "POINTS")


def SelectSurfaceCells(
    Rectangle: Sequence[int] = (), Polygon: Any = (), View: Any = None, Modifier: str | None = None
) -> None:
    """Select the cells that are seen in a rectangle, as `SelectSurfacePoints`."""
    _in_a_view("SelectSurfaceCells", Rectangle, Polygon, View, Modifier, "CELLS")


def SelectSurfaceBlocks(Rectangle: Sequence[int] = (), View: Any = None, Modifier: str | None = None) -> None:
    """Select the blocks of which anything is seen in a rectangle."""
    _in_a_view("SelectSurfaceBlocks", Rectangle, (), View, Modifier, "BLOCKS")


def SelectPointsThrough(Rectangle: Sequence[int] = (), View: Any = None, Modifier: str | None = None) -> None:
    """Select all points behind a rectangle, whether they are seen or not."""
    _in_a_view("SelectPointsThrough", Rectangle, (), View, Modifier, "THROUGH_POINTS")


def SelectCellsThrough(Rectangle: Sequence[int] = (), View: Any = None, Modifier: str | None = None) -> None:
    """Select all cells behind a rectangle, whether they are seen or not."""
    _in_a_view("SelectCellsThrough", Rectangle, (), View, Modifier, "THROUGH_CELLS")


# --- what is selected


def ClearSelection(Source: Any = None) -> None:
    """Select nothing of a source, the active one by default."""
    source = a_source(Source, "ClearSelection")
    for one in (source, *_linked(source)):
        session().selections.clear(one)


def GetSelections() -> dict[tuple[str, str], Any]:
    """Return the selections by (name, number)."""
    found = [*session().selections.all().values(), *_created.values()]
    names = {one._target.id: name for name, one in _created.items()}
    return {
        (names.get(one._target.id) or session().proxies.name(one), one.GetGlobalIDAsString()): one
        for one in found
        if one in session().proxies.sources()
    }


def CreateSelection(
    proxyname: str, registrationname: str = "", groupname: str = "selection_sources", **args: Any
) -> Any:
    """Make a source of selections of a type, which is none of the pipeline: "IDSelectionSource", ..."""
    if proxyname not in _SOURCES:
        raise ValueError(f"CreateSelection: {proxyname!r} makes no selections{nearest(proxyname, _SOURCES)}")
    before = session().proxies.active.source
    made = make(proxyname, (), dict(args))
    session().proxies.active.set_source(before)
    _created[registrationname or session().proxies.name(made)] = made
    return made


def is_selection(source: Any) -> bool:
    """Return whether a source is a selection, and none of the pipeline."""
    return any(source is one for one in _created.values()) or session().selections.is_made(source)


def GrowSelection(Source: Any = None, Layers: int = 1) -> None:
    """Grow the selection of a source by layers of neighbours; by negative ones it shrinks to what it was at most."""
    source = a_source(Source, "GrowSelection")
    selection = session().selections.of(source)
    if selection is None:
        raise ValueError(f"GrowSelection: nothing of {source!r} is selected")
    for one in _seeds(selection):
        one.NumberOfLayers = max(0, int(one.NumberOfLayers) + int(Layers))


def ShrinkSelection(Source: Any = None, Layers: int = 1) -> None:
    """Take back layers that a selection was grown by."""
    GrowSelection(Source, -int(Layers))


def _seeds(selection: Any) -> list[Any]:
    if selection.type_name != "AppendSelections":
        return [selection]
    return [seed for one in selection.Input for seed in _seeds(one)]


def AddSelectionLink(objProxy: Any, objProxyOther: Any, linkName: str, convertToIndices: Any = True) -> None:
    """Have the same be selected of two sources from now on. Raises ValueError for a name that is taken."""
    if linkName in _links:
        raise ValueError(f"AddSelectionLink: there is a link {linkName!r} already")
    one, other = a_source(objProxy, "AddSelectionLink"), a_source(objProxyOther, "AddSelectionLink")
    if one is other:
        raise ValueError(f"AddSelectionLink takes two sources, and not {one!r} twice")
    _links[linkName] = (one, other)
    selection = session().selections.of(one)
    if selection is not None:
        session().selections.select(other, selection)


def RemoveSelectionLink(linkName: str) -> None:
    """Have the selections of two sources be independent again. Raises ValueError if there is no such link."""
    if linkName not in _links:
        raise ValueError(f"RemoveSelectionLink: there is no link {linkName!r}{nearest(linkName, _links)}")
    del _links[linkName]


def _linked(source: Any) -> list[Any]:
    """Return the sources that hang together with one by links."""
    found, there = [source], session().proxies.sources()
    for one in found:
        for pair in _links.values():
            if one in pair:
                found += [other for other in pair if other not in found and other in there]
    return found[1:]


def select_by_default(made: Any, given: Any) -> None:
    """Give a new ExtractSelection, for which no Selection was named, that of its input."""
    if made.type_name != "ExtractSelection" or "Selection" in given or "IDs" in given or made.Input is None:
        return
    selection = session().selections.of(made.Input)
    if selection is not None:
        made.Selection = selection


when_made(select_by_default)
leave_out(is_selection)
