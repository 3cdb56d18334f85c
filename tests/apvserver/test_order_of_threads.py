"""What filters make does not depend on how many threads VTK has: the same values, and in the same order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from vtkmodules.vtkCommonCore import vtkSMPTools

from apvserver.vtk.types.toml_definitions import composition, curated_names, curated_table, hand_written_names

from ..harness.apvdata import made_of, numbers
from ..harness.sweep_kinds import MANY
from ..harness.sweep_pool import Outcome, Worker
from ..harness.sweep_worker import digest, made_of_kind
from ..harness.time_limits import scaled

TIMES = 5
OTHERWISE = {
    **dict.fromkeys(
        ("ConnectedSurfaceProperties", "MeshQuality"),
        "sums over all cells, of which each thread adds up a part: the last digit",
    ),
    "AdaptiveResampleToImage": "cell arrays at places on faces between cells, which belong to both: either one's value",
    "BoundaryMeshQuality": "the order of the faces, each with its values and the index of its cell",
    "ExtractCellsAlongLinesCustomSource": "the length of what VTK has set aside for corners",
}
"""Types that make something else with another number of threads, and what."""
TAKES_LONG = frozenset({"ExplodeDataSet", "OverlappingCellsDetector", "PlotOverLinesFromCustomSource", "Tessellate"})
"""With these data, whose numbers are all different, more than the time of a case."""


@pytest.fixture
def threads() -> Iterator[None]:
    before = vtkSMPTools.GetBackend(), vtkSMPTools.GetEstimatedNumberOfThreads()
    yield
    vtkSMPTools.SetBackend(before[0])
    vtkSMPTools.Initialize(before[1])


@pytest.mark.usefixtures("threads")
@pytest.mark.parametrize("kind", ["many tetrahedra", "many points of an image", "many hexahedra and wedges"])
@pytest.mark.parametrize("type_name", ["ExtractSurface", "FeatureEdges", "NormalGlyphs"])
def test_of_surfaces(type_name: str, kind: str) -> None:
    data, found = made_of_kind(kind), []
    for backend, count in (("Sequential", 1), *[("STDThread", 4)] * TIMES):
        vtkSMPTools.SetBackend(backend)
        vtkSMPTools.Initialize(count)
        found.append(digest(made_of(type_name, data)))
    assert len(set(found)) == 1


@pytest.mark.usefixtures("threads")
@pytest.mark.parametrize("size", [12, 17])
@pytest.mark.parametrize("kind", ["many tetrahedra", "many hexahedra and wedges"])
def test_of_values_at_places_on_faces_of_cells(kind: str, size: int) -> None:
    """Where cells meet, or lie over each other, the same one gives the values."""
    data, found = made_of_kind(kind), []
    for backend, count in (("Sequential", 1), *[("STDThread", 4)] * TIMES):
        vtkSMPTools.SetBackend(backend)
        vtkSMPTools.Initialize(count)
        made = made_of("ResampleToImage", data, {"SamplingDimensions": [size] * 3})
        found.append((numbers(made, "c").tobytes(), numbers(made, "p").tobytes()))
    assert len(set(found)) == 1


def test_faces_are_in_the_order_of_their_cells_and_say_which_if_that_is_asked_for() -> None:
    data = made_of_kind("many tetrahedra")
    plain = made_of("ExtractSurface", data)
    found = made_of("ExtractSurface", data, {"PassThroughCellIds": True, "PassThroughPointIds": True})
    cells, points = numbers(found, "vtkOriginalCellIds", "Cell"), numbers(found, "vtkOriginalPointIds")
    assert (np.diff(cells) >= 0).all() and (np.diff(points) > 0).all()
    np.testing.assert_array_equal(numbers(found, "c", "Cell"), numbers(data, "c", "Cell")[cells])
    np.testing.assert_array_equal(numbers(found, "p"), numbers(data, "p")[points])
    names = {plain.GetCellData().GetArrayName(i) for i in range(plain.GetCellData().GetNumberOfArrays())}
    assert names == {"c", "cv"}, "no ids unless asked for"


@pytest.mark.deep
@pytest.mark.timeout(scaled(1700))
@pytest.mark.parametrize("kind", ["many points of an image", "many tetrahedra", "many of each dimension"])
def test_of_every_filter(kind: str) -> None:
    generated = sorted(set(curated_names()) - set(hand_written_names()))
    types = [*hand_written_names(), *(name for name in generated if "same_as" not in curated_table(name))]
    types = [name for name in types if composition(name).definition.group == "filters" and name not in TAKES_LONG]
    workers = [Worker(170, {"APV_VTK_THREADS": str(count)}) for count in (1, 2, 3)]
    differ, known = set[str](), 0
    try:
        for type_name in types:
            found = [_defaults(worker, type_name, kind) for worker in workers]
            known += found[0].outcome == "ok"
            if len({(one.outcome, one.digest) for one in found}) > 1:
                differ.add(type_name)
    finally:
        for worker in workers:
            worker.close()
    assert known > 60
    assert differ <= OTHERWISE.keys()


def _defaults(worker: Worker, type_name: str, kind: str) -> Outcome:
    found = {one.label: one for one in worker.run(type_name, kind, limits=False)}
    assert "defaults" in found, (type_name, found)
    return found["defaults"]


def test_data_is_much_enough() -> None:
    """For several threads to have a part each."""
    assert all(make().GetNumberOfCells() > 2000 for make in MANY.values())
