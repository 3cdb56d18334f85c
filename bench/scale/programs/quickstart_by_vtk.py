"""The work of examples/quickstart.py as a script for VTK, as its users write them: quickstart_by_vtk FILE PICTURE."""

from __future__ import annotations

import importlib
import sys
from typing import Any


def main(path: str, picture: str) -> tuple[int, int]:
    """Draw the tissues from above; returns how many triangles and tissues there are."""
    vtk: Any = importlib.import_module("vtk")  # all of it, as scripts for VTK do
    vtk_to_numpy: Any = importlib.import_module("vtk.util.numpy_support").vtk_to_numpy
    reader = vtk.vtkXMLImageDataReader()
    reader.SetFileName(path)
    nets = vtk.vtkSurfaceNets3D()
    nets.SetInputConnection(reader.GetOutputPort())
    nets.GenerateLabels(29, 1, 29)
    nets.Update()
    mesh: Any = nets.GetOutput()
    labels = vtk_to_numpy(mesh.GetCellData().GetArray("BoundaryLabels"))
    mapper, actor, renderer, window = vtk.vtkPolyDataMapper(), vtk.vtkActor(), vtk.vtkRenderer(), vtk.vtkRenderWindow()
    mapper.SetInputData(mesh)
    mapper.SetScalarModeToUseCellFieldData()
    mapper.SelectColorArray("BoundaryLabels")
    mapper.SetScalarRange(0, 29)
    actor.SetMapper(mapper)
    renderer.AddActor(actor)
    window.SetOffScreenRendering(1)
    window.SetSize(800, 600)
    window.AddRenderer(renderer)
    renderer.GetActiveCamera().SetPosition(0, 0, -1)
    renderer.GetActiveCamera().SetViewUp(1, 0, 0)
    renderer.ResetCamera()
    window.Render()
    grab, writer = vtk.vtkWindowToImageFilter(), vtk.vtkPNGWriter()
    grab.SetInput(window)
    writer.SetInputConnection(grab.GetOutputPort())
    writer.SetFileName(picture)
    writer.Write()
    return int(mesh.GetNumberOfCells()), len(set(labels.flat)) - 1


if __name__ == "__main__":
    cells, tissues = main(sys.argv[1], sys.argv[2])
    from ..children import say  # at the end: what it imports is no part of the work

    say(cells=cells, tissues=tissues)
