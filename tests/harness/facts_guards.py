"""Runs in a process of its own, which may end: has VTK do what a guard of `base/facts/execution.toml` refuses.

`python facts_guards.py NAME` tells in a line of JSON what came out, and whether that is wrong by itself. What depends
on what stood in the memory comes out otherwise where the memory is filled with something else (MALLOC_PERTURB_).
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import vtkmodules.vtkCommonDataModel as model
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonExecutionModel import vtkTrivialProducer
from vtkmodules.vtkParallelCore import vtkDummyController

from apvserver.vtk.base.blocks import parts
from apvserver.vtk.base.vtk_messages import install
from apvserver.vtk.types.catalog import class_of

from .sweep_data import (
    HIDDEN_CELL,
    HIDDEN_POINT,
    bare_image,
    explicit_grid,
    ghosts,
    grid,
    hexahedra,
    image,
    nameless,
    numbers,
    of_cells,
    poly,
    sphere,
    structured,
    table,
    texts,
    turned_image,
    with_arrays,
)
from .sweep_kinds import multiblock

Scenario = Callable[[], tuple[Any, bool]]
"""What VTK has made, and whether it is wrong whatever stood in the memory."""


def made(type_name: str, *inputs: Any, **properties: Any) -> Any:
    """An algorithm of VTK with these inputs, one for each port, after it has executed."""
    algorithm = class_of(type_name)()
    for name, value in properties.items():
        getattr(algorithm, f"Set{name}")(*(value if isinstance(value, tuple) else (value,)))
    for port, data in enumerate(inputs):
        producer = vtkTrivialProducer()
        producer.SetOutput(data)
        producer.UpdateWholeExtent()
        algorithm.SetInputConnection(port, producer.GetOutputPort())
    algorithm.Update()
    return algorithm.GetOutputDataObject(0)


def with_texts(data: Any) -> Any:
    data.GetPointData().AddArray(texts("words", data.GetNumberOfPoints()))
    return data


def hidden(data: Any) -> Any:
    return ghosts(data, HIDDEN_POINT, HIDDEN_CELL)


def _is_empty(data: Any) -> bool:
    return not sum(part.GetNumberOfPoints() for part in parts(data))


def _categories() -> tuple[Any, bool]:
    data = image()
    data.GetPointData().SetActiveScalars(None)
    found = made("vtkPointDataToCellData", data, CategoricalData=True)
    return found, not found.GetCellData().HasArray("p")


def _component() -> tuple[Any, bool]:
    algorithm = class_of("vtkExtractHistogram")()
    algorithm.SetInputDataObject(0, image())
    algorithm.SetInputArrayToProcess(0, 0, 0, 0, "pv")
    algorithm.SetComponent(2000)
    algorithm.Update()
    return algorithm.GetOutputDataObject(0), False


def _edge_ratio() -> tuple[Any, bool]:
    """A box of 1 by 1 by 10: its longest edge has ten times the length of its shortest."""
    corners = [[x, y, z] for z in (0, 10) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))]
    found = made("vtkMeshQuality", grid([(12, range(8))], corners), HexQualityMeasure=0)
    return found, abs(found.GetCellData().GetArray("Quality").GetValue(0) - 10) > 1e-6


def _endless_function() -> tuple[Any, bool]:
    plane = model.vtkPlane()
    plane.SetOrigin(float("nan"), 0, 0)
    return made("vtkCutter", image(), CutFunction=plane), False


def _limits() -> tuple[Any, bool]:
    """Of two neighbours beyond 2**53 one is below the limit."""
    cloud = poly(verts=[[0], [1]], places=[[0, 0, 0], [1, 0, 0]])
    cloud.GetPointData().AddArray(numbers("n", np.array([2**53, 2**53 + 1])))
    algorithm = class_of("vtkThreshold")()
    algorithm.SetInputDataObject(0, cloud)
    algorithm.SetInputArrayToProcess(0, 0, 0, 0, "n")
    algorithm.SetUpperThreshold(2.0**53)
    algorithm.SetThresholdFunction(algorithm.THRESHOLD_LOWER)
    algorithm.Update()
    found = algorithm.GetOutputDataObject(0)
    return found, found.GetNumberOfCells() != 1


def _lines() -> tuple[Any, bool]:
    found = made("vtkTubeFilter", sphere())
    return found, _is_empty(found)


def _no_plane() -> tuple[Any, bool]:
    cls = class_of("vtkAxisAlignedReflectionFilter")
    return made("vtkAxisAlignedReflectionFilter", image(), PlaneMode=cls.PLANE, ReflectionPlane=None), False


def _resampled() -> tuple[Any, bool]:
    places = hidden(image())
    before = vtk_to_numpy(places.GetPointGhostArray()).copy()
    found = made("vtkResampleWithDataSet", places, multiblock(image()))
    after = places.GetPointGhostArray()
    return found, after is None or not np.array_equal(vtk_to_numpy(after), before)


def _probed() -> tuple[Any, bool]:
    places = hidden(image())
    before = vtk_to_numpy(places.GetPointGhostArray()).copy()
    found = made("vtkProbeFilter", places, image())
    after = places.GetPointGhostArray()
    return found, after is None or not np.array_equal(vtk_to_numpy(after), before)


def _lines_through(data: Any) -> Any:
    algorithm, seed = class_of("vtkStreamTracer")(), poly(verts=[[0]], places=[[2.0, 4, 5]])
    algorithm.SetInputDataObject(0, data)
    algorithm.SetInputDataObject(1, seed)
    algorithm.SetInputArrayToProcess(0, 0, 0, 0, "pv")
    algorithm.SetMaximumPropagation(10)
    algorithm.Update()
    return algorithm.GetOutputDataObject(0)


def _times() -> tuple[Any, bool]:
    found = made("vtkTemporalInterpolator", image())
    return found, _is_empty(found)


def _traced() -> tuple[Any, bool]:
    """Two levels that do not say where their blocks lie."""
    mesh = model.vtkOverlappingAMR()
    mesh.Initialize([1, 1])
    for level, spacing in ((0, 1.0), (1, 0.5)):
        mesh.SetSpacing(level, [spacing] * 3)
        block = model.vtkUniformGrid()
        block.SetDimensions(5, 5, 5)
        block.SetSpacing(spacing, spacing, spacing)
        block.GetPointData().AddArray(numbers("pv", np.ones((125, 3))))
        mesh.SetDataSet(level, 0, block)
    return _lines_through(mesh), False


def _raw_image() -> tuple[Any, bool]:
    found = made("vtkImageReader2", FileName="/dev/zero", FileDimensionality=3, DataExtent=(0, 3, 0, 3, 5, 1))
    return None, found.GetPointData().GetScalars().GetNumberOfTuples() < 0


def _turned() -> tuple[Any, bool]:
    """The gradient of x is (1, 0, 0), however an image is turned."""
    data = turned_image()
    places = np.array([data.GetPoint(index)[0] for index in range(data.GetNumberOfPoints())])
    data.GetPointData().SetScalars(numbers("x", places))
    found = made("vtkImageGradient", data, Dimensionality=3)
    vectors = vtk_to_numpy(found.GetPointData().GetScalars())
    return found, not np.allclose(vectors, [1, 0, 0])


def _kernel() -> tuple[Any, bool]:
    kernel = class_of("vtkGaussianKernel")()
    kernel.SetRequiresInitialization(False)
    return made("vtkPointInterpolator", poly(verts=[[0]]), image(), Kernel=kernel), False


def _in_a_line() -> tuple[Any, bool]:
    found = made("vtkTextureMapToPlane", bare_image(0, 5, 0, 0, 0, 0), AutomaticPlaneGeneration=True)
    made_of = found.GetPointData().GetTCoords()
    return found, made_of is None or not np.isfinite(vtk_to_numpy(made_of)).all()


def _cells_with_volumes() -> tuple[Any, bool]:
    """Nothing comes out of hexahedra, and something out of polygons."""
    some = made("vtkVolumeOfRevolutionFilter", sphere()).GetNumberOfCells()
    found = made("vtkVolumeOfRevolutionFilter", hexahedra())
    return found, some > 0 and found.GetNumberOfCells() == 0


def _boundless() -> Any:
    places = [[float("inf"), 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]
    return _lines_through(grid([(1, [0]), (10, range(4))], places))


def _cut() -> Any:
    data, plane = of_cells(33), model.vtkPlane()
    plane.SetOrigin(data.GetCenter())
    plane.SetNormal(1, 0.3, 0.2)
    return made("vtkCutter", data, CutFunction=plane)


def _across() -> Any:
    plane = model.vtkPlane()
    plane.SetOrigin(1.5, 0, 0)
    plane.SetNormal(1, 0, 0)
    return plane


def _mixed() -> Any:
    """Lines and triangles, which a plane at x = 1.5 cuts."""
    return poly(lines=[[0, 1], [2, 3]], polys=[[0, 1, 4], [2, 3, 5]], places=[[i % 2 * 3, i, 0] for i in range(6)])


def _values_of_others() -> tuple[Any, bool]:
    """Triangles beside a line are divided, and some have the value of the line."""
    data = _mixed()
    data.GetCellData().AddArray(numbers("is_line", np.array([1.0, 1.0, 0.0, 0.0])))
    found = made("vtkDensifyPolyData", data)
    return found, bool(vtk_to_numpy(found.GetCellData().GetArray("is_line")).any())


def _image_of_cells() -> tuple[Any, bool]:
    """What is turned around has its cells where they were."""
    data = bare_image(0, 3, 0, 1, 0, 0)
    data.GetPointData().SetScalars(numbers("p", np.arange(8.0)))
    data.GetCellData().AddArray(numbers("c", np.arange(3.0)))
    found = made("vtkImageFlip", data, FilteredAxis=0)
    flipped = vtk_to_numpy(found.GetPointData().GetScalars())[0] == 3
    return found, bool(flipped) and vtk_to_numpy(found.GetCellData().GetArray("c")).tolist() == [0, 1, 2]


def _cut_by_cells() -> Any:
    return made("vtkCutter", _mixed(), CutFunction=_across(), SortBy=1)


def _probed_point() -> Any:
    """What samples along lines, of which one has one point."""
    algorithm = class_of("vtkProbeLineFilter")()
    algorithm.SetController(vtkDummyController())
    for port, data in enumerate((image(), poly(lines=[[0]]))):
        algorithm.SetInputDataObject(port, data)
    algorithm.Update()
    return algorithm.GetOutputDataObject(0)


def _curvatures() -> Any:
    """Of points without polygons, the largest one at each."""
    return made("vtkCurvatures", poly(lines=[[0, 1]], places=np.arange(9000.0).reshape(-1, 3)), CurvatureType=2)


def _mirrored_strips() -> Any:
    cls = class_of("vtkAxisAlignedReflectionFilter")
    return made("vtkAxisAlignedReflectionFilter", of_cells(6), PlaneMode=cls.X_MIN)


def _not_by_itself(make: Callable[[], Any]) -> Scenario:
    """What ends the process, or depends on the memory."""
    return lambda: (make(), False)


def _nothing_made(type_name: str, data: Any) -> Scenario:
    """What is refused in words of VTK's that lead nowhere: nothing is made."""

    def make() -> tuple[Any, bool]:
        found = made(type_name, data)
        return found, found is None or _is_empty(found)

    return make


def _other_side() -> tuple[Any, bool]:
    """An image of which half is cut away: what is cut away is empty."""
    data = image()
    x = [data.GetPoint(index)[0] for index in range(data.GetNumberOfPoints())]
    data.GetPointData().SetScalars(numbers("x", np.array(x)))
    clip = class_of("vtkClipDataSet")()
    clip.SetInputData(data)
    clip.SetValue((min(x) + max(x)) / 2)
    clip.SetGenerateClippedOutput(True)
    clip.Update()
    return clip.GetOutput(), clip.GetOutput().GetNumberOfCells() > 0 and clip.GetClippedOutput().GetNumberOfCells() == 0


def _hidden_in_images() -> tuple[Any, bool]:
    """A contour of an image of which all cells are hidden: nothing is right."""
    data = ghosts(image(), 0, HIDDEN_CELL, 1)
    found = class_of("vtkFlyingEdges3D")()
    found.SetInputData(data)
    found.SetValue(0, 0.5)
    found.Update()
    return found.GetOutput(), found.GetOutput().GetNumberOfCells() > 0


def _regions(*blocks: Any) -> tuple[Any, list[int]]:
    """The surfaces of regions, and of the first block which cell each of its faces is of."""
    found = made("vtkDataSetRegionSurfaceFilter", multiblock(*blocks))
    return found, vtk_to_numpy(next(iter(parts(found))).GetCellData().GetArray("OrigCellIds")).tolist()


def _regions_of_blocks() -> tuple[Any, bool]:
    """Faces of a block with one cell, before one with several: it has cells of the other."""
    one = grid([(12, range(8))], [[x, y, z] for z in (0, 1) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))])
    one.GetCellData().AddArray(numbers("material", np.array([1], np.int32)))
    several = hexahedra()
    several.GetCellData().AddArray(numbers("material", np.ones(several.GetNumberOfCells(), np.int32)))
    found, cells = _regions(one, several)
    return found, cells != _regions(one)[1]


SCENARIOS: Final[dict[str, Scenario]] = {
    "categories": _categories,
    "cells_get_values_of_others": _values_of_others,
    "cells_with_volumes": _cells_with_volumes,
    "images_with_arrays_of_cells": _image_of_cells,
    "component": _component,
    "cells_by_number": _nothing_made("vtkExplodeDataSet", bare_image()),
    "edge_ratio": _edge_ratio,
    "endless_function": _endless_function,
    "hidden_cells_in_images": _hidden_in_images,
    "in_a_line": _in_a_line,
    "limits": _limits,
    "lines": _lines,
    "no_plane": _no_plane,
    "octree": _nothing_made("vtkOctreeImageToPointSetFilter", image()),
    "other_side": _other_side,
    "probed": _probed,
    "raw_image": _raw_image,
    "resampled": _resampled,
    "several_blocks": _regions_of_blocks,
    "several_inputs": _nothing_made("vtkMergeArrays", image()),
    "timed": _nothing_made("vtkExtractDataArraysOverTime", image()),
    "times": _times,
    "traced": _traced,
    "turned": _turned,
    "uninitialised_kernel": _kernel,
}
SCENARIOS.update(
    {
        name: _not_by_itself(make)
        for name, make in {
            "averaged_texts": lambda: made(
                "vtkStaticCleanUnstructuredGrid", with_texts(hexahedra()), AveragePointData=True
            ),
            "boundless": _boundless,
            "cells_that_lose_values": _cut,
            "cells_without_points": lambda: made("vtkPointDataToCellData", grid([(0, ()), (1, [0])])),
            "empty_trees": lambda: made("vtkResampleWithDataSet", image(), model.vtkHyperTreeGrid()),
            "explicit_grid": lambda: made("vtkDataSetSurfaceFilter", explicit_grid()),
            "levels_without_blocks": lambda: made("vtkTemporalStatistics", model.vtkOverlappingAMR()),
            "lines_of_one_point": _probed_point,
            "no_polygons": _curvatures,
            "no_scalars": lambda: made("vtkImageMedian3D", bare_image()),
            "hidden_cells": lambda: made("vtkExtractSubsetWithSeed", ghosts(structured(), 0, HIDDEN_CELL)),
            "a_single_row": lambda: made("vtkTableFFT", table(1)),
            "cells_of_any_order": lambda: made("vtkBoundaryMeshQuality", of_cells(71, 72)),
            "hidden_cells_unmeasured": lambda: made("vtkCellDerivatives", ghosts(structured(), 0, HIDDEN_CELL)),
            "in_one_place": lambda: made("vtkAdaptiveResampleToImage", poly(verts=[[0]], places=[[1, 2, 3]])),
            "nameless_arrays": lambda: made("vtkArrayRename", with_arrays(hexahedra(), nameless)),
            "no_file": lambda: made("vtkAMREnzoReader"),
            "no_cells": lambda: made("vtkCellQuality", grid([])),
            "nothing_but_hidden_cells": lambda: made("vtkBoundaryMeshQuality", ghosts(hexahedra(), 0, HIDDEN_CELL, 1)),
            "tables": lambda: made("vtkFieldDataToDataSetAttribute", table()),
            "nothing_in_a_block": lambda: made("vtkProbeLineFilter", model.vtkPolyData(), sphere()),
            "nothing_in_it": lambda: made("vtkGaussianSplatter", model.vtkPolyData()),
            "several_dimensions": lambda: made("vtkPlaneCutter", _mixed(), Plane=_across()),
            "sorted_by_cells": _cut_by_cells,
            "strips_of_a_grid": _mirrored_strips,
            "tables_beside_others": lambda: made("vtkExtractHistogram", multiblock(table(), sphere())),
            "texts_of_points": lambda: made("vtkPointDataToCellData", with_texts(hexahedra())),
            "volume_of_interest": lambda: made("vtkExtractVOI", image(), VOI=(0, 3, 0, 3, 0, 3), SampleRate=(0, 1, 1)),
        }.items()
    }
)


def digest(data: Any) -> str:
    """What is in the numbers of data."""
    found = hashlib.sha256()
    for part in parts(data) if data is not None else ():
        for kind in range(model.vtkDataObject.NUMBER_OF_ATTRIBUTE_TYPES):
            attributes = part.GetAttributes(kind)
            for index in range(0 if attributes is None else attributes.GetNumberOfArrays()):
                array = attributes.GetArray(index)
                if array is not None and array.GetNumberOfValues():
                    found.update(np.ascontiguousarray(vtk_to_numpy(array)).tobytes())
        if part.IsA("vtkPointSet") and part.GetNumberOfPoints():
            found.update(vtk_to_numpy(part.GetPoints().GetData()).tobytes())
    return found.hexdigest()[:16]


def main() -> None:
    """Do what is named, and tell."""
    install()
    data, wrong = SCENARIOS[sys.argv[1]]()
    print(json.dumps({"wrong": bool(wrong), "digest": digest(data)}), flush=True)


if __name__ == "__main__":
    main()
