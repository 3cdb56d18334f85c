"""A state file of ParaView as a state of ours, with a report of what has no counterpart."""

from __future__ import annotations

import asyncio
from typing import Any

from async_paraview.scene.representations import REPRESENTATION
from services_core import RemoteError

from ...model.definitions import UNKNOWN_TYPE
from ...scene import Scene
from ..state_check import FORMAT, VERSION
from .files import FileFinder, Paths
from .looks import Looks
from .pipeline import Pipeline
from .report import Report
from .versions import modern
from .xml_state import PvState, parse

_TEXT_SOURCE = ("sources", "TextSource")


async def translated(
    scene: Scene, text: bytes, where: str, paths: Paths, *, partial: bool
) -> tuple[dict[str, Any], Report]:
    """Return the state in the bytes of a .pvsm file as one of ours, and what of it was not understood.

    Raises StateError for what is damaged, and unless `partial`, for types that this server lacks and files that are
    not found.
    """
    report = Report()
    state = await asyncio.get_running_loop().run_in_executor(None, lambda: modern(parse(text, where)))
    texts_are_sources = await _has_texts(scene)
    texts = [] if texts_are_sources else _texts(state)
    pipeline = Pipeline(scene, state, FileFinder(scene, where, paths), report, partial=partial)
    await pipeline.translate(frozenset(texts))
    looks = Looks(state, pipeline, report, texts_are_sources=texts_are_sources)
    looks.translate()
    _others(state, report)
    made = {
        "format": FORMAT,
        "version": VERSION,
        "time": _time(state),
        "proxies": pipeline.proxies,
        "color_maps": looks.color_maps,
        "views": looks.views,
        "representations": looks.representations,
    }
    return made, report


async def _has_texts(scene: Scene) -> bool:
    """Return whether texts are sources here that views show where they are meant to stand."""
    if "WindowLocation" not in REPRESENTATION.by_name:
        return False
    try:
        return bool((await scene.definitions.definition("Text"))["group"] == "sources")
    except RemoteError as error:
        if error.type_name != UNKNOWN_TYPE:
            raise
        return False


def _texts(state: PvState) -> list[str]:
    return [one.id for one in state.registered("sources") if (one.group, one.type) == _TEXT_SOURCE]


def _time(state: PvState) -> float | None:
    """Return the time that a state shows; None if its data has no times."""
    keepers = state.registered("timekeeper")
    scenes = [one for one in state.registered("animation") if one.type == "AnimationScene"]
    for one, name in [*((of, "Time") for of in keepers), *((of, "AnimationTime") for of in scenes)]:
        values = one.values(name)
        if values and (float(values[0]) != 0.0 or one.values("TimestepValues")):
            return float(values[0])
    return None


def _others(state: PvState, report: Report) -> None:
    """Say what else is in a state: animations, links, layouts with several views, definitions of compound proxies."""
    for one in state.registered("animation"):
        if one.type not in ("AnimationScene", "TimeAnimationCue"):
            report.add("animation", one.name or one.type, "keyframes are not read: use view.frames(change=...)")
    for one in state.registered("layouts"):
        if len(state.registered("views")) > 1:
            report.add("layouts", one.name, "each view is of its own here; none stands beside another")
            break
    for tag in state.others:
        kind = tag.partition("/")[0]
        if tag == "Links/GlobalPropertyLink":
            continue  # of colors to those of the palette: what they were is in the state
        if kind == "Selections":
            report.add(tag.partition("/")[2], "Selection", "ParaView has not written what was selected into the file")
        elif kind == "Links":
            report.add("links", tag.partition("/")[2], "properties that follow each other stay as they are")
        else:
            report.add("compound proxies", tag.partition("/")[2], "they are a type of one's own (docs/own_types.md)")
