"""The tables of properties in pages of docs, made of the types that both sides know.

`python tests/harness/scene_pages.py` writes them into the pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from async_paraview.scene.catalog import SCENE_TYPES

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
_UNLIMITED: Final = 1e30
"""What reaches so far has limits that nobody meets."""
PAGES: Final = (
    "views.md",
    "representations.md",
    "chart_properties.md",
    "animation.md",
    "figures.md",
    "extracts.md",
    "widgets.md",
)
_OTHER_AXIS: Final = re.compile("(Show)?(Bottom|Right|Top)Axis")
"""Axes of charts that have what the left one has."""
_TABLE: Final = re.compile(r"(<!-- begin: properties of (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)


def written(page: str) -> str:
    """Return the text of a page with its tables made anew."""
    return _TABLE.sub(lambda found: f"{found[1]}{table(found[2])}\n{found[3]}", page)


def names_of_tables(page: str) -> list[str]:
    """Return the types whose tables a page has."""
    return [found[2] for found in _TABLE.finditer(page)]


def table(wire_type: str) -> str:
    """Return the rows of one type, or as which other one it is; of several axes those of the left one."""
    type_ = SCENE_TYPES[wire_type]
    alike = [one for one in SCENE_TYPES.values() if one.group == type_.group and one.properties == type_.properties]
    if alike[0] is not type_:
        return f"All that [{alike[0].name}](#{alike[0].name.lower()}) has."
    rows = ["| property | takes | default | |", "|---|---|---|---|"]
    for entry in type_.definition()["properties"]:
        if _OTHER_AXIS.match(entry["name"]) and wire_type.startswith("views/"):
            continue
        says = entry["doc"] + (" (both halves)" if entry["half"] == "both" else "")
        rows.append(f"| {entry['name']} | {_takes(entry)} | {_default(entry['default'])} | {says} |")
    return "\n".join(rows)


def _takes(entry: Mapping[str, Any]) -> str:
    optional = " or None" if entry.get("optional") else ""
    if entry["enumeration"]:
        return f"a name{optional}"
    if entry["type"] == "reference" and entry["size"] == 1:
        return f"a proxy or view{optional}"
    if entry["kind"] == "indexed":
        return f"a list{optional}" if entry["size"] == 0 else f"a name{optional}"
    words = {"float": "number", "int": "integer", "bool": "True or False", "str": "text"}[entry["type"]]
    count = "" if entry["size"] == 1 else f"{entry['size']} "
    plural = "s" if count and entry["type"] != "bool" else ""
    limited = entry["range"] is not None and entry["range"][1] < _UNLIMITED
    limits = ", {:g} to {:g}".format(*entry["range"]) if limited else ""
    return f"{count}{words}{plural}{limits}{optional}"


def _default(value: Any) -> str:
    return f"`{value!r}`"


def main() -> None:
    """Write the tables into the pages."""
    for name in PAGES:
        page = DOCS / name
        page.write_text(written(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
