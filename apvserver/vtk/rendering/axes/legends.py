"""The legends of colors: bars with a title and numbers, one in each view for all that share a color map."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Final

from vtkmodules.vtkCommonCore import vtkDoubleArray
from vtkmodules.vtkRenderingAnnotation import vtkScalarBarActor

from async_paraview.scene.scalar_bars import ANY_LOCATION, SCALAR_BAR

from ...base.associations import ColorArray
from ...base.component_names import MAGNITUDE
from ..coloring import Coloring
from ..paper import Color, Paper
from ..representation import Representation

_ACROSS: Final = 0.10
"""How wide a legend that stands is, and how high one that lies."""
_GAP: Final = 0.03
_MARGIN: Final = 0.02
_TEXTS: Final = 0.08
"""How much room texts on the left side of a legend have."""
_TITLE: Final = 0.05
"""How much room is left above a legend."""
_LABELS: Final = 5
_MOST_LABELS: Final = 12
_AUTOMATIC: Final = "{:.3g}"
_USUAL: Final[Mapping[str, Any]] = {one.name: one.initial for one in SCALAR_BAR}
_CORNERS: Final[Mapping[str, tuple[float, float]]] = {
    "Lower Left Corner": (0.0, 0.0), "Lower Center": (0.5, 0.0), "Lower Right Corner": (1.0, 0.0),
    "Upper Left Corner": (0.0, 1.0), "Upper Center": (0.5, 1.0), "Upper Right Corner": (1.0, 1.0),
}  # fmt: skip


class Legends:
    """The legends of one view."""

    def __init__(self) -> None:
        self._bars: dict[Hashable, ScalarBar] = {}

    def props(
        self,
        shown: Iterable[Representation],
        settings: Mapping[str, Mapping[str, Any]],
        paper: Paper,
        size: tuple[int, int],
        scale: float,
    ) -> list[Any]:
        """Return what draws the legends of what is shown, by what was set of them by the names of color maps.

        `size` is that of the picture, `scale` how many pixels a point has.
        """
        groups: dict[Hashable, list[Representation]] = {}
        for one in shown:
            if one.is_visible and one.coloring is not None:
                groups.setdefault(one.legend, []).append(one)
        bars: dict[Hashable, ScalarBar] = {}
        beside = 0
        for members in groups.values():
            coloring = members[0].coloring
            assert coloring is not None
            get = _looks(members, settings.get(coloring.key[0], {}))
            if not get["Visibility"]:
                continue
            number = sum(key[0] == coloring.key for key in bars if isinstance(key, tuple))
            key = coloring.key, number
            bar = bars[key] = self._bars.get(key) or ScalarBar()
            bar.show(coloring, get)
            bar.place(get, beside, size, scale)
            bar.write(paper, get)
            beside += get["WindowLocation"] is None and get["Orientation"] == "Vertical"
        self._bars = bars
        return [bar.prop for bar in bars.values()]


def _looks(members: list[Representation], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return how the legend of some representations is to look: as was set, else as they say."""
    get = {**_USUAL, **settings}
    asked = [one.properties for one in members if one.properties["ScalarBarVisibility"]]
    for theirs, name in (("ScalarBarTitle", "Title"), ("TitleColor", "TitleColor"), ("LabelColor", "LabelColor")):
        if get[name] is None:
            get[name] = next((one[theirs] for one in asked if one[theirs] is not None), None)
    if get["Visibility"] is None:
        get["Visibility"] = bool(asked)
    return get


class ScalarBar:
    """One legend."""

    def __init__(self) -> None:
        self.prop: Any = vtkScalarBarActor()
        self.prop.SetUnconstrainedFontSize(True)
        self.prop.GetPositionCoordinate().SetCoordinateSystemToNormalizedViewport()
        self._low = self._high = 0.0
        self._texts_on_the_left = False

    def show(self, coloring: Coloring, get: Mapping[str, Any]) -> None:
        """Show these colors, with numbers as was asked for."""
        prop = self.prop
        prop.SetLookupTable(coloring.table)
        prop.SetTitle(_title(get, coloring.color_by))
        automatic = get["AutomaticLabelFormat"] and get["LabelFormat"] == _USUAL["LabelFormat"]
        prop.SetLabelFormat(_AUTOMATIC if automatic else get["LabelFormat"])
        prop.SetDrawTickLabels(get["DrawTickLabels"])
        self._set_labels(coloring, get)
        self._set_annotations(coloring, get)
        prop.SetDrawNanAnnotation(get["DrawNanAnnotation"])
        prop.SetNanAnnotation(get["NanAnnotation"])
        prop.SetDrawBackground(get["DrawBackground"])
        prop.SetDrawFrame(get["DrawScalarBarOutline"])
        *color, opacity = get["BackgroundColor"]
        prop.GetBackgroundProperty().SetColor(*color)
        prop.GetBackgroundProperty().SetOpacity(opacity)
        prop.SetOrientation(get["Orientation"] == "Vertical")

    def _set_annotations(self, coloring: Coloring, get: Mapping[str, Any]) -> None:
        """Have texts of categories stand where numbers do elsewhere, others on the other side."""
        drawn = get["DrawAnnotations"] and bool(coloring.spec.annotations)
        self.prop.SetDrawAnnotations(drawn)
        instead = drawn and coloring.spec.categorical
        (self.prop.SetTextPositionToPrecedeScalarBar if instead else self.prop.SetTextPositionToSucceedScalarBar)()
        self._texts_on_the_left = (drawn or get["DrawNanAnnotation"]) and not instead

    def _set_labels(self, coloring: Coloring, get: Mapping[str, Any]) -> None:
        count = coloring.table.GetNumberOfTableValues()
        usual = min(count, _MOST_LABELS) if coloring.spec.categorical else _LABELS
        wanted = usual if get["NumberOfLabels"] is None else get["NumberOfLabels"]
        self.prop.SetNumberOfLabels(wanted)
        ends, labels = coloring.range, get["CustomLabels"] if get["UseCustomLabels"] else None
        if labels is None and not get["AddRangeLabels"] and wanted > 1:
            labels = [coloring.at(index / (wanted - 1)) for index in range(1, wanted - 1)]
        elif labels is not None and get["AddRangeLabels"]:
            labels = sorted({*labels, *ends})
        self.prop.SetUseCustomLabels(labels is not None)
        if labels is not None:
            array = vtkDoubleArray()
            for one in labels:
                if ends[0] <= one <= ends[1]:
                    array.InsertNextValue(one)
            self.prop.SetCustomLabels(array)

    def write(self, paper: Paper, get: Mapping[str, Any]) -> None:
        """Write with the colors asked for, or ink for that paper; with a shadow where it would be hard to read."""
        title, labels = self.prop.GetTitleTextProperty(), self.prop.GetLabelTextProperty()
        for look, what, low in ((title, "Title", self._high), (labels, "Label", self._low)):
            color: Color | None = get[f"{what}Color"]
            ink = color or paper.ink((low + self._high) / 2)
            look.SetColor(ink)
            look.SetShadow(color is None and paper.hides(ink, low, self._high))
            look.SetFontSize(get[f"{what}FontSize"])
            look.SetFontFamilyAsString(get[f"{what}FontFamily"])
            look.SetOpacity(get[f"{what}Opacity"])
            look.SetBold(get[f"{what}Bold"])
            look.SetItalic(get[f"{what}Italic"])
        self.prop.GetAnnotationTextProperty().ShallowCopy(labels)

    def place(self, get: Mapping[str, Any], index: int, size: tuple[int, int], scale: float) -> None:
        """Stand where it was asked for, or at place 0, 1, ... from the right."""
        stands = get["Orientation"] == "Vertical"
        length = get["ScalarBarLength"]
        width, height = (_ACROSS, length) if stands else (length, _ACROSS)
        where = get["WindowLocation"]
        if where is None:
            x = 1.0 - (index + 1) * (_ACROSS + _GAP) if stands else (1.0 - width) / 2
            y = (1.0 - height) / 2 if stands else _MARGIN
        elif where == ANY_LOCATION:
            x, y = get["Position"]
        else:
            across, up = _CORNERS[where]
            left = _TEXTS if stands and self._texts_on_the_left else _MARGIN
            x = left + across * (1.0 - left - _MARGIN - width)
            y = _MARGIN + up * (1.0 - _MARGIN - _TITLE - height)
        self.prop.SetWidth(width)
        self.prop.SetHeight(height)
        self.prop.GetPositionCoordinate().SetValue(x, y)
        thick = get["ScalarBarThickness"]
        pixels = width * size[0] if stands else height * size[1]
        self.prop.SetBarRatio(0.375 if thick is None else min(1.0, thick * scale / max(1.0, pixels)))
        self._low, self._high = y, y + height


def _title(get: Mapping[str, Any], color_by: ColorArray) -> str:
    """Return the title; None: the name of the array, with the component if it has several."""
    component = get["ComponentTitle"]
    if get["Title"] is not None:
        return f"{get['Title']} {component}" if component else str(get["Title"])
    if component is None:
        component = "" if color_by.component == MAGNITUDE else str(color_by.component)
    return f"{color_by.name} {component}" if component else color_by.name
