"""ParaView's names of types and properties, by groups, and how often public scripts use them: data of a tool.

The names are those by which states are read; `paraview_uses.json` is made with them by tools/paraview_names.py.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from async_paraview.records import dataclass

from ..states.paraview.names import TypeNames, types_of, version


@dataclass(frozen=True, slots=True)
class ParaViewType:
    """A type of proxy of ParaView.

    `name` is that of scripts, `xml` that of state files, `vtk_class` what it runs. `properties` leads from the names of
    state files to those of scripts.
    """

    group: str
    xml: str
    name: str
    vtk_class: str
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TypeUses:
    """How often a type is used: in scripts, in recorded tests, and by property in scripts."""

    scripts: int
    tests: int
    properties: Mapping[str, int]


def paraview_version() -> str:
    """Return the version of ParaView whose names these are."""
    return ".".join(version().split(".")[:2])


@functools.cache
def paraview_types(group: str) -> tuple[ParaViewType, ...]:
    """Return the types of a group: sources, readers, filters, writers, representations or views."""
    here = types_of("sources" if group == "readers" else group)
    return tuple(_type(group, one) for one in here if _belongs(one, group))


def _belongs(one: TypeNames, group: str) -> bool:
    if group in ("representations", "views"):
        return bool(one.vtk_class)
    return one.is_listed and one.is_reader == (group == "readers")


def _type(group: str, one: TypeNames) -> ParaViewType:
    settable = {xml: known.python for xml, known in one.properties.items() if known.kind != "command"}
    name = one.xml if group == "views" else one.python  # CreateView takes the former
    return ParaViewType(group, one.xml, name, one.works, settable)


@functools.cache
def paraview_uses(kind: str) -> Mapping[str, TypeUses]:
    """Return the uses of "types" by name, or those of "representations" or "views" under the name ""."""
    return {
        name: TypeUses(one.get("scripts", 0), one.get("tests", 0), one["properties"])
        for name, one in _read("paraview_uses.json")["groups"][kind].items()
    }


@functools.cache
def _read(name: str) -> Any:
    return json.loads((resources.files(__package__) / name).read_text(encoding="utf-8"))
