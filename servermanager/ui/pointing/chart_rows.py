"""Which rows of what a chart shows lie in a rectangle of it, and selecting those."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ...model.proxy import OutputPort
from ...views.chart_view import ChartRepresentationProxy, ChartViewProxy
from ...views.spreadsheet import Rows
from .chart_moves import Range, Ranges

MOST_ROWS: Final = 5_000_000
PAGE: Final = 100_000
ABSCISSAS: Final = ("arc_length", "bin_extents", "Time")
"""What lies along the horizontal axis where nobody says it, as the data service has it."""
COMPONENTS: Final = {"X": 0, "Y": 1, "Z": 2}
MAGNITUDE: Final = "Magnitude"
BLOCK: Final = "Block Number"
OF_ASSOCIATIONS: Final = {"POINTS": ("Point ID", "POINT"), "CELLS": ("Cell ID", "CELL"), "ROWS": ("Row ID", "ROW")}
"""By association: the column that numbers its rows, and what selections call it."""

Mask = npt.NDArray[np.bool_]


async def select_rows(view: ChartViewProxy, ranges: Ranges, modifier: str | None) -> tuple[OutputPort, ...]:
    """Select the rows of which anything is drawn within these ranges of axes; returns the outputs of which any are.

    Raises ValueError where rows are not drawn as places, as in histograms, and RemoteError.
    """
    session, found = view.session, []
    shown = [one for one in session.all_representations() if one.view is view and one.Visibility]
    for one in shown:
        if "XArrayName" not in one.scene_type.by_name:
            raise ValueError(f"rows are selected where they are places, in charts of curves and points, not in {one!r}")
        ids = await _within(session, one, ranges)
        if ids:
            _select(session, one.source, _association(one), ids, modifier)
            found.append(one.source)
    for output in session.selections.all() if modifier is None else ():
        if output not in found:
            session.selections.clear(output)
    return tuple(found)


def drawn_within(rows: Rows, x: str | None, series: list[str] | None, ranges: Mapping[str, Range]) -> Mask:
    """Return which rows of a page have a place within ranges: of the abscissa `x`, else the number, and any series.

    Without `series` all columns of single numbers are drawn.
    """
    number = next(name for name, _ in OF_ASSOCIATIONS.values() if name in rows.columns)
    (left, right), (low, high) = _range(ranges, "Bottom", "Top"), _range(ranges, "Left", "Right")
    along = column(rows.columns, x) if x is not None else np.arange(rows.first, rows.first + len(rows), dtype=float)
    own = (BLOCK, number, "Points", x)
    names = series if series is not None else [name for name in rows.columns if name not in own]
    any_drawn = np.zeros(len(rows), bool)
    for name in names:
        values = column(rows.columns, name)
        if values is not None:
            any_drawn |= (values >= low) & (values <= high)
    if along is None:
        return np.zeros(len(rows), bool)
    return any_drawn & (along >= left) & (along <= right)


def column(columns: Mapping[str, Any], name: str | None) -> npt.NDArray[np.float64] | None:
    """Return the numbers of a series: of an array, or of a component, as `Velocity_X`; None if there are none."""
    if name is not None and name in columns:
        values = np.asarray(columns[name])
        return values.astype(np.float64) if values.ndim == 1 and values.dtype.kind in "biuf" else None
    of, _, component = (name or "").rpartition("_")
    values = np.asarray(columns.get(of, ()))
    if values.ndim != 2 or values.dtype.kind not in "biuf":
        return None
    if component == MAGNITUDE:
        return np.asarray(np.linalg.norm(values.astype(np.float64), axis=1))
    at = COMPONENTS.get(component, int(component) if component.isdecimal() else -1)
    return values[:, at].astype(np.float64) if 0 <= at < values.shape[1] else None


def _range(ranges: Mapping[str, Range], usual: str, other: str) -> Range:
    return ranges.get(usual) or ranges.get(other) or (-np.inf, np.inf)


async def _within(session: Any, shown: ChartRepresentationProxy, ranges: Ranges) -> list[tuple[int, int]]:
    """Return block and number of the rows that are drawn within ranges."""
    association = _association(shown)
    number, _ = OF_ASSOCIATIONS[association]
    series = None if shown.SeriesVisibility is None else list(shown.SeriesVisibility)
    found: list[tuple[int, int]] = []
    async for rows in session.rows(shown.source, association=association, rows_per_page=PAGE):
        if rows.total > MOST_ROWS:
            raise ValueError(f"rows are selected of up to {MOST_ROWS:,}, and {shown.source!r} has {rows.total:,}")
        mask = drawn_within(rows, _abscissa(shown, rows), series, ranges)
        ids = rows.columns[number][mask]
        blocks = rows.columns[BLOCK][mask] if BLOCK in rows.columns else np.full(len(ids), -1)
        found += zip(blocks.tolist(), ids.tolist(), strict=True)
    return found


def _abscissa(shown: ChartRepresentationProxy, rows: Rows) -> str | None:
    if shown.UseIndexForXAxis:
        return None
    named = shown.XArrayName
    return str(named) if named is not None else next((one for one in ABSCISSAS if one in rows.columns), None)


def _association(shown: ChartRepresentationProxy) -> str:
    if shown.AttributeType is not None:
        return str(shown.AttributeType)
    information = shown.source.proxy.information.get(shown.source.port)
    return "ROWS" if information is not None and information.data_type == "vtkTable" else "POINTS"


def _select(
    session: Any, output: OutputPort, association: str, pairs: list[tuple[int, int]], modifier: str | None
) -> None:
    _, kind = OF_ASSOCIATIONS[association]
    if pairs[0][0] < 0:
        ids = list(_flat((0, id_) for _, id_ in pairs))
        session.selections.make(output, "IDSelectionSource", modifier, IDs=ids, FieldType=kind)
    else:
        ids = list(_flat((block, 0, id_) for block, id_ in pairs))
        session.selections.make(output, "CompositeDataIDSelectionSource", modifier, IDs=ids, FieldType=kind)


def _flat(several: Iterator[tuple[int, ...]]) -> Iterator[int]:
    for one in several:
        yield from one
