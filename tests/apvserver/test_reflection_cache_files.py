"""The files of the cache: they appear whole or not at all, and are for all whom the umask allows."""

from __future__ import annotations

import errno
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from apvserver.vtk.types import reflection_cache
from apvserver.vtk.types.reflection import read_class

from ..harness.apvtest import with_settings


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    with_settings(monkeypatch, cache=str(tmp_path))
    made = reflection_cache.cache_directory()
    assert made is not None
    return made


def test_a_full_disk_leaves_no_part(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = read_class("vtkConeSource")

    def dump(_what: Any, file: Any) -> None:
        file.write("half of it")
        file.flush()
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(json, "dump", dump)
        reflection_cache.store("vtkConeSource", found)
    assert list(directory.iterdir()) == []
    assert reflection_cache.load("vtkConeSource") is None
    reflection_cache.store("vtkConeSource", found)
    assert [one.name for one in directory.iterdir()] == ["vtkConeSource.json"]
    assert reflection_cache.load("vtkConeSource") == found


def test_whom_the_umask_allows_may_read(directory: Path, tmp_path: Path) -> None:
    reflection_cache.store("vtkConeSource", read_class("vtkConeSource"))
    ordinary = tmp_path / "ordinary"
    ordinary.touch()
    mode = stat.S_IMODE((directory / "vtkConeSource.json").stat().st_mode)
    assert mode == stat.S_IMODE(ordinary.stat().st_mode)
