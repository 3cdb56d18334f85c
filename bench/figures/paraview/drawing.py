"""What the figures have in common in ParaView: views on white, legends, cameras, arrays of numpy."""

import os
import sys

from paraview import numpy_support
from paraview.simple import *
from paraview.vtk import vtkImageData

WHITE = [1.0, 1.0, 1.0]
BLACK = [0.0, 0.0, 0.0]


def on_white(**properties):
    """Return a view on white paper."""
    view = CreateRenderView(ViewSize=[800, 600], **properties)
    view.UseColorPaletteForBackground = 0
    view.Background = WHITE
    view.OrientationAxesVisibility = 0
    return view


def image(array, components=0):
    """Return a source of an array of numpy, as an image: z, y, x, and components if there are some."""
    made = vtkImageData()
    made.SetDimensions(*(array.shape[:3])[::-1])
    flat = array.reshape(-1, components) if components else array.ravel()
    values = numpy_support.numpy_to_vtk(flat, deep=1)
    values.SetName("values")
    made.GetPointData().AddArray(values)
    source = TrivialProducer()
    source.GetClientSideObject().SetOutput(made)
    return source


def show(source, view, array=None, preset="Viridis (matplotlib)", **properties):
    """Show a source, colored by an array."""
    shown = Show(source, view, **properties)
    if array is not None:
        ColorBy(shown, array)
        shown.RescaleTransferFunctionToDataRange(False, True)
        GetColorTransferFunction(array[1]).ApplyPreset(preset, True)
    return shown


def outline(source, view):
    """Show the box around a source, in black."""
    shown = Show(Outline(Input=source), view)
    shown.AmbientColor = shown.DiffuseColor = BLACK


def legend(shown, view, title, unit=""):
    """Show the legend, in black."""
    bar = GetScalarBar(shown.LookupTable, view)
    bar.Title, bar.ComponentTitle, bar.TitleColor, bar.LabelColor = title, unit, BLACK, BLACK
    shown.SetScalarBarVisibility(view, True)
    return bar


def look(view, azimuth=0.0, elevation=0.0, along=(0, 0, -1), up=(0, 1, 0)):
    """Look along a direction, then go around what is seen."""
    view.CameraFocalPoint = [0.0, 0.0, 0.0]
    view.CameraPosition = [-one for one in along]
    view.CameraViewUp = list(up)
    view.ResetCamera()
    camera = GetActiveCamera()
    camera.Azimuth(azimuth)
    camera.Elevation(elevation)
    camera.OrthogonalizeViewUp()
    view.ResetCamera()


def save(view):
    """Write the picture, where the first argument says."""
    name = os.path.basename(sys.argv[0]).replace(".py", ".png")
    SaveScreenshot(os.path.join(sys.argv[1], name), view, ImageResolution=[800, 600])
