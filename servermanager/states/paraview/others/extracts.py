"""Extractors of a state of ParaView, as ours: when they write, what, and by which names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from async_paraview.scene.extracts.types import ABSENT_WRITERS, EXTRACTOR, IMAGE_WRITERS, TRIGGERS, WRITERS
from async_paraview.scene.types import SceneProperty, SceneType

from ..pipeline import Pipeline
from ..report import Report
from ..xml_state import PvProxy, PvState

_HELD: Final = frozenset({"Input", "View", "Format", "Writer", "Trigger", "Producer"})
"""Properties that hold proxies: what is written, and parts whose properties are told of by themselves."""
_OTHER_NUMBERS: Final[Mapping[str, Mapping[str, str]]] = {
    "FieldAssociation": {"0": "Point Data", "1": "Cell Data", "2": "Field Data", "6": "Row Data"},
    "FileType": {"1": "Ascii", "2": "Binary"},
    "FontScaling": {"0": "Scale fonts proportionally"},
    "StereoMode": {"0": "No change"},
}
"""Entries whose numbers are not those of their order."""


def extractors(state: PvState, pipeline: Pipeline, views: Mapping[str, int], report: Report) -> list[dict[str, Any]]:
    """Return the extractors of a state as ours has them; `views` are the numbers of its views by their ids there."""
    found = []
    for one in state.registered("extractors"):
        writer, trigger = _part(state, one, "Writer"), _part(state, one, "Trigger")
        label = one.name or one.type
        if writer is None or writer.type not in WRITERS:
            type_name = one.type if writer is None else writer.type
            report.add(label, type_name, ABSENT_WRITERS.get(type_name, "no extractor of that kind"))
            continue
        if trigger is not None and trigger.type not in TRIGGERS:
            report.add(label, trigger.type, f"triggers here are {', '.join(TRIGGERS)}")
            continue
        made = _written(writer, pipeline, views)
        if made is None:
            report.add(label, writer.type, "what it writes is not there")
            continue
        own = _converted(one, EXTRACTOR, label, report)
        found.append({
            "kind": writer.type,
            "name": label,
            **made,
            "properties": own if trigger is None else {**own, "Trigger": trigger.type},
            "writer": _converted(writer, WRITERS[writer.type], label, report),
            "triggers": {} if trigger is None else {
                trigger.type: _converted(trigger, TRIGGERS[trigger.type], label, report)
            },
        })  # fmt: skip
    return found


def _part(state: PvState, one: PvProxy, name: str) -> PvProxy | None:
    return next((state.proxies[id_] for id_, _ in one.held(name) if id_ in state.proxies), None)


def _written(writer: PvProxy, pipeline: Pipeline, views: Mapping[str, int]) -> dict[str, Any] | None:
    """Return which view or output is written; None if that was not understood."""
    if writer.type in IMAGE_WRITERS:
        view = next((views[id_] for id_, _ in writer.held("View") if id_ in views), None)
        return None if view is None else {"view": view, "source": None}
    outputs = ((pipeline.id_of(id_), port) for id_, port in writer.held("Input"))
    source = next(([id_, port] for id_, port in outputs if id_ is not None), None)
    return None if source is None else {"view": None, "source": source}


def _converted(one: PvProxy, type_: SceneType, label: str, report: Report) -> dict[str, Any]:
    """Return the properties that there are here, with their values; the others are told of."""
    made = {}
    for name, held in one.properties.items():
        if name in _HELD or not held.values:
            continue
        known = type_.by_name.get(name)
        try:
            if known is None:
                raise ValueError(f"{type_.name} has no such property here ({', '.join(held.values):.60})")
            value = _value(known, held.values)
            known.check(value)
        except ValueError as error:
            report.add(label, name, str(error))
        else:
            made[name] = value
    return made


def _value(known: SceneProperty, values: tuple[str, ...]) -> Any:
    """Return the value of a property. Raises ValueError."""
    facts, first = known.check.facts, values[0]
    if known.name in _OTHER_NUMBERS:
        if first not in _OTHER_NUMBERS[known.name]:
            raise ValueError(f"{first} is not there: {known.doc}")
        return _OTHER_NUMBERS[known.name][first]
    if entries := facts.get("enumeration"):
        return next((name for name, number in entries if str(number) == first), first)
    kind: Any = {"float": float, "int": int, "bool": lambda text: bool(int(text)), "str": str}[facts["type"]]
    if facts["size"] == 1:
        return kind(first)
    return [kind(one) for one in values if one or kind is not str]
