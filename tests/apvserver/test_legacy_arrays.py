"""Files of the legacy format with several arrays of each kind: all are read, whatever reads them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy

from apvserver.vtk.files.series import choose_for
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

# The attributes of "VTK File Formats", section "Dataset Attribute Format": two of each kind that holds numbers.
TEXT: Final = """# vtk DataFile Version 3.0
two of each
ASCII
DATASET STRUCTURED_POINTS
DIMENSIONS 2 1 1
ORIGIN 0 0 0
SPACING 1 1 1
POINT_DATA 2
SCALARS p float 1
LOOKUP_TABLE default
1 2
SCALARS T double 1
LOOKUP_TABLE default
5 6
COLOR_SCALARS c1 1
0 1
COLOR_SCALARS c2 1
1 0
VECTORS U float
1 0 0 0 1 0
VECTORS W float
2 0 0 0 2 0
NORMALS n1 float
0 0 1 0 0 1
NORMALS n2 float
0 1 0 0 1 0
TEXTURE_COORDINATES t1 2 float
0 0 1 0
TEXTURE_COORDINATES t2 2 float
0 0 0 1
TENSORS s1 float
1 0 0 0 1 0 0 0 1 1 0 0 0 1 0 0 0 1
TENSORS s2 float
2 0 0 0 2 0 0 0 2 2 0 0 0 2 0 0 0 2
FIELD one 1
a 1 2 float
7 8
FIELD two 1
b 1 2 double
9 10
CELL_DATA 1
SCALARS q float 1
LOOKUP_TABLE default
3
SCALARS r float 1
LOOKUP_TABLE default
4
"""
POINT_ARRAYS: Final = {"p", "T", "c1", "c2", "U", "W", "n1", "n2", "t1", "t2", "s1", "s2", "a", "b"}


def read(type_name: str, properties: dict[str, Any]) -> Any:
    pipeline = Pipeline()
    pipeline.create(1, type_name, properties)
    Executor().execute(pipeline, 1)
    return pipeline.output_data(1)


@pytest.mark.parametrize("way", ["opened", "series", "listed", "LegacyVTKReader", "DataSetReader", "StructuredPoints"])
def test_all_arrays_of_each_kind_are_read(tmp_path: Path, way: str) -> None:
    first, second = tmp_path / "step_0.vtk", tmp_path / "step_1.vtk"
    for path in (first, second):
        path.write_text(TEXT)
    listed = tmp_path / "steps.vtk.series"
    listed.write_text('{"files": [{"name": "step_0.vtk", "time": 0.5}, {"name": "step_1.vtk", "time": 1.5}]}')
    named = {"FileName": str(first)}
    ways: dict[str, Callable[[], tuple[str, Any]]] = {
        "opened": lambda: choose_for([str(first)]),
        "series": lambda: choose_for([str(first)], series=True),
        "listed": lambda: choose_for([str(listed)]),
        "LegacyVTKReader": lambda: ("LegacyVTKReader", named),
        "DataSetReader": lambda: ("vtkDataSetReader", named),
        "StructuredPoints": lambda: ("StructuredPointsReader", named),
    }
    data = read(*ways[way]())
    points, cells = data.GetPointData(), data.GetCellData()
    found = {points.GetArrayName(index): points.GetArray(index) for index in range(points.GetNumberOfArrays())}
    assert found.keys() == POINT_ARRAYS
    assert vtk_to_numpy(found["T"]).tolist() == [5.0, 6.0]
    assert vtk_to_numpy(found["W"]).tolist() == [[2.0, 0.0, 0.0], [0.0, 2.0, 0.0]]
    assert np.array_equal(vtk_to_numpy(found["s2"])[1].reshape(3, 3), 2 * np.eye(3))
    assert vtk_to_numpy(found["b"]).tolist() == [9.0, 10.0]
    assert [cells.GetArrayName(index) for index in range(cells.GetNumberOfArrays())] == ["q", "r"]
    assert points.GetScalars().GetName() == "p" and points.GetVectors().GetName() == "U"


def test_who_wants_only_the_first_array_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.vtk").write_text(TEXT)
    few = {"FileName": str(tmp_path / "a.vtk"), "ReadAllVectors": False, "ReadAllScalars": False}
    points = read("vtkDataSetReader", few).GetPointData()
    found = {points.GetArrayName(index) for index in range(points.GetNumberOfArrays())}
    assert found == POINT_ARRAYS - {"T", "W"}
