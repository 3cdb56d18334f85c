"""Layouts and the animation of a state, as lines of a script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from async_paraview.scene.animation import CAMERA_TRACK, SCENE, TIME_KEEPER, TIME_TRACK, TRACK
from async_paraview.scene.color_maps import COLOR_MAP
from async_paraview.scene.layouts import HORIZONTAL, LAYOUT, UNSPLIT
from async_paraview.scene.palettes import COLOR_PALETTE
from async_paraview.scene.references import PROXY, REPRESENTATION, VIEW

from .script_values import keywords, literal, literals

_OWN = frozenset({"AnimatedProxy", "DataSource", "AnimationTime"})


def animated(state: Mapping[str, Any]) -> set[int]:
    """Return the numbers of the representations that are animated: the script needs names for them."""
    held = [one["properties"].get("AnimatedProxy") for one in state.get("shared", ())]
    return {one[1] for one in held if one is not None and one[0] == REPRESENTATION}


def shared_lines(state: Mapping[str, Any], names: Mapping[int, str]) -> Iterator[str]:
    """Yield the lines; `names` has the variables of proxies by their numbers."""
    shared = state.get("shared", ())
    layouts = [one["properties"] for one in shared if one["kind"] == LAYOUT.name]
    for number, properties in enumerate(layouts, 1):
        yield from _layout(f"layout{number}", properties)
    ends = []
    for one in shared:
        properties = one["properties"]
        others = {name: value for name, value in properties.items() if name not in _OWN}
        if one["kind"] == TIME_KEEPER.name:
            sources = ", ".join(_thing(of, names) for of in properties.get("SuppressedTimeSources", ()))
            yield f"session.animation.time_keeper.SuppressedTimeSources = [{sources}]"
        elif one["kind"] in (TRACK.name, CAMERA_TRACK.name):
            yield from _track(one["kind"], properties, others, names)
        elif one["kind"] in (SCENE.name, TIME_TRACK.name) and others:
            of = "session.animation" if one["kind"] == SCENE.name else "session.animation.time_track"
            yield f"{of}.update({', '.join(keywords(literals(others)))})"
        elif one["kind"] == COLOR_PALETTE.name and others:
            yield f"session.palette.update({', '.join(keywords(literals(others)))})"
        if properties.get("AnimationTime") is not None:
            ends.append(f"session.animation.AnimationTime = {literal(properties['AnimationTime'])}")
    yield from ends


def _layout(variable: str, properties: Mapping[str, Any]) -> Iterator[str]:
    yield f"{variable} = session.layouts.create({literal(properties.get('Name'))})"
    others = {name: value for name, value in properties.items() if name not in ("Name", "Cells")}
    if others:
        yield f"{variable}.update({', '.join(keywords(literals(others)))})"
    cells = sorted(properties.get("Cells", ()))
    for number, direction, fraction, _ in cells:
        if direction != UNSPLIT:
            split = "split_horizontal" if direction == HORIZONTAL else "split_vertical"
            yield f"{variable}.{split}({number}, {literal(fraction)})"
    for number, _, _, view in cells:
        if view is not None:
            yield f"{variable}.assign(view{view[1]}, {number})"


def _track(
    kind: str, properties: Mapping[str, Any], others: Mapping[str, Any], names: Mapping[int, str]
) -> Iterator[str]:
    """Yield the making of a track: each of a state is a track of its own, also where several move one property."""
    held = {name: properties.get(name) for name in ("AnimatedProxy", "DataSource")}
    values = {name: _thing(told, names) for name, told in held.items() if told is not None} | literals(others)
    yield f"session.animation.new_track({literal(kind)}).update({', '.join(keywords(values))})"


def _thing(told: Any, names: Mapping[int, str]) -> str:
    kind, of = told
    if kind == PROXY:
        return names[of]
    if kind == VIEW:
        return f"view{of}"
    if kind == REPRESENTATION:
        return f"shown{of}"
    return f"session.{'color_maps' if kind == COLOR_MAP.name else 'opacity_functions'}[{literal(of)}]"
