"""The data of the examples is found, and where it is not, the error says what to install."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest

from servermanager import ConfigurationError, connect, examples

from ..harness.apvtest import in_loop


@in_loop
async def test_the_frog_is_as_it_is_said_to_be() -> None:
    pytest.importorskip("pyvista", reason="pyvista, which has the frog, is not installed (extra `examples`)")
    async with connect() as session:
        info = await (await session.open(examples.frog())).update_pipeline()
    assert info.raw["dimensions"] == [500, 470, 136]
    assert [array.ranges for array in info.arrays] == [((0.0, 29.0),)]


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r"pyvista is not installed: pip install 'async-paraview\[examples\]'"):
        examples.frog()


def test_a_package_without_the_file_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    there = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: there)
    with pytest.raises(ConfigurationError, match=r"frog_tissues.vti is not there: pip install"):
        examples.frog()
