"""The pages on rendering have a table of each type of view, representation and text, made of what both sides know."""

from __future__ import annotations

from async_paraview.scene.catalog import SCENE_TYPES

from ..harness.scene_pages import DOCS, PAGES, names_of_tables, written


def test_the_tables_of_properties_are_those_of_the_types() -> None:
    found = []
    for name in PAGES:
        page = (DOCS / name).read_text(encoding="utf-8")
        assert page == written(page), f"docs/{name} is old: run python tests/harness/scene_pages.py"
        found += names_of_tables(page)
    assert sorted(found) == sorted(SCENE_TYPES)
