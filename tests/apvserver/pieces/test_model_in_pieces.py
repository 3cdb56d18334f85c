"""The data service's model with data in pieces: what it tells, counts, hands out, and has drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from apvserver.data.model import DataModel
from apvserver.vtk.base.associations import GeometryError
from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.data.original_ids import StaleGeometry
from async_paraview.datasets import Assembler
from async_paraview.operations.data import Fetch, Histogram, Rows

from ...harness.quiet_sink import QuietSink
from .scenes import CELLS, EXTENT, POINTS, as_a_whole, in_pieces

CONTOUR = {"ContourBy": ["POINTS", "RTData"], "Isosurfaces": [150.0]}
PROXIES: list[dict[str, Any]] = [
    {"id": 1, "type": "Wavelet", "properties": {"WholeExtent": EXTENT}},
    {"id": 2, "type": "Contour", "properties": CONTOUR, "inputs": {"Input": [[1, 0]]}},
    {"id": 3, "type": "Threshold", "properties": {"LowerThreshold": 200.0}, "inputs": {"Input": [[1, 0]]}},
]
COUNTS = Histogram(id=1, association="POINTS", array="RTData", bins=12)


@pytest.fixture
def sink() -> QuietSink:
    """Return where it goes what is to be drawn."""
    return QuietSink()


@pytest.fixture
def model(sink: QuietSink) -> Iterator[DataModel]:
    """Return a model with a source, 1, a contour of it, 2, and a threshold, 3."""
    made = DataModel(sink)
    made.update(PROXIES)
    yield made
    made.close()


def execute(model: DataModel, id_: int, **options: Any) -> None:
    assert model.execute(id_, 0, cancelled=lambda: None, **options)


def fetched(model: DataModel, id_: int) -> Any:
    execute(model, id_, whole=True)
    assembler = Assembler(2**30)
    for piece in model.pieces(Fetch(id=id_), None):
        assembler.add(piece.header, piece.buffers)
    return assembler.finish()


def test_what_is_told_and_counted_is_that_of_the_whole(model: DataModel) -> None:
    found = []
    for pieces in (as_a_whole(), in_pieces(5)):
        with pieces:
            model.update([{"id": 1, "properties": {"Maximum": 255.0}}])
            execute(model, 1)
            told = model.information(1, 0)
            execute(model, 1, then=model.counting(COUNTS))
            found.append((told, model.histogram(COUNTS)))
            model.update([{"id": 1, "properties": {"Maximum": 254.0}}])
            execute(model, 1)
    (whole, counts), (pieces_told, pieces_counts) = found
    assert pieces_told["pieces"] == 5
    assert (pieces_told["points"], pieces_told["cells"]) == (whole["points"], whole["cells"]) == (POINTS, CELLS)
    assert pieces_told["arrays"][0]["ranges"] == whole["arrays"][0]["ranges"]
    assert pieces_told["time_steps"] == whole["time_steps"] == []
    assert pieces_counts == counts
    assert sum(counts["counts"]) == POINTS


def test_what_is_made_of_pieces_is_handed_out(model: DataModel) -> None:
    with as_a_whole():
        expected = fetched(model, 2), fetched(model, 3)
    with in_pieces(5):
        model.update([{"id": 1, "properties": {"Maximum": 254.0}}])
        model.update([{"id": 1, "properties": {"Maximum": 255.0}}])
        found = fetched(model, 2), fetched(model, 3)
    for one, other in zip(found, expected, strict=True):
        assert one.number_of_points == other.number_of_points > 0
        assert one.number_of_cells == other.number_of_cells


def test_what_would_not_fit_is_not_handed_out(model: DataModel) -> None:
    with in_pieces(5):
        with pytest.raises(ExecutionFailed, match="executed in 5 pieces"):
            execute(model, 1, whole=True)
        execute(model, 1)
        with pytest.raises(ValueError, match="executed in 5 pieces"):
            model.pieces(Fetch(id=1), None)
        with pytest.raises(ValueError, match="executed in 5 pieces"):
            model.rows(Rows(id=1, association="POINTS"))


def test_its_surface_is_drawn_and_a_volume_is_refused(model: DataModel, sink: QuietSink) -> None:
    with in_pieces(5):
        shown = model.representations
        shown.show(7, view=1, source=(1, 0), properties={})
        assert shown.refresh()
        shown.raise_failure_of(1)
        assert len(sent := list(sink.sent)) > 0
        with pytest.raises(StaleGeometry, match="executed in pieces"):
            shown.origin(7, 1, cell=0, point=0)
        assert shown.refresh()
        assert sink.sent == sent, "nothing has changed"
        shown.show(7, view=1, source=(1, 0), properties={"Representation": "Volume", "ColorBy": ["POINTS", "RTData"]})
        shown.refresh()
        with pytest.raises(GeometryError, match=r"drawn by its surface, not as Volume"):
            shown.raise_failure_of(1)
