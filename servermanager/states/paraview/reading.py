"""A state file of ParaView as a state of ours, with a report of what has no counterpart."""

from __future__ import annotations

import asyncio
from typing import Any

from ...scene import Scene
from ..state_check import FORMAT, VERSION
from .files import FileFinder, Paths
from .looks import Looks
from .others.extracts import extractors
from .pipeline import Pipeline
from .report import Report
from .shared.reading import SharedReading
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
    texts = _texts(state)
    pipeline = Pipeline(scene, state, FileFinder(scene, where, paths), report, partial=partial)
    await pipeline.translate(frozenset(texts))
    looks = Looks(state, pipeline, report)
    looks.translate()
    shared = SharedReading(state, pipeline, looks, report)
    await shared.translate()
    _others(state, report)
    made = {
        "format": FORMAT,
        "version": VERSION,
        "time": _time(state, report),
        "proxies": pipeline.proxies,
        "color_maps": looks.color_maps,
        "views": looks.views,
        "representations": looks.representations,
        "shared": shared.shared,
    }
    views = {id_: number for number, id_ in looks.view_ids.items()}
    if written := extractors(state, pipeline, views, report):
        made["extractors"] = written
    return made, report


def _texts(state: PvState) -> list[str]:
    return [one.id for one in state.registered("sources") if (one.group, one.type) == _TEXT_SOURCE]


def _time(state: PvState, report: Report) -> float | None:
    """Return the time of the data that a state shows; None if its data has no times."""
    keepers = state.registered("timekeeper")
    animation = state.registered("animation")
    scenes = [one for one in animation if one.type == "AnimationScene"]
    if any(one.type == "TimeAnimationCue" and one.values("Enabled") == ("0",) for one in animation):
        scenes = []  # it shows another time than the data
    for one, name in [*((of, "Time") for of in keepers), *((of, "AnimationTime") for of in scenes)]:
        values = one.numbers(name, report.add)
        if values and (values[0] != 0.0 or one.values("TimestepValues")):
            return values[0]
    return None


def _others(state: PvState, report: Report) -> None:
    """Say what else is in a state: links of properties, definitions of compound proxies."""
    for tag in state.others:
        kind, _, rest = tag.partition("/")
        what, _, name = rest.partition("/")
        if tag.startswith("Links/GlobalPropertyLink"):
            continue  # of colors to those of the palette: what they were is in the state
        if kind == "Selections":
            report.add(rest, "Selection", "ParaView has not written what was selected into the file")
        elif kind == "Links":
            why = "what it links has the values of the file, and follows each other no more: set both, as by a function"
            report.add(f"link {name}" if name else "links", what, why)
        else:
            why = "they are a type of one's own (docs/own_types.md)"
            report.add("compound proxies", f"{what} {name}".strip(), why)
