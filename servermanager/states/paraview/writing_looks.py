"""Views, and what is shown in them, as ParaView has them in state files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from async_paraview.contrast import WHITE, ink_on
from async_paraview.information import DataInformation
from async_paraview.scene.catalog import KINDS_OF_VIEWS, LISTS
from async_paraview.scene.charts.settings import ASSOCIATION_NUMBERS, LINE_STYLES, MARKERS, AttributeType, Numbered
from async_paraview.scene.color_maps import COLOR_MAP
from async_paraview.scene.lists import OfSeries
from async_paraview.scene.looks.lighting import HEAD_RATIO, KEY_LIGHT
from async_paraview.scene.looks.volumes import BLEND_MODES
from async_paraview.scene.palettes import COLOR_PALETTE
from async_paraview.scene.parts import GRID_AXES, LEGEND_GRID, POLAR_AXES
from async_paraview.scene.props.light import LIGHT
from async_paraview.scene.props.pictures import Picture
from async_paraview.scene.representations import Turn
from async_paraview.scene.scalar_bars import SCALAR_BAR
from async_paraview.scene.text import TEXT
from async_paraview.scene.types import SceneType
from async_paraview.scene.views import USUAL_BACKGROUND

from .document import Document, Element
from .names import PropertyNames, type_names
from .others.parts import PLACES, known_as, part_of
from .report import Report
from .values import NoCounterpart, array_texts, told
from .writing_colors import ColorsWriter, map_of

_OF_DATA: Final = {
    "vtkImageData": "UniformGridRepresentation",
    "vtkUniformGrid": "UniformGridRepresentation",
    "vtkUnstructuredGrid": "UnstructuredGridRepresentation",
    "vtkStructuredGrid": "StructuredGridRepresentation",
}
"""Representations that draw volumes and slices, too, by the type of data; of others it is GeometryRepresentation."""
_IN_FRONT: Final = {
    "Text": "TextSourceRepresentation",
    "Progress Bar": "ProgressBarSourceRepresentation",
    "Logo": "LogoSourceRepresentation",
}
"""Representations of what is in front of a scene, by their kinds here."""
_NUMBERS: Final[Mapping[str, Mapping[str, str]]] = {
    "BlendMode": {str(number): name for number, name in enumerate(BLEND_MODES)},
}
"""Choices of which ParaView names some, and knows all by VTK's numbers."""
_CHART_OF: Final = {"Bar": "XYBarChartView", "Points": "XYPointChartView"}
_OF_COLORS: Final = (
    "ColorMap", "OpacityFunction", "ScalarBarVisibility", "ScalarBarTitle", "TitleColor", "LabelColor",
)  # fmt: skip
"""Properties of representations that are those of color maps and legends there."""
_OF_LEGENDS: Final = ("Visibility", "Title", "ComponentTitle")
_OF_CHARTS: Final = (
    "SeriesVisibility", "AttributeType", "FieldAssociation", "ChartType", "SelectInputArray", "ColorBy", "LookupTable",
    "WeightArray",
)  # fmt: skip
"""Properties of what charts show that ParaView has in another form, or has not."""


_AXES_OF_VIEWS: Final = ("AxesGridVisibility", "AxesGridColor", "XTitle", "YTitle", "ZTitle")
"""Properties of views that their grids of axes have there."""
_PARTS: Final[Mapping[str, tuple[str, str, SceneType]]] = {
    "AxesGrid": ("annotations", "GridAxes3DActor", GRID_AXES),
    "LegendGrid": ("annotations", "LegendGridActor", LEGEND_GRID),
    "DataAxesGrid": ("representations", "GridAxesRepresentation", GRID_AXES),
    "PolarAxes": ("representations", "PolarAxesRepresentation", POLAR_AXES),
}
"""Parts of views and of what is shown: their group and type in ParaView, and what they are here."""
_OF_GRIDS: Final = {
    "GridColor": "ForegroundColor",
    **{f"{axis}{text}Color": "TextAnnotationColor" for axis in "XYZ" for text in ("Title", "Label")},
}
_INKED: Final[Mapping[str, Mapping[str, str]]] = {
    "GridAxes3DActor": _OF_GRIDS,
    "GridAxesRepresentation": _OF_GRIDS,
    "PolarAxesRepresentation": dict.fromkeys(
        ("LastRadialAxisTextColor", "PolarAxisLabelColor", "PolarAxisTitleColor", "SecondaryRadialAxesTextColor"),
        "TextAnnotationColor",
    ),
}
"""Colors of parts that follow those of the palette in ParaView."""


class LooksWriter:
    """Writes views into a document; `elements` has what was written of sources, by our numbers."""

    def __init__(
        self,
        document: Document,
        elements: Mapping[int, Element],
        information: Mapping[int, DataInformation],
        colors: ColorsWriter,
        report: Report,
    ) -> None:
        self._document = document
        self._colors = colors
        self._elements = elements
        self._information = information
        self._report = report
        self.views: dict[int, Element] = {}
        """What was written of views, by our numbers."""
        self.shown: dict[int, Element] = {}
        """What was written of representations, by their places in the state."""
        self._palette: Mapping[str, Any] = {}
        self._page: Sequence[float] | None = None
        """The background of the view that is written; None: that of the palette."""
        self._numbers = {"RenderView": 0, "XYChartView": 0, "representation": 0, "text": 0}

    def write(self, state: Mapping[str, Any]) -> None:
        """Write all views of a state, what is shown, and what is left of color maps and legends."""
        shared = {one["kind"]: one["properties"] for one in state.get("shared", ())}
        self._palette = shared.get(COLOR_PALETTE.name, {})
        for name, element in self._colors.maps.items():
            self._properties(element, COLOR_MAP, self._colors.plain[name], f"colors of {name}")
        for view in state["views"]:
            shown = [one for one in enumerate(state["representations"]) if one[1]["view"] == view["id"]]
            self._view(view, shown)

    def _next(self, what: str, name: str) -> str:
        self._numbers[what] = self._numbers.get(what, 0) + 1
        return f"{name}{self._numbers[what]}"

    def _view(self, view: Mapping[str, Any], shown: list[tuple[int, Mapping[str, Any]]]) -> None:
        kind = view["kind"]
        types = {_CHART_OF.get(one["properties"].get("ChartType", "Line"), kind) for _, one in shown} or {kind}
        theirs = types.pop() if kind == "XYChartView" and len(types) == 1 else kind
        label = self._next(kind, kind)
        element = self.views[view["id"]] = self._document.add("views", theirs, label)
        if link := view["properties"].get("CameraLink"):
            self._document.camera_links.setdefault(link, []).append(element.id)
        own = (*LISTS, "ScalarBars", "CameraLink", *_AXES_OF_VIEWS, *_PARTS)
        properties = {name: value for name, value in view["properties"].items() if name not in own}
        if kind != "RenderView":
            self._page_of_chart(properties, label)
        light, kit = properties.pop("LightKitIntensity", KEY_LIGHT), properties.pop("UseLightKit", None)
        if kind == "RenderView":
            properties.setdefault("HeadLightKHRatio", HEAD_RATIO)
        self._properties(element, KINDS_OF_VIEWS[kind].view, properties, label)
        if kind == "RenderView":
            element.set("KeyLightIntensity", light)
            if kit is not None:
                element.set("UseLight", int(kit))
            self._background(element, properties)
            self._ink(element, OrientationAxesLabelColor="TextAnnotationColor")
            self._parts(element, {**view["properties"], **_axes_of(view["properties"])}, label)
            if "CameraFocalPoint" in properties:
                element.set("CenterOfRotation", *properties["CameraFocalPoint"])
        lights = [self._light(one, label) for one in view["properties"].get("AdditionalLights", ())]
        if lights:
            element.hold("AdditionalLights", *lights)
        for place, one in shown:
            self.shown[place] = self._shown(one, kind, theirs, label)
        ids = [self.shown[place].id for place, _ in shown]
        ids += [self._text(text, label) for text in view["properties"].get("Texts", ())]
        ids += self._legends(view["properties"].get("ScalarBars", {}), [one for _, one in shown], label)
        element.hold("Representations", *ids)

    def _background(self, element: Element, properties: Mapping[str, Any]) -> None:
        """Write the background of a view, or that it is the palette's."""
        asked, own = properties.get("UseColorPaletteForBackground"), properties.get("Background")
        has_top = bool(properties.get("UseGradientBackground"))
        of_palette = asked or (asked is None and own is None and not has_top)
        element.set("UseColorPaletteForBackground", int(of_palette))
        if not of_palette and own is None:
            page = self._palette.get("BackgroundColor") if asked is None else None
            own = page or USUAL_BACKGROUND
            element.set("Background", *own)
        self._page = None if of_palette else own
        if has_top:
            element.set("BackgroundColorMode", 1)

    def _page_of_chart(self, properties: dict[str, Any], label: str) -> None:
        """Take the background out of the properties of a chart: in ParaView all charts are white."""
        page = properties.pop("Background", None) or self._palette.get("BackgroundColor") or WHITE
        if list(page) != list(WHITE):
            self._report.add(label, "Background", "charts of ParaView are white")

    def _ink(self, element: Element, **colors: str) -> None:
        """Write colors that nobody has set: as those of the palette, or as they are seen on the view's own page."""
        if self._page is None:
            self._document.follow_palette(element, **colors)
            return
        for name, of in colors.items():
            if name not in element.values and of != "SurfaceColor":
                element.set(name, *ink_on(self._page))

    def _legends(self, settings: Mapping[str, Any], shown: list[Mapping[str, Any]], label: str) -> list[int]:
        """Write the legends that a view shows, one for each color map."""
        asking: dict[str, Mapping[str, Any]] = {}
        for one in shown:
            name = map_of(one["properties"])
            if name is not None and (name not in asking or one["properties"].get("ScalarBarVisibility")):
                asking[name] = one["properties"]
        written = []
        for name, properties in asking.items():
            element = self._colors.legend(name, settings.get(name, {}), properties)
            if element is not None:
                others = {key: of for key, of in settings.get(name, {}).items() if key not in _OF_LEGENDS}
                self._properties(element, SCALAR_BAR, others, f"legend of {name} in {label}")
                self._ink(element, TitleColor="TextAnnotationColor", LabelColor="TextAnnotationColor")
                written.append(element.id)
        return written

    def _shown(self, one: Mapping[str, Any], kind: str, theirs: str, label: str) -> Element:
        id_, port = one["source"]
        source = self._elements[id_]
        type_ = KINDS_OF_VIEWS[kind].representation
        held = self._information.get(id_)
        name = self._next("representation", "Representation")
        if kind != "RenderView":
            of = KINDS_OF_VIEWS[theirs].representation.name
            element = self._document.add("representations", of, name)
            self._chart(element, type_, one["properties"], held, label)
        else:
            in_front = _IN_FRONT.get(one["properties"].get("Representation", ""))
            usual = _OF_DATA.get(held.data_type if held is not None else "", "GeometryRepresentation")
            element = self._document.add("representations", in_front or usual, name)
            if in_front is None:
                self._drawn(element, type_, one["properties"], label)
            else:
                self._written(element, type_, one["properties"], label)
        element.hold("Input", (source.id, port))
        return element

    def _parts(self, element: Element, properties: Mapping[str, Any], label: str) -> None:
        """Write the axes around what a view shows, or around one output."""
        for name, (group, kind, type_) in _PARTS.items():
            if values := properties.get(name):
                part, values = self._document.add(group, kind), dict(values)
                if kind == "GridAxesRepresentation":
                    part.set("GridAxesVisibility", int(values.pop("Visibility", False)))
                self._properties(part, type_, values, f"{name} of {label}")
                self._ink(part, **_INKED.get(kind, {}))
                element.choose(name, part.id)

    def _written(self, element: Element, type_: SceneType, properties: Mapping[str, Any], label: str) -> None:
        """Write what is in front of a scene, where a place has two numbers and nothing is colored by arrays."""
        own = {"Representation", "ColorBy", "Lighting", "Position", "Orientation"}
        self._properties(element, type_, {key: of for key, of in properties.items() if key not in own}, label)
        if any(place := properties.get("Position", ())):
            element.set("Position", *place[:2])
        if turned := Turn()(properties.get("Orientation", 0.0))[2]:
            element.set("Orientation", turned)
        if element.type == _IN_FRONT["Text"]:
            self._ink(element, Color="TextAnnotationColor")

    def _drawn(self, element: Element, type_: SceneType, properties: Mapping[str, Any], label: str) -> None:
        own = {"ColorBy", "Color", *_OF_COLORS, *_PARTS}
        self._parts(element, properties, label)
        if (name := map_of(properties)) in self._colors.maps and name is not None:
            element.hold("LookupTable", self._colors.maps[name].id)
            known = type_names(element.group, element.type)
            if known is not None and "ScalarOpacityFunction" in known.properties:
                function = self._colors.functions.get(properties.get("OpacityFunction") or name)
                if function is not None:
                    element.hold("ScalarOpacityFunction", function.id)
            if properties.get("ColorMap") not in (None, (properties.get("ColorBy") or [None, None])[1]):
                element.set("UseSeparateColorMap", 1)
        self._properties(element, type_, {key: of for key, of in properties.items() if key not in own}, label)
        if "Position" in properties:
            element.set("Position", *properties["Position"])  # as ParaView 5.11 calls what is Translation now
        color_by, color = properties.get("ColorBy"), properties.get("Color")
        element.set("ColorArrayName", *array_texts(color_by))
        if color is not None:
            element.set("DiffuseColor", *color)
            element.set("AmbientColor", *color)
        self._ink(element, AmbientColor="ForegroundColor", DiffuseColor="SurfaceColor")

    def _chart(
        self,
        element: Element,
        type_: SceneType,
        properties: Mapping[str, Any],
        held: DataInformation | None,
        label: str,
    ) -> None:
        of_series = [entry.name for entry in type_ if isinstance(entry.check, OfSeries)]
        own = {*of_series, *_OF_CHARTS}
        self._properties(element, type_, {key: of for key, of in properties.items() if key not in own}, label)
        for name in ("AttributeType", "FieldAssociation"):
            if properties.get(name) is not None:
                element.set(name, ASSOCIATION_NUMBERS[AttributeType()(properties[name])])
        if "UseIndexForXAxis" not in properties and properties.get("XArrayName") is not None:
            element.set("UseIndexForXAxis", 0)
        if (visible := properties.get("SeriesVisibility")) is not None:
            others = [] if held is None else [one.name for one in held.arrays if one.components == 1]
            named = dict.fromkeys(visible, "1")  # first, in their order: that of boxes and axes beside each other
            named |= {name: "0" for name in others if name not in named}
            element.set("SeriesVisibility", *(part for pair in named.items() for part in pair))
        for name in of_series:
            values = list(properties.get(name) or ())
            names = {"SeriesMarkerStyle": MARKERS, "SeriesLineStyle": LINE_STYLES}.get(name)
            if names is not None:
                check = Numbered(name, names)
                values[1::2] = [str(names.index(check(style))) for style in values[1::2]]
            if values:
                element.set(name, *values)
        self._chart_array(element, type_, properties, label)

    def _chart_array(self, element: Element, type_: SceneType, properties: Mapping[str, Any], label: str) -> None:
        """Write which array is drawn, and which color map colors it."""
        for ours, theirs in (("SelectInputArray", "SelectInputArray"), ("ColorBy", "ColorArrayName")):
            array = properties.get(ours)
            if array is None:
                continue
            element.set(theirs, *array_texts(array))
            name = properties.get("LookupTable") or array[1]
            if name in self._colors.maps:
                element.hold("LookupTable", self._colors.maps[name].id)
        if properties.get("WeightArray") is not None:
            self._report.add(label, "WeightArray", f"{type_.name} of ParaView counts, and adds nothing up")

    def _text(self, text: Mapping[str, Any], label: str) -> int:
        name = self._next("text", "Text")
        while name in self._document.registered("sources"):
            name = self._next("text", "Text")
        source = self._document.add("sources", "TextSource", name)
        source.set("Text", text.get("Text", ""))
        shown = self._document.add(
            "representations", "TextSourceRepresentation", self._next("representation", "Representation")
        )
        shown.hold("Input", source.id)
        look = {"WindowLocation": TEXT.by_name["WindowLocation"].default, **text}
        self._properties(shown, TEXT, {key: of for key, of in look.items() if key != "Text"}, label)
        self._ink(shown, Color="TextAnnotationColor")
        return shown.id

    def _light(self, light: Mapping[str, Any], label: str) -> int:
        name = self._next("light", "Light")
        written = self._document.add("additional_lights", "Light", name)
        self._properties(written, LIGHT, light, f"{name} in {label}")
        return written.id

    def _picture(self, element: Element, found: PropertyNames, path: str | None) -> None:
        """Write a picture as a proxy of its own, if there is one."""
        if path is not None:
            picture = self._document.add("textures", "ImageTexture", self._next("texture", "Texture"))
            picture.set("FileName", path)
            element.hold(found.xml, picture.id)

    def _part(self, element: Element, found: PropertyNames, part: SceneType, values: Any, label: str) -> None:
        """Write a plane or function as a proxy of its own, if anything of it was set."""
        if values:
            inner = self._document.add(*PLACES[part.name])
            self._properties(inner, part, values, f"{found.python} of {label}")
            element.choose(found.xml, inner.id)

    def _properties(self, element: Element, type_: SceneType, properties: Mapping[str, Any], label: str) -> None:
        known = type_names(element.group, element.type)
        missing = []
        for name, value in properties.items():
            found = PropertyNames(name, name) if known is None else _named(known.properties, name, type_)
            ours = type_.by_name.get(name)
            if (part := part_of(ours)) is not None and found is not None:
                self._part(element, found, part, value, label)
            elif ours is not None and isinstance(ours.check, Picture) and found is not None:
                self._picture(element, found, value)
            elif found is None or ours is None:
                if ours is None or value != ours.to_dict()["default"]:
                    missing.append(name)
            elif value is not None:
                entry = ours.to_dict()
                found = replace(found, entries=_NUMBERS[name]) if name in _NUMBERS else found
                try:
                    texts = [str(value)] if entry["type"] == "enum" and not found.entries else told(entry, found, value)
                    element.set(found.xml, *texts)
                except NoCounterpart as why:
                    self._report.add(label, name, f"{value!r:.60} is not there in ParaView: {why}")
        if missing:
            self._report.add(label, ", ".join(sorted(missing)), f"{element.type} of ParaView has no such properties")


def _named(properties: Mapping[str, PropertyNames], name: str, type_: SceneType) -> PropertyNames | None:
    """Return the property of ParaView that has a name here, or one that it had here."""
    if name in properties and properties[name].python == name:
        return properties[name]
    found = next((one for one in properties.values() if one.python == name), properties.get(name))
    return found if found is not None else properties.get(known_as(type_, name))


def _axes_of(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the grid of axes of a view with all that the view says of it."""
    found: dict[str, Any] = {
        f"{axis}Title": properties[f"{axis}Title"] for axis in "XYZ" if f"{axis}Title" in properties
    }
    if (color := properties.get("AxesGridColor")) is not None:
        names = [f"{axis}{what}Color" for axis in "XYZ" for what in ("Title", "Label")]
        found |= dict.fromkeys(("GridColor", *names), color)
    if properties.get("AxesGridVisibility"):
        found["Visibility"] = True
    given = {name: value for name, value in properties.get("AxesGrid", {}).items() if value is not None}
    found |= given | ({"Visibility": True} if found.get("Visibility") else {})
    return {"AxesGrid": found} if found else {}
