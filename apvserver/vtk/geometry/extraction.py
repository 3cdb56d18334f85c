"""What the data service hands over of an output to be drawn: parts, and plain facts about them.

The half of a representation that executes where the data is. Every kind of representation has a function here; what
comes out is drawn by `mappers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from vtkmodules.vtkCommonDataModel import vtkBoundingBox, vtkImageData, vtkMultiBlockDataSet, vtkPolyData
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm
from vtkmodules.vtkFiltersCore import vtkFeatureEdges, vtkTubeFilter
from vtkmodules.vtkFiltersSources import vtkOutlineSource

from async_paraview.records import dataclass
from async_paraview.scene.representations import MANY, REPRESENTATION, fading_array, scaling_array, turning_array

from ..base.associations import CELLS, ColorArray, GeometryError, find_array, require_array, whole_range
from ..base.blocks import places
from ..base.property_set import PropertySet
from ..base.values.ranges import Range
from .block_looks import groups_of, is_asked
from .coarse_surface import may_be_reduced, reduced_surface
from .colors import log_range
from .geometry import Beside, extract_geometry, fill_caches, leaves_of
from .level_of_detail import reduced_points
from .overlays import PICTURE, RATE, TEXT, column_as_data, picture_of
from .point_clouds import point_cloud
from .volumes import Numbers, slice_of, volume_of

FULL: Final = "full"
REDUCED: Final = "reduced"

POLY: Final = "poly"
GLYPHS: Final = "glyphs"
GAUSSIANS: Final = "gaussians"
VOLUME: Final = "volume"
WRITTEN: Final = "written"
PROGRESS: Final = "progress"
LOGO: Final = "logo"


@dataclass(frozen=True)
class Extract:
    """What is drawn: data objects by FULL and, where it is large, REDUCED; never changed any more.

    `drawing` says which class draws it. `color_range` is that of the coloring component in the whole data. Of what
    takes long to reduce, `coarser(is_unwanted)` makes the part REDUCED, on any thread, or returns None if it needs
    none; it raises `DetailUnwanted`.
    """

    drawing: str
    parts: Mapping[str, Any]
    color_range: Range | None = None
    lit: bool = True
    facts: Mapping[str, Any] = field(default_factory=dict)
    remark: str | None = None
    """What is to be said of what is not drawn; None: nothing."""
    coarser: Callable[[Callable[[], bool]], Any | None] | None = None

    def all_parts(self) -> Mapping[str, Any]:
        """Return the parts and the coarser one, which is made here."""
        reduced = None if self.coarser is None else self.coarser(lambda: False)
        return self.parts if reduced is None else {**self.parts, REDUCED: reduced}

    def to_dict(self) -> dict[str, Any]:
        """Return the facts, as they travel beside the parts."""
        return {"drawing": self.drawing, "color_range": self.color_range, "lit": self.lit, **self.facts}


def extract(data: Any, properties: PropertySet) -> Extract:
    """Return what has to be drawn of a data object. Raises `GeometryError` where it cannot be shown so."""
    color_by = _shown_component(properties["ColorBy"], properties["MapComponent"])
    made = KINDS[properties["Representation"]](data, properties, color_by)
    for part in made.parts.values():
        fill_caches(part)
    if color_by is None:
        return made
    return replace(made, color_range=whole_range(leaves_of(data), color_by))


def _shown_component(color_by: ColorArray | None, chosen: int | None) -> ColorArray | None:
    """Return the array with the component that a color map has chosen, where it names none itself."""
    if color_by is None or color_by.is_chosen or chosen is None:
        return color_by
    return ColorArray(color_by.association, color_by.name, chosen)


def remark(properties: PropertySet, color_range: Range | None) -> str | None:
    """Return what is to be said of colors that are not as they were asked for; None: nothing."""
    if not properties["UseLogScale"] or properties["Categorical"] or properties["ColorBy"] is None:
        return None
    points = properties["RGBPoints"]
    low, high = properties["ScalarRange"] or (color_range if points is None else (points[0], points[-4])) or (1, 1)
    if low > 0:
        return None
    first, last = log_range(low, high)
    return (
        f"colors follow logarithms (UseLogScale), and of numbers from {low:g} to {high:g} those that are not positive "
        f"have none: the colors span {first:g} to {last:g}; set ScalarRange to choose what they span"
    )


def _surface(data: Any, properties: PropertySet, color_by: ColorArray | None) -> Extract:
    textured = properties["Texture"] is not None
    coordinates = properties["SelectTCoordArray"] or "" if textured else None
    beside = Beside(properties["SelectNormalArray"], coordinates, properties["NonlinearSubdivisionLevel"])
    if is_asked(properties.snapshot()):
        return _blocks(data, properties, color_by, beside)
    surface = extract_geometry(data, color_by=color_by, beside=beside)
    # A coarser surface has other points, which are nowhere on the picture.
    return _poly(surface) if textured else _reducible(surface)


def _blocks(data: Any, properties: PropertySet, color_by: ColorArray | None, beside: Beside) -> Extract:
    """Return the surface of the blocks that are drawn, and that of those which look alike, one by one."""
    groups = groups_of(data, properties.snapshot())
    if color_by is not None:
        require_array(leaves_of(data), color_by)
    drawn = vtkMultiBlockDataSet()
    for group in groups.values():
        for _, block in places(group):
            drawn.SetBlock(drawn.GetNumberOfBlocks(), block)
    parts = {
        name: _surface_of(one, color_by, beside) for name, one in zip(block_parts(groups), groups.values(), strict=True)
    }
    looks = [(look.color, look.opacity) for look in groups]
    return Extract(POLY, {FULL: _surface_of(drawn, color_by, beside), **parts}, facts={"block_looks": looks})


def _surface_of(blocks: Any, color_by: ColorArray | None, beside: Beside) -> Any:
    """Return the surface of blocks, of which none may have the array that colors others."""
    if not blocks.GetNumberOfBlocks():
        return vtkPolyData()
    has_array = color_by is not None and any(find_array(one, color_by) is not None for one in leaves_of(blocks))
    return extract_geometry(blocks, color_by=color_by if has_array else None, beside=beside)


def block_parts(looks: Iterable[Any]) -> list[str]:
    """Return the names of the parts of blocks that look alike; the first are those that look as usual."""
    return [f"blocks {number}" for number, _ in enumerate(looks)]


def _points(data: Any, _properties: PropertySet, color_by: ColorArray | None) -> Extract:
    surface = extract_geometry(data, color_by=color_by)
    return _poly(surface, reduced_points(surface))


def _outline(data: Any, _properties: PropertySet, _color_by: ColorArray | None) -> Extract:
    box = vtkBoundingBox()
    for leaf in leaves_of(data):
        if leaf.GetNumberOfPoints():
            box.AddBounds(leaf.GetBounds())
    if not box.IsValid():
        return _poly(vtkPolyData())
    bounds = [0.0] * 6
    box.GetBounds(bounds)
    outline = vtkOutlineSource()
    outline.SetOutputPointsPrecision(vtkAlgorithm.DOUBLE_PRECISION)
    outline.SetBounds(bounds)
    outline.Update()
    return _poly(_output(outline))


def _feature_edges(data: Any, properties: PropertySet, color_by: ColorArray | None) -> Extract:
    edges = vtkFeatureEdges()
    edges.SetInputData(extract_geometry(data, color_by=color_by))
    edges.SetFeatureAngle(properties["FeatureAngle"])
    edges.ColoringOff()
    edges.Update()
    return _poly(_output(edges))


def _slice(data: Any, properties: PropertySet, color_by: ColorArray | None) -> Extract:
    axis = {"XY Plane": 2, "YZ Plane": 0, "XZ Plane": 1}[properties["SliceMode"]]
    plane = slice_of(_one(data), axis, properties["Slice"])
    surface = extract_geometry(plane, color_by=color_by)
    surface.GetPointData().SetNormals(None)
    made = _poly(surface)
    return Extract(made.drawing, made.parts, lit=False)


def _volume(data: Any, properties: PropertySet, color_by: ColorArray | None) -> Extract:
    if color_by is None:
        raise GeometryError("a volume is made of the numbers of an array: set ColorBy to one")
    require_array(leaves_of(data), color_by)
    opacity = properties["OpacityArrayName"] if properties["UseSeparateOpacityArray"] else None
    by_array = properties["UseTransfer2D"] and not properties["UseGradientForTransfer2D"]
    second = properties["ColorArray2Name"] if by_array else None
    numbers = Numbers(color_by, opacity, second, components=properties["MultiComponentsMapping"])
    volume = volume_of(data, numbers, properties["ResampleDimensions"])
    return Extract(VOLUME, {FULL: volume})


def _glyphs(data: Any, properties: PropertySet, color_by: ColorArray | None) -> Extract:
    names = [turning_array(properties.snapshot()), scaling_array(properties.snapshot())]
    return _cloud(GLYPHS, data, color_by, names, properties["MaximumNumberOfGlyphs"])


def _gaussians(data: Any, properties: PropertySet, color_by: ColorArray | None) -> Extract:
    names = [scaling_array(properties.snapshot()), fading_array(properties.snapshot())]
    return _cloud(GAUSSIANS, data, color_by, names, MANY)


def _tubes(data: Any, properties: PropertySet, color_by: ColorArray | None) -> Extract:
    lines = extract_geometry(data, color_by=color_by)
    if lines.GetNumberOfCells() and not lines.GetNumberOfLines():
        raise GeometryError("tubes are drawn along lines, and this data has none: use Surface, or make lines first")
    tubes = vtkTubeFilter()
    tubes.SetInputData(lines)
    tubes.SetRadius(properties["TubeRadius"] or (lines.GetLength() / 200 or 1.0))
    tubes.SetNumberOfSides(properties["NumberOfSides"])
    tubes.CappingOn()
    tubes.Update()
    return _reducible(_output(tubes))


def _text(data: Any, _properties: PropertySet, _color_by: ColorArray | None) -> Extract:
    return Extract(WRITTEN, {FULL: column_as_data(data, TEXT, "AnnotateTime")})


def _progress(data: Any, _properties: PropertySet, _color_by: ColorArray | None) -> Extract:
    return Extract(PROGRESS, {FULL: column_as_data(data, RATE, "TimeStepProgressBar")})


def _logo(data: Any, _properties: PropertySet, _color_by: ColorArray | None) -> Extract:
    picture = picture_of(data)
    return Extract(LOGO, {FULL: vtkPolyData()} if picture is None else {FULL: vtkPolyData(), PICTURE: picture})


def _cloud(drawing: str, data: Any, color_by: ColorArray | None, names: Sequence[str | None], most: int) -> Extract:
    if color_by is not None and color_by.association == CELLS:
        raise GeometryError(
            f"{color_by.name!r} belongs to cells, and what is drawn at points takes arrays of points: "
            "use CellDatatoPointData first"
        )
    wanted = [*filter(None, names), *([color_by.name] if color_by else ())]
    points = point_cloud(list(leaves_of(data)), wanted, most)
    reduced = None if drawing == GLYPHS else reduced_points(points)
    return Extract(drawing, {FULL: points} if reduced is None else {FULL: points, REDUCED: reduced})


def _poly(surface: Any, reduced: Any = None) -> Extract:
    return Extract(POLY, {FULL: surface} if reduced is None else {FULL: surface, REDUCED: reduced})


def _reducible(surface: Any) -> Extract:
    return Extract(POLY, {FULL: surface}, coarser=partial(_reduced, surface) if may_be_reduced(surface) else None)


def _reduced(surface: Any, is_unwanted: Callable[[], bool]) -> Any | None:
    made = reduced_surface(surface, is_unwanted)
    if made is not None:
        fill_caches(made)
    return made


def _output(algorithm: Any) -> Any:
    made = vtkPolyData()
    made.ShallowCopy(algorithm.GetOutput())
    return made


def _one(data: Any) -> Any:
    """Return the only data set of what may be a composite. Raises `GeometryError`."""
    found = list(leaves_of(data))
    if len(found) != 1 or not isinstance(found[0], vtkImageData):
        kinds = ", ".join(sorted({leaf.GetClassName() for leaf in found})) or "nothing"
        raise GeometryError(f"a slice is taken of one image (vtkImageData), and this is {kinds}: use the filter Slice")
    return found[0]


Kind = Callable[[Any, PropertySet, ColorArray | None], Extract]

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "Surface": _surface,
        "Surface With Edges": _surface,
        "Wireframe": _surface,
        "Points": _points,
        "Outline": _outline,
        "Feature Edges": _feature_edges,
        "Slice": _slice,
        "Volume": _volume,
        "3D Glyphs": _glyphs,
        "Point Gaussian": _gaussians,
        "Tubes": _tubes,
        "Text": _text,
        "Progress Bar": _progress,
        "Logo": _logo,
    }
)
"""How each kind of representation, by ParaView's name, takes what it needs from the data."""

OF_SURFACES: Final = frozenset({"Surface", "Surface With Edges", "Wireframe", "Points", "Outline", "Feature Edges"})
"""Kinds that need no more of data than its surface."""

REMARKED: Final = frozenset({"UseLogScale", "ScalarRange", "Categorical", "RGBPoints"})
"""Those of which there may be something to say when the numbers are known; nothing extracted depends on them."""

SAME_EXTRACT: Final = frozenset({"Surface", "Surface With Edges", "Wireframe"})
"""Kinds between which nothing new has to be extracted."""


def extraction_properties(values: Mapping[str, object]) -> PropertySet:
    """Return the properties, checked. Raises `UnknownProperty`, `InvalidProperty`, `GeometryError`."""
    arrays = dict.fromkeys(("ColorBy", "OpacityArrayName", "ColorArray2Name"), ColorArray.from_value)
    properties = PropertySet(REPRESENTATION, data_half=True, more=arrays)
    properties.update(values)
    return properties


def same_extract(one: PropertySet, other: PropertySet) -> bool:
    """Return whether the same would be extracted with either."""

    def needed(properties: PropertySet) -> dict[str, Any]:
        found = {name: value for name, value in properties.snapshot().items() if name not in REMARKED}
        if found["Representation"] in SAME_EXTRACT:
            found["Representation"] = "Surface"
        return found

    return needed(one) == needed(other)
