"""docs/platforms.md: what it names is there, and what it says of a switch is forced by a test that is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "platforms.md"
NO_SWITCH = "no eventfd and no pipe is used"
"""Said of the one row that names no test: all systems do the same."""


def rows() -> list[list[str]]:
    """The cells of the table of differences."""
    text = PAGE.read_text(encoding="utf-8")
    table = text.partition("<!-- differences")[2].partition("-->\n")[2].partition("<!-- end of differences -->")[0]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]]


def test_each_difference_stands_in_modules_that_are_there() -> None:
    assert len(rows()) > 10
    for row in rows():
        assert len(row) == 6, row
        modules = re.findall(r"`([\w/]+\.py)`", row[4])
        assert modules and all((ROOT / one).is_file() for one in modules), row


def test_each_test_that_forces_one_is_there() -> None:
    for row in rows():
        forced = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row[5])
        assert forced or row[5] == NO_SWITCH, row
        for path, name in forced:
            assert re.search(rf"^(async )?def {name}\b", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE), name


def test_no_other_module_of_the_programs_asks_which_system_it_is_on() -> None:
    """A difference is found on the page, or it is forgotten."""
    asked = re.compile(r"sys\.platform|os\.name\b|platform\.system\(\)")
    named = {one for row in rows() for one in re.findall(r"`([\w/]+\.py)`", row[4])}
    told = set(re.findall(r"`([\w/]+\.py)`", PAGE.read_text(encoding="utf-8").partition("Beside these")[2]))
    packages = (
        "services_core",
        "services_inproc",
        "services_zmq",
        "async_paraview",
        "servermanager",
        "apvserver",
        "apvpython",
    )
    asking = {
        path.relative_to(ROOT).as_posix()
        for package in packages
        for path in (ROOT / package).rglob("*.py")
        if asked.search(path.read_text(encoding="utf-8"))
    }
    assert asking - named - told == set()
