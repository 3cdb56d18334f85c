"""Layouts, links of cameras and the animation, from a state of ParaView to ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from async_paraview.contrast import WHITE, ink_on
from async_paraview.scene.animation import (
    ALL_VALUES,
    CAMERA_KEY_FRAME,
    CAMERA_MODES,
    CAMERA_TRACK,
    INTERPOLATIONS,
    KEY_FRAME,
    LINEAR,
    NORMALIZED,
    PLAY_MODES,
    RELATIVE,
    SCENE,
    SNAP,
    SPLINE,
    TIME_KEEPER,
    TIME_TRACK,
    TRACK,
)
from async_paraview.scene.catalog import COLOR_MAP_TYPES, KINDS_OF_VIEWS
from async_paraview.scene.layouts import DEEPEST, DIRECTIONS, LAYOUT, MOST_CELLS, UNSPLIT
from async_paraview.scene.palettes import COLOR_PALETTE
from async_paraview.scene.references import PROXY, REPRESENTATION, VIEW
from async_paraview.scene.types import SceneType
from async_paraview.scene.views import BACKGROUND_MODES, USUAL_BACKGROUND

from ..looks import Looks
from ..names import PropertyNames, python_name, type_names
from ..pipeline import Pipeline
from ..report import Report
from ..xml_state import KEY_FRAMES, PvProxy, PvState

HELPER: Final = "RepresentationAnimationHelper"
"""What stands for all that shows a source, in tracks of its Visibility and Opacity."""
_SINGLE: Final = {f"{name}KeyFrame": name for name in INTERPOLATIONS}
"""Keyframes of older states: a type for each way in which values change."""
_NUMBERS: Final = ("float", "int", "bool", "enum")
Convert = Callable[[Sequence[str]], Any]


def _choice(names: Sequence[str]) -> Convert:
    known = {str(number): name for number, name in enumerate(names)}

    def chosen(texts: Sequence[str]) -> str:
        if texts[0] not in known:
            raise ValueError(f"{texts[0]:.20} is none of {', '.join(known)}")
        return known[texts[0]]

    return chosen


def _number(texts: Sequence[str]) -> float:
    return float(texts[0])


def _whole(texts: Sequence[str]) -> int:
    return int(float(texts[0]))


def _flag(texts: Sequence[str]) -> bool:
    return texts[0] not in ("0", "")


def _numbers(texts: Sequence[str]) -> list[float]:
    return [float(one) for one in texts]


_OF_SCENE: Final[Mapping[str, Convert]] = {
    "PlayMode": _choice(PLAY_MODES), "StartTime": _number, "EndTime": _number, "LockStartTime": _flag,
    "LockEndTime": _flag, "NumberOfFrames": _whole, "Duration": _number, "FramesPerTimestep": _whole,
    "Stride": _whole, "Loop": _flag,
}  # fmt: skip
_OF_TRACKS: Final[Mapping[str, Convert]] = {
    "Enabled": _flag, "TimeMode": _choice((NORMALIZED, RELATIVE)), "StartTime": _number, "EndTime": _number,
    "Mode": _choice(CAMERA_MODES), "Interpolation": _choice((LINEAR, SPLINE)), "UseAnimationTime": _flag,
    "AnimatedElement": _whole,
}  # fmt: skip
_direction: Final = _choice(DIRECTIONS)
_COLORS: Final = (
    "BackgroundColor", "BackgroundColor2", "ForegroundColor", "TextAnnotationColor", "SurfaceColor",
)  # fmt: skip
_OF_LAYOUTS: Final[Mapping[str, Convert]] = {"SeparatorWidth": _whole, "SeparatorColor": _numbers}
_OF_KEY_FRAMES: Final[Mapping[str, Convert]] = {
    "KeyTime": _number, "KeyValues": _numbers, "Type": _choice(INTERPOLATIONS), "Base": _number,
    "StartPower": _number, "EndPower": _number, "Phase": _number, "Frequency": _number, "Offset": _number,
    "Position": _numbers, "FocalPoint": _numbers, "ViewUp": _numbers, "ViewAngle": _number, "ParallelScale": _number,
    "PositionPathPoints": _numbers, "FocalPathPoints": _numbers, "ClosedPositionPath": _flag, "ClosedFocalPath": _flag,
    "PositionMode": _choice(("Path",)), "FocalPointMode": _choice(("Path",)),
}  # fmt: skip


class SharedReading:
    """Translates layouts and the animation; afterwards `shared` has ours, and linked views have one camera."""

    def __init__(self, state: PvState, pipeline: Pipeline, looks: Looks, report: Report) -> None:
        """Read a state whose pipeline and views were translated."""
        self._state = state
        self._pipeline = pipeline
        self._looks = looks
        self._report = report
        self.shared: list[dict[str, Any]] = []

    async def translate(self) -> None:
        """Translate all of it."""
        self._links()
        for one in self._state.registered("settings"):
            if one.type == COLOR_PALETTE.name:
                self._palette(one)
        for one in self._state.registered("layouts"):
            self._layout(one)
        for one in self._state.registered("timekeeper"):
            suppressed = [self._source(id_) for id_, _ in one.held("SuppressedTimeSources")]
            if found := [of for of in suppressed if of is not None]:
                self._add(TIME_KEEPER, {"SuppressedTimeSources": found})
        for one in self._state.registered("animation"):
            await self._of_animation(one)

    def _add(self, type_: SceneType, properties: Mapping[str, Any]) -> None:
        self.shared.append({"kind": type_.name, "properties": dict(properties)})

    # --- the palette

    def _palette(self, one: PvProxy) -> None:
        """Take the colors of the palette; inks that are seen on its page are those that ink has here by itself."""
        colors = {of.name: list(one.numbers(of.name, self._report.add)) for of in COLOR_PALETTE if of.name in _COLORS}
        found: dict[str, Any] = {name: color for name, color in colors.items() if len(color) == 3}
        page = found.get("BackgroundColor", USUAL_BACKGROUND)
        usual = {"ForegroundColor": ink_on(page), "TextAnnotationColor": ink_on(page), "SurfaceColor": WHITE}
        found = {name: color for name, color in found.items() if color != list(usual.get(name, ()))}
        if one.values("BackgroundColorMode") == ("1",):
            found["BackgroundColorMode"] = BACKGROUND_MODES[1]
        self._add(COLOR_PALETTE, found)

    # --- links and layouts

    def _links(self) -> None:
        groups: list[tuple[str, set[str]]] = []
        for name, ids in self._state.camera_links.items():
            joined = [one for one in groups if one[1] & set(ids)]
            members = set(ids).union(*(one[1] for one in joined))
            groups = [one for one in groups if one not in joined] + [(joined[0][0] if joined else name, members)]
        for name, members in groups:
            for view in self._looks.views:
                if self._looks.view_ids[view["id"]] in members and view["kind"] == "RenderView":
                    view["properties"]["CameraLink"] = name

    def _view(self, id_: str) -> list[Any] | None:
        number = next((number for number, of in self._looks.view_ids.items() if of == id_), None)
        return None if number is None else [VIEW, number]

    def _layout(self, one: PvProxy) -> None:
        cells = []
        try:
            for number, (direction, fraction, view) in enumerate(one.cells):
                split, held = _direction([direction]), None if view == "0" else self._view(view)
                if split != UNSPLIT or held is not None:
                    cells.append([number, split, float(fraction), held])
            LAYOUT.by_name["Cells"].check(cells)
        except ValueError as error:
            deep = len(one.cells) > MOST_CELLS
            why = f"cells are split at most {DEEPEST} times" if deep else f"its cells are not as they must be: {error}"
            self._report.add("layouts", one.name, why)
            return
        properties = {"Name": one.name or "Layout", "Cells": cells, **self._converted(one, _OF_LAYOUTS, LAYOUT)}
        if any(cell[3] is not None for cell in cells):
            self._checked(LAYOUT, one, properties)

    def _checked(self, type_: SceneType, one: PvProxy, properties: Mapping[str, Any]) -> None:
        """Take properties that are as the type says; the others are in the report."""
        right = {}
        for name, value in properties.items():
            try:
                type_.by_name[name].check(value)
                right[name] = value
            except ValueError as error:
                self._report.add(one.name or one.type, name, f"{value!r:.60} was not taken: {error}")
        self._add(type_, right)

    # --- the animation

    async def _of_animation(self, one: PvProxy) -> None:
        if one.type == "AnimationScene":
            self._scene(one)
        elif one.type == TIME_TRACK.name:
            self._time_track(one)
        elif one.type == CAMERA_TRACK.name:
            self._camera_track(one)
        elif one.type == TRACK.name:
            await self._track(one)
        elif one.group == "animation":
            self._report.add("animation", one.name or one.type, f"{one.type} is not read: it is no track of keyframes")

    def _converted(self, one: PvProxy, converts: Mapping[str, Convert], type_: SceneType) -> dict[str, Any]:
        """Return the properties that are not as those of a new one are."""
        found = {}
        for name, convert in converts.items():
            values = one.values(name)
            if not values:
                continue
            try:
                value = convert(values)
            except (ValueError, OverflowError):
                self._report.add(one.name or one.type, name, f"{', '.join(values):.60} was not taken")
                continue
            ours = "Interpolation" if name == "Type" else name
            if ours in type_.by_name and value != type_.by_name[ours].to_dict()["default"]:
                found[ours] = value
        return found

    def _scene(self, one: PvProxy) -> None:
        properties = self._converted(one, _OF_SCENE, SCENE)
        keeper = next(iter(self._state.registered("timekeeper")), None)
        spanned = () if keeper is None else keeper.numbers("TimeRange", self._report.add)
        for index, name in enumerate(("StartTime", "EndTime")):
            locked = properties.get(f"Lock{name}", False)
            by_data = properties.get("PlayMode") == SNAP or (
                len(spanned) == 2 and properties.get(name) == spanned[index]
            )
            if by_data and not locked:
                properties.pop(name, None)
        now = one.numbers("AnimationTime", self._report.add)
        shown = () if keeper is None else keeper.numbers("Time", self._report.add)
        if now and shown and now[0] != shown[0] and self._has_own_time():
            properties["AnimationTime"] = now[0]
        if properties:
            self._checked(SCENE, one, properties)

    def _has_own_time(self) -> bool:
        """Return whether the time of the data is another one than that of the animation."""
        tracks = [one for one in self._state.registered("animation") if one.type == TIME_TRACK.name]
        return any(one.values("UseAnimationTime") == ("0",) or one.values("Enabled") == ("0",) for one in tracks)

    def _time_track(self, one: PvProxy) -> None:
        properties = self._converted(one, _OF_TRACKS, TIME_TRACK)
        if frames := self._frames(one, KEY_FRAME):
            properties["KeyFrames"] = frames
        if properties:
            self._checked(TIME_TRACK, one, properties)

    def _camera_track(self, one: PvProxy) -> None:
        view = next((self._view(id_) for id_, _ in one.held("AnimatedProxy")), None)
        if view is None:
            self._report.add("animation", one.name or one.type, "it moves the camera of no view that is here")
            return
        properties = {"AnimatedProxy": view, **self._converted(one, _OF_TRACKS, CAMERA_TRACK)}
        for id_, _ in one.held("DataSource"):
            if (source := self._source(id_)) is not None:
                properties["DataSource"] = source
        if frames := self._frames(one, CAMERA_KEY_FRAME):
            properties["KeyFrames"] = frames
        self._checked(CAMERA_TRACK, one, properties)

    async def _track(self, one: PvProxy) -> None:
        label = one.name or one.type
        name = "".join(one.values("AnimatedPropertyName"))
        held = [self._state.proxies[id_] for id_, _ in one.held("AnimatedProxy") if id_ in self._state.proxies]
        target = await self._target(held[0], name) if held else None
        if target is None:
            what = held[0].name or held[0].type if held else "nothing"
            self._report.add("animation", label, f"nothing here stands for {name} of {what}")
            return
        properties = {**self._converted(one, _OF_TRACKS, TRACK), "AnimatedProxy": target[0]}
        properties["AnimatedPropertyName"] = target[1]
        if one.values("AnimatedElement") == ("-1",):
            properties["AnimatedElement"] = ALL_VALUES
        if frames := self._frames(one, KEY_FRAME):
            properties["KeyFrames"] = frames
        self._checked(TRACK, one, properties)

    async def _target(self, held: PvProxy, xml: str) -> tuple[list[Any], str] | None:
        """Return what stands for a property of a proxy, as it is told: a reference, and the name of the property."""
        if held.type == HELPER:
            source = next((self._source(id_) for id_, _ in held.held("Source")), None)
            return None if source is None else (source, xml)
        known = type_names(held.group, held.type)
        names = PropertyNames(xml, python_name(xml)) if known is None else known.property(xml)
        for reference, type_ in self._looking(held):
            found = next((one for one in names.names() if one in type_.by_name), None)
            takes = type_.by_name[found].to_dict()["type"] if found is not None else None
            return (reference, found) if found is not None and takes in _NUMBERS else None
        number = self._pipeline.id_of(held.id)
        made = next((one for one in self._pipeline.proxies if one["id"] == number), None)
        if made is None:
            return None
        entry = await self._pipeline.entry(made, names)
        if entry is None or entry.get("type") not in _NUMBERS or entry.get("kind") == "object":
            return None
        return [PROXY, made["id"]], str(entry["name"])

    def _looking(self, held: PvProxy) -> list[tuple[list[Any], SceneType]]:
        """Return what stands for a view, a representation or a color map, and its type; nothing for other proxies."""
        view = self._view(held.id)
        if view is not None:
            kind = next(one["kind"] for one in self._looks.views if one["id"] == view[1])
            return [(view, KINDS_OF_VIEWS[kind].view)]
        if held.id in self._looks.numbers:
            number = self._looks.numbers[held.id]
            of = self._looks.representations[number]["view"]
            kind = next(one["kind"] for one in self._looks.views if one["id"] == of)
            return [([REPRESENTATION, number], KINDS_OF_VIEWS[kind].representation)]
        if held.type in COLOR_MAP_TYPES and held.name:
            return [([held.type, held.name.removesuffix(f".{held.type}")], COLOR_MAP_TYPES[held.type])]
        return []

    def _source(self, id_: str) -> list[Any] | None:
        number = self._pipeline.id_of(id_)
        return None if number is None else [PROXY, number]

    def _frames(self, one: PvProxy, type_: SceneType) -> list[dict[str, Any]]:
        """Return the keyframes of a track, as far as the state has them."""
        held = one.held(KEY_FRAMES)
        there = [self._state.proxies[id_] for id_, _ in held if id_ in self._state.proxies]
        if len(there) < len(held):
            why = f"{len(held) - len(there)} of {len(held)} keyframes are not in the file: pvpython left them out"
            self._report.add("animation", one.name or one.type, why)
        return [self._frame(each, type_) for each in there]

    def _frame(self, one: PvProxy, type_: SceneType) -> dict[str, Any]:
        interpolation = {"Interpolation": _SINGLE[one.type]} if one.type in _SINGLE else {}
        return {**interpolation, **self._converted(one, _OF_KEY_FRAMES, type_)}
