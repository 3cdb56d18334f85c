"""Types whose definitions are facts of ParaView's XML: the same results as ParaView's, or values that are known."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from apvserver.vtk.base.errors import VtkError
from apvserver.vtk.base.information import describe_output
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.types.toml_definitions import composition, curated_names, curated_table, hand_written_names
from servermanager import Session, SourceProxy, connect

from ..harness.paraview_types import EXPECTED, FILTER, Summary, differences, made_of, pipeline, summary

GENERATED: Final = sorted(set(curated_names()) - set(hand_written_names()))


_STEEP: Final = ["POINTS:RTData: [1, [9.52602, 67.84085]] instead of [1, [6.944428, 48.16354]]"]
_STEEP_PLANE: Final = ["POINTS:RTData: [1, [9.52602, 67.59846]] instead of [1, [6.944428, 46.67908]]"]
_FRACTIONS: Final = [
    "ROWS:med(Point Label): [1, [3.5, 3.5]] instead of [1, [3.0, 3.0]]",
    "ROWS:q1(Point Label): [1, [1.5, 1.5]] instead of [1, [1.0, 1.0]]",
    "ROWS:q3(Point Label): [1, [5.5, 5.5]] instead of [1, [5.0, 5.0]]",
]
OTHERWISE: Final = {
    "AnimateModes": {"sphere": ["POINTS:Normals is missing"]},
    "PlotDataOverTime": {"times": _FRACTIONS},
    "Ruler": {"": ["CELLS:Distance is not in ParaView"]},
    "GradientMagnitude": {"wavelet": _STEEP, "vec": _STEEP, "plane": _STEEP_PLANE},
}
"""What is not as in ParaView: its own window writes the distance beside the line, and at the sides of images it divides
by two steps what lies one step apart (see test_gradient_magnitude); its quartiles of integers have no
fractions; normals of points that were moved are left out."""


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_with_its_defaults_it_gives_what_paraview_gives(name: str) -> None:
    for input_name, theirs in EXPECTED[name].items():
        assert differences(made_of(name, input_name), theirs) == OTHERWISE.get(name, {}).get(input_name, []), input_name


Step = tuple[str, dict[str, Any]]
Check = Callable[[Summary], bool]
CASES: Final[dict[str, tuple[str, list[Step], dict[str, Any], Check]]] = {}
"""By name: the input, what is done to it first, the properties, and what is known of the result."""


def case(name: str, of: str, properties: Mapping[str, Any], check: Check, *steps: Step) -> None:
    CASES[name] = of, list(steps), dict(properties), check


def sizes(points: int, cells: int, rows: int = 0) -> Check:
    return lambda found: (found["points"], found["cells"], found["rows"]) == (points, cells, rows)


def ranged(array: str, low: float, high: float, components: int = 1) -> Check:
    return lambda found: found["arrays"].get(array) == [components, pytest.approx([low, high], abs=1e-3)]


def bounded(*bounds: float) -> Check:
    return lambda found: found["bounds"] == pytest.approx(bounds, abs=1e-5)


def arrays(*names: str) -> Check:
    return lambda found: set(found["arrays"]) == set(names)


CUBE: Final = 8**3
case("PolyLineSource", "", {"Points": [0, 0, 0, 1, 0, 0, 1, 2, 0]}, bounded(0, 1, 0, 2, 0, 0))
case("PolyPointSource", "", {"Points": [0, 0, 0, 3, 0, 0]}, bounded(0, 3, 0, 0, 0, 0))
case("Protractor", "", {"Points": [0, 0, 0, 1, 0, 0, 0, 1, 0]}, sizes(3, 1))
case("Ruler", "", {"Point1": [0, 0, 0], "Point2": [1, 2, 2]}, bounded(0, 1, 0, 2, 0, 2))
case("SpatioTemporalHarmonicsUniformGrid", "", {"WholeExtent": [0, 2, 0, 2, 0, 2]}, sizes(27, 8))
case("AMRGaussianPulseSource", "", {"Dimension": 2}, lambda found: found["cells"] > 0)
case("AxisAlignedReflect", "wavelet", {"PlaneMode": "X Min"}, bounded(-12, 4, -4, 4, -4, 4))
case("AxisAlignedTransform", "plane", {"Translation": [1, 2, 3]}, bounded(-3, 5, -2, 6, 3, 3))
case("BoundaryMeshQuality", "wavelet", {}, sizes(386, 384))
case("CellQuality", "tets", {}, lambda found: "CELLS:CellQuality" in found["arrays"])
case("ComputeQuartiles", "wavelet", {}, ranged("ROWS:RTData", 37.3531, 264.2184))
case("ConvertIntoMolecule", "line", {}, sizes(11, 0))
case("ConvertToCellGrid", "tets", {}, lambda found: found["cells"] == 2560)
case("ConvertToPointCloud", "wavelet", {"CellGenerationMode": "Polyvertex cell"}, sizes(729, 1))
case(
    "CriticalTime",
    "times",
    {"Scalars": ["POINTS", "Point Value"]},
    lambda found: "POINTS:Point Value_critical_time" in found["arrays"],
)
AROUND: Final = ("Calculator", {"Function": "coordsY*iHat-coordsX*jHat", "ResultArrayName": "V"})
STARTED: Final = {"SeparatingDistance": 2.0, "StartPosition": [1, 1, 0]}
case("EvenlySpacedStreamlines2D", "plane", STARTED, lambda found: found["cells"] > 2, AROUND)
case("ExplodeDataSet", "cells", {}, lambda found: found["cells"] == CUBE)
case("FeatureEdgesRegionIds", "sphere", {}, lambda found: found["cells"] == 168)
case("ForceStaticMesh", "times", {}, sizes(8, 1))
case("ImageBinaryThreshold", "wavelet", {"LowerThreshold": 100.0, "UpperThreshold": 200.0}, sizes(729, CUBE))
case("LinearCellExtrusion", "cells", {"ScaleFactor": 0.0}, lambda found: found["cells"] == 384, ("ExtractSurface", {}))
case("MoleculeToLines", "line", {}, sizes(11, 0), ("ConvertIntoMolecule", {}))
case("OctreeImagetoPointSet", "tets", {}, lambda found: found["points"] > 0, ("PointSetToOctreeImage", {}))
case("PCANormalEstimation", "sphere", {}, lambda found: found["arrays"]["POINTS:PCANormals"][0] == 3)
case("PointSetToOctreeImage", "tets", {}, sizes(729, CUBE))
case("PointsMatchingTransform", "line", {
    "SourcePointn": [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1], "TargetPointn": [1, 1, 1, 2, 1, 1, 1, 2, 1, 1, 1, 2],
}, bounded(2, 4, 1, 1, 1, 2))  # fmt: skip
case("ProcessIds", "wavelet", {}, ranged("POINTS:PointProcessIds", 0, 0))
case("QuadricDecimation", "sphere", {"TargetReduction": 0.5}, lambda found: found["cells"] == 84)
case("RandomVectors", "wavelet", {"MinimumSpeed": 0.5, "MaximumSpeed": 0.5}, lambda found: (
    found["arrays"]["POINTS:BrownianVectors"][1][1] <= 0.5
))  # fmt: skip
case("SpatioTemporalHarmonics", "wavelet", {"Harmonics": [2, 0, 0, 0, 0, 0.0]}, ranged(
    "POINTS:SpatioTemporalHarmonics", 0, 0
))  # fmt: skip
case("SurfaceTangents", "plane", {}, lambda found: found["arrays"]["POINTS:Tangents"][0] == 3,
    ("ExtractSurface", {}), ("TextureMaptoPlane", {}), ("SurfaceNormals", {}), ("Triangulate", {}),
)  # fmt: skip
case("TensorPrincipalInvariants", "wavelet", {}, lambda found: "POINTS:RTData" in found["arrays"])
case("VolumeOfRevolution", "line", {"Resolution": 6}, sizes(66, 60))
case("GenerateTimeSteps", "wavelet", {"TimeStepValues": [0.0, 1.0, 2.0]}, sizes(729, CUBE))
case("ExtractTimeSteps", "times", {"TimeStepIndices": [0, 2]}, sizes(8, 1))
case("PassArrays", "vec", {"PointDataArrays": ["V"]}, arrays("POINTS:V"))
case("RenameArrays", "vec", {"PointArrays": ["V", "velocity"]}, arrays("POINTS:RTData", "POINTS:velocity"))
case("PolylineLength", "line", {}, ranged("POINTS:arc_length", 0, math.sqrt(5)))
case("ThresholdTable", "wavelet", {"Column": ["ROWS", "RTData"], "MinValue": 200.0, "MaxValue": 300.0}, lambda found: (
    0 < found["rows"] < 729
), ("DataToTable", {}))  # fmt: skip
case("TransposeTable", "line", {}, lambda found: found["rows"] > 0, ("DataToTable", {}))
case("ExtractBlock", "group", {"Selectors": ["//*"]}, lambda found: found["points"] == 815)
case("AppendAttributes", "wavelet", {}, sizes(729, CUBE))


@pytest.mark.parametrize("name", sorted(CASES))
def test_it_gives_what_is_known(name: str) -> None:
    of, steps, properties, check = CASES[name]
    made, ids = pipeline()
    previous = ids.get(of, 0)
    for number, (type_name, values) in enumerate(steps):
        made.create(400 + number, type_name, values, {"Input": [(previous, 0)]})
        previous = 400 + number
    ports = composition(name).definition.inputs
    sources = [(previous, 0), (ids["cells"], 0)] if name == "AppendAttributes" else [(previous, 0)]
    assert made.create(FILTER, name, properties, {ports[0].name: sources} if of else {}) == []
    Executor().execute(made, FILTER)
    found = summary(describe_output(*made.output(FILTER)))
    assert check(found), found


def test_each_is_there_with_its_names_and_says_what_it_is() -> None:
    assert len(GENERATED) >= 260
    for name in GENERATED:
        found = composition(name).definition
        assert found.curated and found.label and found.doc, name
        assert found.group == curated_table(name)["group"]
        assert len({one.name for one in found.properties}) == len(found.properties), name
        for one in found.properties:
            if one.enumeration and one.size == 1:
                entries = dict(one.enumeration)
                assert one.default in entries.values() or one.default in entries, (name, one.name)


@pytest.mark.parametrize("name", [name for name in GENERATED if composition(name).definition.inputs])
def test_over_an_image_it_executes_or_says_why_not(name: str) -> None:
    """Nothing ends the process, and what is refused is refused with a reason."""
    try:
        found = made_of(name, "wavelet")
    except VtkError as error:
        found, why = None, str(error)
    if found is None:
        assert len(why) > 20
    else:
        assert found["points"] + found["cells"] + found["rows"] >= 0


@pytest.mark.parametrize(
    ("name", "of", "ending"),
    [
        ("XMLPPolyDataWriter", "sphere", "pvtp"),
        ("XMLPUnstructuredGridWriter", "tets", "pvtu"),
        ("XMLPImageDataWriter", "wavelet", "pvti"),
        ("XMLMultiBlockDataWriter", "group", "vtm"),
        ("PSTLWriter", "ball", "stl"),
        ("PPLYWriter", "ball", "ply"),
        ("DataSetWriter", "tets", "vtk"),
        ("VTKHDFWriter", "tets", "vtkhdf"),
        ("IOSSWriter", "tets", "ex2"),
        ("XdmfWriter", "tets", "xmf"),
        ("HyperTreeGridWriter", "htg", "htg"),
        ("MetaImageWriter", "wavelet", "mha"),
    ],
)
def test_what_writers_write_is_read_and_told(name: str, of: str, ending: str, tmp_path: Path) -> None:
    async def run() -> None:
        async with connect() as session:
            source = await _source(session, of)
            path = str(tmp_path / f"written.{ending}")
            writer = getattr(session.writers, name)(Input=source, FileName=path)
            told, held = await writer.update_pipeline(), await source.update_pipeline()
            assert (told.number_of_points, told.number_of_cells) == (held.number_of_points, held.number_of_cells)
            read = await (await session.open(path)).update_pipeline()
            assert (read.number_of_points, read.number_of_cells) == (held.number_of_points, held.number_of_cells)

    asyncio.run(run())


async def _source(session: Session, of: str) -> SourceProxy:
    image = session.sources.Wavelet(WholeExtent=[0, 4, 0, 4, 0, 4])
    made = {
        "wavelet": lambda: image,
        "tets": lambda: session.filters.Tetrahedralize(Input=image),
        "htg": lambda: session.sources.HyperTreeGridRandom(Dimensions=[3, 3, 3]),
        "group": lambda: session.filters.GroupDatasets(Input=[image, session.sources.Sphere()]),
    }
    return made.get(of, session.sources.Sphere)()
