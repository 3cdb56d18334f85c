"""How volumes look: how samples along a ray are joined, and what makes them opaque. Properties of representations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...records import dataclass
from ..checks import ANY_LENGTH, POSITION, Choice, Direction, Flag, OrNone, is_list
from ..lists import Array, Numbers
from ..parts import FUNCTION, Part
from ..types import ANNOTATIONS, SceneProperty, SceneType

BLEND_MODES: Final = (
    "Composite", "Maximum Intensity", "Minimum Intensity", "Average Intensity", "Additive", "Isosurface", "Slice",
)  # fmt: skip
"""By VTK's numbers, from 0."""
ISOSURFACE: Final = "Isosurface"
SLICE: Final = "Slice"
MOST_BOXES: Final = 256
_OF_BOX: Final = 8
_P = SceneProperty
_ARRAY: Final = OrNone(Array(("POINTS", "CELLS")))
_ARRAYS: Final[dict[str, Any]] = {"kind": "arrays", "associations": ["POINTS", "CELLS"], "none": True}


@dataclass(frozen=True)
class Boxes:
    """A flat list of boxes, 8 numbers each: x, y, width, height, red, green, blue, opacity."""

    most: int

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "float", "size": ANY_LENGTH, "kind": "indexed"}

    def __call__(self, value: object) -> tuple[float, ...]:
        """See Check."""
        if is_list(value) and value and all(is_list(one) for one in value):
            value = [number for one in value if is_list(one) for number in one]
        flat = Numbers(self.most * _OF_BOX, _OF_BOX)(value)
        for first in range(0, len(flat), _OF_BOX):
            _, _, width, height, *color = flat[first : first + _OF_BOX]
            if not (width > 0.0 and height > 0.0):
                raise ValueError(f"a box has a width and a height above 0, not {width:g} and {height:g}")
            if not all(0.0 <= one <= 1.0 for one in color):
                raise ValueError("a box has x, y, width, height and red, green, blue, opacity, the last four 0 to 1")
        return flat


PLANE: Final = SceneType(
    "Plane",
    ANNOTATIONS,
    "plane",
    "The plane in which a Volume with BlendMode Slice is seen.",
    (
        _P("Origin", "a point in it, of the data; None: the middle", None, OrNone(POSITION)),
        _P("Normal", "where it looks to", (1.0, 0.0, 0.0), Direction()),
    ),
)

TRANSFER_FUNCTION_2D: Final = SceneType(
    "TransferFunction2D",
    ANNOTATIONS,
    "transfer function of two numbers",
    "Which color, and how opaque, a Volume is by two numbers of each place.",
    (
        _P(
            "Boxes",
            "a flat list: x, y, width, height of a box of both numbers, its red, green, blue, and its opacity in the "
            "middle, from where it falls off as a bell with a deviation of 0.3 of the box",
            (),
            Boxes(MOST_BOXES),
        ),
    ),
)

VOLUME_PARTS: Final = (PLANE, TRANSFER_FUNCTION_2D)


def _of_volumes(name: str, doc: str, default: Any, check: Any, **more: Any) -> SceneProperty:
    return _P(name, doc, default, check, hidden_unless={"property": "Representation", "equals": ["Volume"]}, **more)


VOLUMES: Final = (
    _of_volumes(
        "BlendMode",
        f"what is seen along a ray: {', '.join(BLEND_MODES[:-1])} or {BLEND_MODES[-1]}; Average Intensity and Additive "
        "are grey",
        BLEND_MODES[0],
        Choice("way of blending", BLEND_MODES),
    ),
    _of_volumes("IsosurfaceValues", "the numbers whose surfaces are seen with BlendMode Isosurface", (), Numbers(64)),
    _of_volumes("SliceFunction", "the plane that is seen with BlendMode Slice", {}, Part(PLANE)),
    _of_volumes(
        "GradientOpacityFunction",
        "by which its opacity is multiplied where its numbers change so much per length (from sample to sample at most "
        "by a quarter of their range); without Points: by 1",
        {},
        FUNCTION,
    ),
    _of_volumes(
        "UseSeparateOpacityArray",
        "whether OpacityArrayName makes it opaque, by the opacity function of that name",
        False,
        Flag(),
        half="both",
    ),
    _of_volumes(
        "OpacityArrayName",
        "the array whose numbers make it opaque with UseSeparateOpacityArray: (POINTS or CELLS, name)",
        None,
        _ARRAY,
        half="both",
        domain=_ARRAYS,
    ),
    _of_volumes(
        "MultiComponentsMapping",
        "whether of two components the first colors it and the second makes it opaque, and four bytes are red, green, "
        "blue and opacity",
        False,
        Flag(),
        half="both",
    ),
    _of_volumes(
        "UseTransfer2D",
        "whether TransferFunction2D colors it and makes it opaque",
        False,
        Flag(),
        half="both",
    ),
    _of_volumes("TransferFunction2D", "colors and opacities by two numbers", {}, Part(TRANSFER_FUNCTION_2D)),
    _of_volumes(
        "UseGradientForTransfer2D",
        "whether the second number is how steeply the first changes, per length; else that of ColorArray2Name",
        True,
        Flag(),
        half="both",
    ),
    _of_volumes(
        "ColorArray2Name",
        "the array of the second number: (POINTS or CELLS, name)",
        None,
        _ARRAY,
        half="both",
        domain=_ARRAYS,
    ),
)
"""How a volume is made of its numbers."""
