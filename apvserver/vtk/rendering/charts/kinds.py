"""The kinds of charts, by the names of their views: what draws each, and what is shown in it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from . import cartesian_views as cartesian
from .box_representation import BoxRepresentation
from .chart_representation import ChartRepresentation
from .chart_view import ChartView
from .histogram_representation import HistogramRepresentation
from .image_view import ImageRepresentation, ImageView
from .matrix_view import MatrixRepresentation, MatrixView
from .parallel_view import ParallelRepresentation, ParallelView
from .xy_representation import BarRepresentation, PointRepresentation, QuartileRepresentation, XYRepresentation

CHARTS: Final[Mapping[str, tuple[type[ChartView], type[ChartRepresentation]]]] = MappingProxyType(
    {
        view.TYPE.name: (view, representation)
        for view, representation in (
            (cartesian.XYChartView, XYRepresentation),
            (cartesian.XYPointChartView, PointRepresentation),
            (cartesian.XYBarChartView, BarRepresentation),
            (cartesian.HistogramView, HistogramRepresentation),
            (cartesian.QuartileView, QuartileRepresentation),
            (cartesian.BoxView, BoxRepresentation),
            (ParallelView, ParallelRepresentation),
            (MatrixView, MatrixRepresentation),
            (ImageView, ImageRepresentation),
        )
    }
)
