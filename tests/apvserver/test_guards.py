"""What VTK 9.7.2 ends the process on, or makes up: each is told before it runs. By harmless data, VTK is not called."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import vtkmodules.vtkCommonDataModel as model
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonExecutionModel import vtkTrivialProducer

from apvserver.vtk.base.vtk_messages import clean
from apvserver.vtk.pipeline.guards import data_guards as facts
from apvserver.vtk.pipeline.guards.refusals import harmful
from apvserver.vtk.types.catalog import construct

from ..harness.sweep_data import (
    HIDDEN_CELL,
    HIDDEN_POINT,
    bare_image,
    dressed,
    explicit_grid,
    ghosts,
    grid,
    hexahedra,
    image,
    mixed_poly,
    of_cells,
    poly,
    polyhedra,
    sphere,
    table,
    texts,
)
from ..harness.sweep_kinds import multiblock


def mixed_with_values() -> Any:
    data = poly([[0]], [[1, 2]])
    data.GetCellData().AddArray(texts("words", data.GetNumberOfCells()))
    return data


def image_of_cells() -> Any:
    data = bare_image()
    data.GetCellData().AddArray(texts("words", data.GetNumberOfCells()))
    return data


def with_texts() -> Any:
    data = hexahedra()
    data.GetPointData().AddArray(texts("words", data.GetNumberOfPoints()))
    return data


def hidden(data: Any) -> Any:
    return ghosts(data, HIDDEN_POINT, HIDDEN_CELL)


def with_hidden_cells() -> Any:
    return ghosts(hexahedra(), 0, HIDDEN_CELL)


def far_away(place: float) -> Any:
    return grid([(1, [0])], [[place, 0, 0]])


@pytest.mark.parametrize(
    ("fact", "harms", "harmless", "words"),
    [
        (facts.cells_that_lose_values, lambda: of_cells(33), lambda: of_cells(25), "hexahedra; Tetrahedralize"),
        (facts.several_dimensions, mixed_poly, lambda: poly(lines=[[0, 1]]), "Slice and Clip cut them"),
        (facts.cells_get_values_of_others, mixed_with_values, sphere, "ExtractCellsByType keeps cells of one kind"),
        (facts.images_with_arrays_of_cells, image_of_cells, bare_image, "CellDatatoPointData brings them"),
        (facts.lines_of_one_point, lambda: poly(lines=[[0]]), lambda: poly(lines=[[0, 1]]), "one point only"),
        (facts.lines_of_one_point, lambda: grid([(4, [0])]), lambda: grid([(1, [0]), (3, [0, 1])]), "one point only"),
        (facts.strips_of_a_grid, lambda: of_cells(6), lambda: of_cells(5), "Tetrahedralize makes triangles"),
        (facts.polyhedra, polyhedra, hexahedra, "Tetrahedralize makes tetrahedra"),
        (facts.strips_of_a_surface, lambda: poly(strips=[[0, 1, 4, 5]]), sphere, "Triangulate makes triangles"),
        (facts.boundless, lambda: far_away(1e200), lambda: far_away(5e6), "too far away"),
        (facts.boundless, lambda: far_away(float("inf")), lambda: far_away(-1.0), "without end"),
        (facts.no_polygons, lambda: poly(lines=[[0, 1]]), sphere, "Delaunay2D make some"),
        (facts.cells_with_volumes, hexahedra, sphere, "has cells with volumes; Slice cuts polygons"),
        (
            facts.cells_with_volumes,
            image,
            lambda: bare_image(0, 5, 0, 5, 0, 0),
            "vtkImageData of the input has cells with",
        ),
        (facts.explicit_grid, explicit_grid, hexahedra, "CleantoGrid"),
        (facts.tables_beside_others, lambda: multiblock(table(), sphere()), lambda: multiblock(sphere()), "are tables"),
        (facts.nothing_in_it, model.vtkPolyData, sphere, "the input is empty"),
        (facts.nothing_in_a_block, model.vtkPolyData, sphere, "a block of it, is empty"),
        (facts.levels_without_blocks, model.vtkOverlappingAMR, sphere, "vtkOverlappingAMR has no blocks"),
        (facts.empty_trees, model.vtkHyperTreeGrid, sphere, "has no cells"),
        (facts.texts_of_points, with_texts, hexahedra, "'words' holds no numbers; NumbersOnly"),
        (facts.cells_without_points, lambda: grid([(0, ())]), lambda: grid([(1, [0])]), "cells without points"),
        (facts.in_a_line, lambda: bare_image(0, 5, 0, 0, 0, 0), lambda: bare_image(0, 5, 0, 5, 0, 0), "lie in a line"),
        (facts.hidden_cells, with_hidden_cells, hexahedra, "VisibleCells leaves them out"),
        (facts.no_cells, poly, sphere, "points only; Delaunay3D"),
        (facts.ghosts_of_places, lambda: hidden(image()), with_hidden_cells, "ghost marks of a vtkImageData"),
        (facts.points_in_no_cell, lambda: poly(lines=[[0, 1]]), sphere, "22 of its points belong to no cell"),
        (facts.points_in_no_cell, lambda: grid([(3, [1, 2])]), hexahedra, "22 of its points belong to no cell"),
        (facts.no_scalars, bare_image, lambda: dressed(bare_image()), "marked as the scalars"),
    ],
)
def test_each_fact_is_seen_in_data_and_in_blocks(fact: Any, harms: Any, harmless: Any, words: str) -> None:
    assert words in fact(harms())
    assert fact(harmless()) is None
    if not isinstance(harms(), model.vtkCompositeDataSet):
        assert words in fact(multiblock(None, harms()))


@pytest.mark.parametrize(
    ("type_name", "harms", "words"),
    [
        ("vtkContourFilter", lambda: of_cells(37), "triquadratic pyramids"),
        ("vtkClipPolyData", mixed_poly, "several dimensions"),
        ("vtkPolyDataToUnstructuredGrid", mixed_poly, "AppendDatasets makes a grid"),
        ("vtkPlaneCutter", lambda: of_cells(3, 5), "several dimensions"),
        ("vtkProbeLineFilter", lambda: poly(lines=[[0]]), "one point only"),
        ("vtkPointDataToCellData", with_texts, "holds no numbers"),
        ("vtkImageGaussianSmooth", bare_image, "ChosenPointArray marks one"),
        ("vtkImageMedian3D", bare_image, "ChosenPointArray marks one"),
        ("vtkQuadricClustering", lambda: far_away(float("inf")), "without end"),
        ("vtkStreamTracer", lambda: far_away(float("inf")), "without end"),
        ("vtkStreamTracer", lambda: hidden(image()), "VisibleCells"),
        ("vtkStreamTracer", poly, "Delaunay3D"),
        ("vtkProbeFilter", lambda: hidden(image()), "writes over the ghost marks"),
        ("vtkResampleWithDataSet", lambda: hidden(image()), "writes over the ghost marks"),
        ("vtkExtractHistogram", model.vtkTable, "the input is empty"),
        ("vtkTubeFilter", sphere, "it works on lines"),
        ("vtkProbeLineFilter", model.vtkPolyData, "a block of it, is empty"),
        ("vtkVolumeOfRevolutionFilter", model.vtkPolyData, "the input is empty"),
        ("vtkVolumeOfRevolutionFilter", image, "it works on points, lines and polygons"),
        ("vtkParticlePathFilter", image, "several times, and the input has 0"),
        ("vtkStreaklineFilter", image, "several times, and the input has 0"),
    ],
)
def test_classes_are_guarded_also_by_their_own_names(type_name: str, harms: Any, words: str) -> None:
    algorithm, producer = construct(type_name), vtkTrivialProducer()
    producer.SetOutput(harms())
    producer.Update()
    algorithm.SetInputConnection(producer.GetOutputPort())
    assert words in str(harmful(algorithm))


def test_what_vtk_makes_in_place_of_a_class_is_guarded_like_it() -> None:
    construct("vtkIntegrateAttributes")  # its module brings parallel classes, which VTK makes from then on
    mirror, producer = construct("vtkAxisAlignedReflectionFilter"), vtkTrivialProducer()
    assert type(mirror).__name__ == "vtkPAxisAlignedReflectionFilter"
    producer.SetOutput(of_cells(6))
    mirror.SetInputConnection(producer.GetOutputPort())
    mirror.SetPlaneMode(mirror.X_MIN)
    assert "triangle strips" in str(harmful(mirror))


def test_settings_that_harm_are_told() -> None:
    producer = vtkTrivialProducer()
    producer.SetOutput(table())
    reader = construct("vtkXdmfReader")
    assert harmful(reader) is None
    reader.SetStride(2, 1, 1)
    assert "ExtractSubset takes every n-th point" in str(harmful(reader))
    points = construct("vtkTableToPolyData")
    points.SetInputConnection(producer.GetOutputPort())
    for axis in "XYZ":
        getattr(points, f"Set{axis}Column")("x")
    assert harmful(points) is None
    points.SetYComponent(3)
    assert harmful(points) == "YComponent is 3, and x has 1, counted from 0"
    interpolator, kernel = construct("vtkPointInterpolator"), construct("vtkGaussianKernel")
    interpolator.SetKernel(kernel)
    assert harmful(interpolator) is None
    kernel.SetRequiresInitialization(False)
    assert "RequiresInitialization" in str(harmful(interpolator))


def test_faces_to_be_left_out_have_the_points_of_the_input() -> None:
    """Without any face there is nothing to be looked up, whoever has which points."""
    surface, others = construct("vtkGeometryFilter"), vtkTrivialProducer()
    producer = vtkTrivialProducer()
    producer.SetOutput(hexahedra())
    surface.SetInputConnection(producer.GetOutputPort())
    assert harmful(surface) is None
    surface.SetInputConnection(1, others.GetOutputPort())
    count = hexahedra().GetNumberOfPoints()
    for more, words in ((0, "None"), (1, f"the faces to leave out have {count + 1} points and the input {count}")):
        others.SetOutput(poly(places=[[0, 0, 0]] * (count + more)))
        assert words in str(harmful(surface))


def test_a_long_message_is_cleaned_at_once() -> None:
    """A pattern of VTK's headers once took time that doubled with each letter before the first comma."""
    text = "it holds one vtkUnstructuredGridBase of very many words and letters " * 20 + ", not blocks"
    assert clean(text) == text
    assert clean("ERROR: In vtkThing.cxx, line 12\nvtkThing (0x55): broken") == "vtkThing: broken"
    assert clean("Generic Warning: In a.cxx, line 1\nodd") == "odd"


def test_points_with_very_many_triangles_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound is lowered here: eight triangles meet at the poles of the sphere."""
    filters = [construct("vtkLoopSubdivisionFilter"), construct("vtkButterflySubdivisionFilter")]
    for one in filters:
        one.SetInputDataObject(sphere())
        assert harmful(one) is None
    poles = int(np.bincount(vtk_to_numpy(sphere().GetPolys().GetConnectivityArray())).max())
    monkeypatch.setattr(facts, "_MOST_AROUND", poles - 1)
    for one in filters:
        assert f"{poles} triangles meet at point 0" in str(harmful(one))
    monkeypatch.setattr(facts, "_MOST_AROUND", poles)
    assert [harmful(one) for one in filters] == [None, None]
    assert facts.crowded(poly(lines=[[0, 1]])) is None and facts.crowded(hexahedra()) is None


def test_sides_of_nothing_are_not_closed() -> None:
    warp = construct("vtkWarpScalar")
    for data, why in ((model.vtkUnstructuredGrid(), "has no cells"), (sphere(), None)):
        warp.SetInputDataObject(data)
        warp.SetGenerateEnclosure(False)
        assert harmful(warp) is None
        warp.SetGenerateEnclosure(True)
        told = harmful(warp)
        assert (told is None) if why is None else (told is not None and why in told)


def test_planes_along_axes_have_finite_normals() -> None:
    cutter = construct("vtkCutter")
    cutter.SetInputDataObject(image())
    for normal, why in (((float("inf"), 1.0, 1.0), "its numbers must be finite"), ((0.0, 0.0, 1.0), None)):
        plane = model.vtkPlane()
        plane.SetAxisAligned(True)
        plane.SetNormal(normal)
        cutter.SetCutFunction(plane)
        told = harmful(cutter)
        assert (told is None) if why is None else (told is not None and why in told)
