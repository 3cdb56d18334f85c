"""Make the table of ParaView's names: what types and properties are called in its state files, and in its Python.

    python tools/paraview_names.py GIT_DIRECTORY_OF_PARAVIEW [REVISION]

makes `servermanager/states/paraview/names.json`, and `servermanager/coverage/paraview_uses.json` of how often public
scripts use them. They keep facts only: names, classes, defaults, enumerations and what kind of property each one is. In
state files types and properties have the names of the XML, in Python those of labels, but for properties of parts,
which have the name that the whole gives them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from paraview_uses import uses
from paraview_xml import Definitions, XmlProperty, XmlProxy, is_listed, is_reader

GROUPS: Final = (
    "sources", "filters", "writers", "extended_sources", "internal_sources", "internal_filters", "implicit_functions",
    "transforms", "extended_filters", "representations", "views", "annotations", "lookup_tables",
    "piecewise_functions", "animation", "misc", "additional_lights", "textures", "animation_keyframes",
    "extract_generators", "extract_writers", "extract_triggers", "incremental_point_locators", "selection_sources",
)  # fmt: skip
"""The groups of proxies whose contents stand in states and have a counterpart here, or could have one."""
_PLACE: Final = Path(__file__).parents[1] / "servermanager"
_NAMES: Final = _PLACE / "states" / "paraview" / "names.json"
_USES: Final = _PLACE / "coverage" / "paraview_uses.json"
_VECTORS: Final = ("StringVectorProperty", "IntVectorProperty", "DoubleVectorProperty", "IdTypeVectorProperty")


def main() -> None:
    """Write both files."""
    repository, revision = Path(sys.argv[1]), (*sys.argv[2:], "HEAD")[0]
    shown = subprocess.run(
        ["git", "-C", str(repository), "show", f"{revision}:version.txt"], check=True, capture_output=True, text=True
    )
    version, found = shown.stdout.split()[0], entries(Definitions(repository, revision))
    _NAMES.write_text(f'{{"version": {json.dumps(version)},\n"types": {_lines(found)}}}\n', "utf-8")
    counted = {kind: _lines(types) for kind, types in uses(repository, found).items()}
    groups = ",\n".join(f"{json.dumps(kind)}: {types}" for kind, types in counted.items())
    _USES.write_text(f'{{"version": {json.dumps(version)},\n"groups": {{\n{groups}\n}}}}\n', "utf-8")
    print(f"{len(found)} types of ParaView {version}")


def _lines(table: dict[str, Any]) -> str:
    """Return JSON with an entry a line, so that a difference between versions can be read."""
    rows = (f"{json.dumps(key)}: {json.dumps(one, sort_keys=True)}" for key, one in sorted(table.items()))
    return "{\n" + ",\n".join(rows) + "\n}"


def entries(definitions: Definitions) -> dict[str, Any]:
    """Return for each type, by group/name, its Python name, its class and its properties.

    "listed" is whether scripts can make it, "reader" whether it opens files, "works" the class that does the work,
    where another one hands it file after file.
    """
    return {f"{group}/{one.name}": _entry(one) for group in GROUPS for one in definitions.group(group)}


def _entry(one: XmlProxy) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "properties": {name: _property(found) for name, found in one.properties.items() if not found.internal}
    }
    if one.python != one.name:
        entry["python"] = one.python
    if one.vtk_class:
        entry["class"] = one.vtk_class
    if one.inner_class != one.vtk_class:
        entry["works"] = one.inner_class
    if is_listed(one):
        entry["listed"] = True
    if one.group == "sources" and is_reader(one):
        entry["reader"] = True
    return entry


def _property(one: XmlProperty) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    if one.python != one.name:
        entry["python"] = one.python
    command = one.element.get("command", "")
    if command.startswith("Set") and command[3:] not in (one.element.get("name"), entry.get("python"), ""):
        entry["set"] = command[3:]
    if one.element.tag == "InputProperty":
        entry["kind"] = "input"
    elif one.element.tag == "ProxyProperty":
        entry["kind"] = "proxy"
    elif one.element.tag in _VECTORS:
        entry |= _values(one)
    else:
        entry["kind"] = "command"
    return entry


def _values(one: XmlProperty) -> dict[str, Any]:
    element = one.element
    text = element.tag == "StringVectorProperty"
    entry: dict[str, Any] = {}
    default = one.attributes.get("default_values")
    if default not in (None, "none"):
        single = text and element.get("number_of_elements") == "1" and not element.get("repeat_command")
        entry["default"] = [default] if single else str(default).split()
    if element.find(".//FileListDomain") is not None:
        entry["kind"] = "file"
    elif element.find("BooleanDomain") is not None:
        entry["kind"] = "bool"
    if (choices := element.find("EnumerationDomain")) is not None:
        entry["entries"] = {one.get("value", ""): one.get("text", "") for one in choices.findall("Entry")}
    if "repeat_command" in element.attrib:
        entry["repeats"] = int(element.get("number_of_elements_per_command", 1))
    return entry


if __name__ == "__main__":
    main()
