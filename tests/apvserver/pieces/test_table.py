"""What is known to be right in pieces: names that exist, and what chains of algorithms need."""

from __future__ import annotations

import pytest

from apvserver.vtk.base.facts import vtk_facts
from apvserver.vtk.pipeline.pieces.table import GHOST_LEVELS, Given, Made, given, kinds_of, made, needs_the_whole
from apvserver.vtk.types.catalog import construct
from apvserver.vtk.types.toml_definitions import composition


def parts_of(type_name: str) -> list[object]:
    return [construct(part.vtk_name) for part in composition(type_name).parts]


@pytest.mark.parametrize("group", ["gives", "right"])
def test_names_are_those_of_classes_each_once(group: str) -> None:
    names = [name for fact in vtk_facts.facts("pieces", group) for name in fact.names]
    assert len(names) == len(set(names))
    assert [type(construct(name)).__name__ for name in names] == names


def test_entries_are_those_of_the_module() -> None:
    assert {fact.name for fact in vtk_facts.facts("pieces", "gives")} == {one.value for one in Given}
    assert {fact.name for fact in vtk_facts.facts("pieces", "right")} == {one.value for one in Made}


def test_sources_give_blocks_or_parts_or_the_whole() -> None:
    assert given(construct("vtkRTAnalyticSource")) is Given.BLOCKS
    assert given(construct("vtkXMLPUnstructuredGridReader")) is Given.PARTS
    assert given(construct("vtkSphereSource")) is None


def test_ghost_levels_add_up_along_a_chain() -> None:
    def levels(*type_names: str) -> int:
        return sum(GHOST_LEVELS[kind] for name in type_names for kind in kinds_of(parts_of(name)))

    assert levels("Threshold") == 0
    assert levels("Slice") == 0
    assert levels("Contour") == 1
    assert levels("CellDatatoPointData", "Contour") == 3


def test_what_needs_the_whole_is_named() -> None:
    assert needs_the_whole(parts_of("Clip")) is None
    assert needs_the_whole(parts_of("Delaunay3D")) == "HullTetrahedra"
    assert made(construct("vtkConnectivityFilter")) is None
    assert needs_the_whole(parts_of("Connectivity")) == "vtkConnectivityFilter"


def test_nothing_is_known_on_a_vtk_that_was_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vtk_facts, "installed_version", lambda: "9.8.1")
    assert made(construct("vtkThreshold")) is None
    assert given(construct("vtkRTAnalyticSource")) is None
