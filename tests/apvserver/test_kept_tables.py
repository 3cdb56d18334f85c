"""Tables that are kept on disk: the same as those that are made, made again where they are lost, damaged or others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from apvserver.kept_tables import kept_table
from apvserver.settings import CACHE_OFF
from apvserver.vtk.types import catalog, toml_definitions

from ..harness.apvtest import with_settings

TABLE = {"Cone": {"names": ["a", "b"], "size": 1.5}}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    with_settings(monkeypatch, cache=str(tmp_path))
    return tmp_path


def never() -> dict[str, Any]:
    raise AssertionError("it was there")


def files_in(cache: Path) -> list[Path]:
    return [one for one in cache.rglob("*") if one.is_file()]


def test_a_table_is_made_once_for_each_key(cache: Path) -> None:
    assert kept_table("shapes", "first", lambda: TABLE) == TABLE
    assert kept_table("shapes", "first", never) == TABLE
    assert kept_table("shapes", "second", lambda: {"other": {}}) == {"other": {}}
    assert kept_table("shapes", "first", never) == TABLE
    assert len(files_in(cache)) == 2


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"\xff\xfe"], ids=["empty", "half", "no table", "no text"])
def test_a_damaged_file_is_made_again(cache: Path, damage: bytes) -> None:
    kept_table("shapes", "first", lambda: TABLE)
    (file,) = files_in(cache)
    file.write_bytes(damage)
    assert kept_table("shapes", "first", lambda: TABLE) == TABLE
    assert json.loads(file.read_bytes()) == TABLE


def test_a_disk_that_refuses_is_no_error(cache: Path) -> None:
    (cache / "tables").write_text("a file stands where the directory should be")
    assert kept_table("shapes", "first", lambda: TABLE) == TABLE


def test_without_a_cache_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_settings(monkeypatch, cache=CACHE_OFF)
    monkeypatch.chdir(tmp_path)
    assert kept_table("shapes", "first", lambda: TABLE) == TABLE
    assert files_in(tmp_path) == []


READ = [catalog._wheel, toml_definitions._hand_written, toml_definitions._older_properties]  # noqa: SLF001


@pytest.mark.parametrize("read", READ)
def test_what_is_kept_of_types_is_what_is_read(cache: Path, monkeypatch: pytest.MonkeyPatch, read: Any) -> None:
    """Once as it is read, once from the file, once without any."""
    uncached = getattr(read, "__wrapped__", read)
    made, (_file,) = uncached(), files_in(cache)
    loaded = uncached()
    with_settings(monkeypatch, cache=CACHE_OFF)
    assert repr(made) == repr(loaded) == repr(uncached())  # one has a number that is none, and not equal to itself
