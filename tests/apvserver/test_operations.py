"""docs/protocol.md lists the operations of the services: all of them, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from apvserver.data.lookups import LOOKUPS
from apvserver.data.service import ASIDE, DataService
from apvserver.render.service import RenderService

DOCUMENT = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")


def test_the_table_of_the_data_service_is_complete() -> None:
    table = DOCUMENT.partition("\n### data\n")[2].partition("\n### ")[0]
    rows = re.findall(r"^\| (\w+)( \*)? \| (?:MESSAGE|REQUEST|SUBSCRIBE)", table, re.MULTILINE)
    service = DataService(lambda: None)  # type: ignore[arg-type, return-value]
    assert {name for name, _ in rows} == set(service._operations)
    assert {name for name, star in rows if star} == set(ASIDE) == set(LOOKUPS)


def test_the_table_of_the_render_service_is_complete() -> None:
    table = DOCUMENT.partition("\n### render\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([\w, ]+) \| (?:MESSAGE|REQUEST|SUBSCRIBE)", table, re.MULTILINE)
    assert {name for names in rows for name in names.split(", ")} == set(RenderService()._operations)
