"""What was read from classes is kept on disk: it comes back the same, and a damaged file is no more than slow."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from apvserver.vtk.base.errors import UnknownType
from apvserver.vtk.types import catalog, reflection, reflection_cache
from apvserver.vtk.types.reflection_cache import cache_directory, load, store

from ..harness.apvtest import with_settings
from ..harness.time_limits import scaled

NAMES = ["vtkContourFilter", "vtkSphereSource", "vtkXMLImageDataReader", "vtkMassProperties", "vtkPlane"]


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with_settings(monkeypatch, cache=str(tmp_path))
    reflection._reflect.cache_clear()
    yield tmp_path
    reflection._reflect.cache_clear()


@pytest.mark.parametrize("name", [*NAMES, *catalog.type_names()[::40]])
def test_what_comes_back_is_what_was_found(name: str) -> None:
    try:
        found = reflection.read_class(name)
    except UnknownType:
        return  # abstract
    store(name, found)
    if any(one.constants for one in found.accessors.values()):
        assert load(name) is None
    else:
        assert load(name) == found


def test_the_second_process_reads_no_class(tmp_path: Path) -> None:
    code = (
        "import sys; from apvserver.vtk.types import reflection as r; r.reflected('vtkContourFilter');"
        "print('vtkmodules.vtkFiltersCore' in sys.modules)"
    )

    where = {**os.environ, "APV_CACHE_DIR": str(tmp_path)}

    def told() -> str:
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, env=where, check=True, capture_output=True, text=True, timeout=scaled(60))
        return done.stdout.strip()

    assert (told(), told()) == ("True", "False")
    directory = cache_directory()
    assert directory is not None and (directory / "vtkContourFilter.json").is_file()
    assert not list(directory.glob("*.part"))


def test_it_is_faster_than_reading_the_class() -> None:
    def seconds(name: str) -> float:
        began = time.perf_counter()
        reflection.reflected(name)
        return time.perf_counter() - began

    def kept() -> float:
        reflection._reflect.cache_clear()
        return sum(seconds(name) for name in NAMES)

    fresh = sum(seconds(name) for name in NAMES)
    assert min(kept() for _ in range(3)) < fresh / 2  # a pause of the machine is not in all of them


@pytest.mark.parametrize("text", ["", "{", "[]", '{"definition": {}}', '{"definition": {"properties": 3}}'])
def test_a_damaged_file_is_read_from_the_class_again(text: str) -> None:
    expected = reflection.reflected("vtkConeSource")
    directory = cache_directory()
    assert directory is not None
    path = directory / "vtkConeSource.json"
    path.write_text(text, encoding="utf-8")
    reflection._reflect.cache_clear()
    assert reflection.reflected("vtkConeSource") == expected
    assert json.loads(path.read_text(encoding="utf-8"))["definition"]["type_name"] == "vtkConeSource"


def test_without_a_place_it_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_text("no directory", encoding="utf-8")
    for text in (str(file), "off"):
        with_settings(monkeypatch, cache=text)
        reflection._reflect.cache_clear()
        assert reflection.reflected("vtkConeSource").definition.type_name == "vtkConeSource"
    assert cache_directory() is None


def test_another_vtk_has_another_place(monkeypatch: pytest.MonkeyPatch) -> None:
    here = cache_directory()
    monkeypatch.setattr(reflection_cache, "vtkVersion", SimpleNamespace(GetVTKVersion=lambda: "1.2.3"))
    reflection_cache._key.cache_clear()
    there = cache_directory()
    reflection_cache._key.cache_clear()
    assert here != there and there is not None and "1.2.3" in there.name
