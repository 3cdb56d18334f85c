"""What was measured of VTK's classes, with the versions that it was measured on: tables in `*.toml` beside it.

A table has entries, each a list of names. `seen` is the range of versions on which that was found, `fine` one on which
it was looked for and is not so. On every other version the cautious answer holds: nothing is safe, and whatever has
done harm does harm. An entry may have ranges of its own: {names = [...], seen = "...", fine = "..."}.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

from vtkmodules.vtkCommonCore import vtkVersion

from async_paraview.records import dataclass

Subject = Literal["classes", "execution", "files", "pieces"]
"""What the files are about; each is read when something of it is first asked for."""
Version = tuple[int, ...]
_BOUND: Final = re.compile(r"(>=|<)(\d+(?:\.\d+)*)")
_OF_THE_GROUP: Final = frozenset({"safe", "seen", "fine"})


@dataclass(frozen=True)
class Versions:
    """A range of versions: from `first` on, up to `end`, which is outside; None where there is no such bound."""

    first: Version | None
    end: Version | None

    @classmethod
    def parse(cls, text: str) -> Versions:
        """Return the range that a text such as ">=9.7,<9.8" means. Raises ValueError for a text that means none."""
        bounds = [_BOUND.fullmatch(one.strip()) for one in text.split(",")]
        found = {one[1]: _numbers(one[2]) for one in bounds if one is not None}
        if None in bounds or len(found) != len(bounds):
            raise ValueError(f'{text!r} is no range of versions: write ">=9.7", "<9.8", or ">=9.7,<9.8"')
        return cls(found.get(">="), found.get("<"))

    def __contains__(self, version: Version) -> bool:
        return (self.first is None or self.first <= version) and (self.end is None or version < self.end)


@dataclass(frozen=True)
class Fact:
    """An entry of a table: its name, what it is about, and where that was measured."""

    name: str
    names: tuple[str, ...]
    seen: Versions
    fine: Versions | None = None
    safe: bool = False

    def holds(self, version: Version) -> bool:
        """Return whether to act on it: what is safe where that was seen, what does harm unless it is fine."""
        return version in self.seen if self.safe else self.fine is None or version not in self.fine

    def is_measured(self, version: Version) -> bool:
        """Return whether it was looked for on that version."""
        return version in self.seen or (self.fine is not None and version in self.fine)


def installed_version() -> str:
    """Return the version of the VTK that is installed."""
    return str(vtkVersion.GetVTKVersion())


def facts(subject: Subject, group: str) -> tuple[Fact, ...]:
    """Return the entries of a table that hold for the installed VTK, in their order."""
    return _facts(subject, group, installed_version())


def names(subject: Subject, group: str, entry: str) -> frozenset[str]:
    """Return the names of one entry; none if it does not hold for the installed VTK. Raises KeyError without it."""
    return _names(subject, group, entry, installed_version())


def by_name(subject: Subject, group: str) -> Mapping[str, tuple[str, ...]]:
    """Return for each name of a table the entries that hold for the installed VTK and have it, in their order."""
    return _by_name(subject, group, installed_version())


def unmeasured(subject: Subject, group: str) -> tuple[str, ...]:
    """Return the entries of a table that were not measured on the installed VTK."""
    version = _numbers(installed_version())
    return tuple(one.name for one in _tables(subject)[group].values() if not one.is_measured(version))


@functools.cache
def _facts(subject: Subject, group: str, version: str) -> tuple[Fact, ...]:
    numbers = _numbers(version)
    return tuple(one for one in _tables(subject)[group].values() if one.holds(numbers))


@functools.cache
def _names(subject: Subject, group: str, entry: str, version: str) -> frozenset[str]:
    fact = _tables(subject)[group][entry]
    return frozenset(fact.names) if fact.holds(_numbers(version)) else frozenset()


@functools.cache
def _by_name(subject: Subject, group: str, version: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for fact in _facts(subject, group, version):
        for name in fact.names:
            found[name] = (*found.get(name, ()), fact.name)
    return MappingProxyType(found)


@functools.cache
def _tables(subject: Subject) -> Mapping[str, Mapping[str, Fact]]:
    text = (Path(__file__).with_name(f"{subject}.toml")).read_text(encoding="utf-8")
    return MappingProxyType({name: dict(_entries(table)) for name, table in tomllib.loads(text).items()})


def _entries(table: Mapping[str, Any]) -> Iterator[tuple[str, Fact]]:
    for name, value in table.items():
        if name in _OF_THE_GROUP:
            continue
        entry = {**table, **(value if isinstance(value, dict) else {"names": value})}
        fine = None if entry.get("fine") is None else Versions.parse(entry["fine"])
        yield name, Fact(name, tuple(entry["names"]), Versions.parse(entry["seen"]), fine, entry.get("safe", False))


def _numbers(version: str) -> Version:
    """Return the leading numbers of a version: those of a candidate are those of the version that it becomes."""
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(map(int, found[0].split("."))) if found else ()
