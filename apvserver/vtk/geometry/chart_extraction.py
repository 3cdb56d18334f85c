"""What the data service hands over of an output to be drawn in a chart: a table of just the columns that are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkTable

from ..base.associations import CELLS, POINTS
from ..base.property_set import Check, PropertySet, choice, flag, name, optional
from .chart_columns import ROWS, Columns, Numbers, abscissa, rows_to_draw, shown_names
from .extraction import FULL, Extract

CHART: Final = "chart"
MOST_SERIES: Final = 256

ABSCISSA: Final = "apv abscissa"
"""Name of the first column of the table: that of the data may be drawn as a series as well."""


def names(value: object) -> tuple[str, ...]:
    """Accepts a sequence of names of columns."""
    if not isinstance(value, list | tuple) or len(value) > MOST_SERIES:
        raise ValueError(f"expected a list of at most {MOST_SERIES} names of columns")
    return tuple(name(item) for item in value)


SCHEMA: Final[Mapping[str, tuple[Any, Check]]] = MappingProxyType(
    {
        "AttributeType": (None, optional(choice("attribute type", (POINTS, CELLS, ROWS)))),
        "UseIndexForXAxis": (False, flag),
        "XArrayName": (None, optional(name)),
        "SeriesVisibility": (None, optional(names)),
    }
)
"""What of a chart representation's properties matters where the data is."""


def chart_properties(values: Mapping[str, object]) -> PropertySet:
    """Checked. Raises `UnknownProperty`, `InvalidProperty`."""
    properties = PropertySet(SCHEMA, "chart representation")
    properties.update(values)
    return properties


def extract_chart(data: Any, properties: PropertySet) -> Extract:
    """A table: the abscissa first, then the series. Raises `GeometryError` for columns that are not there.

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
