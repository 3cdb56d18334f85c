"""Definitions read from the VTK wheel: what is offered, what is refused, what the values are."""

import os
import subprocess
import sys
import tomllib
from typing import Any

import msgpack
import pytest

from apvserver.vtk.base.errors import InvalidProperty, UnknownType
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types import catalog
from apvserver.vtk.types.definitions import PropertyDefinition
from apvserver.vtk.types.information_properties import information_properties
from apvserver.vtk.types.properties import set_properties
from apvserver.vtk.types.reflection import ENTRIES, definition, label_of

from ..harness.apvtest import ROOT
from ..harness.time_limits import scaled

SAMPLE = catalog.type_names()[::21]


def prop(type_name: str, name: str) -> PropertyDefinition:
    return next(one for one in definition(type_name).properties if one.name == name)


def can_be_made(type_name: str) -> bool:
    try:
        definition(type_name)
    except UnknownType:  # abstract
        return False
    return True


def test_a_class_is_found_with_and_without_its_prefix() -> None:
    assert definition("SurfaceNets3D") is definition("vtkSurfaceNets3D")
    assert definition("SurfaceNets3D").label == "Surface Nets 3D"


def test_numbers_have_words_where_classes_tell_none() -> None:
    told = tomllib.loads(ENTRIES.read_text(encoding="utf-8"))
    offered = [catalog.class_of(name) for name in catalog.type_names()]
    for base, properties in told.items():
        classes = [one for one in offered if base in (each.__name__ for each in one.__mro__)]
        made = [one for one in classes if can_be_made(one.__name__)]
        assert made, f"nothing that can be made is a {base}"
        for one in made:
            for name, entries in properties.items():
                found = prop(one.__name__, name)
                assert (found.type, dict(found.enumeration)) == ("enum", entries), (one, name)
                assert found.default in entries.values(), (one, name)
    algorithm = catalog.construct("vtkParticleTracer")
    set_properties(algorithm, {"IntegratorType": "Runge-Kutta 4-5"})
    assert algorithm.GetIntegratorType() == 2
    set_properties(algorithm, {"IntegratorType": 0})
    assert algorithm.GetIntegratorType() == 0
    with pytest.raises(InvalidProperty, match="Runge-Kutta 4"):
        set_properties(algorithm, {"IntegratorType": "Euler"})


@pytest.mark.parametrize(
    "name", ["vtkObject", "vtkCollection", "vtkRenderWindow", "os.system", "__import__", "", "vtk", "Countour"]
)
def test_only_algorithms_can_be_named(name: str) -> None:
    with pytest.raises(UnknownType, match="is not an algorithm class of VTK"):
        definition(name)


def test_a_mistyped_name_gets_suggestions() -> None:
    with pytest.raises(UnknownType, match="vtkContourFilter"):
        definition("ContorFilter")


def test_abstract_and_deprecated_classes_say_so() -> None:
    with pytest.raises(UnknownType, match="abstract"):
        definition("vtkAbstractPolyDataReader")
    with pytest.raises(UnknownType, match="use vtkTransformFilter"):
        definition("TransformPolyDataFilter")


def test_scalars_tuples_switches_ranges_and_paths() -> None:
    extent = prop("RTAnalyticSource", "WholeExtent")
    assert (extent.type, extent.size, extent.default) == ("int", 6, (-10, 10, -10, 10, -10, 10))
    assert prop("SphereSource", "ThetaResolution").range == (3, 2**31 - 1)
    assert prop("ContourFilter", "GenerateTriangles").type == "bool"
    assert prop("XMLImageDataReader", "FileName").path
    assert prop("XMLMultiBlockDataReader", "FileName").path
    assert not prop("Glyph3D", "PointIdsName").path
    assert prop("Cutter", "CutFunction").kind == "object"


def test_minus_one_is_no_switch() -> None:
    # VTK documents -1 as "not chosen" for this one, although ComputeNormalsOn exists.
    assert prop("ContourFilter", "ComputeNormals").type == "int"


def test_enumerations_come_from_methods_and_from_cpp_enums() -> None:
    assert prop("Glyph3D", "VectorMode").enumeration[:2] == (("UseVector", 0), ("UseNormal", 1))
    assert ("SCALED_JACOBIAN", 10) in prop("MeshQuality", "HexQualityMeasure").enumeration
    assert dict(prop("ArrayCalculator", "FunctionParserType").enumeration) == {
        "FunctionParser": 0,
        "ExprTkFunctionParser": 1,
    }
    assert prop("ContourFilter", "OutputPointsPrecision").enumeration[2] == ("Default", 2)


def test_process_wide_and_internal_properties_are_not_offered() -> None:
    names = {one.name for one in definition("ContourFilter").properties}
    assert not names & {"ReferenceCount", "GlobalWarningDisplay", "AbortExecute", "Executive", "Output", "Debug"}
    mapper = {one.name for one in definition("PolyDataMapper").properties}
    assert "ResolveCoincidentTopology" not in mapper


def test_deprecated_properties_are_left_out() -> None:
    assert "OutputStyle" not in {one.name for one in definition("SurfaceNets3D").properties}


def test_ports_have_names_types_and_counts() -> None:
    probe, glyph = definition("ProbeFilter"), definition("Glyph3D")
    assert [port.name for port in probe.inputs] == ["Input", "Source"]
    assert glyph.inputs[1].data_types == ("vtkPolyData",)
    assert glyph.inputs[1].optional and glyph.inputs[1].repeatable
    assert definition("AppendPolyData").inputs[0].repeatable
    assert definition("FlyingEdges3D").inputs[0].data_types == ("vtkImageData",)
    assert definition("SphereSource").inputs == ()


@pytest.mark.parametrize(
    ("type_name", "group"),
    [
        ("SphereSource", "sources"),
        ("ContourFilter", "filters"),
        ("XMLImageDataReader", "readers"),
        ("PLYWriter", "writers"),
        ("PolyDataMapper", "mappers"),
    ],
)
def test_groups(type_name: str, group: str) -> None:
    assert definition(type_name).group == group


def test_asking_for_properties_does_not_change_other_instances() -> None:
    definition("Glyph3D")
    assert catalog.construct("Glyph3D").GetVectorMode() == 0


def test_labels_are_readable() -> None:
    assert label_of("vtkXMLPolyDataReader") == "XML Poly Data Reader"


@pytest.mark.parametrize("name", SAMPLE)
def test_a_definition_is_plain_and_its_defaults_can_be_set(name: str) -> None:
    check_definition(name)


def check_definition(name: str) -> None:
    try:
        found = definition(name)
    except UnknownType:
        return  # abstract
    plain: dict[str, Any] = msgpack.unpackb(msgpack.packb(found.to_dict()))
    assert plain["type_name"] == name
    assert len({one["name"] for one in plain["properties"]}) == len(plain["properties"])
    defaults = {one.name: one.default for one in found.properties if one.kind != "object" and not one.information}
    assert set_properties(catalog.construct(name), defaults) == []


def test_listing_the_names_imports_no_module_of_them() -> None:
    code = (
        "import sys; from apvserver.vtk.types.catalog import type_names; n = len(type_names());"
        "assert n > 1200, n; assert 'vtkmodules.vtkFiltersCore' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=scaled(60))


def test_first_values_are_not_what_memory_holds() -> None:
    """VTK 9.7.2 leaves these to chance: two processes with different fresh memory said different things."""
    code = (
        "from apvserver.vtk.types.reflection import definition;"
        "print(definition('vtkEuclideanClusterExtraction').by_name['Radius'].default,"
        "definition('vtkSmartVolumeMapper').by_name['VectorComponent'].default,"
        "definition('vtkPointSource').by_name['Lambda'].default,"
        "definition('vtkmHistogram').by_name['CustomBinRange'].default,"
        "{'SubExtent', 'WholeExtent'} & set(definition('vtkWindBladeReader').by_name))"
    )
    for fill in ("1", "171"):
        environment = {**os.environ, "MALLOC_PERTURB_": fill, "APV_CACHE_DIR": "off"}
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            timeout=scaled(60),
            check=True,
        )
        assert done.stdout.strip() == "1.0 0 1.0 (0.0, 100.0) set()"


@pytest.mark.deep
@pytest.mark.skipif(sys.platform != "linux", reason="fills fresh memory by glibc's tunables")
def test_no_default_is_what_memory_holds() -> None:
    code = (
        "import os, sys; from apvserver.vtk.types.catalog import type_names;"
        "from tests.apvserver.test_reflection import defaults_of;"
        "[print(name, defaults_of(name)) for name in type_names()]; sys.stdout.flush(); os._exit(0)"
    )
    found = []
    for fill in ("85", "170"):  # small blocks, too, which are not filled where each thread keeps some
        tunables = f"glibc.malloc.tcache_count=0:glibc.malloc.perturb={fill}"
        environment = {**os.environ, "GLIBC_TUNABLES": tunables, "APV_CACHE_DIR": "off"}
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=scaled(110),
            check=True,
        )
        found.append(done.stdout.splitlines())
    assert len(found[0]) > 1200
    assert [pair for pair in zip(*found, strict=True) if pair[0] != pair[1]] == []


def defaults_of(name: str) -> dict[str, Any]:
    """Of all properties; none of what is abstract."""
    try:
        found = definition(name)
    except UnknownType:
        return {}
    return {one.name: one.default for one in found.properties}


@pytest.mark.deep
def test_every_class_of_the_wheel_can_be_described() -> None:
    """In a process of its own, because some classes of VTK end the process when they are touched."""
    code = (
        "import os, sys; from tests.apvserver import test_reflection as t;"
        "[t.check_definition(name) for name in t.catalog.type_names()]; print('all'); sys.stdout.flush(); os._exit(0)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=scaled(110)
    )
    assert done.stdout.strip() == "all", done.stderr


def test_what_can_be_read_and_not_set_is_information() -> None:
    found = {one.name: one for one in definition("MassProperties").properties}
    assert found["Volume"].information and (found["Volume"].type, found["Volume"].size) == ("float", 1)
    assert len(found["Volume"].doc) > 5
    mean = next(one for one in definition("ImageAccumulate").properties if one.name == "Mean")
    assert mean.information and (mean.type, mean.size) == ("float", 3)
    assert not any(one.information for one in definition("SphereSource").properties)
    assert not any(
        one.name.endswith(("MinValue", "MTime", "Output")) for one in definition("GradientFilter").properties
    )


def test_readings_are_those_of_the_last_execution() -> None:
    pipeline = Pipeline()
    pipeline.create(1, "CubeSource", {"XLength": 2.0, "YLength": 3.0})
    pipeline.create(2, "TriangleFilter", {}, {"Input": [(1, 0)]})
    pipeline.create(3, "MassProperties", {}, {"Input": [(2, 0)]})
    Executor().execute(pipeline, 3)
    found = information_properties(pipeline.proxy(3))
    assert found["Volume"] == pytest.approx(6.0) and found["SurfaceArea"] == pytest.approx(22.0)
    with pytest.raises(InvalidProperty, match="Volume is information: it is read after an execution"):
        pipeline.modify(3, {"Volume": 1.0})
