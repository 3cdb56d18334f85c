"""The properties of views and representations: what each says. For help, and for those who build panels."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

REPRESENTATION: Final[Mapping[str, str]] = MappingProxyType({
    "Representation": "Surface, Surface With Edges, Wireframe, Points, Outline, Feature Edges, Slice, Volume, "
    "3D Glyphs, Point Gaussian or Tubes",
    "Visibility": "whether it is drawn",
    "Color": "red, green, blue from 0 to 1, where no array colours it; None: seen on the background",
    "Opacity": "0 to 1",
    "PointSize": "in pixels",
    "LineWidth": "in pixels",
    "EdgeColor": "of the edges of Surface With Edges",
    "Interpolation": "of light, and of a volume: Flat, Gouraud or Phong",
    "Lighting": "whether light shades it",
    "Ambient": "how bright it is without light, 0 to 1",
    "Diffuse": "how much light it scatters, 0 to 1",
    "Specular": "how much it shines, 0 to 1",
    "SpecularPower": "how sharply it shines, 1 to 1000",
    "ColorBy": "the array that colours it: (POINTS or CELLS, name) with an optional component; None: Color",
    "MapScalars": "whether numbers become colours; off: the array holds colours itself, bytes or numbers from 0 to 1",
    "LookupTable": "a preset of colours: Cool to Warm, Viridis, Plasma, Inferno, Black-Body Radiation, Grayscale, "
    "Rainbow, or any of matplotlib's maps",
    "ScalarRange": "(low, high) that the colours span; None: the range of the whole data",
    "Categorical": "whether numbers are labels, each with a colour of its own; None: the array decides, "
    "where neither RGBPoints nor UseLogScale says that they are numbers",
    "RGBPoints": "own colours instead of a preset: value, red, green, blue, value, ...",
    "OpacityPoints": "the opacity function: value, opacity, value, ...; of volumes, and with EnableOpacityMapping",
    "EnableOpacityMapping": "whether OpacityPoints make surfaces translucent",
    "InvertLookupTable": "whether the colours run the other way",
    "UseLogScale": "whether colours follow logarithms; from a ten-thousandth of the largest number, if some have none",
    "NumberOfTableValues": "how many different colours there are, 1 to 4096",
    "NanColor": "of what is not a number, and of labels outside of the range",
    "BelowRangeColor": "of lower numbers; None: that of the low end",
    "AboveRangeColor": "of higher numbers; None: that of the high end",
    "ScalarBarVisibility": "whether the legend of the colours is shown",
    "ScalarBarTitle": "None: the name of the array",
    "TitleColor": "of the legend's title; None: seen on the background",
    "LabelColor": "of the legend's numbers; None: seen on the background",
    "FeatureAngle": "of Feature Edges, in degrees",
    "SliceMode": "of Slice: XY Plane, YZ Plane or XZ Plane",
    "Slice": "which layer of the image, from 0",
    "ResampleDimensions": "samples along each axis, of a Volume of data that is no image",
    "Shade": "whether light shades a Volume",
    "ScalarOpacityUnitDistance": "the length in a Volume on which opacity is meant; None: about a cell",
    "GlyphType": "of 3D Glyphs: Arrow, Cone, Box, Cylinder, Line, Sphere or 2D Glyph",
    "OrientationArray": "the point vectors along which glyphs point",
    "ScaleArray": "the point array that scales glyphs and Point Gaussian",
    "ScaleFactor": "of glyphs; None: the largest is a twentieth of the data",
    "MaximumNumberOfGlyphs": "of more points some are left out, evenly",
    "GaussianRadius": "of Point Gaussian; None: a small part of the data",
    "TubeRadius": "of Tubes; None: a small part of the data",
    "NumberOfSides": "of Tubes, 3 to 256",
})  # fmt: skip

VIEW: Final[Mapping[str, str]] = MappingProxyType({
    "ViewSize": "width and height in pixels",
    "Background": "red, green, blue from 0 to 1",
    "Background2": "at the top, with UseGradientBackground",
    "UseGradientBackground": "whether the background runs from Background to Background2",
    "CameraPosition": "where the camera is",
    "CameraFocalPoint": "what it looks at",
    "CameraViewUp": "which way is up in the picture",
    "CameraViewAngle": "vertical, in degrees",
    "CameraParallelProjection": "whether distant things look as large as near ones",
    "CameraParallelScale": "half the height that is seen then",
    "OrientationAxesVisibility": "whether small axes in the corner turn with the camera",
    "OrientationAxesLabelColor": "of their letters; None: seen on the background",
    "AxesGridVisibility": "whether a box of axes with numbers stands around the data",
    "AxesGridColor": "of its lines and numbers; None: seen on the background",
    "XTitle": "of its axis",
    "YTitle": "of its axis",
    "ZTitle": "of its axis",
    "Texts": "texts in front of the scene; see add_text",
    "UseLightKit": "whether there are the usual lights: key, fill, back and head",
    "LightKitIntensity": "of the key light; the others follow",
    "AdditionalLights": "lights at places of the scene: (x, y, z, red, green, blue, intensity) each",
    "UseFXAA": "whether edges of single drawings are smoothed",
    "StillSamples": "drawings that the picture at rest is the mean of, 1 to 256",
    "InteractiveFrameRate": "images a second to reach while something moves, with less detail if need be",
    "EnableRayTracing": "whether paths of light are traced, where the server's VTK can; see capabilities",
})  # fmt: skip


def as_text(properties: Mapping[str, str]) -> str:
    """One line for each."""
    width = max(map(len, properties))
    return "\n".join(f"{name:{width}}  {says}" for name, says in properties.items())
