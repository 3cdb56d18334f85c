"""Views, and what is shown in them, from a state of ParaView to one of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from async_paraview.scene.catalog import KINDS_OF_VIEWS
from async_paraview.scene.charts.settings import ASSOCIATION_NUMBERS
from async_paraview.scene.lists import OfSeries
from async_paraview.scene.looks.lighting import PARAVIEW_HEAD_RATIO, PARAVIEW_KEY_LIGHT
from async_paraview.scene.looks.volumes import PLANE
from async_paraview.scene.parts import GRID_AXES, LEGEND_GRID, POLAR_AXES
from async_paraview.scene.props.light import LIGHT
from async_paraview.scene.props.pictures import Picture
from async_paraview.scene.representations import Place, Turn
from async_paraview.scene.text import TEXT
from async_paraview.scene.types import SceneProperty, SceneType
from async_paraview.scene.views import WHITE

from .colors import Colors
from .names import PropertyNames, python_name, type_names
from .others.as_drawn import as_drawn, kind_of
from .others.parts import part_of
from .pipeline import Pipeline
from .report import Report
from .values import UNSET, NoCounterpart, chosen_array, converted, is_default
from .xml_state import PvProperty, PvProxy, PvState

_TEXT: Final = "TextSourceRepresentation"
_TEXT_SOURCE: Final = "TextSource"
_IN_FRONT: Final = {
    _TEXT: "Text",
    "ProgressBarSourceRepresentation": "Progress Bar",
    "LogoSourceRepresentation": "Logo",
}
"""How what ParaView shows by representations of their own is shown here."""
_SCALAR_BAR: Final = "ScalarBarWidgetRepresentation"
_UNSEEN: Final = (
    "Selection", "InteractiveSelection", "Selected", "OSPRay", "Camera2D", "Camera3D", "CameraOrientationWidget",
    "FXAA", "LOD", "Remote", "Still", "Collect", "Compressor", "Stencil", "Alpha", "MouseWheel", "Reverse",
    "NonInteractive", "WindowResize", "ImageReduction", "Eye", "PPI", "SuppressRendering", "Orientation Axes Inter",
    "ViewTime", "CacheKey", "UseCache", "ForceUseCache", "ForcedCacheKey", "ServerStereoType", "InteractionMode",
    "RotationFactor", "Denoise", "SamplesPerPixel", "ProgressivePasses", "LightScale", "AmbientSamples", "Roulette",
    "UseOutlineForLOD", "VolumeAnisotropy", "Shadows", "BlockColorsDistinctValues", "Block", "DebugMode", "Show Annot",
    "Representations", "HiddenRepresentations", "HiddenProps", "CenterAxes", "DepthPeeling", "MaximumNumberOfPeels",
    "Triangulate", "ANARI", "EnableANARI", "OrientationAxesInteractivity", "EnableRenderOnInteraction", "Shader",
    "CustomShader", "LIC", "Input", "UseLight", "BackgroundMode", "CenterOfRotation",
    "OrientationAxesOutlineColor", "ToolTip", "SelectOnClick", "ArraySelectionMode", "LastPresetName", "Environment",
    "CameraFocalDis", "ColorArray2Name", "TextureTransform", "Justification", "Border", "ShowBorder", "RightAxis",
    "TopAxis", "ShowRightAxis", "ShowTopAxis", "SeriesLabelPrefix", "PlaceHolder", "MaxClipBounds", "ShowAnnotation",
    "AnnotationColor", "ScreenPixels", "Interactivity", "SelectNormalArray", "SelectTangentArray", "LockPosition",
)  # fmt: skip
"""Beginnings of properties that say how ParaView's windows, selections, caches and ray tracers behave, and nothing of
the picture that is drawn without those."""
_OF_SELECTIONS: Final = ("SelectionPoint", "SelectionCell")
"""Beginnings of properties of the labels of what is selected: labels have the same names here, and are of all."""
_OF_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "Point Gaussian": ("GaussianRadius", "OpacityArray", "OpacityArrayComponent", "OpacityByArray", "ScaleByArray",
                       "SetScaleArray", "SetScaleArrayComponent", "ScaleArrayComponent", "UseScaleFunction",
                       "OpacityTransferFunction", "ScaleTransferFunction", "CustomTriangleScale"),
    "3D Glyphs": ("GlyphType", "GlyphTableIndexArray", "Orient", "OrientationMode", "ScaleFactor", "ScaleMode",
                  "Scaling", "SelectOrientationVectors", "SelectScaleArray", "UseGlyphTable"),
    "Volume": ("ScalarOpacityUnitDistance", "ScalarOpacityFunction", "Shade", "SamplingDimensions",
               "SelectMapper", "VolumeRenderingMode", "UseSeparateOpacityArray", "OpacityArrayName",
               "ResamplingMode", "IsosurfaceValues", "TransferFunction2D", "SliceFunction"),
    "Slice": ("Slice", "SliceMode"),
    "Surface LIC": ("SelectLICInputVectors", "SelectInputVectors", "AntiAlias", "NumberOfSteps", "NoiseType"),
    "Surface With Edges": ("EdgeColor", "EdgeOpacity"),
}  # fmt: skip
"""Properties that only count while a representation is of that kind."""
_OF_TRANSFERS: Final = ("Range", "OutputDimensions", "ScalarRangeInitialized", "AutomaticRescaleRangeMode")
"""What says of functions of two numbers how ParaView's editor of them behaves."""
_PARTS_OF_VIEWS: Final[Mapping[str, SceneType]] = {"AxesGrid": GRID_AXES, "LegendGrid": LEGEND_GRID}
_PARTS_OF_REPRESENTATIONS: Final[Mapping[str, SceneType]] = {"DataAxesGrid": GRID_AXES, "PolarAxes": POLAR_AXES}
_OF_OWNERS: Final = {"Input", "Visibility", "GridAxesVisibility", "Position", "Scale", "Orientation", "DataBounds"}
"""Properties of axes around what is shown that ParaView sets as that is."""
_ASSOCIATIONS: Final[Mapping[str, str]] = {str(number): name for name, number in ASSOCIATION_NUMBERS.items()}


class Looks:
    """Translates the views of a state; afterwards `views` and `representations` has ours."""

    def __init__(self, state: PvState, pipeline: Pipeline, report: Report) -> None:
        self._state = state
        self._pipeline = pipeline
        self._report = report
        self._colors = Colors(state, report, self._properties)
        self.views: list[dict[str, Any]] = []
        self.representations: list[dict[str, Any]] = []
        self.view_ids: dict[int, str] = {}
        """Our numbers of views -> their ids in the state."""
        self.numbers: dict[str, int] = {}
        """The ids of representations in the state -> the places of ours."""

    @property
    def color_maps(self) -> list[dict[str, Any]]:
        """Return ours of the color maps and opacity functions."""
        return self._colors.color_maps

    def translate(self) -> None:
        """Translate all views, and what is shown in them, and what colors that."""
        self._colors.translate()
        for number, one in enumerate(self._state.registered("views"), start=1):
            self._view(one, number)
        self._unseen_texts()

    def _unseen_texts(self) -> None:
        """Say which texts no view shows: a text here belongs to a view."""
        texts = [of for of in self._state.registered("sources") if of.type == _TEXT_SOURCE]
        held = {id_ for of in self._state.proxies.values() if of.type == _TEXT for id_, _ in of.held("Input")}
        for of in texts:
            if of.id not in held:
                self._report.add(of.name or of.type, of.type, "no view shows it")

    def _view(self, one: PvProxy, number: int) -> None:
        kind = one.type
        label = one.name or one.type
        if kind not in KINDS_OF_VIEWS:
            shown = f"views here are {', '.join(KINDS_OF_VIEWS)}"
            self._report.add(label, one.type, f"no view of that kind; {shown}")
            return
        properties = self._properties(one, KINDS_OF_VIEWS[kind].view, label, self._own_of_view(one))
        if kind != "RenderView":
            properties.setdefault("Background", list(WHITE))  # ParaView's charts do not follow the palette
        else:
            self._background(one, properties)
            self._light(one, properties, label)
            self._lights(one, properties, label)
            self._parts(one, _PARTS_OF_VIEWS, properties, label)
        shown_here = [
            (self._state.proxies[id_], source)
            for id_, _ in one.held("Representations")
            if id_ in self._state.proxies
            for source in [_input(self._state.proxies[id_])]
        ]
        texts = [self._text(of) for of, source in shown_here if self._is_text(of, source)]
        if kept := [text for text in texts if text is not None]:
            properties["Texts"] = kept
        bars = [of for of, _ in shown_here if of.type == _SCALAR_BAR]
        if kind == "RenderView" and (legends := self._colors.legends(bars, label)):
            properties["ScalarBars"] = legends
        self.view_ids[number] = one.id
        self.views.append({"id": number, "kind": kind, "properties": properties, "fit": False})
        for of, source in shown_here:
            if of.type != _SCALAR_BAR and not self._is_text(of, source):
                self._shown(of, source, number, kind)

    def _is_text(self, one: PvProxy, source: tuple[str, int] | None) -> bool:
        """Return whether what is shown is a text that was written, which a view has here."""
        of = self._state.proxies.get(source[0]) if source is not None else None
        return one.type == _TEXT and (of is None or of.type == _TEXT_SOURCE)

    def _own_of_view(self, one: PvProxy) -> set[str]:
        """Return the properties of a view that are looked at by themselves, or do not count as others are set."""
        own = {
            "KeyLightIntensity",
            "UseLight",
            "AdditionalLights",
            "Representations",
            "AxesGrid",
            "UseColorPaletteForBackground",
            "LegendGrid",
        }
        if "BackgroundColorMode" not in KINDS_OF_VIEWS["RenderView"].view.by_name:
            own.add("BackgroundColorMode")
        if one.values("StereoRender") != ("1",):
            own.add("StereoType")
        if one.values("LegendLocation") != ("8",):
            own.add("LegendPosition")
        return own

    def _background(self, one: PvProxy, properties: dict[str, Any]) -> None:
        """Put the background as it is seen: none of its own, if the view follows the palette."""
        if one.values("UseColorPaletteForBackground") == ("1",):
            for name in ("Background", "Background2", "BackgroundColorMode", "UseGradientBackground"):
                properties.pop(name, None)
            return
        view = KINDS_OF_VIEWS["RenderView"].view
        mode = one.values("BackgroundColorMode")
        if "BackgroundColorMode" not in view.by_name and mode not in ((), ("0",)):
            if mode == ("1",):
                properties["UseGradientBackground"] = True
            else:
                self._report.add(one.name or one.type, "BackgroundColorMode", "backgrounds are colors and gradients")

    def _light(self, one: PvProxy, properties: dict[str, Any], label: str) -> None:
        """Put how bright the key light and the head light are: where the state does not say it, as ParaView's."""
        properties.setdefault("HeadLightKHRatio", PARAVIEW_HEAD_RATIO)
        if one.values("UseLight"):
            properties["UseLightKit"] = one.values("UseLight") == ("1",)
        properties["LightKitIntensity"] = PARAVIEW_KEY_LIGHT
        found = one.properties.get("KeyLightIntensity")
        if found is not None and found.values:
            names = PropertyNames("KeyLightIntensity", "KeyLightIntensity")
            self._convert(
                properties, KINDS_OF_VIEWS["RenderView"].view.by_name["LightKitIntensity"], names, found, label
            )

    def _lights(self, one: PvProxy, properties: dict[str, Any], label: str) -> None:
        """Put the lights beside the usual ones, where there are any."""
        held = [self._state.proxies[id_] for id_, _ in one.held("AdditionalLights") if id_ in self._state.proxies]
        if held:
            own = {"PositionInfo", "FocalPointInfo"}
            properties["AdditionalLights"] = [
                self._properties(light, LIGHT, f"{light.name or light.type} in {label}", own) for light in held
            ]

    def _parts(self, one: PvProxy, parts: Mapping[str, SceneType], properties: dict[str, Any], label: str) -> None:
        """Put the axes that a view, or what is shown, has around it: those that are seen."""
        for name, type_ in parts.items():
            for held in (self._state.proxies.get(id_) for id_, _ in one.held(name)):
                if held is not None and (held.values("Visibility") or held.values("GridAxesVisibility")) == ("1",):
                    found = self._properties(held, type_, f"{name} of {label}", _OF_OWNERS)
                    properties[name] = {"Visibility": True, **found}

    # --- what is shown

    def _shown(self, one: PvProxy, source: tuple[str, int] | None, view: int, kind: str) -> None:
        if source is None:
            return  # a widget, or something of the view itself
        of = self._state.proxies.get(source[0])
        label = f"{of.name if of is not None and of.name else one.type} in {self._label(view)}"
        id_ = self._pipeline.id_of(source[0])
        if id_ is None:
            if not self._pipeline.was_given_up(source[0]):
                self._report.add(label, one.type, "it shows no source of the state")
            return
        type_ = KINDS_OF_VIEWS[kind].representation
        properties = (self._drawn if kind == "RenderView" else self._chart)(one, type_, label)
        self.numbers[one.id] = len(self.representations)
        self.representations.append({"source": [id_, source[1]], "view": view, "properties": properties})

    def _label(self, view: int) -> str:
        views = self._state.registered("views")
        return views[view - 1].name or views[view - 1].type

    def _drawn(self, one: PvProxy, type_: SceneType, label: str) -> dict[str, Any]:
        own = {"ColorArrayName", "LookupTable", "DiffuseColor", "AmbientColor", "ScalarOpacityFunction"}
        own |= {"UseSeparateColorMap", *_PARTS_OF_REPRESENTATIONS}
        if one.values("UseSeparateOpacityArray") != ("1",):
            own.add("OpacityArrayName")
        in_front = _IN_FRONT.get(one.type)
        if in_front is not None:
            return {**self._properties(one, type_, label, set()), "Representation": in_front}
        properties = self._properties(one, type_, label, own | self._idle(one))
        self._parts(one, _PARTS_OF_REPRESENTATIONS, properties, label)
        as_drawn(self._state, one, properties, label, self._report)
        array = chosen_array(one.values("ColorArrayName"))
        if array is not UNSET and array[0] in ("POINTS", "CELLS"):
            properties["ColorBy"] = array
            properties |= self._colors.shared_by(one, array[1])
        elif array is not UNSET:
            why = (
                f"colors come from points or cells, not from {array[0]}; blocks have colors of their own by BlockColors"
            )
            self._report.add(label, "ColorArrayName", f"{why}, or by the array of the filter BlockIds")
        for name in ("DiffuseColor", "AmbientColor"):
            wanted = "AmbientColor" if kind_of(one) in ("Wireframe", "Points", "Outline") else "DiffuseColor"
            if name == wanted and len(one.values(name)) == 3:
                properties["Color"] = [float(part) for part in one.values(name)]
        return properties

    def _idle(self, one: PvProxy) -> set[str]:
        """Return the properties that count for other kinds of representations only."""
        kind = kind_of(one)
        return {name for of, names in _OF_KINDS.items() if of != kind for name in names}

    def _chart(self, one: PvProxy, type_: SceneType, label: str) -> dict[str, Any]:
        of_series = [entry.name for entry in type_ if isinstance(entry.check, OfSeries)]
        associations = {"AttributeType", "FieldAssociation"} & type_.by_name.keys()
        arrays = {"SelectInputArray": "SelectInputArray", "ColorArrayName": "ColorBy"}
        own = {*of_series, *associations, *arrays, "SeriesVisibility", "LookupTable", "UseSeparateColorMap"}
        properties = self._properties(one, type_, label, own)
        visible = one.values("SeriesVisibility")
        if visible:
            properties["SeriesVisibility"] = [
                name for name, on in zip(visible[::2], visible[1::2], strict=False) if on == "1"
            ]
        for name in associations:
            association = _ASSOCIATIONS.get("".join(one.values(name)))
            if association is not None:
                properties[name] = association
        for name in of_series:
            if values := one.values(name):
                self._take(properties, type_.by_name[name], list(values), label, name)
        for theirs, ours in arrays.items():
            array = chosen_array(one.values(theirs))
            if ours in type_.by_name and array is not UNSET:
                self._take(properties, type_.by_name[ours], array, label, theirs)
                shared = self._colors.shared_by(one, array[1]).get("ColorMap")
                properties |= {} if shared is None else {"LookupTable": shared}
        return properties

    def _text(self, one: PvProxy) -> dict[str, Any] | None:
        """Return the text that a representation of a text shows; None if it shows none."""
        source = _input(one)
        of = self._state.proxies.get(source[0]) if source is not None else None
        if of is None or one.values("Visibility") == ("0",):
            return None
        if not of.values("Text"):
            return None
        label = of.name or of.type
        text = self._properties(one, TEXT, label, {"Position2", "TextScaleMode"})
        return {"Text": of.values("Text")[0], **text}

    # --- properties

    def _properties(self, one: PvProxy, type_: SceneType, label: str, own: set[str]) -> dict[str, Any]:
        """Return the properties that both have; what only ParaView's has, and was set, is in the report."""
        known = type_names(one.group, one.type)
        properties: dict[str, Any] = {}
        missing: list[str] = []
        for name, found in one.properties.items():
            names = PropertyNames(name, python_name(name)) if known is None else known.property(name)
            ours = _ours(type_, names)
            if name not in own and (part := part_of(ours)) is not None and ours is not None:
                self._part(properties, ours, part, found, label)
                continue
            if name not in own and ours is not None and isinstance(ours.check, Picture) and found.proxies:
                held = self._state.proxies.get(found.proxies[0][0])
                if held is not None and (path := "".join(held.values("FileName"))):
                    self._take(properties, ours, path, label, ours.name)
                continue
            if name in own or names.kind == "command" or (found.proxies and not found.values):
                if found.proxies and name not in own and not _is_unseen(name) and ours is None:
                    missing.extend(self._holding_something(names, found))
                continue
            if ours is None:
                stands = known is None or name in known.properties
                if stands and _says_something(names, found) and not (_is_unseen(name) or _is_unseen(names.python)):
                    missing.append(names.python)
                continue
            self._convert(properties, ours, names, found, label)
        if missing:
            self._report.add(label, ", ".join(sorted(missing)), f"no such properties of {type_.name}")
        return properties

    def _part(
        self, properties: dict[str, Any], ours: SceneProperty, part: SceneType, found: PvProperty, label: str
    ) -> None:
        """Put a part that the state has as a proxy of its own, as far as that says something."""
        for id_, _ in found.proxies[:1]:
            held = self._state.proxies.get(id_)
            if held is None:
                continue
            if part.name == PLANE.name != held.type:
                self._report.add(label, ours.name, f"a {held.type} is no plane: volumes are seen in planes")
                continue
            values = self._properties(held, part, f"{ours.name} of {label}", {"Offset", *_OF_TRANSFERS})
            if values:
                self._take(properties, ours, values, label, ours.name)

    def _holding_something(self, names: PropertyNames, found: PvProperty) -> Iterator[str]:
        """Yield the property if what it holds is something that is seen."""
        for id_, _ in found.proxies:
            held = self._state.proxies.get(id_)
            if held is None:
                continue
            visible = held.values("Visibility") or held.values("GridAxesVisibility")
            if held.group in ("annotations", "representations") and visible != ("1",):
                continue
            if held.group == "piecewise_functions" or held.type.startswith("Transform"):
                continue
            yield names.python
            return

    def _convert(
        self, properties: dict[str, Any], ours: SceneProperty, names: PropertyNames, found: PvProperty, label: str
    ) -> None:
        entry = ours.to_dict()
        if isinstance(ours.check, Place | Turn):  # texts have two numbers, and one, in their place
            entry["size"] = len(found.values)
        if entry.get("optional") and not found.values:
            return
        try:
            if entry["type"] == "enum" and found.values and not names.entries and not found.texts:
                value: Any = found.values[0]
            else:
                value = converted(f"{label}.{ours.name}", entry, names, found)
        except NoCounterpart as why:
            if not is_default(names, found.values):
                self._report.add(label, names.python, str(why))
            return
        if value is UNSET:
            return
        try:
            ours.check(value)
        except ValueError:
            if is_default(names, found.values):
                return  # it was never set
        self._take(properties, ours, value, label, names.python)

    def _take(self, properties: dict[str, Any], ours: SceneProperty, value: Any, label: str, name: str) -> None:
        try:
            ours.check(value)
        except ValueError as error:
            self._report.add(label, name, f"{value!r:.60} was not taken: {error}")
            return
        properties[ours.name] = value


def _ours(type_: SceneType, names: PropertyNames) -> SceneProperty | None:
    """Return the property here that has one of these names, or has had one of them in ParaView."""
    if names.python.startswith(_OF_SELECTIONS):
        return None
    known = [of for of in names.names() if of in type_.by_name]
    known += [meant for of in names.names() if (meant := type_.aliases.get(of)) is not None]
    return type_.by_name[known[0]] if known else None


def _input(one: PvProxy) -> tuple[str, int] | None:
    held = one.held("Input")
    return held[0] if held else None


def _says_something(names: PropertyNames, found: PvProperty) -> bool:
    """Return whether values are others than ParaView's own, and more than that no array was chosen."""
    chosen = found.values[-1:] not in (("",), ("None",), ())
    return chosen and not is_default(names, found.values)


def _is_unseen(name: str) -> bool:
    return name.startswith(_UNSEEN) or name.endswith("Info")
