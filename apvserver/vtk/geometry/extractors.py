"""The kinds of views, and how what they show is extracted from data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from async_paraview.records import dataclass
from async_paraview.scene.catalog import KINDS_OF_VIEWS

from ..base.property_set import PropertySet
from ..base.values.ranges import Range
from .charts.counting import extract_histogram
from .charts.extraction import (
    chart_properties,
    extract_bars,
    extract_boxes,
    extract_curves,
    extract_matrix,
    extract_parallel_lines,
    extract_points,
    extract_statistics,
)
from .charts.image_extraction import extract_image
from .extraction import Extract, extract, extraction_properties, remark, same_extract

GEOMETRY: Final = "RenderView"


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


def _same_chart(one: PropertySet, other: PropertySet) -> bool:
    return one.snapshot() == other.snapshot()


def _of_chart(kind: str, extract_it: Callable[[Any, PropertySet], Extract]) -> Extractor:
    return Extractor(partial(chart_properties, KINDS_OF_VIEWS[kind].representation), _same_chart, extract_it)


EXTRACTORS: Final[Mapping[str, Extractor]] = MappingProxyType(
    {
        GEOMETRY: Extractor(extraction_properties, same_extract, extract, remark),
        **{
            kind: _of_chart(kind, extract_it)
            for kind, extract_it in (
                ("XYChartView", extract_curves),
                ("XYPointChartView", extract_points),
                ("XYBarChartView", extract_bars),
                ("XYHistogramChartView", extract_histogram),
                ("QuartileChartView", extract_statistics),
                ("BoxChartView", extract_boxes),
                ("ParallelCoordinatesChartView", extract_parallel_lines),
                ("PlotMatrixView", extract_matrix),
                ("ImageChartView", extract_image),
            )
        },
    }
)
