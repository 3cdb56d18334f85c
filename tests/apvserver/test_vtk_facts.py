"""Facts of VTK hold for the versions that they were measured on; of all others the cautious answer is given."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkCommonExecutionModel import vtkTrivialProducer

from apvserver.vtk.base.errors import FileError, UnknownType
from apvserver.vtk.base.facts import vtk_facts
from apvserver.vtk.base.facts.vtk_facts import Fact, Versions, by_name, facts, names, unmeasured
from apvserver.vtk.base.vtk_messages import capture
from apvserver.vtk.files.truncation import checks
from apvserver.vtk.pipeline.guards import data_guards, refusals
from apvserver.vtk.pipeline.interruption import may_abort
from apvserver.vtk.pipeline.results import losses
from apvserver.vtk.types import averaging
from apvserver.vtk.types.catalog import canonical_name, class_of, construct, not_offered
from apvserver.vtk.types.information_properties import not_to_be_read
from apvserver.vtk.types.reflection import read_class

from ..harness.time_limits import scaled

ROOT = Path(__file__).parents[2]
OTHERS = ("9.6.1", "9.8.0", "10.0.0.rc1")
"""Versions of which nothing is known but what was deprecated when."""


@pytest.fixture(params=OTHERS)
def another(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    version: str = request.param
    monkeypatch.setattr(vtk_facts, "installed_version", lambda: version)
    return version


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        (">=9.7,<9.8", [(9, 7), (9, 7, 2)], [(9, 6, 9), (9, 8), (10, 0)]),
        (">=9.7.2", [(9, 7, 2), (10,)], [(9, 7), (9, 7, 1)]),
        ("<9.7", [(9, 6, 5), (8,)], [(9, 7), (9, 7, 1)]),
    ],
)
def test_a_range_of_versions(text: str, inside: list[Any], outside: list[Any]) -> None:
    versions = Versions.parse(text)
    assert all(one in versions for one in inside) and not any(one in versions for one in outside)


@pytest.mark.parametrize("text", ["9.7", ">9.7", ">=9.7,>=9.8", "", ">=nine"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"write \">=9\.7\""):
        Versions.parse(text)


def test_what_is_safe_holds_where_it_was_seen_and_what_harms_unless_it_is_fine() -> None:
    seen, fine = Versions.parse(">=9.7,<9.8"), Versions.parse(">=9.9")
    safe, harm = Fact("a", (), seen, safe=True), Fact("b", (), seen, fine)
    versions = [(9, 6), (9, 7), (9, 8), (9, 9)]
    assert [safe.holds(one) for one in versions] == [False, True, False, False]
    assert [harm.holds(one) for one in versions] == [True, True, True, False]
    assert [harm.is_measured(one) for one in versions] == [False, True, False, True]


def test_every_name_in_the_tables_is_known_to_the_code_and_the_other_way_round() -> None:
    assert {one.name for one in facts("execution", "guards")} == set(refusals._GUARDS)
    assert all(callable(getattr(data_guards, one.name)) for one in facts("execution", "looks"))
    assert {one.name for one in facts("execution", "averages")} == set(averaging._KINDS)
    assert {one.name for one in facts("execution", "losses")} == set(losses._SAID)
    assert {one.name for one in facts("files", "truncation")} == {*checks._CHECKS, *checks._CHECKS_OF_PATHS}
    for name in by_name("files", "corrections"):
        construct(name)  # imports the function that is named


def _is_known(name: str) -> bool:
    try:
        return class_of(name) is not None
    except UnknownType:
        return False


def test_every_class_in_the_tables_is_one_of_the_wheel_or_of_our_own() -> None:
    tables = [
        ("execution", one)
        for one in (
            "abortable",
            "averages",
            "guards",
            "looks",
            "losses",
            "wrong_on_turned_images",
            "wrong_on_images_from_elsewhere",
            "wrong_on_rectilinear_grids",
            "counts_hidden_cells",
        )
    ]
    tables += [("files", one) for one in ("keeps", "truncation", "corrections")]
    named = {name for subject, group in tables for name in by_name(subject, group)}  # type: ignore[arg-type]
    named |= {one.name for one in facts("classes", "deprecated")}  # what is to be used instead
    assert {name for name in named if not _is_known(name)} == {"vtkPStreamTracer"}, "which builds with MPI have"


def test_the_installed_vtk_was_measured() -> None:
    """If not: run the deep tests with it, and say in the tables what they find."""
    for subject, group in (("classes", "fatal"), ("execution", "abortable"), ("files", "truncation")):
        assert unmeasured(subject, group) == ()  # type: ignore[arg-type]


@pytest.mark.usefixtures("another")
def test_nothing_is_aborted() -> None:
    assert not may_abort(construct("vtkThreshold")) and not may_abort(construct("vtkContourFilter"))


@pytest.mark.usefixtures("another")
def test_getters_that_ended_the_process_are_not_called() -> None:
    left_out = not_to_be_read(class_of("vtkIOSSCellGridReader"))
    assert {"FieldSuffixSeparator", "ReadGlobalFields"} <= left_out
    assert not left_out & read_class("vtkIOSSCellGridReader").properties.keys()


@pytest.mark.usefixtures("another")
def test_classes_that_ended_the_process_are_not_made() -> None:
    with pytest.raises(UnknownType, match="ends the process"):
        canonical_name("vtkFixedPointVolumeRayCastMapper")


def test_a_class_is_deprecated_from_a_version_on(monkeypatch: pytest.MonkeyPatch) -> None:
    why = "deprecated in VTK 9.7: use vtkImageBinaryThreshold"
    assert not_offered()["vtkImageThreshold"] == why
    monkeypatch.setattr(vtk_facts, "installed_version", lambda: "9.6.2")
    assert "vtkImageThreshold" not in not_offered()
    assert not_offered()["vtkLabelPlacer"] == "deprecated in VTK 9.6: use vtkLabelPlacementMapper"
    monkeypatch.setattr(vtk_facts, "installed_version", lambda: "9.9.0")
    assert not_offered()["vtkImageThreshold"] == why


@pytest.mark.usefixtures("another")
def test_files_are_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "cut.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n1234")
    assert checks.is_checked("vtkPNGReader")
    with pytest.raises(FileError, match="is cut off"):
        checks.check_truncation(str(path), "vtkPNGReader")
    assert names("files", "keeps", "open_files")


@pytest.mark.usefixtures("another")
def test_guards_look() -> None:
    algorithm, producer, points = construct("vtkCurvatures"), vtkTrivialProducer(), vtkPoints()
    points.InsertNextPoint(0.0, 0.0, 0.0)
    cloud = vtkPolyData()
    cloud.SetPoints(points)
    producer.SetOutput(cloud)
    producer.Update()
    algorithm.SetInputConnection(producer.GetOutputPort())
    assert "it works on polygons, and the input has none" in str(refusals.harmful(algorithm))


@pytest.mark.usefixtures("another")
def test_integers_are_converted_and_no_views_are_made() -> None:
    (averages,) = averaging.averages_of("vtkContourFilter")
    assert averages.what == averaging.POINTS and not averages.read


def test_what_is_read_is_put_right_and_that_is_told(another: str) -> None:
    reader = construct("vtkMultiBlockPLOT3DReader")
    with capture() as messages:
        reader.InvokeEvent("EndEvent")
    assert [one.text for one in messages.reports if f"this is VTK {another}" in one.text]


def test_without_a_change_of_versions_nothing_is_told() -> None:
    reader = construct("vtkMultiBlockPLOT3DReader")
    with capture() as messages:
        reader.InvokeEvent("EndEvent")
    assert not messages.reports


@pytest.mark.parametrize("type_name", ["vtkArrayRename", "vtkBTSReader"])
def test_what_a_new_proxy_knows_can_be_asked_for(type_name: str) -> None:
    """The getters of some classes end the process before there is an input, or the name of a file."""
    asked = (
        "from apvserver.vtk.pipeline.proxies import Pipeline\n"
        "from apvserver.vtk.types.information_properties import information_properties\n"
        f"pipeline = Pipeline(); pipeline.create(1, {type_name!r}, {{}}, {{}})\n"
        "information_properties(pipeline.proxy(1))\n"
    )
    command = [sys.executable, "-c", asked]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=scaled(60))
    assert ended.returncode == 0, ended.stderr[-2000:]
