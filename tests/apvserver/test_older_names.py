"""The names that properties had before are there, lead to those of today, or are told with a reason."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from apvserver.vtk.base.errors import DefinitionError, UnknownProperty
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.definitions import Definition, PropertyDefinition
from apvserver.vtk.types.property_routes import settings_of, with_names_of_today
from apvserver.vtk.types.toml_definitions import _entries, composition, curated_names
from async_paraview.older_names import OlderName, Target
from async_paraview.values import entry_number

from ..harness.apvtest import with_settings

NAMES: Final[Mapping[str, Mapping[str, list[str]]]] = json.loads(
    Path(__file__).with_name("older_names.json").read_text("utf-8")
)
"""What the types had at commit d4c8236 that are described by files, then or now: names, and entries of enumerations."""

_FROM_THE_FILE: Final = "our own reader takes it from the file, which says how it is to be read"
_OF_FILES: Final = (
    "DataByteOrder", "DataExtent", "DataMask", "DataOrigin", "DataScalarType", "DataSpacing", "DataVOI",
    "FileDimensionality", "FileLowerLeft", "FileNameSliceOffset", "FileNameSliceSpacing", "FileNames", "FilePattern",
    "FilePrefix", "HeaderSize", "IgnoreColorMap", "NumberOfScalarComponents", "OrientationType", "OriginSpecifiedFlag",
    "ScalarArrayName", "SpacingSpecifiedFlag", "SwapBytes",
)  # fmt: skip
GONE: Final[Mapping[str, str]] = {
    **{
        f"{one}.{name}": _FROM_THE_FILE for one in ("MetaImageReader", "NrrdReader", "TIFFReader") for name in _OF_FILES
    },
    "PolyLineSource.NumberOfPoints": "it is as many as Points has",
    "PolyPointSource.NumberOfPoints": "it is as many as Points has",
}
"""Names that lead nowhere, each with the reason."""
OTHER_ENTRIES: Final = frozenset({"CriticalTime.ThresholdCriterion"})
"""Enumerations whose entries have other names, which are those of ParaView."""


def _known(definition: Definition) -> set[str]:
    return {*definition.by_name, *definition.ports, *(one.name for one in definition.older)}


@pytest.mark.parametrize("type_name", sorted(NAMES))
def test_a_name_of_before_is_there_or_leads_to_one_or_is_told(type_name: str) -> None:
    definition = composition(type_name).definition
    gone = {name for name in NAMES[type_name] if name not in _known(definition)}
    assert gone == {name for name in NAMES[type_name] if f"{type_name}.{name}" in GONE} - _known(definition)
    for name, entries in NAMES[type_name].items():
        today = _today(definition, name)
        if today is not None and today.enumeration and f"{type_name}.{name}" not in OTHER_ENTRIES:
            wrong = [one for one in entries if entry_number(today.enumeration, today.also, one) is None]
            assert not wrong, name


def _today(definition: Definition, name: str) -> PropertyDefinition | None:
    older = definition.older_by_name.get(name)
    targets = [] if older is None else older.targets()
    return definition.by_name.get(targets[0].name if len(targets) == 1 and not targets[0].holder else name)


def test_reasons_are_of_names_that_are_gone() -> None:
    known = {f"{one}.{name}" for one in NAMES for name in _known(composition(one).definition)}
    assert known.isdisjoint(GONE) and {one.partition(".")[0] for one in GONE} <= NAMES.keys()


def test_what_names_lead_to_takes_values() -> None:
    """Each target of each type is a property, an input or something that a property holds, as the definitions say."""
    count = 0
    for type_name in curated_names():
        definition = composition(type_name).definition
        for older in definition.older:
            for target in older.targets():
                count += 1
                if target.holder:
                    held = definition.by_name[target.holder]
                    prefix = "" if held.takes_sources else "objects/"
                    assert target.name in composition(prefix + held.candidates[0]).definition.by_name
                else:
                    assert target.name in definition.by_name or target.name in definition.ports
    assert count > 120


VALUES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("IsoVolume", {"LowerThreshold": 1.0}, {"ThresholdRange": [1.0, 1e300]}),
    ("IsoVolume", {"LowerThreshold": 1.0, "UpperThreshold": 2.0}, {"ThresholdRange": [1.0, 2.0]}),
    ("Threshold", {"ThresholdRange": [1, 2]}, {"LowerThreshold": 1, "UpperThreshold": 2, "ThresholdMethod": "Between"}),
    ("Calculator", {"AttributeMode": "point_data"}, {"AttributeType": "Point Data"}),
    ("Calculator", {"AttributeMode": 2}, {"AttributeType": "Cell Data"}),
    ("Reflect", {"PlaneMode": "YMax"}, {"Plane": "YMax"}),
    ("GroupDatasets", {"BlockType": "MultiBlockDataSet"}, {"OutputType": "MultiBlockDataSet"}),
    ("Nek5000Reader", {"CleanGrid": True}, {"MergePointstoCleangrid": True}),
]


@pytest.mark.parametrize(("type_name", "older", "today"), VALUES)
def test_values_by_older_names_are_those_of_today(type_name: str, older: dict[str, Any], today: dict[str, Any]) -> None:
    found, inputs, objects = with_names_of_today(type_name, older, {}, {})
    assert (found, inputs, objects) == (today, {}, {})
    made = Pipeline()
    made.create(1, type_name)
    assert settings_of(composition(type_name), made.proxy(1).parts, found)


def test_what_an_object_has_is_left_to_the_client() -> None:
    assert with_names_of_today("ProbeLocation", {"Center": [1, 2, 3], "Tolerance": 1.0}, {}, {})[0] == {
        "Tolerance": 1.0
    }


@pytest.mark.parametrize(
    ("type_name", "name", "message"),
    [
        ("Glyph", "ScaleMode", "there is no Glyph.ScaleMode: .*ScaleArray"),
        ("PassArrays", "UseFieldTypes", "there is no PassArrays.UseFieldTypes: .*vtkPassArrays"),
    ],
)
def test_what_leads_nowhere_is_told(type_name: str, name: str, message: str) -> None:
    with pytest.raises(UnknownProperty, match=message):
        with_names_of_today(type_name, {name: 1}, {}, {})


def test_what_is_meant_is_read() -> None:
    assert Target.read("Center") == Target("Center")
    assert Target.read("ProbeType.Center") == Target("Center", "ProbeType")
    assert Target.read("ThresholdRange[1]") == Target("ThresholdRange", "", 1)
    for wrong in ("", "A.B.C", "A[x]", "A[-1]"):
        with pytest.raises(ValueError, match=r"none of Name, Name\[1\], Holder.Name"):
            Target.read(wrong)


def test_what_is_set_is_read_back() -> None:
    values = {Target("A"): [1, 2], Target("B"): 3, Target("C", "Held"): 4}
    assert OlderName("Old", ("A[1]",)).told(values.__getitem__) == 2
    assert OlderName("Old", ("B", "Held.C"), each=True).told(values.__getitem__) == [3, 4]
    assert OlderName("Old", ("B",), words={"three": 3}).told(values.__getitem__) == "three"
    plain = OlderName("Old", ("A[1]",), fill=(1, 2), why="so").to_dict()
    assert plain == {"name": "Old", "now": ["A[1]"], "fill": [1, 2], "why": "so"}
    assert OlderName.read(plain).to_dict() == plain


MISTAKES = [
    ('{ name = "Radius", now = "ThetaResolution" }', "Radius is a property of today, and no older name"),
    ('{ name = "Size", now = "Radiuss" }', "Size leads to 'Radiuss', which is not there; near: Radius"),
    ('{ name = "Size" }', "the older name Size needs now, or why"),
    ('{ name = "Size", nwo = "Radius" }', "a key 'nwo'; did you mean now"),
    ('{ name = "Size", now = "A.B.C" }', "none of Name"),
]


@pytest.mark.parametrize(("older", "message"), MISTAKES)
def test_mistakes_in_files_are_told(older: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        f'[Ball]\ngroup = "sources"\nparts = {{ source = "vtkSphereSource" }}\nolder = [{older}]\n'
        'property = [{ name = "Radius" }, { name = "ThetaResolution" }]\n'
    )
    with_settings(monkeypatch, definitions=(path,))
    _entries.cache_clear()
    try:
        with pytest.raises(DefinitionError, match=message):
            composition("Ball")
    finally:
        _entries.cache_clear()
