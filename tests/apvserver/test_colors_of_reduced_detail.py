"""What is drawn while a view moves, with less detail, has arrays of the same types as the whole: bytes stay colors."""

from __future__ import annotations

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkFiltersSources import vtkSphereSource

from apvserver.vtk.geometry.coarse_surface import reduced_surface

COLORS = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255]])


@pytest.mark.parametrize("dtype", ["u1", "i2", "i8", "f4", "f8"])
def test_arrays_of_a_coarse_surface_have_their_types_and_values(dtype: str) -> None:
    source = vtkSphereSource()
    source.SetThetaResolution(300)
    source.SetPhiResolution(300)
    source.SetRadius(1.5)
    source.Update()
    data = source.GetOutput()
    x = vtk_to_numpy(data.GetPoints().GetData())[:, 0]
    for attributes, count in ((data.GetPointData(), len(x)), (data.GetCellData(), data.GetNumberOfCells())):
        thirds = np.clip((x + 1.5).astype(int), 0, 2) if count == len(x) else np.zeros(count, int)
        array = numpy_to_vtk(COLORS[thirds].astype(dtype), deep=True)
        array.SetName("rgb")
        attributes.AddArray(array)
    coarse = reduced_surface(data)
    assert coarse is not None
    for attributes, expected in ((coarse.GetPointData(), COLORS), (coarse.GetCellData(), COLORS[:1])):
        values = vtk_to_numpy(attributes.GetArray("rgb"))
        assert values.dtype == np.dtype(dtype)
        assert {tuple(one) for one in values.tolist()} == {tuple(one) for one in expected.tolist()}
