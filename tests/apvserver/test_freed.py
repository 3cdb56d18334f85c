"""What is deleted is freed at once, without Python's collector, which does not know how large VTK's data is."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apvserver.data.model import DataModel
from apvserver.vtk.base.errors import VtkError, afresh
from apvserver.vtk.files.writers.writing import write_data
from async_paraview.operations.data import Fetch, Rows
from services_core import Packet

from ..harness.apvtest import with_settings
from ..harness.quiet_sink import QuietSink


@pytest.fixture(autouse=True)
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


class Freed:
    """Counts VTK objects that are watched until they are deleted."""

    def __init__(self) -> None:
        self.alive: set[str] = set()

    def watch(self, name: str, thing: Any) -> None:
        if thing is not None:
            self.alive.add(name)
            thing.AddObserver("DeleteEvent", lambda *_: self.alive.discard(name))

    def watch_proxy(self, model: DataModel, id_: int) -> None:
        proxy = model._pipeline.proxy(id_)
        for part, algorithm in proxy.parts.items():
            self.watch(f"{proxy} {part}", algorithm)
            if not proxy.is_object:
                self.watch_output(f"{proxy} {part}", algorithm.GetOutputDataObject(0))

    def watch_output(self, name: str, data: Any) -> None:
        self.watch(f"{name} output", data)
        if hasattr(data, "GetPointData"):
            for index in range(data.GetPointData().GetNumberOfArrays()):
                self.watch(f"{name} array {index}", data.GetPointData().GetAbstractArray(index))


@pytest.fixture
def sent() -> list[Packet]:
    return []


@pytest.fixture
def model(sent: list[Packet]) -> Iterator[DataModel]:
    sink = QuietSink()
    sink.sent = sent
    made = DataModel(sink)
    yield made
    made.close()


def proxy(id_: int, type_name: str, inputs: list[int] | None = None, **properties: Any) -> dict[str, Any]:
    ports = {"Input": [[one, 0] for one in inputs]} if inputs else {}
    return {"id": id_, "type": type_name, "properties": properties, "inputs": ports, "objects": {}}


def execute(model: DataModel, *ids: int) -> None:
    for id_ in ids:
        assert model.execute(id_, 0, cancelled=lambda: None)


def test_what_was_executed_asked_about_fetched_shown_and_saved(
    model: DataModel, sent: list[Packet], tmp_path: Path
) -> None:
    freed = Freed()
    model.update([proxy(1, "Wavelet"), proxy(2, "Contour", [1], Isosurfaces=[157.0]), proxy(3, "Clip", [1])])
    execute(model, 2, 3)
    for id_ in (1, 2, 3):
        freed.watch_proxy(model, id_)
        model.information(id_, 0)
        list(model.pieces(Fetch(id=id_), None))
        list(model.rows(Rows(id=id_, association="POINTS")))
    model.save(2, 0, str(tmp_path / "a.vtp"), {})
    model.information_properties(2)
    for number, kind in enumerate(("Surface", "Outline", "Points")):
        properties = {"Representation": kind, "ColorBy": ["POINTS", "RTData"] if number == 0 else None}
        model.representations.show(10 + number, view=5, source=(1 + number, 0), properties=properties)
    assert model.representations.refresh()
    model.representations.raise_failure_of(5)
    model.representations.origin(10, 1, cell=0, point=0)
    assert freed.alive and sent
    model.delete([1, 2, 3])
    sent.clear()
    assert freed.alive == set()


def test_what_has_failed(model: DataModel) -> None:
    freed = Freed()
    model.update(
        [proxy(1, "Wavelet"), proxy(2, "vtkImageRGBToHSV", [1]), proxy(3, "vtkPNGReader", FileName="/nowhere.png")]
    )
    model.representations.show(10, view=5, source=(2, 0), properties={})
    model.representations.show(11, view=5, source=(1, 0), properties={"ColorBy": ["POINTS", "nothing"]})
    for _ in range(2):
        for id_ in (2, 3):
            with pytest.raises(VtkError):
                execute(model, id_)
        assert model.representations.refresh()
        with pytest.raises(VtkError):
            model.representations.raise_failure_of(5)
    with pytest.raises(VtkError):
        model.update([proxy(1, "Wavelet", Maximum="much")])
    with pytest.raises(VtkError):
        execute(model, 1)
    for id_ in (1, 2, 3):
        freed.watch_proxy(model, id_)
    assert freed.alive
    model.delete([1, 2, 3])
    assert freed.alive == set()


def test_what_was_interrupted(model: DataModel) -> None:
    freed = Freed()
    model.update([proxy(1, "Wavelet"), proxy(2, "Contour", [1], Isosurfaces=[157.0])])
    answers = iter([None, "enough"])
    assert not model.execute(2, 0, cancelled=lambda: next(answers))
    freed.watch_proxy(model, 1)
    freed.watch_proxy(model, 2)
    model.delete([1, 2])
    assert freed.alive == set()


def test_what_holds_objects_reads_a_series_or_was_sent(model: DataModel, tmp_path: Path) -> None:
    freed = Freed()
    model.update([proxy(1, "Sphere"), proxy(2, "objects/Plane"), proxy(3, "vtkCutter", [1])])
    model.update([{"id": 3, "properties": {}, "inputs": {}, "objects": {"CutFunction": 2}}])
    paths = [str(tmp_path / f"a_{number}.vtp") for number in range(2)]
    execute(model, 3)
    for path in paths:
        write_data(path, model._pipeline.algorithm(1).GetOutputDataObject(0), {})
    model.update([proxy(4, "FileSeriesReader", FileNames=paths), proxy(5, "vtkTrivialProducer")])
    assert model.execute(4, 0, time=1.0, cancelled=lambda: None)
    (packet,) = model.pieces(Fetch(id=1), None)
    model.receive(5, packet.header, packet.buffers, True)
    execute(model, 5)
    for id_ in range(1, 6):
        freed.watch_proxy(model, id_)
    model.delete([1, 2, 3, 4, 5])
    del packet
    assert freed.alive == set()


def test_scripts(model: DataModel, monkeypatch: pytest.MonkeyPatch) -> None:
    with_settings(monkeypatch, allow_python=True)
    freed = Freed()
    script = "def shrink(data):\n    return inputs, data\noutput.ShallowCopy(shrink(inputs[0])[1])"
    model.update([proxy(1, "Sphere"), proxy(2, "vtkProgrammableFilter", [1], Script=script)])
    execute(model, 2)
    assert model.information(2, 0)["points"] == 50
    freed.watch_proxy(model, 1)
    freed.watch_proxy(model, 2)
    model.delete([1, 2])
    assert freed.alive == set()


def test_all_that_a_session_had(model: DataModel, sent: list[Packet]) -> None:
    freed = Freed()
    model.update([proxy(1, "Wavelet"), proxy(2, "Contour", [1], Isosurfaces=[157.0])])
    model.representations.show(10, view=5, source=(2, 0), properties={})
    assert model.representations.refresh()
    freed.watch_proxy(model, 1)
    freed.watch_proxy(model, 2)
    sent.clear()
    model.close()
    assert freed.alive == set()


@pytest.mark.parametrize("end", ["forgotten", "shown otherwise", "deleted", "closed"])
def test_what_was_shown_where_nobody_watches(sent: list[Packet], end: str) -> None:
    """Its level of detail, which is made when somebody does, needs what is drawn."""
    sink, freed = QuietSink(), Freed()
    model, sink.sent = DataModel(sink, watched=set()), sent
    model.update([proxy(1, "Plane", XResolution=400, YResolution=400), proxy(2, "Cone")])
    model.representations.show(10, view=5, source=(1, 0), properties={})
    assert model.representations.refresh() and model.representations._undetailed
    freed.watch_proxy(model, 1)
    assert freed.alive and sent
    sent.clear()
    if end == "forgotten":
        model.representations.forget(10)
    elif end == "shown otherwise":
        model.representations.show(10, view=5, source=(2, 0), properties={})
    if end != "closed":
        model.delete([1])
        assert freed.alive == set()
    model.close()
    assert freed.alive == set()


def test_an_error_afresh_is_the_same_without_frames() -> None:
    error: VtkError | None = None
    try:
        raise VtkError("text") from KeyError("cause")
    except VtkError as caught:
        caught.details = {"a": 1}  # type: ignore[attr-defined]
        error = afresh(caught)
    assert type(error) is VtkError and str(error) == "text" and vars(error) == {"details": {"a": 1}}
    assert error.__traceback__ is None and error.__cause__ is None and error.__context__ is None
