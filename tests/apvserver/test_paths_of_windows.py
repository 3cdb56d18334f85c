"""Names of files on Windows: which may be followed at all, to see whether they lead out of a data root."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

import pytest

from apvserver.vtk.base import data_roots
from apvserver.vtk.base.data_roots import allowed_path, is_of_this_machine
from apvserver.vtk.base.errors import FileError

from ..harness.apvtest import with_settings

ROOTS = (PureWindowsPath(r"C:\data"), PureWindowsPath(r"\\files\lab\data"))


@pytest.mark.parametrize(
    "path",
    [
        r"C:\data\a.vtp", "c:/DATA/a.vtp", r"D:\other\a.vtp", "a.vtp", r"..\a.vtp", r"\a.vtp", r"C:a.vtp",
        r"\\files\lab\data\a.vtp", "//FILES/Lab/data/a.vtp", r"C:\data\größe µ.vtp", r"C:\data\a.vtp:stream",
    ],
)  # fmt: skip
def test_drives_and_the_shares_of_roots_are_looked_at(path: str) -> None:
    assert is_of_this_machine(path, ROOTS)


@pytest.mark.parametrize(
    "path",
    [
        r"\\elsewhere\share\a.vtp", "//elsewhere/share/a.vtp", r"\\files\other\a.vtp", r"\\.\C:\a.vtp",
        r"\\.\PhysicalDrive0", r"\\?\C:\data\a.vtp", r"\\?\UNC\elsewhere\share\a", r"\??\C:\a.vtp", r"C:\data\*.vtp",
    ],
)  # fmt: skip
def test_other_machines_and_devices_are_not_even_asked(path: str) -> None:
    assert not is_of_this_machine(path, ROOTS)


def test_it_is_refused_before_it_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    def follow(path: Path) -> Path:
        asked.append(path)
        return path

    with_settings(monkeypatch, data_roots=(tmp_path,))
    monkeypatch.setattr(data_roots, "WINDOWS", True)
    monkeypatch.setattr(Path, "resolve", follow)
    with pytest.raises(FileError, match="this server lets clients use files below"):
        allowed_path(r"\\elsewhere\share\a.vtp")
    assert asked == []
    assert allowed_path(str(tmp_path / "a.vtp")) and asked == [tmp_path / "a.vtp"]
