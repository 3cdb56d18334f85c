"""The blocking face has static types: those of its stub, which is what the asynchronous classes make it."""

from __future__ import annotations

import ast
from typing import assert_type

from async_paraview.information import DataInformation
from servermanager import DataSet, sync

from ..harness.sync_types import STUB, stub


def test_the_stub_is_what_the_classes_are() -> None:
    written, made = (ast.dump(ast.parse(text)) for text in (STUB.read_text(encoding="utf-8"), stub()))
    assert written == made, "python -m tests.harness.sync_types writes it, and ruff format breaks its lines"


def test_what_comes_out_has_the_type_that_is_written() -> None:
    """Type checkers accept this function as it stands, and it runs."""
    with sync.connect(backend="inproc", timeout_s=60.0) as session:
        sphere = session.create("Sphere", Radius=2.0)
        information = assert_type(sphere.update_pipeline(), DataInformation)
        assert information.number_of_points == 50
        assert assert_type(sphere.fetch(), DataSet).number_of_cells == 96
        assert assert_type(session.proxies.name(sphere), str) == "Sphere1"
        view = session.create_view(ViewSize=[20, 10])
        session.show(sphere, view, Color=[1, 0, 0])
        assert view.screenshot().pixels.shape[:2] == (10, 20)
        colors = session.color_maps["RTData"]
        colors.Preset = "Viridis"
        assert colors.set_values() == {"Preset": "Viridis"}
        assert assert_type(session.color_presets(), list[str])[0] == "Cool to Warm"
