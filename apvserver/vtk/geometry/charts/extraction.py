"""What the data service hands over of an output to be drawn in a chart: tables of just what is drawn."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkTable

from async_paraview.scene.charts.settings import CORNER_AXES, LOG_AXES, MOST_SERIES
from async_paraview.scene.types import SceneType

from ...base.array_types import copied
from ...base.associations import GeometryError
from ...base.property_set import PropertySet
from ..extraction import FULL, Extract
from .bins import Bins
from .columns import Columns, Numbers, abscissa, shown_names
from .rows import MOST_LINES, MOST_ROWS, Rows, rows_of_lines, rows_of_parallel_lines, rows_of_points

CHART: Final = "chart"

ABSCISSA: Final = "apv abscissa"
"""Name of the first column of the table: that of the data may be drawn as a series as well."""
STATISTIC: Final = re.compile(r"(min|max|q1|q3|avg|med|std|sum)\((.+)\)")
"""The name of a column of statistics: what it is, and of what."""
STATISTICS: Final = " (stats)"
"""What ParaView adds to the name of what a column is statistics of."""
COUNTS: Final = "N"
"""The column of tables of statistics that says of how many values they are."""
QUARTILES: Final = (0.0, 25.0, 50.0, 75.0, 100.0)
MOST_PLOTTED: Final = 16
"""So many columns a plot matrix has at most."""
BINS_OF_PLOTS: Final = 10
_OF_A_MATRIX: Final = 1024
"""So many places along each side of a whole plot matrix are told apart."""


def chart_properties(type_: SceneType, values: Mapping[str, object]) -> PropertySet:
    """Return the properties, checked. Raises `UnknownProperty`, `InvalidProperty`."""
    properties = PropertySet(type_, data_half=True)
    properties.update(values)
    return properties


def extract_curves(data: Any, properties: PropertySet) -> Extract:
    """Return a table of what is drawn as curves, bars or points: the abscissa first, then the series.

    Of very many rows only those travel that make a difference to the drawing. Raises `GeometryError` for columns that
    are not there.
    """
    return _series(data, properties, as_points=properties["ChartType"] == "Points")


def extract_points(data: Any, properties: PropertySet) -> Extract:
    """Return a table of what is drawn as points; see `extract_curves`."""
    return _series(data, properties, as_points=True)


def extract_bars(data: Any, properties: PropertySet) -> Extract:
    """Return a table of what is drawn as bars; see `extract_curves`."""
    return _series(data, properties, as_points=False)


def extract_statistics(data: Any, properties: PropertySet) -> Extract:
    """Return a table of statistics; series may be named as ParaView does: "pressure (stats)", or "pressure".

    How many values they are of (N) is only drawn if it is asked for.
    """
    return _series(data, properties, as_points=False, of_statistics=True)


def _series(data: Any, properties: PropertySet, *, as_points: bool, of_statistics: bool = False) -> Extract:
    columns = Columns(data, properties["AttributeType"])
    x = abscissa(columns, properties.snapshot())
    wanted = shown_names(columns, x, properties["SeriesVisibility"])
    if of_statistics and properties["SeriesVisibility"] is None:
        wanted = [name for name in wanted if name != COUNTS]
    series = list(dict.fromkeys(one for name in wanted for one in _statistics(columns, name)))[:MOST_SERIES]
    across = np.arange(len(columns), dtype=np.float64) if x is None else columns[x]
    values = [columns[one] for one in series]
    drawn = [_points_of(across, one) for one in values] if as_points else values
    rows = _rows_of_any(drawn) if as_points else rows_of_lines([across, *values])
    table = _table({ABSCISSA: across} | dict(zip(series, drawn, strict=True)), rows)
    corners = {one: _corner(properties["SeriesPlotCorner"], one, of_statistics=of_statistics) for one in series}
    remark = _without_logarithm(properties, corners, (x or "Index", across), dict(zip(series, values, strict=True)))
    return Extract(CHART, {FULL: table}, facts={"x": x or "Index", "rows": len(across)}, remark=remark)


def _points_of(across: Numbers, up: Numbers) -> Numbers:
    """Return the numbers of a series with NaN where no point of its own is drawn."""
    rows = rows_of_points(across, up)
    if rows is None:
        return up
    drawn = np.full(len(up), np.nan)
    drawn[rows] = up[rows]
    return drawn


def _rows_of_any(columns: Sequence[Numbers]) -> Rows | None:
    """Return the rows of very many where some column has a number; None: all of them."""
    if not columns or len(columns[0]) <= MOST_ROWS:
        return None
    return np.flatnonzero(~np.isnan(columns).all(axis=0))


def _corner(corners: Mapping[str, int], column: str, *, of_statistics: bool) -> int:
    """Return by which axes a column is measured: statistics by those of what they are of."""
    found = STATISTIC.fullmatch(column) if of_statistics else None
    return corners.get(column, 0) if found is None else corners.get(found[2], corners.get(found[2] + STATISTICS, 0))


def _without_logarithm(
    properties: PropertySet, corners: Mapping[str, int], along: tuple[str, Numbers], series: Mapping[str, Numbers]
) -> str | None:
    """Return what is to be said of numbers that logarithmic axes have no place for; None: nothing."""
    found: dict[str, int] = {}
    x, across = along
    for name, values in series.items():
        up_axis, across_axis = CORNER_AXES[corners[name]]
        for axis, one, numbers in ((up_axis, name, values), (across_axis, x, across)):
            if axis in properties[LOG_AXES]:
                found[f"{one!r}, {axis}AxisLogScale"] = int((numbers <= 0).sum())
    return _not_drawn({name: count for name, count in found.items() if count})


def _not_drawn(found: Mapping[str, int]) -> str | None:
    if not found:
        return None
    said = ", ".join(f"{count} of {name}" for name, count in found.items())
    return f"numbers that are not positive have no place on a logarithmic axis, and are not drawn: {said}"


def _statistics(columns: Columns, name: str) -> list[str]:
    """Return the columns that a name means: "pressure (stats)" are all statistics of that, as is "pressure" alone."""
    if name in columns.names:
        return [name]
    of = name.removesuffix(STATISTICS)
    parts = [(one, STATISTIC.fullmatch(one)) for one in columns.names]
    return [one for one, found in parts if found is not None and found[2] == of] or [name]


def extract_boxes(data: Any, properties: PropertySet) -> Extract:
    """Return a table with five rows: the smallest, the quartiles and the largest of each column.

    The quartiles are those of numpy: between two values where there is none of just that rank. A column without numbers
    has five times NaN.
    """
    columns = _counted(data, properties)
    series = shown_names(columns, None, properties["SeriesVisibility"])[:MOST_SERIES]
    found = {name: _quartiles(columns[name]) for name in series}
    counts = {f"{name!r}, LeftAxisLogScale": int((five <= 0).sum()) for name, five in found.items()}
    remark = _not_drawn({name: count for name, count in counts.items() if count})
    return Extract(CHART, {FULL: _table(found)}, remark=remark if "Left" in properties[LOG_AXES] else None)


def _quartiles(values: Numbers) -> Numbers:
    there = values[~np.isnan(values)]
    return np.percentile(there, QUARTILES) if len(there) else np.full(len(QUARTILES), np.nan)


def extract_parallel_lines(data: Any, properties: PropertySet) -> Extract:
    """Return a table of the rows that are drawn across parallel axes, and the ranges of those."""
    columns = _counted(data, properties)
    series = shown_names(columns, None, properties["SeriesVisibility"])[:MOST_SERIES]
    values = {name: columns[name] for name in series}
    rows = rows_of_parallel_lines([*values.values()]) if values else None
    remark = None
    if rows is not None:
        remark = (
            f"{len(rows)} of {len(columns)} rows are drawn as lines, at equal distances, with the extremes of each "
            f"column: more than {MOST_LINES} cannot be told apart"
        )
    ranges = [_range(one) for one in values.values()]
    return Extract(CHART, {FULL: _table(values, rows)}, facts={"ranges": ranges}, remark=remark)


def extract_matrix(data: Any, properties: PropertySet) -> Extract:
    """Return a table of points for each pair of columns, by their numbers, and the histogram of each column."""
    columns = _counted(data, properties)
    wanted = properties["SeriesVisibility"]
    series = list(dict.fromkeys(shown_names(columns, None, wanted)))
    if len(series) > MOST_PLOTTED and wanted is not None:
        raise GeometryError(f"a plot matrix has at most {MOST_PLOTTED} columns, and SeriesVisibility has {len(series)}")
    left_out, series = series[MOST_PLOTTED:], series[:MOST_PLOTTED]
    values = [columns[name] for name in series]
    parts: dict[str, Any] = {}
    for up in range(len(series)):
        for across in range(up):
            parts[f"{across} {up}"] = _plot(values[across], values[up], _OF_A_MATRIX // len(series))
    facts = {"names": series, "ranges": [_range(one) for one in values], "counts": [_counts(one) for one in values]}
    remark = None
    if left_out:
        remark = (
            f"a plot matrix has at most {MOST_PLOTTED} columns: {', '.join(left_out)} are not drawn; choose by "
            "SeriesVisibility"
        )
    return Extract(CHART, parts or {FULL: vtkTable()}, facts=facts, remark=remark)


def _plot(across: Numbers, up: Numbers, places: int) -> vtkTable:
    return _table({"x": across, "y": up}, rows_of_points(across, up, places, MOST_ROWS // 2))


def _counts(values: Numbers) -> list[int]:
    there, bins = values[~np.isnan(values)], Bins(BINS_OF_PLOTS)
    limits = bins.limits([there])
    return [] if limits is None else [int(one) for one in bins.counted([there], limits)[0]]


def _range(values: Numbers) -> list[float] | None:
    there = values[~np.isnan(values)]
    return [float(there.min()), float(there.max())] if len(there) else None


def _counted(data: Any, properties: PropertySet) -> Columns:
    return Columns(data, properties["FieldAssociation"], counted=True)


def _table(columns: Mapping[str, Numbers], rows: Rows | Sequence[int] | None = None) -> vtkTable:
    made = vtkTable()
    for name, values in columns.items():
        array = copied(values if rows is None else values[rows])
        array.SetName(name)
        made.AddColumn(array)
    return made
