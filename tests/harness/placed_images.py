"""Reads images through the server's pipeline, and compares them with other libraries: each value at its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

from apvserver.vtk.base.information import describe_output
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.files.series import choose_for
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline


@dataclass(frozen=True)
class Placed:
    """An image as it was read: values of x, y, z and component; the matrix from index to place; what was said."""

    values: Any
    affine: Any
    data: Any
    times: tuple[float, ...]
    type_name: str
    messages: tuple[str, ...]

    @property
    def array(self) -> Any:
        return self.data.GetPointData().GetScalars()


def read_image(path: Path | str, *, time: float | None = None, type_name: str = "", **properties: Any) -> Placed:
    """Open a file as `session.open` does, or with the reader of a name."""
    chosen = (type_name, {"FileName": str(path)}) if type_name else choose_for([str(path)])
    pipeline, said = Pipeline(), list[Message]()
    pipeline.create(1, chosen[0], {**chosen[1], **properties})
    Executor().execute(pipeline, 1, time=time, on_message=said.append)
    data = pipeline.output_data(1, 0)
    assert data.IsA("vtkImageData"), data.GetClassName()
    scalars = data.GetPointData().GetScalars()
    raw = vtk_to_numpy(scalars).reshape(*data.GetDimensions()[::-1], scalars.GetNumberOfComponents())
    affine = np.eye(4)
    corner = np.array(data.GetPoint(0))
    affine[:3, 3] = corner
    matrix = data.GetDirectionMatrix()
    for column in range(3):
        affine[:3, column] = [matrix.GetElement(row, column) * data.GetSpacing()[column] for row in range(3)]
    times = tuple(describe_output(pipeline.algorithm(1))["time_steps"])
    texts = tuple(one.text for one in said)
    return Placed(raw.transpose(2, 1, 0, 3), affine, data, times, chosen[0], texts)


def assert_at_places(read: Placed, values: Any, affine: Any, *, rtol: float = 1e-6) -> None:
    """Each of `values`, of x, y, z (and component), is where the matrix puts it, and nothing else is there."""
    wanted = values if values.ndim == 4 else values[..., None]
    assert sorted(read.values.shape[:3]) == sorted(wanted.shape[:3])
    index = np.indices(wanted.shape[:3]).reshape(3, -1)
    places = np.asarray(affine)[:3, :3] @ index + np.asarray(affine)[:3, 3:]
    inverse = np.linalg.inv(read.affine)
    found = inverse[:3, :3] @ places + inverse[:3, 3:]
    nearest = np.rint(found).astype(int)
    np.testing.assert_allclose(found, nearest, atol=1e-3, err_msg="samples are not at the same places")
    assert nearest.min() >= 0 and (nearest.max(axis=1) < read.values.shape[:3]).all()
    np.testing.assert_allclose(read.values[tuple(nearest)], wanted[tuple(index)], rtol=rtol)
    size = np.array(wanted.shape[:3])
    corners = np.array([[x, y, z] for x in (0, size[0] - 1) for y in (0, size[1] - 1) for z in (0, size[2] - 1)])
    at = corners @ np.asarray(affine)[:3, :3].T + np.asarray(affine)[:3, 3]
    bounds = np.array(read.data.GetBounds()).reshape(3, 2).T
    np.testing.assert_allclose(bounds, [at.min(0), at.max(0)], rtol=1e-5, atol=1e-4)
