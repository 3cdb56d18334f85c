"""What the data service hands over of an output to be drawn in a chart: a table of just the columns that are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkTable

from async_paraview.scene.representations import CHART_REPRESENTATION, MOST_SERIES

from ..base.property_set import PropertySet
from .chart_columns import Columns, Numbers, abscissa, rows_to_draw, shown_names
from .extraction import FULL, Extract

CHART: Final = "chart"

ABSCISSA: Final = "apv abscissa"
"""Name of the first column of the table: that of the data may be drawn as a series as well."""


def chart_properties(values: Mapping[str, object]) -> PropertySet:
    """Return the properties, checked. Raises `UnknownProperty`, `InvalidProperty`."""
    properties = PropertySet(CHART_REPRESENTATION, data_half=True)
    properties.update(values)
    return properties


def extract_chart(data: Any, properties: PropertySet) -> Extract:
    """Return a table: the abscissa first, then the series. Raises `GeometryError` for columns that are not there.

    Of very many rows only those travel that make a difference to the drawing (`rows_to_draw`).
    """
    columns = Columns(data, properties["AttributeType"])
    x = abscissa(columns, properties.snapshot())
    series = list(dict.fromkeys(shown_names(columns, x, properties["SeriesVisibility"])))[:MOST_SERIES]
    across = np.arange(len(columns), dtype=np.float64) if x is None else columns[x]
    values = [across, *(columns[one] for one in series)]
    rows = rows_to_draw(values)
    table = vtkTable()
    for label, column in zip([ABSCISSA, *series], values, strict=True):
        table.AddColumn(_array(label, column if rows is None else column[rows]))
    return Extract(CHART, {FULL: table}, facts={"x": x or "Index", "rows": len(across)})


def _array(label: str, values: Numbers) -> Any:
    array = numpy_to_vtk(values, deep=True)
    array.SetName(label)
    return array
