"""The kinds of views, and how what they show is extracted from data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from ..base.associations import Range
from ..base.property_set import PropertySet
from .chart_extraction import chart_properties, extract_chart
from .extraction import Extract, extract, extraction_properties, remark, same_extract

GEOMETRY: Final = "RenderView"
CHART: Final = "XYChartView"


@dataclass(frozen=True)
class Extractor:
    """The data half of the representations in one kind of view."""

    properties: Callable[[Mapping[str, object]], PropertySet]
    """Checks what matters here. Raises `UnknownProperty`, `InvalidProperty`, `GeometryError`."""
    same: Callable[[PropertySet, PropertySet], bool]
    """Whether the same would be extracted with either."""
    extract: Callable[[Any, PropertySet], Extract]
    """Raises `GeometryError` where the data cannot be shown so."""
    remark: Callable[[PropertySet, Range | None], str | None] = lambda properties, color_range: None
    """What is to be said of a look that is not as it was asked for, with numbers of that range; None: nothing."""


EXTRACTORS: Final[Mapping[str, Extractor]] = MappingProxyType(
    {
        GEOMETRY: Extractor(extraction_properties, same_extract, extract, remark),
        CHART: Extractor(chart_properties, lambda one, other: one.snapshot() == other.snapshot(), extract_chart),
    }
)
