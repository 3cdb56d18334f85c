"""Transfer functions as values: which color a number or a label gets."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkCommonCore import vtkLookupTable, vtkStringArray, vtkVariant, vtkVariantArray
from vtkmodules.vtkCommonDataModel import vtkPiecewiseFunction
from vtkmodules.vtkRenderingCore import vtkColorTransferFunction

from async_paraview.names import unknown_name
from async_paraview.records import dataclass
from async_paraview.scene.color_maps import USUAL_PRESET

from ..base.array_names import MAGNITUDE
from ..base.array_types import as_numpy
from ..base.associations import Component, GeometryError

Color = tuple[float, float, float]
Floats = npt.NDArray[np.float64]

TABLE_SIZE = 256
PALETTE_SIZE = 64
"""Labels repeat their colors after this many."""

LOG_FLOOR = 1e-4
"""Of the largest number: where logarithms begin, if the smallest is not positive."""
_MARGIN = 1e-6
"""Part of a single number by which a range of it is widened."""

MAX_LABELS = PALETTE_SIZE
"""With more of them numbers are shades, as those of photographs and scans: colors of labels would repeat."""
MAX_LABEL_SPAN = 4096
_AT_A_TIME = 1 << 16

# Of the 256 colors of matplotlib's maps of these names (CC0) those, by number, between which all others lie in straight
# lines, within half a level of 255.
_VIRIDIS = (
    "0:440154 14:481668 29:482979 44:443b84 62:3c508b 88:2f6b8e 120:23898e 139:1e9b8a 149:20a486 159:27ad81 "
    "168:32b67a 177:40bd72 188:56c667 197:69cd5b 208:84d44b 223:aadc32 234:c8e020 240:d8e219 244:e2e418 "
    "247:eae51a 251:f4e61e 255:fde725"
)
_PLASMA = (
    "0:0d0887 4:19068c 14:2e0595 33:4e02a2 50:6900a8 62:7b02a8 70:8707a6 81:9613a1 94:a72197 114:be3885 "
    "138:d5536f 167:eb7556 188:f79044 207:fdab33 221:fec029 233:fbd324 245:f6e826 251:f2f227 254:f0f724 "
    "255:f0f921"
)
_INFERNO = (
    "0:000004 2:010106 9:040314 19:0e092b 28:1b0c41 38:2b0b57 45:380962 54:470b6a 66:5a116e 83:751b6e 103:952667 "
    "123:b43359 139:cb4149 151:da4e3c 163:e75e2e 178:f3761b 191:f98c0a 196:fb9606 201:fc9f07 206:fca80d "
    "213:fbb61a 221:fac62d 227:f7d13d 233:f4dd4f 239:f2e865 244:f1f179 251:f6fa96 255:fcffa4"
)


@dataclass(frozen=True)
class Preset:
    """Colors, and the space between them: "RGB", or "Diverging" (Moreland 2009)."""

    colors: tuple[Color, ...]
    space: str = "RGB"
    places: tuple[float, ...] = ()
    """Where they stand, from 0 to 1; none: at equal distances."""

    def places_or_equal(self) -> Floats:
        """Return where they stand."""
        return np.array(self.places) if self.places else np.linspace(0.0, 1.0, len(self.colors))


def _from_hex(text: str) -> tuple[Color, ...]:
    codes = (bytes.fromhex(word) for word in text.split())
    return tuple((red / 255, green / 255, blue / 255) for red, green, blue in codes)


def _of_256(text: str) -> Preset:
    pairs = [word.split(":") for word in text.split()]
    return Preset(_from_hex(" ".join(color for _, color in pairs)), places=tuple(int(at) / 255 for at, _ in pairs))


PRESETS = {
    "Cool to Warm": Preset(((0.230, 0.299, 0.754), (0.865, 0.865, 0.865), (0.706, 0.016, 0.150)), "Diverging"),
    "Viridis": _of_256(_VIRIDIS),
    "Plasma": _of_256(_PLASMA),
    "Inferno": _of_256(_INFERNO),
    "Black-Body Radiation": Preset(_from_hex("000000 e60000 e6e600 ffffff"), places=(0.0, 0.4, 0.8, 1.0)),
    "Grayscale": Preset(((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))),
    "Rainbow": Preset(_from_hex("0000ff 00ffff 00ff00 ffff00 ff0000")),
}


def preset_names() -> list[str]:
    """Return the presets of this page, then matplotlib's maps."""
    from matplotlib import colormaps

    ours = {preset.casefold() for preset in PRESETS}
    return [*PRESETS, *sorted(one for one in colormaps if not one.endswith("_r") and one not in ours)]


def check_preset(value: object) -> str | None:
    """Accept the name of a preset, or of one of matplotlib's maps, or None. Raises ValueError."""
    if value is None or value in PRESETS:
        return value if value is None else str(value)
    from matplotlib import colormaps

    if value not in colormaps:
        raise ValueError(unknown_name("color preset", value, preset_names()))
    return str(value)


@dataclass(frozen=True)
class TransferFunction:
    """How the shown component of an array becomes color.

    `points` (value, red, green, blue, ...) take the place of the preset, `opacities` (value, opacity, midpoint,
    sharpness, ...) that of full opacity; between them colors are mixed in `space`. Numbers outside the range get
    the color of its nearer end, unless there is one for them; labels outside it and NaN get `nan_color`. Of
    categories those of `annotations` (value, text) have a color each where there are any, others that for NaN;
    `indexed` colors (red, green, blue, ...) take the place of the usual ones.
    """

    preset: str = USUAL_PRESET
    categorical: bool = False
    component: Component = MAGNITUDE
    nan_color: Color = (0.5, 0.5, 0.5)
    points: tuple[float, ...] | None = None
    opacities: tuple[float, ...] | None = None
    inverted: bool = False
    logarithmic: bool = False
    count: int = TABLE_SIZE
    below: Color | None = None
    above: Color | None = None
    space: str = "RGB"
    hue_wraps: bool = False
    """Whether hues are mixed the shorter way around."""
    nan_opacity: float = 1.0
    opacity_is_logarithmic: bool = False
    points_stretch: bool = False
    """Whether `points` lie along the range of the data, whatever their values are."""
    opacities_stretch: bool = False
    annotations: tuple[Any, ...] = ()
    indexed: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        try:
            check_preset(self.preset)
        except ValueError as error:
            raise GeometryError(str(error)) from None

    def range_of(self, data_range: tuple[float, float]) -> tuple[float, float]:
        """Return the numbers that the colors span, unless something else is asked for."""
        return data_range if self.points is None or self.points_stretch else (self.points[0], self.points[-4])


def preset_points(spec: TransferFunction, low: float, high: float) -> list[float]:
    """Return value, red, green, blue, ... between which the colors of a range are mixed."""
    if spec.points is not None:
        own = _own_places(spec)
        parts = (own - own[0]) / (own[-1] - own[0]) if own[-1] > own[0] else np.linspace(0.0, 1.0, len(own))
        colors = np.reshape(spec.points, (-1, 4))[:, 1:]
    else:
        preset = PRESETS.get(spec.preset)
        colors = np.array(preset.colors) if preset else preset_colors(spec.preset, 33)
        parts = preset.places_or_equal() if preset else np.linspace(0.0, 1.0, len(colors))
    if spec.inverted:
        parts, colors = 1.0 - parts[::-1], colors[::-1]
    if spec.logarithmic:
        first, last = log_range(low, high)
        values = np.clip(first * (last / first) ** parts, first, last)
    else:
        values = low + parts * (high - low)
        values[-1] = high
    return [float(one) for one in np.column_stack([values, colors]).ravel()]


def _own_places(spec: TransferFunction) -> Floats:
    """Return where own points stand along the colors; those that stretch have parts of it, and no numbers of it."""
    values = spec.points[::4] if spec.points is not None else ()
    return np.asarray(values, np.float64) if spec.points_stretch else _along(spec, values)


def preset_colors(name: str, count: int = TABLE_SIZE) -> Floats:
    """Return `count` RGB colors from 0 to 1 along the preset, shape (count, 3). Raises `GeometryError`."""
    fractions = np.linspace(0.0, 1.0, count)
    preset = PRESETS.get(name)
    if preset is None:
        from matplotlib import colormaps

        if name not in colormaps:
            raise GeometryError(unknown_name("color preset", name, preset_names()))
        return np.asarray(colormaps[name](fractions))[:, :3]
    function = vtkColorTransferFunction()
    if preset.space == "Diverging":
        function.SetColorSpaceToDiverging()
    for position, color in zip(preset.places_or_equal(), preset.colors, strict=True):
        function.AddRGBPoint(position, *color)
    return np.array([function.GetColor(position) for position in fractions])


def log_range(low: float, high: float) -> tuple[float, float]:
    """Return what colors that follow logarithms span of a range: numbers that are not positive have none.

    A low end that is not positive becomes LOG_FLOOR of the high one, as in ParaView.
    """
    if low > 0:
        return low, high
    return (LOG_FLOOR * high, high) if high > 0 else (LOG_FLOOR, 1.0)


def _along(spec: TransferFunction, values: Sequence[float]) -> Floats:
    """Return where values that grow stand along the colors: their logarithms, if those follow logarithms."""
    places = np.asarray(values, np.float64)
    return np.log(np.maximum(places, log_range(places[0], places[-1])[0])) if spec.logarithmic else places


def _table_colors(spec: TransferFunction, low: float, high: float) -> Floats:
    """Return the colors of a table of numbers, shape (count, 4) with opacity."""
    first, last = _along(spec, (low, high))
    places = np.linspace(first, last, spec.count)
    if spec.points is None:
        colors = preset_colors(spec.preset, spec.count)
    else:
        points = np.reshape(spec.points, (-1, 4))
        own = _own_places(spec)
        if own[-1] > own[0]:
            own = first + (own - own[0]) * ((last - first) / (own[-1] - own[0]))
        colors = _mixed(own, points[:, 1:], places, spec)
    if spec.inverted:
        colors = colors[::-1]
    values = np.linspace(low, high, spec.count) if not spec.logarithmic else np.exp(places)
    return np.column_stack([colors, _opacities(spec, values, low, high)])


def _mixed(own: Floats, colors: Floats, places: Floats, spec: TransferFunction) -> Floats:
    """Return colors at places between those that stand at `own` ones, mixed as VTK does in their space."""
    if spec.space == "RGB":
        return np.stack([np.interp(places, own, colors[:, channel]) for channel in range(3)], axis=-1)
    function = vtkColorTransferFunction()
    getattr(function, f"SetColorSpaceTo{_VTK_SPACES[spec.space]}")()
    function.SetHSVWrap(spec.hue_wraps)
    for place, color in zip(own.tolist(), colors.tolist(), strict=True):
        function.AddRGBPoint(place, *color)
    return np.array([function.GetColor(place) for place in places.tolist()])


_VTK_SPACES = {
    "HSV": "HSV", "Lab": "Lab", "Diverging": "Diverging", "Lab/CIEDE2000": "LabCIEDE2000", "Step": "Step",
}  # fmt: skip


def _opacities(spec: TransferFunction, values: Floats, low: float, high: float) -> Floats:
    """Return how opaque these values of a range are."""
    if spec.opacities is None:
        return np.ones(len(values))
    nodes = np.reshape(spec.opacities, (-1, 4))
    own = nodes[:, 0]
    if spec.opacities_stretch:
        own = low + (own - own[0]) * ((high - low) / (own[-1] - own[0]))
    if spec.logarithmic or spec.opacity_is_logarithmic:
        floor = log_range(float(own[0]), float(own[-1]))[0]
        own, values = np.log(np.maximum(own, floor)), np.log(np.maximum(values, floor))
    if np.all(nodes[:, 2] == 0.5) and np.all(nodes[:, 3] == 0.0):
        return np.asarray(np.interp(values, own, nodes[:, 1]), np.float64)
    function = vtkPiecewiseFunction()
    for value, (_, opacity, midpoint, sharpness) in zip(own.tolist(), nodes.tolist(), strict=True):
        function.AddPoint(value, opacity, midpoint, sharpness)
    return np.array([function.GetValue(value) for value in values.tolist()])


@lru_cache(maxsize=1)
def categorical_palette() -> tuple[Color, ...]:
    """Return PALETTE_SIZE colors, the same on every machine; entry `label % PALETTE_SIZE` is the label's.

    Each is the color of a grid in OKLCH (Ottosson 2020) farthest from those before it, so that the first
    n are as different as n can be; the latest ones count for more, so that neighbours differ most.
    """
    colors = _palette_candidates()
    lab = _oklab_from_linear(_linear_from_srgb(colors))
    chosen = [int(np.argmin(np.linalg.norm(lab - _FIRST_COLOR, axis=1)))]
    distances = [np.linalg.norm(lab - lab[chosen[0]], axis=1)]
    while len(chosen) < PALETTE_SIZE:
        recent = np.minimum.reduce(distances[-_NEIGHBOURS:])
        chosen.append(int(np.argmax(np.minimum(np.minimum.reduce(distances), _NEIGHBOUR_WEIGHT * recent))))
        distances.append(np.linalg.norm(lab - lab[chosen[-1]], axis=1))
    return tuple((float(red), float(green), float(blue)) for red, green, blue in colors[chosen])


_FIRST_COLOR = np.array([0.68, 0.17, 0.09])
_NEIGHBOURS = 3
_NEIGHBOUR_WEIGHT = 0.5


def label_color(label: int) -> Color:
    """Return the color of an integer label: a matter of the label alone, not of the data it appears in."""
    return categorical_palette()[label % PALETTE_SIZE]


def is_categorical(array: Any, component: int | Literal["Magnitude"] = MAGNITUDE) -> bool:
    """Return whether a vtkDataArray looks like labels, to be shown in one distinct color per value.

    True for integers of at most 16 bits with at most MAX_LABELS distinct values in a span of at most
    MAX_LABEL_SPAN. A vector's magnitude is never a label.
    """
    values = as_numpy(array)
    if values.dtype.kind not in "iu" or values.dtype.itemsize > 2 or values.size == 0:
        return False
    if values.ndim > 1:
        if not isinstance(component, int):
            return False
        values = values[:, int(component)]
    low, high = int(values.min()), int(values.max())
    if high - low > MAX_LABEL_SPAN:
        return False
    seen = np.zeros(high - low + 1, np.bool_)
    for begin in range(0, len(values), _AT_A_TIME):  # numbers of places take eight bytes each
        seen[values[begin : begin + _AT_A_TIME].astype(np.intp) - low] = True
    return int(np.count_nonzero(seen)) <= MAX_LABELS


def lookup_table(spec: TransferFunction, scalar_range: Sequence[float]) -> Any:
    """Return a new vtkLookupTable over (low, high); a range of one value is widened so that it gets the middle.

    A categorical table has one entry per integer of the range, a logarithmic one spans `log_range`. Raises
    `GeometryError` for a range that is not finite, is upside down or, for labels, is wider than MAX_LABEL_SPAN.
    """
    low, high = (float(bound) for bound in scalar_range)
    if not (np.isfinite(low) and np.isfinite(high) and low <= high):
        raise GeometryError(f"a scalar range is two finite numbers, low and high, not ({low}, {high})")
    table = vtkLookupTable()
    if spec.categorical and spec.annotations:
        colors = np.array([[*_category_color(spec, at), 1.0] for at in range(len(spec.annotations) // 2)])
        table.IndexedLookupOn()
    elif spec.categorical:
        first, last = _labels(low, high)
        colors = np.array([[*_category_color(spec, label), 1.0] for label in range(first, last + 1)])
        low, high = np.floor(low + 0.5) - 0.5, np.floor(high + 0.5) + 0.5
        _set_outside(table, spec.nan_color, spec.nan_color)
    else:
        low, high = _usable(spec, low, high)
        colors = _table_colors(spec, low, high)
        _set_outside(table, spec.below, spec.above)
    table.SetNumberOfTableValues(len(colors))
    for index, color in enumerate(colors.tolist()):
        table.SetTableValue(index, *color)
    table.SetTableRange(low, high)
    if spec.logarithmic and not spec.categorical:
        table.SetScaleToLog10()
    _annotate(table, spec.annotations)
    table.SetNanColor(*spec.nan_color, spec.nan_opacity)
    if isinstance(spec.component, int):
        table.SetVectorModeToComponent()
        table.SetVectorComponent(spec.component)
    else:
        table.SetVectorModeToMagnitude()
    return table


def _annotate(table: Any, annotations: Sequence[Any]) -> None:
    """Have a table know texts of values, all at once: VTK sorts all of them each time that one is told."""
    values, texts = vtkVariantArray(), vtkStringArray()
    for value, text in zip(annotations[::2], annotations[1::2], strict=True):
        values.InsertNextValue(vtkVariant(value))
        texts.InsertNextValue(text)
    if annotations:
        table.SetAnnotations(values, texts)


def _usable(spec: TransferFunction, low: float, high: float) -> tuple[float, float]:
    """Return the range, widened if it is of one value."""
    if spec.logarithmic:
        low, high = log_range(low, high)
    if low < high:
        return low, high
    if spec.logarithmic:
        return low / (1 + _MARGIN), high * (1 + _MARGIN)
    margin = max(abs(low), 1.0) * _MARGIN
    return low - margin, high + margin


def _set_outside(table: Any, below: Color | None, above: Color | None) -> None:
    for side, color in (("Below", below), ("Above", above)):
        getattr(table, f"SetUse{side}RangeColor")(color is not None)
        if color is not None:
            getattr(table, f"Set{side}RangeColor")(*color, 1.0)


def _category_color(spec: TransferFunction, label: int) -> Color:
    """Return the color of a label, or of an annotation by its place."""
    if not spec.indexed:
        return label_color(label)
    at = 3 * (label % (len(spec.indexed) // 3))
    red, green, blue = spec.indexed[at : at + 3]
    return red, green, blue


def _labels(low: float, high: float) -> tuple[int, int]:
    """Return the first and the last label of a range. Raises `GeometryError`."""
    first, last = int(np.floor(low + 0.5)), int(np.floor(high + 0.5))
    if last - first > MAX_LABEL_SPAN:
        raise GeometryError(
            f"labels from {first} to {last} are too far apart to be categories "
            f"(at most {MAX_LABEL_SPAN}): set Categorical to False, give a ScalarRange, or Annotations of some of them"
        )
    return first, last


def _palette_candidates() -> Floats:
    """Return colors of an OKLCH grid inside sRGB: neither so dark nor so pale that shading hides the hue."""
    lightness, chroma, hue = np.meshgrid(
        np.linspace(0.50, 0.90, 9), np.linspace(0.05, 0.17, 5), np.radians(np.arange(0, 360, 10))
    )
    lab = np.stack([lightness, chroma * np.cos(hue), chroma * np.sin(hue)], axis=-1).reshape(-1, 3)
    linear = _linear_from_oklab(lab)
    inside = np.all((linear >= 0.0) & (linear <= 1.0), axis=1)
    return np.round(_srgb_from_linear(linear[inside]) * 255) / 255


# The two matrices of Bjorn Ottosson, "A perceptual color space for image processing" (2020).
_LMS_FROM_RGB = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB_FROM_LMS = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def _oklab_from_linear(linear: Floats) -> Floats:
    lab: Floats = np.cbrt(linear @ _LMS_FROM_RGB.T) @ _LAB_FROM_LMS.T
    return lab


def _linear_from_oklab(lab: Floats) -> Floats:
    roots: Floats = lab @ np.linalg.inv(_LAB_FROM_LMS).T
    linear: Floats = roots**3 @ np.linalg.inv(_LMS_FROM_RGB).T
    return linear


def _linear_from_srgb(color: Floats) -> Floats:
    return np.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)


def _srgb_from_linear(linear: Floats) -> Floats:
    powered = 1.055 * np.maximum(linear, 0.0) ** (1 / 2.4) - 0.055
    encoded: Floats = np.where(linear <= 0.0031308, 12.92 * linear, powered)
    return encoded
