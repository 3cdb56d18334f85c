"""Defaults that depend on data: filled before an execution, kept where set, the same as the client's domains say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import vtkmodules.vtkCommonDataModel as model

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.base.information import describe_output
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.guards.refusals import harmful
from apvserver.vtk.pipeline.guards.requirements import RULES, is_a, unmet
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.toml_definitions import _entries, composition, hand_written_names
from async_paraview.information import DataInformation
from servermanager import connect

from ..harness.apvtest import environment, in_loop
from ..harness.time_limits import scaled

WAVELET, SPHERE, FILTER, PLANE = 1, 2, 10, 11
FAR = [20, 40, 20, 40, 20, 40]


def execute(made: Pipeline, id_: int = FILTER) -> dict[str, Any]:
    Executor().execute(made, id_)
    return describe_output(*made.output(id_))


def over_wavelet(type_name: str, properties: dict[str, Any] | None = None, extent: list[int] | None = None) -> Pipeline:
    made = Pipeline()
    made.create(WAVELET, "Wavelet", {} if extent is None else {"WholeExtent": extent})
    made.create(SPHERE, "Sphere", {"Center": [5.0, 6.0, 7.0]})
    made.create(FILTER, type_name, properties or {}, {"Input": [(WAVELET, 0)]})
    return made


def test_a_volume_of_interest_is_all_of_the_image_and_follows_it() -> None:
    made = over_wavelet("ExtractSubset")
    assert execute(made)["extent"] == (-10, 10, -10, 10, -10, 10)
    made.modify(WAVELET, {"WholeExtent": FAR})
    assert execute(made)["extent"] == tuple(FAR)
    made.modify(FILTER, {"VOI": [25, 30, 25, 30, 25, 30]})
    assert execute(made)["points"] == 216
    made.modify(WAVELET, {"WholeExtent": [20, 28, 20, 28, 20, 28]})
    with pytest.raises(ExecutionFailed, match=r"VOI is \[25, .*must lie in the extent of the input, \[20, 28,"):
        execute(made)


@pytest.mark.parametrize(("type_name", "name"), [("ExtractSubset", "VOI"), ("vtkExtractVOI", "VOI")])
def test_a_volume_of_interest_outside_of_the_image_is_refused(type_name: str, name: str) -> None:
    made = over_wavelet(type_name, {name: [11, 20, 0, 5, 0, 5]})
    with pytest.raises(ExecutionFailed, match=r"VOI is \[11, 20, 0, 5, 0, 5\].*extent.*\[-10, 10, -10, 10, -10, 10\]"):
        execute(made)
    made.modify(FILTER, {name: [0, 5, 0, 5, 0, 5]})
    assert execute(made)["points"] == 216


def test_the_bare_class_with_its_own_default_is_refused() -> None:
    """By the guard alone: VTK is not to get what would end this process."""
    made = over_wavelet("vtkExtractVOI")
    execute(made, WAVELET)
    extract = made.algorithm(FILTER)
    words = r"VOI is \[0, 2147483647, .*\] and must lie in the extent of the input, \[-10, 10, -10, 10, -10, 10\]"
    assert re.match(words, str(harmful(extract)))
    extract.SetVOI(0, 5, 0, 5, 0, 5)
    assert harmful(extract) is None


def test_a_contour_is_in_the_middle_of_the_first_array_until_it_is_set() -> None:
    made = over_wavelet("Contour")
    execute(made)
    assert made.proxy(FILTER).filled["ContourBy"] == ["POINTS", "RTData"]
    assert made.proxy(FILTER).filled["Isosurfaces"] == pytest.approx([(37.3531 + 276.8288) / 2], abs=1e-3)
    made.modify(FILTER, {"Isosurfaces": [200.0]})
    found = execute(made)
    assert found["arrays"][0]["ranges"][0] == pytest.approx((200.0, 200.0))
    made.connect(FILTER, {"Input": [(SPHERE, 0)]})
    with pytest.raises(ExecutionFailed, match=r"ContourBy needs an array .* points .*there is: POINTS Normals \(3\)"):
        execute(made)


def test_a_plane_of_its_own_goes_through_the_centre_of_the_data() -> None:
    made = over_wavelet("Slice", extent=FAR)
    assert execute(made)["bounds"] == pytest.approx((30, 30, 20, 40, 20, 40))
    made.connect(FILTER, {"Input": [(SPHERE, 0)]})
    assert execute(made)["bounds"][:2] == pytest.approx((5, 5))


def test_a_plane_that_a_client_made_does_so_too_and_what_it_set_is_kept() -> None:
    made = over_wavelet("Slice", extent=FAR)
    made.create(PLANE, "objects/Plane", {"Normal": [0, 0, 1]})
    made.modify(FILTER, {}, {"SliceType": PLANE})
    assert execute(made)["bounds"] == pytest.approx((20, 40, 20, 40, 30, 30))
    made.modify(PLANE, {"Origin": [0, 0, 33]})
    assert execute(made)["bounds"][4:] == pytest.approx((33, 33))
    made.modify(WAVELET, {"WholeExtent": [20, 40, 20, 40, 30, 40]})
    assert execute(made)["bounds"][4:] == pytest.approx((33, 33))


def test_what_two_filters_hold_follows_the_older_one_and_nothing_executes_for_ever() -> None:
    made = over_wavelet("Slice")
    made.create(PLANE, "objects/Plane")
    made.modify(FILTER, {}, {"SliceType": PLANE})
    made.create(20, "Slice", {}, {"Input": [(SPHERE, 0)]}, {"SliceType": PLANE})
    steps: list[tuple[int, str]] = []
    executor = Executor()
    for id_ in (FILTER, 20, FILTER, 20):
        steps.clear()
        executor.execute(made, id_, on_progress=lambda step: steps.append((step.proxy_id, step.state)))
    assert steps == []
    assert made.proxy(PLANE).filled == {"Origin": [0.0, 0.0, 0.0]}


def test_seeds_lie_in_the_data() -> None:
    made = over_wavelet("Gradient", extent=FAR)
    made.create(20, "StreamTracer", {}, {"Input": [(FILTER, 0)]})
    found = execute(made, 20)
    assert found["points"] > 1000
    seeds = made.proxy(20).own_objects["SeedType"]
    assert seeds.filled == {"Point1": [20.0, 20.0, 20.0], "Point2": [40.0, 40.0, 40.0]}
    made.modify(20, {"SeedType": "Point Cloud"})
    assert execute(made, 20)["points"] > 1000
    seeds = made.proxy(20).own_objects["SeedType"]
    assert seeds.filled["Center"] == [30.0, 30.0, 30.0]
    assert seeds.filled["Radius"] == pytest.approx(0.1 * 20)
    assert made.proxy(20).filled["Vectors"] == ["POINTS", "Gradient"]


def test_columns_of_a_table_are_its_first_three() -> None:
    made = over_wavelet("DataToTable", {"AddMetaData": True}, extent=[0, 3, 0, 2, 0, 1])
    made.create(20, "Calculator", {"AttributeType": "Row Data", "Function": "RTData*2"}, {"Input": [(FILTER, 0)]})
    made.create(21, "TableToPoints", {}, {"Input": [(20, 0)]})
    assert execute(made, 21)["points"] == 24
    assert made.proxy(21).filled == {"XColumn": "RTData", "YColumn": "Result", "ZColumn": "Result"}
    made.create(22, "TableToStructuredGrid", {"YColumn": "RTData"}, {"Input": [(20, 0)]})
    assert execute(made, 22)["points"] == 24
    assert made.proxy(22).filled["WholeExtent"] == [0, 23, 0, 0, 0, 0]


def information(**known: Any) -> DataInformation:
    plain = {"type": "vtkPolyData", "points": 3, "cells": 1, "rows": 0, "bounds": None, "memory_kib": 1, "blocks": []}
    return DataInformation.from_dict({**plain, "arrays": [], "time_steps": [], **known})


def test_rules_are_functions_of_a_definition_and_of_what_the_inputs_hold() -> None:
    contour = composition("Contour").definition
    table = information(type="vtkTable", rows=5, points=0, cells=0)
    assert unmet(contour, {"Input": (table,)}, {}) == (
        "its input Input takes a vtkDataSet, and there is a vtkTable; TableToPoints makes points of the rows"
    )
    block = {"name": "a", "type": "vtkTable", "points": 0, "cells": 0, "blocks": []}
    group = information(type="vtkMultiBlockDataSet", blocks=[{**block, "type": "vtkPolyData"}, block])
    assert "there is a vtkTable among the blocks" in str(unmet(contour, {"Input": (group,)}, {}))
    nothing = information(points=0, cells=0)
    assert unmet(contour, {"Input": (nothing,)}, {}) is None, "an empty input is asked for nothing"
    assert len(RULES) >= 3 and is_a("vtkImageData", "vtkDataSet") and not is_a("vtkTable", "vtkDataSet")


def test_arrays_of_texts_and_ghosts_are_not_taken() -> None:
    made = Pipeline()
    made.create(SPHERE, "Sphere")
    execute(made, SPHERE)
    output = made.algorithm(SPHERE).GetOutput()
    output.AllocatePointGhostArray()
    made.create(FILTER, "WarpByScalar", {}, {"Input": [(SPHERE, 0)]})
    assert output.GetPointData().HasArray(model.vtkDataSetAttributes.GhostArrayName())
    with pytest.raises(ExecutionFailed, match="Scalars needs an array of numbers of points"):
        execute(made)


@in_loop
async def test_the_server_fills_in_what_the_client_would_set() -> None:
    async with connect(backend="inproc") as session:
        wavelet = session.sources.Wavelet(WholeExtent=FAR)
        for name in (
            "Contour",
            "ExtractSubset",
            "PlotOverLine",
            "IsoVolume",
            "Elevation",
            "Threshold",
        ):
            left, right = session.create(name, Input=wavelet), session.create(name, Input=wavelet)
            filled = (await left.update_pipeline()).filled
            await right.update_domains()
            domains = {one: right.domain(one).default for one in filled}
            assert domains == filled and filled, name
            right.reset_to_domain_defaults()
            assert (await right.update_pipeline()).raw["bounds"] == left.information[0].raw["bounds"], name
        slice = session.filters.Slice(Input=wavelet)
        assert (await slice.update_pipeline()).filled == {
            "SliceType.Origin": [30.0, 30.0, 30.0],
            "HyperTreeGridSlicer.Origin": [30.0, 30.0, 30.0],
        }


SWEEP = """
import sys
from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.base.information import describe_output
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.toml_definitions import composition

kind, frog, *names = sys.argv[1:]
made = Pipeline()
first = {"sphere": "Sphere", "frog": "XMLImageDataReader"}.get(kind, "Wavelet")
made.create(1, first, {"FileName": frog} if frog else {})
if kind in ("table", "grid"):
    made.create(2, {"table": "DataToTable", "grid": "Tetrahedralize"}[kind], {}, {"Input": [(1, 0)]})
source = 2 if 2 in made else 1
for id_, name in enumerate(names, 10):
    print("begun", name, flush=True)
    inputs = composition(name).definition.inputs
    made.create(id_, name, {}, {port.name: [(source, 0)] for port in inputs})
    try:
        Executor().execute(made, id_)
        print("ended", name, describe_output(*made.output(id_))["type"], flush=True)
    except ExecutionFailed as error:
        print("refused", name, str(error).replace(chr(10), " "), flush=True)
    made.delete(id_)
"""
WORDS = (
    "its input ",
    "needs an array of numbers",
    "works on lines",
    "works on points, lines and polygons",
    "works on data of several times",
    "has no line",
)
"""What a refusal says; anything else is VTK's, too late."""

MOST_REFUSED, MOST_REFUSED_OF_A_TABLE = 37, 100
"""How many types may refuse: those that take what the data is not, such as polygons, points or several times.

Eight more became types of our own on 1 December 2026, which refuse here what they refused before. Of a table, for which
89 refused, these are all but ComputeQuartiles: they need points. Of an image, for which 31 refused, they are 4,
and of a grid, for which 30 did, 5: ConnectedSurfaceProperties and LinearCellExtrusion need surfaces,
VolumeOfRevolution cells without volumes, TemporalSmoothing several times, and GradientMagnitude an image.
After them came PlotDataOverTime, which needs times, and PlotSelectionOverTime, which needs a selection;
then AnimateModes and AxisAlignedReflect, which were described by a tool before, and take no table.
"""


def frog(path: Path, every: list[int]) -> str:
    """The frog that PyVista brings along, or every n-th point of it, with its own labels and uneven spacing."""
    examples = pytest.importorskip("pyvista.examples", reason="the frog is in PyVista's wheel, extra `examples`")
    made = Pipeline()
    made.create(1, "XMLImageDataReader", {"FileName": str(Path(examples.dir_path) / "frog_tissues.vti")})
    made.create(2, "ExtractSubset", {"SampleRate": every}, {"Input": [(1, 0)]})
    made.create(3, "XMLImageDataWriter", {"FileName": str(path)}, {"Input": [(2, 0)]})
    Executor().execute(made, 3)
    return str(path)


def swept(kind: str, file: str) -> None:
    names = [name for name in hand_written_names() if _entries()[name][0]["group"] in ("sources", "filters")]
    given = [sys.executable, "-c", SWEEP, kind, file, *names]
    ended = subprocess.run(
        given, capture_output=True, text=True, env=environment(APV_ALLOW_PYTHON="1"), timeout=scaled(3000)
    )
    lines = [line.split(maxsplit=2) for line in ended.stdout.splitlines()]
    assert ended.returncode == 0, f"{lines[-1]} ended the process: {ended.returncode}\n{ended.stderr}"
    assert [line[1] for line in lines if line[0] == "begun"] == names
    refused = {line[1]: line[2] for line in lines if line[0] == "refused"}
    assert not {name: why for name, why in refused.items() if not any(words in why for words in WORDS)}
    assert len(refused) <= (MOST_REFUSED_OF_A_TABLE if kind == "table" else MOST_REFUSED), refused


@pytest.mark.parametrize("kind", ["wavelet", "sphere", "table", "grid", "frog"])
def test_no_type_fails_or_ends_the_process_with_its_defaults(kind: str, tmp_path: Path) -> None:
    swept(kind, frog(tmp_path / "frog.vti", [12, 12, 8]) if kind == "frog" else "")


@pytest.mark.deep
@pytest.mark.parametrize("every", [[4, 4, 4], [2, 2, 2]])
def test_no_type_fails_or_ends_the_process_on_a_larger_frog(every: list[int], tmp_path: Path) -> None:
    swept("frog", frog(tmp_path / "frog.vti", every))


@pytest.mark.parametrize(
    ("made_by", "attribute", "kind"), [("PointDatatoCellData", "CellData", "CELLS"), ("DataToTable", "RowData", "ROWS")]
)
def test_a_calculator_knows_the_arrays_of_what_it_computes_for(made_by: str, attribute: str, kind: str) -> None:
    made = over_wavelet(made_by)
    made.create(20, "Calculator", {"AttributeType": attribute, "Function": "RTData*2"}, {"Input": [(FILTER, 0)]})
    arrays = {(one["association"], one["name"]): one["ranges"][0] for one in execute(made, 20)["arrays"]}
    assert arrays[kind, "Result"] == pytest.approx([2 * one for one in arrays[kind, "RTData"]])
