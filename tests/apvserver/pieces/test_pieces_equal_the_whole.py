"""What is made of pieces, one after the other, is what is made of the whole: cells, points in common once, numbers."""

from __future__ import annotations

import numpy as np
import pytest
from vtkmodules.vtkFiltersCore import vtkFeatureEdges

from apvserver.vtk.base.information import describe_data
from apvserver.vtk.pipeline.execution import Executor

from .scenes import (
    CELLS,
    POINTS,
    Filter,
    arrays_of,
    as_a_whole,
    both,
    cells_of,
    chain,
    executed,
    in_pieces,
)

COUNTS = [1, 2, 5, 8]
CONTOUR: Filter = ("Contour", {"ContourBy": ["POINTS", "RTData"], "Isosurfaces": [150.0, 171.3]})
CUTS: dict[str, list[Filter]] = {
    "contour": [CONTOUR],
    "contour with what is filled in": [("Contour", {})],
    "contour of a calculated array": [
        ("Calculator", {"Function": "RTData*2"}),
        ("Contour", {"ContourBy": ["POINTS", "Result"], "Isosurfaces": [300.0]}),
    ],
    "contour with gradients": [("Gradient", {}), CONTOUR],
    "contour of a clip": [("Clip", {}), CONTOUR],
    "contour of points moved": [("WarpByScalar", {"ScaleFactor": 0.01}), CONTOUR],
    "slice": [("Slice", {})],
    "slice of averages": [("PointDatatoCellData", {}), ("CellDatatoPointData", {}), ("Slice", {})],
    "slice of sizes": [("CellSize", {}), ("Slice", {})],
    "surface": [("ExtractSurface", {})],
    "surface of a threshold": [("Threshold", {"LowerThreshold": 150.0}), ("ExtractSurface", {})],
    "surface of a clip": [("Clip", {}), ("ExtractSurface", {})],
    "surface of a part between two values": [("IsoVolume", {"ThresholdRange": [130.0, 170.0]}), ("ExtractSurface", {})],
}


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("filters", CUTS.values(), ids=CUTS)
def test_cells_are_those_of_the_whole(filters: list[Filter], count: int) -> None:
    whole, pieces, _ = both(lambda: chain(filters), count)
    assert pieces.GetClassName() == whole.GetClassName()
    assert pieces.GetNumberOfPoints() == whole.GetNumberOfPoints() > 0
    np.testing.assert_allclose(cells_of(pieces), cells_of(whole), rtol=0, atol=1e-5)
    assert set(arrays_of(pieces)) == set(arrays_of(whole))


@pytest.mark.parametrize("count", [2, 8])
def test_contours_are_as_closed_as_those_of_the_whole(count: int) -> None:
    whole, pieces, _ = both(lambda: chain([CONTOUR]), count)
    found = []
    for data in (whole, pieces):
        edges = vtkFeatureEdges()
        edges.SetInputData(data)
        edges.BoundaryEdgesOn()
        edges.FeatureEdgesOff()
        edges.NonManifoldEdgesOff()
        edges.Update()
        found.append(edges.GetOutput().GetNumberOfCells())
    assert found[0] == found[1]


NUMBERS: dict[str, list[Filter]] = {
    "integrals": [("IntegrateVariables", {})],
    "integrals of a clip": [("Clip", {}), ("IntegrateVariables", {})],
    "integrals of gradients": [("Gradient", {}), ("IntegrateVariables", {"DivideCellDataByVolume": 1})],
}


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("filters", NUMBERS.values(), ids=NUMBERS)
def test_integrals_are_those_of_the_whole_but_for_rounding(filters: list[Filter], count: int) -> None:
    whole, pieces, _ = both(lambda: chain(filters), count)
    expected, found = arrays_of(whole), arrays_of(pieces)
    assert list(found) == list(expected)
    for key, values in expected.items():
        np.testing.assert_allclose(found[key], values, rtol=1e-12)
    np.testing.assert_allclose(pieces.GetPoint(0), whole.GetPoint(0), atol=1e-12)


HISTOGRAMS: dict[str, list[Filter]] = {
    "of points": [("Histogram", {"SelectInputArray": ["POINTS", "RTData"]})],
    "of cells": [("PointDatatoCellData", {}), ("Histogram", {"SelectInputArray": ["CELLS", "RTData"]})],
    "of points beside ghosts": [
        ("Gradient", {}),
        ("Histogram", {"SelectInputArray": ["POINTS", "Gradient"], "Component": -1, "BinCount": 17}),
    ],
    "of points that cells share": [
        ("Threshold", {"LowerThreshold": 150.0}),
        ("Histogram", {"SelectInputArray": ["POINTS", "RTData"], "Normalize": 1, "CenterBinsAroundMinAndMax": 1}),
    ],
    "between limits": [
        ("Histogram", {"SelectInputArray": ["POINTS", "RTData"], "UseCustomBinRanges": 1, "CustomBinRanges": [90, 170]})
    ],
}


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("filters", HISTOGRAMS.values(), ids=HISTOGRAMS)
def test_histograms_are_those_of_the_whole_exactly(filters: list[Filter], count: int) -> None:
    whole, pieces, _ = both(lambda: chain(filters), count)
    expected, found = arrays_of(whole), arrays_of(pieces)
    assert list(found) == list(expected)
    for key, values in expected.items():
        assert found[key].dtype == values.dtype
        np.testing.assert_array_equal(found[key], values)


PLACES: dict[str, list[Filter]] = {
    "along a line": [("PlotOverLine", {})],
    "along a line that leaves the data": [
        ("PlotOverLine", {"Point1": [-9.0, -5.0, -7.0], "Point2": [6.0, 5.0, 8.5], "Resolution": 77})
    ],
    "at a place": [("ProbeLocation", {})],
    "in an image": [("ResampleToImage", {"SamplingDimensions": [7, 8, 9]})],
    "of a clip in an image": [("Clip", {}), ("ResampleToImage", {"SamplingDimensions": [7, 8, 9]})],
}


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("filters", PLACES.values(), ids=PLACES)
def test_values_at_places_are_those_of_the_whole(filters: list[Filter], count: int) -> None:
    whole, pieces, _ = both(lambda: chain(filters), count)
    expected, found = arrays_of(whole), arrays_of(pieces)
    assert list(found) == list(expected)
    for key, values in expected.items():
        assert found[key].dtype == values.dtype
        np.testing.assert_allclose(found[key], values, rtol=1e-6, equal_nan=True)


@pytest.mark.parametrize("count", COUNTS)
def test_what_pieces_hold_together_is_told_as_of_the_whole(count: int) -> None:
    chains: list[list[Filter]] = [[], [("Gradient", {})], [("Threshold", {"LowerThreshold": 150.0})]]
    for filters in chains:
        with as_a_whole():
            pipeline = chain(filters)
            expected = describe_data(executed(pipeline))
        with in_pieces(count):
            pipeline = chain(filters)
            last = max(pipeline.ids())
            Executor().execute(pipeline, last)
            held = pipeline.proxy(last).in_pieces
            assert held is not None
            found = dict(held.summary or {})
        assert found.pop("pieces") == count
        for key in ("type", "points", "cells", "bounds"):
            assert found[key] == pytest.approx(expected[key]) if key == "bounds" else found[key] == expected[key]
        for array, other in zip(found["arrays"], expected["arrays"], strict=True):
            for key in ("name", "association", "type", "components", "tuples"):
                assert array[key] == other[key]
            np.testing.assert_allclose(array["ranges"], other["ranges"], rtol=1e-6)
    assert (POINTS, CELLS) == (2288, 1800)
