"""The ways to draw what was extracted: surfaces and lines, glyphs, soft points, volumes. One thread only."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonCore import vtkLookupTable
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPiecewiseFunction, vtkPolyData
from vtkmodules.vtkFiltersSources import (
    vtkArrowSource,
    vtkConeSource,
    vtkCubeSource,
    vtkCylinderSource,
    vtkGlyphSource2D,
    vtkLineSource,
    vtkSphereSource,
)
from vtkmodules.vtkRenderingCore import (
    vtkActor,
    vtkColorTransferFunction,
    vtkGlyph3DMapper,
    vtkPointGaussianMapper,
    vtkPolyDataMapper,
    vtkVolume,
    vtkVolumeProperty,
)

from async_paraview.scene.looks.surfaces import CULL_BACK, CULL_FRONT
from async_paraview.scene.representations import (
    SCALE_MODES,
    fading_array,
    scaling_array,
    turning_array,
)
from async_paraview.vtk_imports import one_at_a_time

from ..base.array_types import as_numpy
from ..base.associations import CELLS, POINTS, Association
from ..base.precision import around_origin
from ..base.values.ranges import finite_range
from ..geometry.extraction import FULL, GAUSSIANS, GLYPHS, POLY, REDUCED, VOLUME, block_parts
from .camera.looking import Looking
from .camera.reach import Floats, around
from .coloring import Coloring, OwnColors
from .images import Bounds
from .looks.backfaces import Backfaces, has_backs
from .looks.blocks import BlockActor
from .looks.functions import RISING, piecewise, stretched
from .looks.materials import apply_look
from .looks.silhouettes import Silhouette
from .looks.volumes import apply_blending, apply_steepness, apply_two_numbers
from .paper import Color, Paper
from .placement import as_matrix, matrix_of, placement
from .textures.pictures import texture_of

_GLYPHS: Final[dict[str, Any]] = {
    "Arrow": vtkArrowSource,
    "Cone": vtkConeSource,
    "Box": vtkCubeSource,
    "Cylinder": vtkCylinderSource,
    "Line": vtkLineSource,
    "Sphere": vtkSphereSource,
    "2D Glyph": vtkGlyphSource2D,
}
_FLAT_GLYPHS: Final = ("Line", "2D Glyph")
_INKED: Final = ("Wireframe", "Points", "Outline", "Feature Edges")
_OF_TEXTURES: Final = ("Texture", "RepeatTextures", "InterpolateTextures", "UseMipmapTextures")
_SIZE_OF_GLYPHS: Final = 0.05
_SIZE_OF_GAUSSIANS: Final = 0.005
_STEPS_OF_A_FUNCTION: Final = 1024
_REDUCED_RAYS: Final = 4.0
"""So many pixels apart rays are cast while something moves."""
_REDUCED_STEPS: Final = 3.0
"""So many times as far apart samples are taken along them."""

_IN_FRONT: Final = 0.75
"""What lies in a surface is whole if it is before it by what the depth of that changes on half its width and on so
many pixels."""
_MOST_IN_FRONT: Final = 4.0
"""More would let be seen what is clearly behind a surface."""
_STEEPEST: Final = 2.0
"""The change of depth, in pixels on a pixel, of the steepest surfaces for which that holds."""

Properties = Mapping[str, Any]


class RepresentationMapper(ABC):
    """Draws the parts of an extract with one prop."""

    association: Association | None = CELLS
    """What of it can be picked."""
    blends_numbers = True
    """Whether numbers between points are blended and then looked up; else their colors are blended."""

    def __init__(self, prop: Any) -> None:
        self.prop: Any = prop
        self.scale = 1.0
        """How many pixels a point has, in which lines and points are measured."""
        self.parts: Mapping[str, Any] = {}

    @property
    def props(self) -> tuple[Any, ...]:
        """What a view adds to its renderer."""
        return (self.prop,)

    @property
    def data(self) -> Any:
        """All that is drawn."""
        return self.parts[FULL]

    @property
    def has_level_of_detail(self) -> bool:
        """Whether there is a cheaper way to draw it."""
        return REDUCED in self.parts

    @property
    def has_translucent_texture(self) -> bool:
        """Whether a picture on it is seen through in places."""
        return False

    def set_parts(self, parts: Mapping[str, Any], looks: Sequence[Any] = ()) -> None:
        """Draw these from now on; `looks` are the colors and opacities of blocks that look otherwise than others."""
        del looks
        self.parts = parts
        self.use_level_of_detail(False)

    def use_camera(self, camera: Any) -> None:
        """Draw what that camera sees from now on: most do not depend on it."""
        del camera

    def drawn_bounds(self) -> Bounds:
        """Return bounds of all that is drawn, in the data's own places."""
        bounds: Bounds = self.data.GetBounds()
        return bounds

    def half_line_width(self, get: Properties) -> float:
        """Return how far lines and points reach beyond where they are, in pixels."""
        return 0.0

    def lie_in_front(self, looking: Looking | None, get: Properties) -> None:
        """Let lines and points be seen whole that lie in surfaces, as a camera sees them; None: all is where it is."""
        del looking, get

    def use_size(self, size: tuple[int, int]) -> None:
        """Draw into a picture of that size from now on: most do not depend on it."""
        del size

    @abstractmethod
    def use_level_of_detail(self, reduced: bool) -> None:
        """Draw the reduced level of detail, if there is one, or all of it."""

    @abstractmethod
    def apply(self, get: Properties, lit: bool) -> None:
        """Take over what the properties say of its look."""

    @abstractmethod
    def paint(self, paper: Paper, get: Properties) -> None:
        """Draw what no array colors in the color that is asked for, else in a color that is seen on that paper."""

    @abstractmethod
    def color(self, coloring: Coloring | OwnColors | None) -> None:
        """Color it by an array, or in one color."""


class ActorMapper(RepresentationMapper):
    """What an actor draws with one of VTK's mappers of polygonal data."""

    def __init__(self, mapper: Any) -> None:
        super().__init__(vtkActor())
        self.mapper = mapper
        self._drawn: Any = None
        self.mapper.UseLookupTableScalarRangeOn()
        self.mapper.ScalarVisibilityOff()
        self.prop.SetMapper(mapper)
        self.set_parts({FULL: vtkPolyData()})

    def use_level_of_detail(self, reduced: bool) -> None:
        wanted = self.parts.get(REDUCED if reduced else FULL, self.parts[FULL])
        if self._drawn is not wanted:
            self._drawn = wanted
            self._draw_data(wanted)

    def _draw_data(self, data: Any) -> None:
        self.mapper.SetInputDataObject(data)

    def apply(self, get: Properties, lit: bool) -> None:
        self.prop.SetVisibility(get["Visibility"])
        self.prop.SetUserMatrix(matrix_of(get))
        look, sides = self.prop.GetProperty(), get["BackfaceRepresentation"]
        apply_look(look, get, get["Representation"], self.scale)
        look.SetLighting(get["Lighting"] and lit)
        look.SetOpacity(get["Opacity"])
        look.SetBackfaceCulling(sides == CULL_BACK)
        look.SetFrontfaceCulling(sides == CULL_FRONT)

    def paint(self, paper: Paper, get: Properties) -> None:
        look = self.prop.GetProperty()
        color = get["AmbientColor"] if get["Representation"] in _INKED else None
        look.SetColor(color or get["Color"] or self._usual_color(paper, get))
        look.SetSpecularColor(get["SpecularColor"])

    def _usual_color(self, paper: Paper, get: Properties) -> Color:
        return paper.surface()

    def color(self, coloring: Coloring | OwnColors | None) -> None:
        mapper = self.mapper
        if coloring is None:
            mapper.ScalarVisibilityOff()
            return
        color_by = coloring.color_by
        mapper.ScalarVisibilityOn()
        mapper.SelectColorArray(color_by.name)
        if color_by.association == POINTS:
            mapper.SetScalarModeToUsePointFieldData()
        else:
            mapper.SetScalarModeToUseCellFieldData()
        if isinstance(coloring, OwnColors):
            mapper.SetInterpolateScalarsBeforeMapping(False)
            mapper.SetColorModeToDirectScalars()
            return
        # Between labels lie no labels, but colors.
        blends = self.blends_numbers and color_by.association == POINTS and not coloring.spec.categorical
        mapper.SetInterpolateScalarsBeforeMapping(blends)
        mapper.SetColorModeToMapScalars()
        mapper.SetLookupTable(coloring.table)


class PolyDataMapper(ActorMapper):
    """Surfaces, lines and points."""

    def __init__(self) -> None:
        self._backs: Backfaces | None = None
        self._usual: Any = None
        """The surface of the blocks that look as usual; None: all do."""
        self._silhouette: Silhouette | None = None
        self.blocks: list[BlockActor] = []
        """What draws blocks that look otherwise than the others."""
        super().__init__(vtkPolyDataMapper())
        self._textured: tuple[Any, ...] = ()

    @property
    def props(self) -> tuple[Any, ...]:
        beside = [one.prop for one in (self._backs, self._silhouette) if one is not None]
        return (self.prop, *beside, *(one.prop for one in self.blocks))

    def set_parts(self, parts: Mapping[str, Any], looks: Sequence[Any] = ()) -> None:
        names = block_parts(looks)
        self._usual = parts[names[0]] if names else None
        self.blocks = [
            BlockActor(color, opacity, parts[name]) for name, (color, opacity) in zip(names[1:], looks[1:], strict=True)
        ]
        super().set_parts(parts)

    @property
    def drawn(self) -> Any:
        """What the actor itself draws: all, but for blocks that look otherwise."""
        return self.data if self._usual is None else self._usual

    @property
    def has_translucent_texture(self) -> bool:
        texture = self.prop.GetTexture()
        return texture is not None and texture.GetInput().GetNumberOfScalarComponents() == 4

    def apply(self, get: Properties, lit: bool) -> None:
        super().apply(get, lit)
        wanted = tuple(get[name] for name in _OF_TEXTURES)
        if wanted != self._textured:
            self.prop.SetTexture(texture_of(get))
            self._textured = wanted
        self._apply_sides(get)

    def _apply_sides(self, get: Properties) -> None:
        """Have what is drawn beside the surface itself, if that was asked for."""
        self._backs = (self._backs or Backfaces()) if has_backs(get) else None
        self._silhouette = (self._silhouette or Silhouette()) if get["SilhouetteVisibility"] else None
        if self._backs is not None:
            self.prop.GetProperty().SetBackfaceCulling(True)
            self._backs.apply(get, self.prop, self.scale)
            self._backs.draw(self.mapper)
        if self._silhouette is not None:
            self._silhouette.apply(get, self.prop, self.scale)
            self._silhouette.draw(self._drawn)
        for one in self.blocks:
            one.apply(get, self.prop)

    def use_camera(self, camera: Any) -> None:
        if self._silhouette is not None:
            self._silhouette.follow(camera, self.prop)

    def _draw_data(self, data: Any) -> None:
        super()._draw_data(data if self._usual is None else self._usual)
        if self._backs is not None:
            self._backs.draw(self.mapper)
        if self._silhouette is not None:
            self._silhouette.draw(data)

    def color(self, coloring: Coloring | OwnColors | None) -> None:
        super().color(coloring)
        if self._backs is not None:
            self._backs.draw(self.mapper)
        for one in self.blocks:
            one.color(self.mapper)

    def paint(self, paper: Paper, get: Properties) -> None:
        super().paint(paper, get)
        if self._backs is not None:
            self._backs.paint(get, self.prop.GetProperty().GetColor())
        if self._silhouette is not None:
            self._silhouette.paint(get, paper.ink())
        for one in self.blocks:
            one.apply(get, self.prop)

    def lie_in_front(self, looking: Looking | None, get: Properties) -> None:
        half = self.half_line_width(get)
        has_faces = self.data.GetNumberOfPolys() + self.data.GetNumberOfStrips()
        if looking is None or not half or (has_faces and get["Representation"] not in ("Wireframe", "Points")):
            self.prop.SetUserMatrix(matrix_of(get))
            return
        pixels = min(_MOST_IN_FRONT, half + _IN_FRONT) * _STEEPEST * self.scale
        self.prop.SetUserMatrix(as_matrix(looking.nearer(pixels) @ placement(get)))

    def half_line_width(self, get: Properties) -> float:
        data, kind = self.data, get["Representation"]
        has_lines = data.GetNumberOfLines() or kind in ("Wireframe", "Surface With Edges")
        has_points = data.GetNumberOfVerts() or kind == "Points"
        return float(max(get["LineWidth"] if has_lines else 0.0, get["PointSize"] if has_points else 0.0) / 2)

    def _usual_color(self, paper: Paper, get: Properties) -> Color:
        """Return ink for lines and points: nothing of them is in shadow."""
        of_lines = not self.data.GetNumberOfPolys() + self.data.GetNumberOfStrips()
        return paper.ink() if of_lines or get["Representation"] in _INKED else paper.surface()


class PointCloudMapper(ActorMapper):
    """What is drawn at points. The shaders of VTK add single-precision places: they get those around the middle."""

    def __init__(self, mapper: Any) -> None:
        super().__init__(mapper)
        self._reached: tuple[Any, Bounds] | None = None
        """What was measured, of which data and looks, and what was found."""

    def drawn_bounds(self) -> Bounds:
        data = self.data
        found = data, data.GetMTime(), *self._looks()
        if self._reached is None or self._reached[0] != found:
            self._reached = found, self._reach(as_numpy(data.GetPoints().GetData()).astype(np.float64))
        return self._reached[1]

    @abstractmethod
    def stood(self) -> tuple[Floats, Floats | None]:
        """Return how large what stands at each point is, (n, 1) or (n, 3), and toward where, (n, 3); None: along x."""

    @abstractmethod
    def _looks(self) -> tuple[Any, ...]:
        """Return what says how far what stands at points reaches."""

    @abstractmethod
    def _reach(self, places: Floats) -> Bounds:
        """Return bounds of what stands at these places, shape (n, 3)."""

    def _draw_data(self, data: Any) -> None:
        moved, middle = around_origin(data)
        self.mapper.SetInputDataObject(moved)
        self.prop.SetPosition(middle)


class GlyphMapper(PointCloudMapper):
    """A small shape at each point."""

    association = POINTS
    blends_numbers = False  # VTK 9.7 draws a shape in grey otherwise

    def __init__(self) -> None:
        super().__init__(vtkGlyph3DMapper())
        self._scale: str | None = None
        self._along: str | None = None

    def apply(self, get: Properties, lit: bool) -> None:
        super().apply(get, lit)
        mapper, scale, along = self.mapper, scaling_array(get), turning_array(get)
        self._scale, self._along = scale, along
        mapper.SetSourceData(glyph(get["GlyphType"]))
        mapper.SetScaling(True)
        mapper.SetScaleFactor(1.0 if get["Scaling"] is False else get["ScaleFactor"] or self._fitting(scale))
        mode = "Magnitude" if get["ScaleArray"] is not None else get["ScaleMode"]
        if scale is None or mode == SCALE_MODES[0]:
            mapper.SetScaleModeToNoDataScaling()
        else:
            mapper.SetScaleMode(SCALE_MODES.index(mode))
            mapper.SetScaleArray(scale)
        mapper.SetOrient(along is not None)
        if along is not None:
            mapper.SetOrientationArray(along)
            mapper.SetOrientationModeToDirection()

    def _usual_color(self, paper: Paper, get: Properties) -> Color:
        return paper.ink() if self.is_flat(get) else paper.surface()

    def _looks(self) -> tuple[Any, ...]:
        mapper = self.mapper
        scale = mapper.GetScaleFactor(), mapper.GetScaleMode(), self._scale
        return *scale, self._along, mapper.GetSource().GetBounds()

    def _reach(self, places: Floats) -> Bounds:
        return around(places, *self.stood(), self.mapper.GetSource().GetBounds())

    def stood(self) -> tuple[Floats, Floats | None]:
        mapper, points, count = self.mapper, self.data.GetPointData(), self.data.GetNumberOfPoints()
        scales = np.ones((count, 1))
        mode = SCALE_MODES[mapper.GetScaleMode()]
        array = None if self._scale is None or mode == SCALE_MODES[0] else points.GetArray(self._scale)
        if array is not None:
            numbers = as_numpy(array).reshape(count, -1).astype(np.float64)
            by_component = mode == "Vector Components" and numbers.shape[1] == 3
            scales = numbers if by_component else np.linalg.norm(numbers, axis=1, keepdims=True)
        along = points.GetArray(self._along) if self._along is not None else None
        directions = None if along is None else as_numpy(along).reshape(count, -1).astype(np.float64)
        return scales * mapper.GetScaleFactor(), directions

    @staticmethod
    def is_flat(get: Properties) -> bool:
        """Return whether what stands at each point is in a plane."""
        return get["GlyphType"] in _FLAT_GLYPHS

    def _fitting(self, scale: str | None) -> float:
        """Return a scale at which the largest glyph is a small part of all of them."""
        array = None if scale is None else self.data.GetPointData().GetArray(scale)
        found = None if array is None else finite_range(array, -1)
        largest = 1.0 if found is None else max(map(abs, found))
        return float(_SIZE_OF_GLYPHS * (self.data.GetLength() or 1.0) / (largest or 1.0))


class GaussianMapper(PointCloudMapper):
    """A soft ball at each point."""

    association = POINTS
    blends_numbers = False  # VTK 9.7 ends with a segmentation fault otherwise

    def __init__(self) -> None:
        super().__init__(vtkPointGaussianMapper())
        self._scale: str | None = None
        self._fading: str | None = None
        self._is_colored = False

    def apply(self, get: Properties, lit: bool) -> None:
        super().apply(get, lit)
        scale, fading = scaling_array(get), fading_array(get)
        self._scale, self._fading = scale, fading
        by_function = scale is not None and get["ScaleArray"] is None and get["UseScaleFunction"]
        self.mapper.SetScaleFunction(self._function(scale, get["ScaleTransferFunction"]) if by_function else None)
        self.mapper.SetOpacityArray(fading)
        opacity = None if fading is None else self._function(fading, get["OpacityTransferFunction"])
        self.mapper.SetScalarOpacityFunction(opacity)
        self.mapper.SetScaleFactor(get["GaussianRadius"] or _SIZE_OF_GAUSSIANS * (self.data.GetLength() or 1.0))
        self.mapper.SetScaleArray(scale)
        self.mapper.SetEmissive(False)

    def color(self, coloring: Coloring | OwnColors | None) -> None:
        super().color(coloring)
        self._is_colored = coloring is not None

    def paint(self, paper: Paper, get: Properties) -> None:
        """As others; VTK makes only what numbers color translucent, so one color is that of all numbers."""
        super().paint(paper, get)
        if self._is_colored:
            return
        self.mapper.SetScalarVisibility(self._fading is not None)
        if self._fading is not None:
            table = vtkLookupTable()
            table.SetNumberOfTableValues(1)
            table.SetTableValue(0, (*self.prop.GetProperty().GetColor(), 1.0))
            self.mapper.SelectColorArray(self._fading)
            self.mapper.SetScalarModeToUsePointFieldData()
            self.mapper.SetColorModeToMapScalars()
            self.mapper.SetLookupTable(table)

    def _looks(self) -> tuple[Any, ...]:
        function = self.mapper.GetScaleFunction()
        return self._scale, self.mapper.GetScaleFactor(), function, 0 if function is None else function.GetMTime()

    def _reach(self, places: Floats) -> Bounds:
        return around(places, self.stood()[0] * self.mapper.GetBoundScale(), None, (-1.0, 1.0) * 3)

    def stood(self) -> tuple[Floats, Floats | None]:
        mapper, count = self.mapper, self.data.GetNumberOfPoints()
        scales = np.ones((count, 1))
        array = None if self._scale is None else self.data.GetPointData().GetArray(self._scale)
        if array is not None:
            numbers = as_numpy(array).reshape(count, -1)[:, 0].astype(np.float64)
            scales = _through(mapper.GetScaleFunction(), numbers)[:, None]
        return scales * mapper.GetScaleFactor(), None

    def _function(self, array: str | None, wanted: Mapping[str, Any]) -> Any:
        """Return the function that was asked for, or 0 to 1 over the numbers of an array."""
        points = wanted.get("Points")
        if points is None or not wanted.get("ScalarRangeInitialized", True):
            found = self.data.GetPointData().GetArray(array)
            low, high = (None if found is None else finite_range(found, 0)) or (0.0, 1.0)
            points = stretched(points or RISING, low, high)
        return piecewise(points)


class VolumeMapper(RepresentationMapper):
    """A volume that rays are cast through."""

    association = None

    def __init__(self) -> None:
        super().__init__(vtkVolume())
        with one_at_a_time:  # late: few scenes have volumes
            from vtkmodules.vtkRenderingVolumeOpenGL2 import vtkOpenGLGPUVolumeRayCastMapper

        self._mapper: Any = vtkOpenGLGPUVolumeRayCastMapper()
        self._mapper.SetAutoAdjustSampleDistances(False)
        self._mapper.SetUseJittering(True)
        self._step = 1.0
        self._unit: float | None = None
        """Of a piece: the ScalarOpacityUnitDistance of the whole, where none is asked for."""
        self.prop.SetMapper(self._mapper)
        self.set_parts({FULL: vtkImageData()})

    @property
    def has_level_of_detail(self) -> bool:
        """Always: fewer rays."""
        return True

    def set_parts(self, parts: Mapping[str, Any], looks: Sequence[Any] = ()) -> None:
        volume = parts[FULL]
        self._step = min(volume.GetSpacing())
        super().set_parts(parts, looks)
        self._mapper.SetInputData(volume)
        if volume.GetCellData().GetScalars() is not None:
            self._mapper.SetScalarModeToUseCellData()
        else:
            self._mapper.SetScalarModeToUsePointData()

    def use_level_of_detail(self, reduced: bool) -> None:
        self._mapper.SetImageSampleDistance(_REDUCED_RAYS if reduced else 1.0)
        self._mapper.SetSampleDistance(self._step * (_REDUCED_STEPS if reduced else 1.0))

    def apply(self, get: Properties, lit: bool) -> None:
        self.prop.SetVisibility(get["Visibility"])
        self.prop.SetUserMatrix(matrix_of(get))
        look: vtkVolumeProperty = self.prop.GetProperty()
        look.SetShade(get["Shade"] and lit)
        look.SetAmbient(max(get["Ambient"], 0.1))
        for name in ("Diffuse", "Specular", "SpecularPower"):
            getattr(look, f"Set{name}")(get[name])
        if get["Interpolation"] == "Flat":
            look.SetInterpolationTypeToNearest()
        else:
            look.SetInterpolationTypeToLinear()
        usual = self._unit or unit_distance(self.data.GetLength(), self.data.GetDimensions())
        look.SetScalarOpacityUnitDistance(get["ScalarOpacityUnitDistance"] or usual)
        apply_blending(self._mapper, look, self.data, get)
        apply_steepness(look, self.data, get)
        apply_two_numbers(self._mapper, look, self.data, get)

    def use_piece(self, unit: float) -> None:
        """Draw a piece of a volume with that `unit_distance` from the next `apply` on."""
        self._unit = unit

    def paint(self, paper: Paper, get: Properties) -> None:
        """Leave the paint as it is: a volume has no other colors than those of its numbers."""

    def color(self, coloring: Coloring | OwnColors | None) -> None:
        look = self.prop.GetProperty()
        look.SetIndependentComponents(isinstance(coloring, Coloring) and coloring.opacities is None)
        if isinstance(coloring, OwnColors):
            look.SetScalarOpacity(piecewise(stretched(RISING, 0.0, 255.0)))
        if not isinstance(coloring, Coloring):
            return
        values = coloring.entries()
        colors, opacities = vtkColorTransferFunction(), vtkPiecewiseFunction()
        for value, red, green, blue, opacity in values:
            colors.AddRGBPoint(value, red, green, blue)
            opacities.AddPoint(value, opacity)
        look.SetColor(colors)
        look.SetScalarOpacity(opacities if coloring.opacities is None else piecewise(coloring.opacities))


def unit_distance(length: float, dimensions: Sequence[int]) -> float:
    """Return along how much of a volume of that length (its diagonal) and so many points it is as opaque as is asked.

    That is where nobody says it.
    """
    return length / max(1, *dimensions) or 1.0


_CLASSES: Final[dict[str, type[RepresentationMapper]]] = {
    POLY: PolyDataMapper,
    GLYPHS: GlyphMapper,
    GAUSSIANS: GaussianMapper,
    VOLUME: VolumeMapper,
}


def _through(function: Any, numbers: Floats) -> Floats:
    """Return what a function of VTK makes of numbers, by a table of it; without one the numbers."""
    if function is None:
        return numbers
    table = np.empty(_STEPS_OF_A_FUNCTION)
    low, high = function.GetRange()
    function.GetTable(low, high, len(table), table)
    return np.interp(numbers, np.linspace(low, high, len(table)), table)


def mapper_for(kind: str) -> RepresentationMapper:
    """Return a new mapper of that kind."""
    found: type[Any] = _CLASSES[kind]
    made: RepresentationMapper = found()
    return made


def glyph(kind: str) -> Any:
    """Return the shape of a glyph of about unit size, pointing along +x."""
    source = _GLYPHS[kind]()
    source.Update()
    return source.GetOutput()
