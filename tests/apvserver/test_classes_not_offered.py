"""Classes that end the process when one is let go, where no window is: VTK has no part of them without one."""

from __future__ import annotations

import pytest

from apvserver.vtk.base.errors import UnknownType
from apvserver.vtk.types.catalog import canonical_name, type_names


@pytest.mark.parametrize(
    "name",
    [
        "vtkFixedPointVolumeRayCastMapper",
        "vtkUnstructuredGridVolumeRayCastMapper",
        "vtkUnstructuredGridVolumeZSweepMapper",
    ],
)
def test_they_are_refused_by_name(name: str) -> None:
    assert name not in type_names()
    with pytest.raises(UnknownType, match=r"is not offered: VTK 9\.7 ends the process with it"):
        canonical_name(name)
