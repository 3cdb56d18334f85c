"""Layouts and the animation as ParaView has them in state files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from async_paraview.contrast import ink_on
from async_paraview.records import dataclass
from async_paraview.scene.animation import (
    CAMERA_KEY_FRAME,
    CAMERA_MODES,
    CAMERA_TRACK,
    INTERPOLATIONS,
    KEY_FRAME,
    LINEAR,
    NO_INTERPOLATION,
    NORMALIZED,
    PLAY_MODES,
    REAL_TIME,
    RELATIVE,
    SCENE,
    SPLINE,
    TIME_KEEPER,
    TIME_TRACK,
    TRACK,
)
from async_paraview.scene.layouts import DIRECTIONS, LAYOUT, UNSPLIT
from async_paraview.scene.palettes import COLOR_PALETTE
from async_paraview.scene.references import PROXY, REPRESENTATION, VIEW
from async_paraview.scene.types import SceneType
from async_paraview.scene.views import BACKGROUND_MODES, USUAL_BACKGROUND

from ..document import Document, Element
from ..names import PropertyNames, type_names
from ..report import Report
from .reading import HELPER

_HELD: Final = ("AnimatedProxy", "DataSource", "KeyFrames", "AnimatedPropertyName")
_CHOICES: Final[Mapping[str, Sequence[str]]] = {
    "PlayMode": PLAY_MODES, "TimeMode": (NORMALIZED, RELATIVE), "Mode": CAMERA_MODES,
}  # fmt: skip
_OF_WHAT_SHOWS: Final = ("Visibility", "Opacity")
_OF_LAYOUTS: Final = frozenset({
    "Name", "Cells", "SeparatorWidth", "SeparatorColor", "RowHeights", "ColumnWidths", "Size", "CameraLink",
})  # fmt: skip
"""What ParaView has of a layout: as it is, or as its cells are split and its views are linked."""


@dataclass(frozen=True)
class Written:
    """What was written already: of proxies and views by our numbers, of representations by their places."""

    proxies: Mapping[int, Element]
    views: Mapping[int, Element]
    representations: Mapping[int, Element]
    color_maps: Mapping[str, Element]
    functions: Mapping[str, Element]

    def find(self, told: Sequence[Any] | None) -> Element | None:
        """Return what was written of a thing that a state refers to; None if it was left out."""
        if told is None:
            return None
        kind, of = told
        if kind == PROXY:
            return self.proxies.get(of)
        if kind == VIEW:
            return self.views.get(of)
        if kind == REPRESENTATION:
            return self.representations.get(of)
        return (self.color_maps if kind == "PVLookupTable" else self.functions).get(of)


class SharedWriter:
    """Writes layouts and the animation of a state into a document."""

    def __init__(self, document: Document, state: Mapping[str, Any], written: Written, report: Report) -> None:
        self._document = document
        self._state = state
        self._written = written
        self._report = report
        self._helpers: dict[int, Element] = {}
        self._numbers: dict[str, int] = {}

    def write(self) -> None:
        """Write all of it."""
        shared = self._state.get("shared", ())
        for one in shared:
            if one["kind"] == LAYOUT.name:
                self._layout(one["properties"])
            elif one["kind"] == COLOR_PALETTE.name:
                self._palette(one["properties"])
        self._animation({one["kind"]: one["properties"] for one in shared}, shared)

    def _name(self, kind: str) -> str:
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return f"{kind}{self._numbers[kind]}"

    def _palette(self, properties: Mapping[str, Any]) -> None:
        """Write the colors of the palette; ink of which nobody has said anything as it is seen on the page."""
        set_here = {name: value for name, value in properties.items() if value is not None}
        page = set_here.get("BackgroundColor", USUAL_BACKGROUND)
        usual = {"BackgroundColor": page, "ForegroundColor": ink_on(page), "TextAnnotationColor": ink_on(page)}
        element = self._document.add("settings", COLOR_PALETTE.name, COLOR_PALETTE.name)
        for name, value in {**usual, **set_here}.items():
            element.set(name, *([BACKGROUND_MODES.index(value)] if name == "BackgroundColorMode" else value))

    def _layout(self, properties: Mapping[str, Any]) -> None:
        element = self._document.add("misc", LAYOUT.name, properties.get("Name", "Layout"), "layouts")
        for name in ("SeparatorWidth", "SeparatorColor"):
            if name in properties:
                value = properties[name]
                element.set(name, *(value if isinstance(value, (list, tuple)) else [value]))
        for name in properties:
            if name not in _OF_LAYOUTS:
                why = "ParaView's layouts have no titles, labels, margins and legends of their own"
                self._report.add("layouts", f"{properties.get('Name', 'Layout')}.{name}", why)
        told = {one[0]: one for one in properties.get("Cells", ())}
        split = [number for number, one in told.items() if one[1] != UNSPLIT]
        for number in range(max((2 * one + 2 for one in split), default=0) + 1):
            _, direction, fraction, view = told.get(number, (number, UNSPLIT, 0.5, None))
            held = self._written.find(view)
            element.cells.append((DIRECTIONS.index(direction), fraction, 0 if held is None else held.id))

    # --- the animation

    def _animation(self, by_kind: Mapping[str, Mapping[str, Any]], shared: Sequence[Mapping[str, Any]]) -> None:
        keeper = self._document.add("misc", "TimeKeeper", "TimeKeeper1", "timekeeper")
        suppressed = [
            self._written.find(one) for one in by_kind.get(TIME_KEEPER.name, {}).get("SuppressedTimeSources", ())
        ]
        if found := [one.id for one in suppressed if one is not None]:
            keeper.hold("SuppressedTimeSources", *found)
        scene = self._document.add("animation", "AnimationScene", "AnimationScene1")
        scene.hold("TimeKeeper", keeper.id)
        settings = by_kind.get(SCENE.name, {})
        self._properties(scene, SCENE, settings)
        time = self._state["time"]
        now = settings.get("AnimationTime")
        if time is not None or now is not None:
            keeper.set("Time", time or 0.0)
            scene.set("AnimationTime", time if now is None else now)
        tracks = [one for one in shared if one["kind"] in (TRACK.name, CAMERA_TRACK.name)]
        cues = [self._track(one["kind"], one["properties"]) for one in tracks]
        time_track = self._time_track(by_kind.get(TIME_TRACK.name, {}), keeper)
        scene.hold("Cues", time_track.id, *(one.id for one in cues if one is not None))
        if self._written.views:
            scene.hold("ViewModules", *(one.id for one in self._written.views.values()))

    def _properties(self, element: Element, type_: SceneType, properties: Mapping[str, Any]) -> None:
        """Write plain properties; what holds something is written by itself."""
        for name, value in properties.items():
            if name in _HELD or name == "AnimationTime" or value is None:
                continue
            if name == "PlayMode" and value == REAL_TIME:
                self._report.add("animation", name, "ParaView 6 has no Real Time; 5 does")
            if name in _CHOICES:
                element.set(name, _CHOICES[name].index(value))
            elif name == "Interpolation" and type_ is CAMERA_TRACK:
                element.set(name, (LINEAR, SPLINE).index(value))
            elif name == "Interpolation":
                element.set("Type", INTERPOLATIONS.index(value))
            elif name in ("PositionMode", "FocalPointMode"):
                element.set(name, 0)
            else:
                element.set(name, *(value if isinstance(value, (list, tuple)) else [value]))

    def _time_track(self, properties: Mapping[str, Any], keeper: Element) -> Element:
        element = self._document.add("animation", TIME_TRACK.name, "TimeAnimationCue1")
        element.hold("AnimatedProxy", keeper.id)
        element.set("AnimatedPropertyName", "Time")
        self._properties(element, TIME_TRACK, properties)
        self._key_frames(element, KEY_FRAME, properties)
        return element

    def _track(self, kind: str, properties: Mapping[str, Any]) -> Element | None:
        label = f"track of {properties.get('AnimatedPropertyName', 'a camera')}"
        held = self._animated(properties, label)
        if held is None:
            return None
        element = self._document.add("animation", kind, self._name(kind))
        element.hold("AnimatedProxy", held[0].id)
        if held[1]:
            element.set("AnimatedPropertyName", held[1])
        source = self._written.find(properties.get("DataSource"))
        if source is not None:
            element.hold("DataSource", source.id)
        type_ = TRACK if kind == TRACK.name else CAMERA_TRACK
        self._properties(element, type_, properties)
        self._key_frames(element, KEY_FRAME if type_ is TRACK else CAMERA_KEY_FRAME, properties)
        return element

    def _animated(self, properties: Mapping[str, Any], label: str) -> tuple[Element, str] | None:
        """Return what is moved, and the property by its name in ParaView; None if ParaView has no such thing."""
        told, name = properties.get("AnimatedProxy"), properties.get("AnimatedPropertyName", "")
        held = self._written.find(told)
        if held is None or told is None:
            self._report.add("animation", label, "what it moves was left out")
            return None
        if not name:
            return held, ""
        if name in _OF_WHAT_SHOWS and told[0] in (PROXY, REPRESENTATION):
            return self._of_what_shows(told, name, label)
        known = type_names(held.group, held.type)
        found = None if known is None else _named(known.properties, name)
        if found is None:
            self._report.add("animation", label, f"{held.type} of ParaView has no such property")
            return None
        return held, found.xml

    def _of_what_shows(self, told: Sequence[Any], name: str, label: str) -> tuple[Element, str] | None:
        """Return what stands for all that shows a source: ParaView moves these properties of nothing else."""
        kind, of = told
        shown = self._state["representations"]
        source = of if kind == PROXY else shown[of]["source"][0]
        if kind == REPRESENTATION and sum(one["source"][0] == source for one in shown) > 1:
            why = f"ParaView moves the {name} of all that shows a source together, and of one in one view not"
            self._report.add("animation", label, why)
            return None
        element = self._written.proxies.get(source)
        if element is None:
            self._report.add("animation", label, "what it moves was left out")
            return None
        if source not in self._helpers:
            made = self._document.add("misc", HELPER, HELPER, f"pq_helper_proxies.{element.id}")
            made.hold("Source", element.id)
            self._helpers[source] = made
        return self._helpers[source], name

    def _key_frames(self, element: Element, type_: SceneType, properties: Mapping[str, Any]) -> None:
        ids = []
        for one in properties.get("KeyFrames", ()):
            if one.get("Interpolation") == NO_INTERPOLATION:
                self._report.add("animation", "keyframe", "ParaView has no keyframe that sets nothing; it is left out")
                continue
            frame = self._document.add("animation_keyframes", type_.name, self._name("KeyFrame"), "animation")
            self._properties(frame, type_, one)
            ids.append(frame.id)
        if ids:
            element.hold("KeyFrames", *ids)


def _named(properties: Mapping[str, PropertyNames], name: str) -> PropertyNames | None:
    return next((one for one in properties.values() if name in one.names()), None)
