"""Comparing ParaView's names with those of a server: plain functions of what both have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from .names import ParaViewType, paraview_types, paraview_uses

GROUPS: Final = ("sources", "readers", "filters", "writers")
SHOWN: Final = ("representations", "views")
_MADE_OF: Final = {
    "readers": ("readers", "sources"),
    "sources": ("sources", "filters"),
    "filters": ("filters", "sources"),
}
"""In which groups a type may be here: some of ParaView's sources are filters here, and so on."""


@dataclass
class GroupCoverage:
    """What there is of one group: names of ParaView by how they are here, and properties of those of the same name.

    `missing` has, by name, the properties that are not here.
    """

    group: str
    same: list[str] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    properties: int = 0
    properties_here: int = 0
    missing: dict[str, list[str]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """The number of ParaView's names."""
        return len(self.same) + len(self.bare) + len(self.other) + len(self.absent)


@dataclass
class Coverage:
    """All groups; and of what public scripts use, by kind: (uses of it, uses of what is here)."""

    groups: list[GroupCoverage] = field(default_factory=list)
    uses: dict[str, tuple[int, int]] = field(default_factory=dict)
    unused_names: dict[str, int] = field(default_factory=dict)
    """Names that scripts or recorded tests use and that are not here, with the number of uses."""
    unused_properties: dict[str, int] = field(default_factory=dict)


def compared(listed: Mapping[str, Mapping[str, bool]], properties: Mapping[str, frozenset[str]]) -> Coverage:
    """Return what a server has of ParaView's names.

    `listed` has by group the names of the server's types, and whether they are curated; `properties` those of each
    curated type, of representations and of views.
    """
    made = Coverage()
    for group in (*GROUPS, *SHOWN):
        made.groups.append(_group(group, listed, properties))
    _count_uses(made, properties)
    return made


def _group(
    group: str, listed: Mapping[str, Mapping[str, bool]], properties: Mapping[str, frozenset[str]]
) -> GroupCoverage:
    found = GroupCoverage(group)
    here = {name: curated for one in _MADE_OF.get(group, (group,)) for name, curated in listed.get(one, {}).items()}
    everything = {name for names in listed.values() for name in names}
    for one in paraview_types(group):
        _sort_in(found, one, here, everything)
        if here.get(one.name):
            wanted = dict.fromkeys(one.properties.values())
            missing = [name for name in wanted if name not in properties.get(one.name, frozenset())]
            found.properties += len(wanted)
            found.properties_here += len(wanted) - len(missing)
            if missing:
                found.missing[one.name] = missing
    return found


def _sort_in(found: GroupCoverage, one: ParaViewType, here: Mapping[str, bool], everything: set[str]) -> None:
    plain = one.vtk_class.removeprefix("vtk")
    if here.get(one.name):
        found.same.append(one.name)
    elif one.name in here:
        found.bare.append(one.name)
    elif plain in everything or one.vtk_class in everything:
        found.other.append(one.name)
    else:
        found.absent.append(one.name)


def _count_uses(made: Coverage, properties: Mapping[str, frozenset[str]]) -> None:
    names, recorded, set_ = [0, 0], [0, 0], [0, 0]
    for name, one in paraview_uses("types").items():
        here = name in properties
        for counts, uses in ((names, one.scripts), (recorded, one.tests)):
            counts[0] += uses
            counts[1] += uses if here else 0
        if not here:
            made.unused_names[name] = one.scripts + one.tests
        for property_, uses in one.properties.items():
            found = here and property_ in properties[name]
            set_[0] += uses
            set_[1] += uses if found else 0
            if not found:
                made.unused_properties[f"{name}.{property_}"] = uses
    made.uses |= {
        "names in scripts": (names[0], names[1]),
        "names in recorded tests": (recorded[0], recorded[1]),
        "properties of types": (set_[0], set_[1]),
    }
    for kind in SHOWN:
        wanted = paraview_uses(kind)[""].properties
        here_ = sum(uses for name, uses in wanted.items() if name in properties[kind])
        made.uses[f"properties of {kind}"] = (sum(wanted.values()), here_)
        made.unused_properties |= {f"{kind}.{name}": n for name, n in wanted.items() if name not in properties[kind]}
