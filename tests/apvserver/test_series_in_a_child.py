"""Series of formats that are written in a child: one child for all files, and each file's own words of what failed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apvserver.vtk.base.errors import FileError
from apvserver.vtk.files.writers.saved_series import write_series

from ..harness.saving import OLD, assert_same, disk_of_memory, image, read, unstructured


def test_one_child_writes_all_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[subprocess.Popen[bytes]] = []

    class Counted(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            begun.append(self)

    monkeypatch.setattr(subprocess, "Popen", Counted)
    data = {float(size): unstructured(image((size, size, size))) for size in (2, 3, 4)}
    write_series(str(tmp_path / "a.vtkhdf"), list(data), data.__getitem__, {})
    assert [one.returncode for one in begun] == [0]
    for number, (_, one) in enumerate(sorted(data.items())):
        assert_same(one, read(tmp_path / f"a_{number:04}.vtkhdf"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    yield from disk_of_memory(tmp_path / "disk", 2048)


def test_what_failed_is_told_of_the_file_that_failed(small_disk: Path) -> None:
    """There is room for the first file, and not for the second."""
    old = small_disk / "a_0001.vtkhdf"
    old.write_bytes(OLD)
    sizes = {1.0: 3, 2.0: 60}
    with pytest.raises(FileError) as caught:
        write_series(
            str(small_disk / "a.vtkhdf"), list(sizes), lambda time: unstructured(image((sizes[time],) * 3)), {}
        )
    assert "a_0001.vtkhdf" in str(caught.value) and "(at the time 2)" in str(caught.value)
    assert ".part" not in str(caught.value) and "a_0000" not in str(caught.value)
    assert os.listdir(small_disk) == [old.name] and old.read_bytes() == OLD
