"""Where an image is, and how it is turned, is kept by every reader, and by the filters of images behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK
from vtkmodules.vtkIOHDF import vtkHDFWriter
from vtkmodules.vtkIOLegacy import vtkStructuredPointsWriter
from vtkmodules.vtkIOParallelXML import vtkXMLPImageDataWriter

from apvserver.vtk.base.errors import FileError
from apvserver.vtk.files.series import choose_for
from apvserver.vtk.files.writers.writing import write_data
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.saving import image

FILTERS = ("vtkImageGaussianSmooth", "vtkImageShiftScale", "vtkImageMedian3D", "vtkImageFlip")


def turned() -> Any:
    made = image((5, 4, 3), origin=(10.0, 20.0, 30.0), spacing=(1.0, 2.0, 3.0))
    made.SetDirectionMatrix(0, -1, 0, 1, 0, 0, 0, 0, 1)
    return made


def straight() -> Any:
    return image((5, 4, 3), origin=(10.0, 20.0, 30.0), spacing=(1.0, 2.0, 3.0))


def vtk_wrote(writer: Any, path: Path, data: Any) -> list[str]:
    writer.SetInputData(data)
    writer.SetFileName(str(path))
    writer.Write()
    return [str(path)]


def ours(path: Path, data: Any) -> list[str]:
    write_data(str(path), data, {})
    return [str(path)]


def in_pieces(path: Path, data: Any) -> list[str]:
    writer = vtkXMLPImageDataWriter()
    writer.SetNumberOfPieces(2)
    writer.SetStartPiece(0)
    writer.SetEndPiece(1)
    return vtk_wrote(writer, path, data)


FILES: dict[str, Any] = {
    ".vti": lambda at: (ours(at / "a.vti", turned()), turned()),
    ".mha": lambda at: (ours(at / "a.mha", turned()), turned()),
    ".nii": lambda at: (ours(at / "a.nii", turned()), turned()),
    ".pvti of two pieces": lambda at: (in_pieces(at / "a.pvti", turned()), turned()),
    "series of .vti": lambda at: ([*ours(at / "a0.vti", turned()), *ours(at / "a1.vti", turned())], turned()),
    "series of .pvti": lambda at: (
        [*in_pieces(at / "a0.pvti", turned()), *in_pieces(at / "a1.pvti", turned())],
        turned(),
    ),
    ".vtk": lambda at: (vtk_wrote(vtkStructuredPointsWriter(), at / "a.vtk", straight()), straight()),
    ".vtkhdf": lambda at: (vtk_wrote(vtkHDFWriter(), at / "a.vtkhdf", turned()), turned()),
}


@pytest.mark.parametrize("kind", FILES)
def test_bounds_and_direction_before_and_behind_filters(tmp_path: Path, kind: str) -> None:
    paths, expected = FILES[kind](tmp_path)
    pipeline, executor = Pipeline(), Executor()
    pipeline.create(1, *choose_for(paths))
    for id_, name in enumerate(FILTERS, 2):
        pipeline.create(id_, name, {}, {"Input": [(1, 0)]})
    for id_ in range(1, len(FILTERS) + 2):
        executor.execute(pipeline, id_)
        data = pipeline.output_data(id_, 0)
        for corner in (0, data.GetNumberOfPoints() - 1):
            np.testing.assert_allclose(data.GetPoint(corner), expected.GetPoint(corner), err_msg=f"behind {id_}")


def test_itk_sees_the_directions_of_what_is_written(tmp_path: Path) -> None:
    for extension, sense in ((".mha", (1, 1, 1)), (".nii", (-1, -1, 1))):
        write_data(str(tmp_path / f"a{extension}"), turned(), {})
        seen = SimpleITK.ReadImage(str(tmp_path / f"a{extension}"))
        for index in ((0, 0, 0), (4, 0, 0), (0, 3, 0), (0, 0, 2)):
            place = np.array(seen.TransformIndexToPhysicalPoint(index)) * sense
            expected = turned().GetPoint(turned().ComputePointId(index))
            np.testing.assert_allclose(place, expected, atol=1e-5)


def test_axes_of_the_other_sense_are_refused_where_programs_would_differ(tmp_path: Path) -> None:
    data = turned()
    data.SetDirectionMatrix(0, 1, 0, 1, 0, 0, 0, 0, 1)
    with pytest.raises(FileError, match="its axes turn the other way round"):
        write_data(str(tmp_path / "a.nii"), data, {})
    write_data(str(tmp_path / "a.mha"), data, {})
    seen = SimpleITK.ReadImage(str(tmp_path / "a.mha"))
    np.testing.assert_allclose(seen.TransformIndexToPhysicalPoint((4, 3, 2)), data.GetPoint(59))
