"""The type of representations: how an output is shown in a render view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from ..records import dataclass
from .checks import (
    COLOR,
    FRACTION,
    LENGTH,
    POSITION,
    Choice,
    Flag,
    Interval,
    Name,
    Number,
    Only,
    OrNone,
    Several,
    Text,
    Whole,
)
from .color_maps import USUAL_PRESET
from .kept import NONE, kept
from .lists import Array, Nodes, PointArray, PointArrayOrNone
from .looks.blocks import BLOCKS
from .looks.surfaces import MATERIALS, PBR, PLACES, SHAPES, SIDES
from .looks.tracing import MADE_OF
from .looks.volumes import VOLUMES
from .parts import FUNCTION, GRID_AXES, POLAR_AXES, Part
from .props.labels import labels
from .props.pictures import Picture
from .text import TEXT
from .types import REPRESENTATIONS, SceneProperty, SceneType

KINDS: Final = (
    "Surface", "Surface With Edges", "Wireframe", "Points", "Outline", "Feature Edges", "Slice", "Volume", "3D Glyphs",
    "Point Gaussian", "Tubes", "Text", "Progress Bar", "Logo",
)  # fmt: skip
"""Of representations in a render view, by ParaView's names."""
IN_FRONT: Final[Mapping[str, str]] = MappingProxyType({
    **dict.fromkeys(
        (
            "Text", "AnnotateTime", "AnnotateTimeFilter", "AnnotateAttributeData", "AnnotateGlobalData",
            "PythonAnnotation",
        ),
        "Text",
    ),
    "TimeStepProgressBar": "Progress Bar",
    "Logo": "Logo",
})  # fmt: skip
"""How types of sources and filters are shown in front of a scene, unless something else is asked for."""
_MEASURING: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType({
    "Ruler": {"CellLabelVisibility": True, "CellFieldDataArrayName": "Distance"},
})  # fmt: skip
"""What labels of types that measure say, unless something else is asked for."""


def usual_look(type_name: str) -> dict[str, Any]:
    """Return how a type of sources and filters is shown in a render view, where nothing else is asked for."""
    kind = IN_FRONT.get(type_name)
    return dict(_MEASURING.get(type_name, {})) if kind is None else {"Representation": kind}


UNLIT: Final = frozenset({"Wireframe", "Points", "Outline"})
"""What no light shades, as in ParaView: lines and points have the colors of their numbers."""
ROUND: Final[Mapping[str, str]] = MappingProxyType(
    {"Wireframe": "RenderLinesAsTubes", "Points": "RenderPointsAsSpheres"}
)
"""What makes lines and points look round: then light shades them, too."""
SLICE_MODES: Final = ("XY Plane", "YZ Plane", "XZ Plane")
INTERPOLATIONS: Final = ("Flat", "Gouraud", "Phong", PBR)
SCALE_MODES: Final = ("No Data Scaling Off", "Magnitude", "Vector Components")
GLYPH_TYPES: Final = ("Arrow", "Cone", "Box", "Cylinder", "Line", "Sphere", "2D Glyph")
MANY: Final = 100_000_000
MAX_PIXELS: Final = 1000.0


@dataclass(frozen=True)
class Place:
    """A place in the scene; or two fractions of the picture, as (x, y, 0)."""

    facts = POSITION.facts

    def __call__(self, value: object) -> tuple[Any, ...]:
        """See Check."""
        if isinstance(value, list | tuple) and len(value) == 2:
            value = (*value, 0.0)
        return POSITION(value)


@dataclass(frozen=True)
class Turn:
    """Degrees about x, y and z; or one number, about z: ParaView's texts are turned so."""

    facts = POSITION.facts

    def __call__(self, value: object) -> tuple[Any, ...]:
        """See Check."""
        if isinstance(value, list | tuple) and len(value) == 1:
            value = value[0]
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = (0.0, 0.0, value)
        return POSITION(value)


_P = SceneProperty
_COLOR: Final = OrNone(COLOR)
_PIXELS: Final = Number(0.1, MAX_PIXELS)
_POINT_ARRAYS: Final[dict[str, Any]] = {"kind": "arrays", "associations": ["POINTS"], "names": True, "none": True}


def _of(*kinds: str) -> dict[str, Any]:
    """Return the condition that a property only matters to representations of these kinds."""
    return {"property": "Representation", "equals": list(kinds)}


_WITHOUT_EFFECT: Final = (
    kept("OSPRayScaleArray", None, PointArrayOrNone(), "OSPRayUseScaleArray is off"),
    kept("OSPRayScaleFunction", {}, FUNCTION, "OSPRayUseScaleArray is off"),
    kept(
        "OSPRayUseScaleArray", False, Only((False, 0, "All Approximate"), "spheres of OSPRay are not drawn here: use "
        "Point Gaussian or 3D Glyphs"), "it is off",
    ),
    *MADE_OF,
    kept("GlyphTableIndexArray", None, PointArrayOrNone(), "glyphs are of one GlyphType"),
    kept("SelectInputVectors", None, PointArrayOrNone(), "Surface LIC is not drawn here"),
    kept("WriteLog", "", Text(), "Surface LIC is not drawn here"),
    kept(
        "InterpolateScalarsBeforeMapping", True, Only((True, 1), "numbers are interpolated, and colored then; "
        "Discretize of the color map, and cell arrays, have steps"), "it is on",
    ),
    kept("Triangulate", False, Only((False, 0), "polygons are drawn as they are"), "it is off"),
    kept("UseDataPartitions", False, Flag(), "pieces of volumes are drawn in the order of their places"),
    kept("ShaderReplacements", "", Only(("", None), "shaders are not replaced here"), "there are none"),
    kept("Assembly", "", Text(), "blocks are chosen by BlockSelectors"),
    kept("SelectedBlockSelectors", "", Only(("", [""], [], ()), "a selection is not drawn"), "nothing is selected"),
    kept(
        "TextureTransform", "Transform2", Only(("Transform2", "Transform"), "textures are where their coordinates say"),
        "textures are where their coordinates say",
    ),
    kept(
        "SelectTangentArray", None, Only(NONE, "tangents are not used: there are no normal maps"),
        "there are no normal maps",
    ),
)  # fmt: skip
"""What ParaView's scripts write down though it changes nothing there; what would change something is refused."""

_OF_TEXTS: Final = tuple(
    replace(TEXT.by_name[name], hidden_unless=_of("Text", "Logo") if name == "WindowLocation" else _of("Text"))
    for name in (
        "WindowLocation", "FontSize", "FontFamily", "FontFile", "Bold", "Italic", "Shadow", "Justification",
        "VerticalJustification", "ShowBorder", "BackgroundColor", "BorderColor", "BorderThickness", "CornerRadius",
        "Padding", "TextScaleMode",
    )
)  # fmt: skip
"""What ParaView's texts have, for texts that are made of data."""

REPRESENTATION: Final = SceneType(
    "GeometryRepresentation",
    REPRESENTATIONS,
    "representation",
    "How an output is shown in a render view.",
    (
        _P(
            "Representation",
            f"{', '.join(KINDS[:-1])} or {KINDS[-1]}",
            "Surface",
            Choice("representation", KINDS),
            half="both",
        ),
        _P("Visibility", "whether it is drawn", True, Flag()),
        _P(
            "Color",
            "red, green, blue from 0 to 1, where no array colors it; None: seen on the background",
            None,
            _COLOR,
        ),
        _P("Opacity", "0 to 1", 1.0, FRACTION),
        _P(
            "Position",
            "by how much it is moved, after it was scaled and turned; of texts, bars and logos two fractions of the "
            "picture, where their lower left corner is at Any Location",
            (0.0, 0.0, 0.0),
            Place(),
        ),
        _P(
            "Scale",
            "how many times as large it is drawn along x, y and z",
            (1.0, 1.0, 1.0),
            Several(3, Number(-1e30, 1e30)),
        ),
        _P(
            "Orientation",
            "degrees by which it is turned about z, then x, then y; of texts that about z counts, or one number",
            (0.0, 0.0, 0.0),
            Turn(),
        ),
        _P("Origin", "the point about which it is turned and scaled", (0.0, 0.0, 0.0), POSITION),
        *PLACES,
        _P("PointSize", "in pixels", 2.0, _PIXELS),
        _P("LineWidth", "in pixels", 1.0, _PIXELS),
        _P(
            "Texture",
            "a picture on the surface: the path of a file of the server, PNG, JPEG, BMP, TGA, TIFF or PPM; None: none",
            None,
            Picture(),
            half="both",
        ),
        _P(
            "SelectTCoordArray",
            "the point array that says where on the picture a point is; None: what is marked as texture coordinates",
            None,
            PointArrayOrNone(),
            half="both",
            domain={**_POINT_ARRAYS, "components": [2, 3]},
        ),
        _P("RepeatTextures", "whether the picture is repeated beyond its sides", True, Flag(), panel="advanced"),
        _P("InterpolateTextures", "whether colors between its pixels are mixed", False, Flag(), panel="advanced"),
        _P("UseMipmapTextures", "whether small pictures of it are used far away", False, Flag(), panel="advanced"),
        _P(
            "SelectNormalArray",
            "the point vectors that say where a surface looks to; None: those that are marked as normals",
            None,
            PointArrayOrNone(),
            half="both",
            domain={**_POINT_ARRAYS, "components": [3]},
        ),
        _P(
            "EdgeColor",
            "of the edges of Surface With Edges",
            (0.0, 0.0, 0.5),
            COLOR,
            hidden_unless=_of("Surface With Edges"),
        ),
        _P(
            "Interpolation",
            "of light, and of a volume: Flat, Gouraud, Phong; or PBR, as a material is lit",
            "Gouraud",
            Choice("interpolation", INTERPOLATIONS),
        ),
        *SIDES,
        *MATERIALS,
        *SHAPES,
        *BLOCKS,
        _P("AmbientColor", "of Wireframe, Points, Outline and Feature Edges; None: Color", None, _COLOR),
        _P("SpecularColor", "of what shines", (1.0, 1.0, 1.0), COLOR),
        _P("RenderLinesAsTubes", "whether lines look like tubes", False, Flag()),
        _P("RenderPointsAsSpheres", "whether points look like balls", False, Flag()),
        _P("EdgeOpacity", "of the edges of Surface With Edges", 1.0, FRACTION, hidden_unless=_of("Surface With Edges")),
        _P("Lighting", "whether light shades it", True, Flag()),
        _P("Ambient", "how bright it is without light, 0 to 1", 0.0, FRACTION),
        _P("Diffuse", "how much light it scatters, 0 to 1", 1.0, FRACTION),
        _P("Specular", "how much it shines, 0 to 1", 0.0, FRACTION),
        _P("SpecularPower", "how sharply it shines, 1 to 1000", 30.0, Number(1.0, 1000.0)),
        _P(
            "ColorBy",
            "the array that colors it: (POINTS or CELLS, name) with an optional component; None: Color",
            None,
            OrNone(Array(("POINTS", "CELLS"))),
            half="both",
            domain={"kind": "arrays", "associations": ["POINTS", "CELLS"], "none": True},
        ),
        _P(
            "MapComponent",
            "the number of the component that its color map chooses, where ColorBy names none; clients tell it",
            None,
            OrNone(Whole(0, 8)),
            half="both",
            panel="never",
        ),
        _P("MapScalars", "whether numbers become colors; off: the array holds colors, bytes or 0 to 1", True, Flag()),
        _P(
            "ColorMap",
            "the name of the color map that it shares; None: that of the array. LookupTable holds it",
            None,
            OrNone(Name()),
        ),
        _P(
            "OpacityFunction",
            "the name of the opacity function that it shares; None: that of the color map. ScalarOpacityFunction holds "
            "it",
            None,
            OrNone(Name()),
        ),
        _P(
            "LookupTable",
            "a preset of colors: Cool to Warm, Viridis, Plasma, Inferno, Black-Body Radiation, Grayscale, Rainbow, or "
            f"any of matplotlib's maps; None: {USUAL_PRESET} for numbers, a color of its own for each label",
            None,
            OrNone(Name()),
        ),
        _P(
            "ScalarRange",
            "(low, high) that the colors span; None: the range of the whole data",
            None,
            OrNone(Interval()),
            half="both",
            domain={"kind": "array_range", "array": "ColorBy", "mode": "both"},
        ),
        _P(
            "Categorical",
            "whether numbers are labels, each with a color of its own; None: the array decides, where none of "
            "LookupTable, RGBPoints, InvertLookupTable and UseLogScale says that they are numbers",
            None,
            OrNone(Flag()),
            half="both",
        ),
        _P(
            "RGBPoints",
            "own colors instead of a preset: value, red, green, blue, value, ...",
            None,
            OrNone(Nodes(4, "value, red, green, blue")),
            half="both",
        ),
        _P(
            "OpacityPoints",
            "the opacity function: value, opacity, value, ...; of volumes, and with EnableOpacityMapping",
            None,
            OrNone(Nodes(2, "value, opacity")),
        ),
        _P("EnableOpacityMapping", "whether OpacityPoints make surfaces translucent", False, Flag()),
        _P("InvertLookupTable", "whether the colors run the other way", False, Flag()),
        _P(
            "UseLogScale",
            "whether colors follow logarithms; from a ten-thousandth of the largest number, if some have none",
            False,
            Flag(),
            half="both",
        ),
        _P("NumberOfTableValues", "how many different colors there are, 1 to 4096", 256, Whole(1, 4096)),
        _P("NanColor", "of what is not a number, and of labels outside of the range", (0.5, 0.5, 0.5), COLOR),
        _P("BelowRangeColor", "of lower numbers; None: that of the low end", None, _COLOR),
        _P("AboveRangeColor", "of higher numbers; None: that of the high end", None, _COLOR),
        _P("ScalarBarVisibility", "whether the legend of the colors is shown", False, Flag()),
        _P("ScalarBarTitle", "of the legend; None: the name of the array", None, OrNone(Text())),
        _P("TitleColor", "of the legend's title; None: seen on the background", None, _COLOR),
        _P("LabelColor", "of the legend's numbers; None: seen on the background", None, _COLOR),
        _P(
            "FeatureAngle",
            "of Feature Edges, in degrees",
            30.0,
            Number(0.0, 180.0),
            half="both",
            hidden_unless=_of("Feature Edges"),
        ),
        _P(
            "SliceMode",
            "of Slice: XY Plane, YZ Plane or XZ Plane",
            "XY Plane",
            Choice("slice mode", SLICE_MODES),
            half="both",
            hidden_unless=_of("Slice"),
        ),
        _P(
            "Slice",
            "which layer of the image, from 0",
            0,
            Whole(-MANY, MANY),
            half="both",
            hidden_unless=_of("Slice"),
        ),
        _P(
            "ResampleDimensions",
            "samples along each axis, of a Volume of data that is no image",
            (128, 128, 128),
            Several(3, Whole(2, 2048)),
            half="both",
            hidden_unless=_of("Volume"),
        ),
        *VOLUMES,
        _P("Shade", "whether light shades a Volume", False, Flag(), hidden_unless=_of("Volume")),
        _P(
            "ScalarOpacityUnitDistance",
            "the length in a Volume on which opacity is meant; None: about a cell",
            None,
            OrNone(LENGTH),
            hidden_unless=_of("Volume"),
        ),
        _P(
            "GlyphType",
            "of 3D Glyphs: Arrow, Cone, Box, Cylinder, Line, Sphere or 2D Glyph",
            "Arrow",
            Choice("glyph type", GLYPH_TYPES),
            hidden_unless=_of("3D Glyphs"),
        ),
        _P(
            "OrientationArray",
            "the point vectors along which glyphs point",
            None,
            OrNone(PointArray()),
            half="both",
            domain={**_POINT_ARRAYS, "components": [3]},
            hidden_unless=_of("3D Glyphs"),
        ),
        _P(
            "ScaleArray",
            "the point array that scales glyphs and Point Gaussian",
            None,
            OrNone(PointArray()),
            half="both",
            domain=_POINT_ARRAYS,
            hidden_unless=_of("3D Glyphs", "Point Gaussian"),
        ),
        _P(
            "ScaleFactor",
            "of glyphs; None: the largest is a twentieth of the data",
            None,
            OrNone(LENGTH),
            hidden_unless=_of("3D Glyphs"),
        ),
        _P(
            "SelectScaleArray",
            "the point array that scales glyphs where Scaling says so; ParaView's way of ScaleArray",
            None,
            PointArrayOrNone(),
            half="both",
            domain=_POINT_ARRAYS,
            hidden_unless=_of("3D Glyphs"),
        ),
        _P(
            "Scaling",
            "whether SelectScaleArray and ScaleFactor scale glyphs, as in ParaView; None: ScaleFactor alone does",
            None,
            OrNone(Flag()),
            half="both",
            hidden_unless=_of("3D Glyphs"),
        ),
        _P(
            "ScaleMode",
            "by what of SelectScaleArray: nothing, Magnitude, or Vector Components along each axis",
            SCALE_MODES[0],
            Choice("scale mode", SCALE_MODES),
            hidden_unless=_of("3D Glyphs"),
        ),
        _P(
            "SelectOrientationVectors",
            "the point vectors along which glyphs point where Orient says so; ParaView's way of OrientationArray",
            None,
            PointArrayOrNone(),
            half="both",
            domain={**_POINT_ARRAYS, "components": [3]},
            hidden_unless=_of("3D Glyphs"),
        ),
        _P(
            "Orient",
            "whether SelectOrientationVectors turn glyphs",
            False,
            Flag(),
            half="both",
            hidden_unless=_of("3D Glyphs"),
        ),
        _P(
            "MaximumNumberOfGlyphs",
            "of more points some are left out, evenly",
            5000,
            Whole(1, MANY),
            half="both",
            hidden_unless=_of("3D Glyphs"),
        ),
        _P(
            "GaussianRadius",
            "of Point Gaussian; None: a small part of the data",
            None,
            OrNone(LENGTH),
            hidden_unless=_of("Point Gaussian"),
        ),
        _P(
            "ScaleByArray",
            "whether SetScaleArray scales the balls of Point Gaussian",
            False,
            Flag(),
            half="both",
            hidden_unless=_of("Point Gaussian"),
        ),
        _P(
            "SetScaleArray",
            "the point array whose numbers scale balls by ScaleTransferFunction; ParaView's way of ScaleArray",
            None,
            PointArrayOrNone(),
            half="both",
            domain=_POINT_ARRAYS,
            hidden_unless=_of("Point Gaussian"),
        ),
        _P(
            "UseScaleFunction",
            "whether ScaleTransferFunction says how large a ball of a number is; else its number says it",
            True,
            Flag(),
            hidden_unless=_of("Point Gaussian"),
        ),
        _P(
            "ScaleTransferFunction",
            "how large balls are, as fractions of GaussianRadius; by itself 0 to 1 over the numbers",
            {},
            FUNCTION,
            hidden_unless=_of("Point Gaussian"),
        ),
        _P(
            "OpacityByArray",
            "whether OpacityArray makes balls of Point Gaussian translucent",
            False,
            Flag(),
            half="both",
            hidden_unless=_of("Point Gaussian"),
        ),
        _P(
            "OpacityArray",
            "the point array whose numbers say how opaque balls are",
            None,
            PointArrayOrNone(),
            half="both",
            domain=_POINT_ARRAYS,
            hidden_unless=_of("Point Gaussian"),
        ),
        _P(
            "OpacityTransferFunction",
            "how opaque balls are; by itself 0 to 1 over the numbers",
            {},
            FUNCTION,
            hidden_unless=_of("Point Gaussian"),
        ),
        _P("DataAxesGrid", "a grid of axes around this output alone", {}, Part(GRID_AXES)),
        _P("PolarAxes", "axes of angles and distances around this output", {}, Part(POLAR_AXES)),
        *_WITHOUT_EFFECT,
        _P(
            "TubeRadius",
            "of Tubes; None: a small part of the data",
            None,
            OrNone(LENGTH),
            half="both",
            hidden_unless=_of("Tubes"),
        ),
        _P("NumberOfSides", "of Tubes, 3 to 256", 8, Whole(3, 256), half="both", hidden_unless=_of("Tubes")),
        *labels(),
        *_OF_TEXTS,
        _P(
            "Position2",
            "of a Progress Bar: its width and height, fractions of the picture; None: 0.5, 0.06",
            None,
            OrNone(Several(2, Number(1e-3, 2.0))),
            hidden_unless=_of("Progress Bar"),
        ),
        _P("ProgressBarColor", "of what is done", (0.0, 1.0, 0.0), COLOR, hidden_unless=_of("Progress Bar")),
        _P(
            "SecondaryProgressBarColor",
            "of what is still to come, with DrawBackground",
            (1.0, 1.0, 1.0),
            COLOR,
            hidden_unless=_of("Progress Bar"),
        ),
        _P(
            "DrawBackground",
            "whether what is still to come is filled",
            False,
            Flag(),
            hidden_unless=_of("Progress Bar"),
        ),
        _P(
            "ImageScale",
            "the height of a Logo, as a fraction of the picture's",
            0.08,
            Number(0.01, 2.0),
            hidden_unless=_of("Logo"),
        ),
    ),
    takes_input=True,
    aliases={
        "ColorArrayName": "ColorBy",
        "DiffuseColor": "Color",
        "Translation": "Position",
        "Use2DTransferFunction": "UseTransfer2D",
    },
)


def is_lit(kind: str, is_on: Callable[[str], bool]) -> bool:
    """Return whether light shades a kind of representation in ParaView, by which of its properties are on."""
    return kind not in UNLIT or (kind in ROUND and is_on(ROUND[kind]))


def scaling_array(get: Mapping[str, Any]) -> str | None:
    """Return the point array that scales what stands at points, by ScaleArray or ParaView's properties."""
    if get["ScaleArray"] is not None:
        return str(get["ScaleArray"])
    name = {
        "3D Glyphs": get["SelectScaleArray"] if get["Scaling"] else None,
        "Point Gaussian": get["SetScaleArray"] if get["ScaleByArray"] else None,
    }.get(get["Representation"])
    return name


def turning_array(get: Mapping[str, Any]) -> str | None:
    """Return the point vectors along which glyphs point, by OrientationArray or ParaView's properties."""
    if get["OrientationArray"] is not None:
        return str(get["OrientationArray"])
    name: str | None = get["SelectOrientationVectors"] if get["Orient"] else None
    return name


def fading_array(get: Mapping[str, Any]) -> str | None:
    """Return the point array that makes balls of Point Gaussian translucent."""
    name: str | None = get["OpacityArray"] if get["OpacityByArray"] else None
    return name
