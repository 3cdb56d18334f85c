"""The rooms of docs/architecture.md: each is named there in one line, and none is crowded."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = (
    "services_core", "services_inproc", "services_zmq", "async_paraview", "servermanager", "apvserver", "apvpython",
    "apvweb", "apvgui", "apvnotebook", "bench",
)  # fmt: skip
MOST_MODULES: Final = 16


def rooms() -> list[Path]:
    """List the folders of the packages, each before those within it."""
    return [
        folder.parent
        for package in PACKAGES
        for folder in sorted((ROOT / package).rglob("__init__.py"), key=lambda path: path.parent.parts)
    ]


def described(room: Path) -> str:
    """Return a room's row of the table: its path and the first line of its docstring."""
    docstring = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8")))
    assert docstring, f"{room} says nothing of itself"
    first = docstring.split("\n")[0]
    return f"| `{room.relative_to(ROOT).as_posix()}` | {first} |"


def test_no_room_is_crowded() -> None:
    crowded = {str(room.relative_to(ROOT)): len(list(room.glob("*.py"))) for room in rooms()}
    assert {room: count for room, count in crowded.items() if count > MOST_MODULES} == {}


def test_every_folder_with_modules_is_a_room() -> None:
    folders = {path.parent for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
    assert folders == set(rooms())


def test_every_room_is_named_in_one_line() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = page.partition("<!-- rooms")[2].partition("-->\n")[2].partition("<!-- end of rooms -->")[0]
    expected = ["| room | what is in it |", "|---|---|", *map(described, rooms())]
    assert table.splitlines() == expected, "the table is to be:\n" + "\n".join(expected)
