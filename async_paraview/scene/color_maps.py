"""The types of color maps and opacity functions: shared by the name of an array, in a whole session."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .checks import COLOR, FRACTION, Choice, Flag, Interval, Name, OrNone, Whole
from .lists import Annotations, Colors, Nodes, OpacityNodes
from .types import COLOR_MAPS, SceneProperty, SceneType

USUAL_PRESET: Final = "Cool to Warm"
NEVER: Final = "Never"
GROW: Final = "Grow and update every timestep"
GROW_ON_APPLY: Final = "Grow and update on 'Apply'"
FOLLOW: Final = "Clamp and update every timestep"
UPDATE_ON_APPLY: Final = "Update on 'Apply'"
RESCALE_MODES: Final = (NEVER, GROW_ON_APPLY, GROW, UPDATE_ON_APPLY, FOLLOW)
FOLLOWING: Final = (UPDATE_ON_APPLY, FOLLOW)
"""Modes in which colors span what data there is now."""
COLOR_SPACES: Final = ("RGB", "HSV", "Lab", "Diverging", "Lab/CIEDE2000", "Step")
MAGNITUDE: Final = "Magnitude"
COMPONENT: Final = "Component"

_P = SceneProperty

COLOR_MAP: Final = SceneType(
    "PVLookupTable",
    COLOR_MAPS,
    "color map",
    "Which color a number of an array gets, wherever that array is shown in the session.",
    (
        _P(
            "Preset",
            "a preset of colors: Cool to Warm, Viridis, Plasma, Inferno, Black-Body Radiation, Grayscale, Rainbow, or "
            f"any of matplotlib's maps; None: {USUAL_PRESET} for numbers, a color of its own for each label",
            None,
            OrNone(Name()),
        ),
        _P(
            "RGBPoints",
            "own colors instead of a preset: value, red, green, blue, value, ...",
            None,
            OrNone(Nodes(4, "value, red, green, blue")),
        ),
        _P(
            "ColorSpace",
            f"in which colors between RGBPoints are mixed: {', '.join(COLOR_SPACES[:-1])} or {COLOR_SPACES[-1]}",
            "RGB",
            Choice("color space", COLOR_SPACES),
        ),
        _P(
            "HSVWrap",
            "whether hues between RGBPoints are mixed the shorter way around, in HSV; else from number to number",
            False,
            Flag(),
        ),
        _P("InvertLookupTable", "whether the colors run the other way", False, Flag()),
        _P(
            "ScalarRange",
            "(low, high) that the colors span; None: the range of all the data that it colors, or of RGBPoints",
            None,
            OrNone(Interval()),
        ),
        _P(
            "ScalarRangeInitialized",
            "whether values of RGBPoints are meant as they are; else they are stretched over the range of the data",
            True,
            Flag(),
        ),
        _P(
            "AutomaticRescaleRangeMode",
            "what becomes of the range of the data when that changes: it is followed, grows, or stays",
            FOLLOW,
            Choice("mode of rescaling", RESCALE_MODES),
        ),
        _P(
            "UseLogScale",
            "whether colors follow logarithms; from a ten-thousandth of the largest number, if some have none",
            False,
            Flag(),
        ),
        _P("Discretize", "whether there are only NumberOfTableValues colors", True, Flag()),
        _P("NumberOfTableValues", "how many different colors there are, 1 to 4096", 256, Whole(1, 4096)),
        _P("NanColor", "of what is not a number, and of labels outside of the range", (0.5, 0.5, 0.5), COLOR),
        _P("NanOpacity", "of what is not a number, 0 to 1", 1.0, FRACTION),
        _P(
            "UseBelowRangeColor",
            "whether lower numbers have BelowRangeColor; None: if that is set",
            None,
            OrNone(Flag()),
        ),
        _P("BelowRangeColor", "of lower numbers; None: that of the low end", None, OrNone(COLOR)),
        _P(
            "UseAboveRangeColor",
            "whether higher numbers have AboveRangeColor; None: if that is set",
            None,
            OrNone(Flag()),
        ),
        _P("AboveRangeColor", "of higher numbers; None: that of the high end", None, OrNone(COLOR)),
        _P(
            "InterpretValuesAsCategories",
            "whether numbers are labels, each with a color of its own; None: the arrays decide, where none of Preset, "
            "RGBPoints, InvertLookupTable and UseLogScale says that they are numbers",
            None,
            OrNone(Flag()),
        ),
        _P("Annotations", "texts of values: a flat list of value, text, value, text, ...", (), Annotations()),
        _P("IndexedColors", "of categories, in turn: red, green, blue, red, ...; empty: usual ones", (), Colors()),
        _P("EnableOpacityMapping", "whether the opacity function makes surfaces translucent", False, Flag()),
        _P(
            "VectorMode",
            "what colors vectors where a representation does not say it: Magnitude or Component",
            MAGNITUDE,
            Choice("vector mode", (MAGNITUDE, COMPONENT)),
        ),
        _P("VectorComponent", "the number of the component, from 0", 0, Whole(0, 8)),
    ),
)

PIECEWISE_FUNCTION: Final = SceneType(
    "PiecewiseFunction",
    COLOR_MAPS,
    "opacity function",
    "How opaque a number of an array is, wherever that array is shown in the session.",
    (
        _P(
            "Points",
            "value, opacity, midpoint, sharpness, value, ...; None: opaque, of a volume from 0 at the low end to 1",
            None,
            OrNone(OpacityNodes()),
        ),
        _P("UseLogScale", "whether opacities follow logarithms; they do where the colors do", False, Flag()),
        _P(
            "ScalarRangeInitialized",
            "whether values of Points are meant as they are; else they are stretched over the range of the colors",
            True,
            Flag(),
        ),
    ),
)

SHARED: Final[Mapping[str, str]] = MappingProxyType({
    "LookupTable": "Preset", "Categorical": "InterpretValuesAsCategories",
    **{name: name for name in (
        "ScalarRange", "RGBPoints", "EnableOpacityMapping", "InvertLookupTable", "UseLogScale", "NumberOfTableValues",
        "NanColor", "BelowRangeColor", "AboveRangeColor",
    )},
})  # fmt: skip
"""Properties of a representation that its color map has, and what they are called there."""
SHARED_OPACITIES: Final = "OpacityPoints"
"""The property of a representation that its opacity function has: value, opacity, ..."""
