"""What belongs to the whole process is left alone by the threads of services."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from apvserver.vtk.base.errors import UnknownType
from apvserver.vtk.files.writers.writing import write_data
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.catalog import construct, object_names, type_names
from apvserver.vtk.types.information_properties import information_properties
from apvserver.vtk.types.reflection import read_class

from ..harness.time_limits import scaled

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no umask to speak of")


@pytest.fixture
def hasty() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.fixture
def umask() -> Iterator[int]:
    before = os.umask(0o027)
    yield 0o027
    os.umask(before)


@posix
@pytest.mark.usefixtures("hasty")
def test_files_saved_by_several_threads_have_the_rights_of_the_mask(tmp_path: Path, umask: int) -> None:
    source = construct("SphereSource")
    source.Update()
    data = [source.GetOutput().NewInstance() for _ in range(3)]
    for one in data:
        one.DeepCopy(source.GetOutput())
    seen: list[int] = []

    def save(number: int) -> None:
        for turn in range(4):
            path = tmp_path / f"{number}.{turn}.vtp"
            write_data(str(path), data[number], {})
            seen.append(stat.S_IMODE(path.stat().st_mode))

    threads = [threading.Thread(target=save, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(scaled(60))
    assert seen == [0o666 & ~umask] * 12
    assert os.umask(umask) == umask


@posix
def test_saving_never_sets_the_mask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_mask: int) -> int:
        raise AssertionError("the mask is of the whole process")

    monkeypatch.setattr(os, "umask", refuse)
    source = construct("SphereSource")
    source.Update()
    assert write_data(str(tmp_path / "a.vtp"), source.GetOutput(), {}).size_bytes > 0


def test_reading_classes_and_information_leaves_the_warnings_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the filters are of the whole process")

    for name in ("catch_warnings", "simplefilter", "filterwarnings"):
        monkeypatch.setattr(warnings, name, refuse)
    assert read_class("vtkHDFReader").definition.properties
    pipeline = Pipeline()
    pipeline.create(1, "SphereSource")
    pipeline.create(2, "MassProperties", inputs={"Input": [(1, 0)]})
    pipeline.algorithm(2).Update()
    assert information_properties(pipeline.proxy(2))["Volume"] == pytest.approx(0.4, abs=0.15)


@pytest.mark.deep
def test_no_class_has_a_property_that_warns() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for name in (*type_names(), *object_names()):
            try:
                read_class(name)
            except UnknownType:
                continue  # abstract
    told = {str(one.message) for one in caught if issubclass(one.category, DeprecationWarning)}
    assert {text for text in told if "deprecated class" not in text} == set()


def test_also_the_backend_that_is_not_used_is_told_how_many_threads_there_are() -> None:
    code = (
        "from vtkmodules.vtkCommonCore import vtkSMPTools\n"
        "from apvserver.vtk.base.threads import set_up_threads\n"
        "count = set_up_threads()\n"
        "assert (vtkSMPTools.GetBackend(), count) == ('Sequential', 1)\n"
        "vtkSMPTools.SetBackend('STDThread')\n"
        "print(vtkSMPTools.GetEstimatedNumberOfThreads())\n"
    )
    environment = {**os.environ, "APV_VTK_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=scaled(60), env=environment
    )
    assert done.stdout == "1\n", done.stderr  # without, it asks the system each time
