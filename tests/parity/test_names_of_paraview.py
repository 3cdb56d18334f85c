"""What ParaView's Python calls properties is what the table of names says, and what types are set by here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from apvserver.vtk.types.toml_definitions import composition
from servermanager.coverage import paraview_types
from servermanager.states.paraview.names import type_names

MEASURED: Final[Mapping[str, Mapping[str, str]]] = json.loads(
    Path(__file__).with_name("paraview_5_11_names.json").read_text("utf-8")
)["types"]
"""Of ParaView 5.11, told by itself: by type and name in XML."""


def test_the_table_has_the_names_that_paraview_tells() -> None:
    wrong, count = {}, 0
    for key, names in MEASURED.items():
        known = type_names(*key.split("/", 1))
        properties = {} if known is None else known.properties
        for xml in names.keys() & properties.keys():  # others went since then
            count += 1
            if properties[xml].python != names[xml]:
                wrong[f"{key}.{xml}"] = (properties[xml].python, names[xml])
    assert wrong == {} and count > 900


@pytest.mark.parametrize(
    ("key", "xml", "python"),
    [
        ("sources/XMLImageDataReader", "PointArrayStatus", "PointArrayStatus"),  # labelled "Point Arrays", of a part
        ("sources/XMLPTableReader", "ColumnArrayStatus", "ColumnArrayStatus"),
        ("sources/CGNSSeriesReader", "CacheMesh", "CacheMesh"),
        ("sources/OpenFOAMReader", "CellArrays", "CellArrays"),
        ("filters/Cut", "ContourValues", "SliceOffsetValues"),
        ("filters/Cut", "PreserveInputCells", "Crinkleslice"),
    ],
)
def test_properties_of_parts_have_the_names_that_the_whole_gives_them(key: str, xml: str, python: str) -> None:
    known = type_names(*key.split("/", 1))
    assert known is not None and known.properties[xml].python == python
    assert MEASURED[key].get(xml, xml) == python


def test_readers_are_set_by_these_names() -> None:
    """What a type has here of what ParaView has is called as ParaView's Python calls it."""
    names = {one.name: set(one.properties.values()) for one in paraview_types("readers")}
    for name in ("EnzoReader", "NetCDFPOPreader", "XMLPartitionedImageDataReader", "CGNSSeriesReader"):
        ours = set(composition(name).definition.by_name)
        assert {one for one in ours if one.endswith("Status")} <= names[name]
        assert {one for one in ours if one.endswith("Status")}
