"""Places of adaptive meshes and images far from the origin come back with all digits, or are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from vtkmodules.vtkFiltersAMR import vtkImageToAMR

from apvserver.vtk.base.errors import FileError
from apvserver.vtk.files.writers.writing import write_data

from ..harness.saving import image, read


def levels(data: Any) -> list[list[float]]:
    origin = [0.0, 0.0, 0.0]
    data.GetOverlappingAMRMetaData().GetOrigin(origin)
    found = [origin]
    for level in range(data.GetNumberOfLevels()):
        found.append([0.0, 0.0, 0.0])
        data.GetSpacing(level, found[-1])
    return found


@pytest.mark.parametrize(("extension", "options"), [(".vthb", {}), (".vtk", {}), (".vtk", {"FileType": "ASCII"})])
def test_levels_of_an_adaptive_mesh(extension: str, options: dict[str, Any], tmp_path: Path) -> None:
    """VTK writes an origin of 5300000.456789 as 5.3e+06. Levels halve the spacing of the one before."""
    source = vtkImageToAMR()
    source.SetInputData(image((9, 9, 9), origin=(1 / 3, 5300000.456789, -2 / 7), spacing=(1 / 3, 1 / 7, 3.0)))
    source.SetNumberOfLevels(2)
    source.Update()
    path = tmp_path / f"a{extension}"
    write_data(str(path), source.GetOutputDataObject(0), options)
    assert levels(read(path)) == [[1 / 3, 5300000.456789, -2 / 7], [2 / 3, 2 / 7, 6.0], [1 / 3, 1 / 7, 3.0]]


def test_a_place_that_single_precision_moves_is_refused(tmp_path: Path) -> None:
    """2**-24 of 5300000 is 0.3; the header of NIfTI has no better numbers."""
    path = tmp_path / "a.nii"
    with pytest.raises(FileError, match=r"move by up to 0\.32; vtkImageChangeInformation .*\.vti and \.mha"):
        write_data(str(path), image(origin=(0.0, 5300000.456789, 0.0)), {})
    near = image(origin=(1 / 3, -90.5, 72.25), spacing=(1 / 3, 2.0, 2.0))
    write_data(str(path), near, {})
    assert read(path).GetBounds() == pytest.approx(near.GetBounds(), rel=1e-6)
