"""What types and properties of ParaView's state files are called in Python, from a table made of ParaView's own XML.

`names.json` is written by tools/paraview_names.py; it has names, defaults and enumerations of one version of ParaView.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, Final

from async_paraview.records import dataclass

_TABLE: Final = Path(__file__).with_name("names.json")


@dataclass(frozen=True)
class PropertyNames:
    """What is known of one property of a type of ParaView."""

    xml: str
    python: str
    setter: str = ""
    """What VTK's class calls it, if that is neither of the two."""
    kind: str = "value"
    """"value", "bool", "file", "input", "proxy" or "command"."""
    default: tuple[str, ...] | None = None
    entries: Mapping[str, str] = field(default_factory=dict)
    """Of an enumeration: value -> text."""
    repeats: int = 0
    """How many values belong together in a list of any length; 0: it has a fixed length."""

    def names(self) -> tuple[str, ...]:
        """Return what it may be called here, the most likely first."""
        return tuple(dict.fromkeys(name for name in (self.python, self.xml, self.setter) if name))


@dataclass(frozen=True)
class TypeNames:
    """What is known of one type of ParaView."""

    group: str
    xml: str
    python: str
    vtk_class: str
    properties: Mapping[str, PropertyNames]
    works: str = ""
    """The class that does the work: another one, where that hands it file after file."""
    is_listed: bool = False
    """Whether scripts can make it."""
    is_reader: bool = False

    def property(self, xml: str) -> PropertyNames:
        """Return what is known of a property, or its name as Python has it if nothing is."""
        return self.properties.get(xml) or PropertyNames(xml, python_name(xml))


def python_name(label: str) -> str:
    """Return what ParaView's Python calls what has that label."""
    plain = re.sub(r"[^A-Za-z0-9_]", "", label)
    return f"a{plain}" if plain[:1].isdigit() else plain


@functools.cache
def version() -> str:
    """Return the version of ParaView that the table was made of."""
    return str(_table()["version"])


@functools.cache
def _table() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_TABLE.read_text("utf-8"))
    return found


@functools.cache
def type_names(group: str, xml: str) -> TypeNames | None:
    """Return what is known of a type of ParaView by its group and name in states; None if nothing is."""
    found = _table()["types"].get(f"{group}/{xml}")
    if found is None:
        return None
    properties = {name: _property(name, one) for name, one in found["properties"].items()}
    kind = found.get("class", "")
    listed, reader = found.get("listed", False), found.get("reader", False)
    return TypeNames(group, xml, found.get("python", xml), kind, properties, found.get("works", kind), listed, reader)


@functools.cache
def types_of(group: str) -> tuple[TypeNames, ...]:
    """Return all types of one group, by their names in states."""
    keys = (key.partition("/") for key in _table()["types"])
    return tuple(one for of, _, xml in keys if of == group and (one := type_names(group, xml)) is not None)


def _property(name: str, plain: Mapping[str, Any]) -> PropertyNames:
    default = plain.get("default")
    return PropertyNames(
        name,
        plain.get("python", name),
        plain.get("set", ""),
        plain.get("kind", "value"),
        None if default is None else tuple(default),
        plain.get("entries", {}),
        plain.get("repeats", 0),
    )


@functools.cache
def by_python(groups: tuple[str, ...]) -> Mapping[str, TypeNames]:
    """Return the types of some groups by what Python calls them; of several the first of the first group."""
    found: dict[str, TypeNames] = {}
    for group in groups:
        for one in types_of(group):
            found.setdefault(one.python, one)
    return found


_READERS: Final = {
    "CGNSReader": "CGNSSeriesReader",
    "DICOMImageReader": "DICOMReaderSingleFile",
    "EnSightGoldCombinedReader": "EnSightReader",
    "FLUENTCFFReader": "FluentCFFCaseReader",
    "FluentReader": "FluentCaseReader",
    "GenericDataObjectReader": "LegacyVTKReader",
    "HDFReader": "VTKHDFReader",
    "JPEGReader": "JPEGSeriesReader",
    "MRCReader": "MRCSeriesReader",
    "MetaImageReader": "MetaFileSeriesReader",
    "NetCDFCFReader": "NetCDFReader",
    "PLYFileReader": "PLYReader",
    "PNGReader": "PNGSeriesReader",
    "SEGYReader": "SegYReader",
    "TIFFReader": "TIFFSeriesReader",
    "XMLHyperTreeGridReader": "HyperTreeGridReader",
    "XMLPImageDataReader": "XMLPartitionedImageDataReader",
    "XMLPPolyDataReader": "XMLPartitionedPolydataReader",
    "XMLPRectilinearGridReader": "XMLPartitionedRectilinearGridReader",
    "XMLPStructuredGridReader": "XMLPartitionedStructuredGridReader",
    "XMLPTableReader": "XMLPartitionedTableReader",
    "XMLPUnstructuredGridReader": "XMLPartitionedUnstructuredGridReader",
    "XMLPartitionedDataSetCollectionReader": "XMLPartitionedDatasetCollectionReader",
    "XMLPartitionedDataSetReader": "XMLPartitionedDatasetReader",
    "XdmfReader": "XDMFReader",
}
"""What ParaView calls the readers that files are opened with here, where it is another name."""
_FILE_NAMES: Final = ("FileNames", "FileName", "FileNameInfo")
"""What properties of ParaView are called that hold the files of a reader."""


def reader_names(type_name: str, groups: tuple[str, ...]) -> TypeNames | None:
    """Return ParaView's type for a reader that a file was opened with here; None if there is none."""
    plain = type_name.removeprefix("vtk")
    return by_python(groups).get(_READERS.get(plain, plain))


SOURCES: Final = ("sources", "filters", "extended_sources")
"""The groups of what makes data: sources, readers and filters."""


def source_names(type_name: str) -> TypeNames | None:
    """Return ParaView's type for a source, reader or filter of that type here; None if there is none."""
    found = by_python(SOURCES).get(type_name) or reader_names(type_name, SOURCES)
    return found or by_class(SOURCES).get(f"vtk{type_name.removeprefix('vtk')}")


def file_property(known: TypeNames) -> PropertyNames | None:
    """Return the property that holds the files of a reader, None if it has no such one."""
    return next((known.properties[name] for name in _FILE_NAMES if name in known.properties), None)


@functools.cache
def by_class(groups: tuple[str, ...]) -> Mapping[str, TypeNames]:
    """Return the types of some groups by the class of VTK, where only one type is made of it."""
    found: dict[str, list[TypeNames]] = {}
    for one in by_python(groups).values():
        found.setdefault(one.vtk_class, []).append(one)
    return {name: several[0] for name, several in found.items() if len(several) == 1}
