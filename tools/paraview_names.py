"""Write the names of ParaView's types and properties, and how often public scripts use them, as data of the package.

    python tools/paraview_names.py GIT_DIRECTORY_OF_PARAVIEW VERSION

makes `servermanager/coverage/paraview_names.json` and `paraview_uses.json`. Names, classes and numbers only.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

from paraview_uses import uses
from paraview_xml import Definitions, XmlProxy, is_reader, listed

_GROUPS: Final = {"sources": "sources", "filters": "filters", "writers": "writers"}
_PLACE: Final = Path(__file__).parents[1] / "servermanager" / "coverage"


def names(definitions: Definitions) -> dict[str, Any]:
    """Return by group and name in the XML: {name, class, properties}; the last by name in the XML: {name}."""
    found: dict[str, Any] = {"sources": {}, "readers": {}, "filters": {}, "writers": {}}
    for group in _GROUPS:
        for one in listed(definitions.group(group)):
            kind = "readers" if group == "sources" and is_reader(one) else group
            found[kind][one.name] = _entry(one)
    for group in ("representations", "views"):
        found[group] = {one.name: _entry(one) for one in definitions.group(group) if one.vtk_class}
    return found


def _entry(one: XmlProxy) -> dict[str, Any]:
    shown = {
        name: found.python for name, found in one.properties.items() if not found.internal and found.kind != "button"
    }
    return {"name": one.python, "class": one.inner_class, "properties": shown}


def _lines(table: dict[str, Any]) -> str:
    """Return JSON with one type a line, so that a difference between versions can be read."""
    groups = []
    for group, types in table["groups"].items():
        rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in sorted(types.items()))
        groups.append(f" {json.dumps(group)}: {{\n{rows}\n }}")
    head = {key: value for key, value in table.items() if key != "groups"}
    return json.dumps(head)[:-1] + ', "groups": {\n' + ",\n".join(groups) + "\n}}\n"


def main() -> None:
    """Write both files."""
    repository, version = Path(sys.argv[1]), sys.argv[2]
    found = {"version": version, "groups": names(Definitions(repository))}
    (_PLACE / "paraview_names.json").write_text(_lines(found), encoding="utf-8")
    (_PLACE / "paraview_uses.json").write_text(
        _lines({"version": version, "groups": uses(repository, found["groups"])}), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
