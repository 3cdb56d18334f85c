"""How a view is drawn: smoothing of edges, order of what is translucent, axes and their letters. Of render views."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ..checks import COLOR, Flag, Number, Text, Whole
from ..types import SceneProperty

AXES: Final = "XYZ"
_AT_CENTER: Final = ((1.0, 0.0, 0.0), (1.0, 1.0, 0.0), (0.0, 1.0, 0.0))
_IN_CORNER: Final = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))

_UNIT: Final = Number(0.0, 1.0)


def _p(name: str, doc: str, default: Any, check: Any) -> SceneProperty:
    return SceneProperty(name, doc, default, check, panel="advanced")


def _of_axes() -> Iterator[SceneProperty]:
    for axis, in_corner, at_center in zip(AXES, _IN_CORNER, _AT_CENTER, strict=True):
        yield _p(f"OrientationAxes{axis}Visibility", f"whether the {axis} axis of the corner is drawn", True, Flag())
        yield _p(f"OrientationAxes{axis}Color", f"of the {axis} axis of the corner", in_corner, COLOR)
        yield _p(f"OrientationAxes{axis}LabelText", f"at the end of the {axis} axis of the corner", axis, Text())
        yield _p(f"CenterAxes{axis}Color", f"of the {axis} axis at the center of rotation", at_center, COLOR)


COLORS_OF_AXES: Final = tuple(_of_axes())
"""Of the axes in the corner and at the center of rotation."""

SMOOTHING: Final = (
    _p("FXAARelativeContrastThreshold", "from which contrast beside the brightest UseFXAA smooths", 0.125, _UNIT),
    _p("FXAAHardContrastThreshold", "below which contrast UseFXAA never smooths", 0.0625, _UNIT),
    _p("FXAASubpixelBlendLimit", "how strongly UseFXAA smooths single pixels", 0.75, _UNIT),
    _p("FXAASubpixelContrastThreshold", "from which contrast UseFXAA smooths single pixels", 0.25, Number(0.0, 0.99)),
    _p("FXAAUseHighQualityEndpoints", "whether UseFXAA follows long edges to their ends", True, Flag()),
    _p("FXAAEndpointSearchIterations", "how far UseFXAA follows an edge, in steps", 12, Whole(0, 64)),
)
"""How edges of single drawings are smoothed."""

TRANSLUCENCY: Final = (
    _p("DepthPeeling", "whether translucent surfaces are drawn in the right order; else evenly mixed", True, Flag()),
    _p(
        "DepthPeelingForVolumes",
        "whether translucent surfaces stand before, in and behind volumes as they do; else behind all of them",
        True,
        Flag(),
    ),
    _p("MaximumNumberOfPeels", "how many times two layers of them are put in order; 0: all", 8, Whole(0, 1000)),
)
"""How what is translucent is put in order."""

EYES: Final = (_p("EyeAngle", "between both eyes of a StereoRender, in degrees", 2.0, Number(0.0, 90.0)),)
"""Where eyes are."""
