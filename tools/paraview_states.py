"""Make the table of ParaView's names: what types and properties are called in its state files, and in its Python.

    python tools/paraview_states.py /path/to/ParaView.git servermanager/states/paraview/names.json [REVISION]

It reads the definitions of proxies in ParaView's XML files and keeps facts only: names, defaults, enumerations and what
kind of property each one is. In state files types and properties have the names of the XML, in Python those of labels.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any, Final

GROUPS: Final = (
    "sources", "filters", "extended_sources", "internal_sources", "internal_filters", "implicit_functions",
    "transforms", "extended_filters", "representations", "views", "annotations", "lookup_tables",
    "piecewise_functions", "animation", "misc", "additional_lights", "textures", "animation_keyframes",
    "extract_generators", "extract_writers", "extract_triggers", "incremental_point_locators", "selection_sources",
)  # fmt: skip
"""The groups of proxies whose contents stand in states and have a counterpart here, or could have one."""
_LEFT_OUT: Final = re.compile(r"testing/|plugins|examples|documentation|catalyst|baseline|qt/|web/|\.appdata", re.I)
_NO_VALUES: Final = {"Documentation", "Hints", "PropertyGroup", "RepresentationType", "ShareProperties", "OutputPort"}

Proxy = ElementTree.Element
Properties = dict[str, dict[str, Any]]


def main() -> None:
    """Write the table."""
    repository, out, revision = sys.argv[1], Path(sys.argv[2]), (*sys.argv[3:], "HEAD")[0]
    table = Table(repository, revision)
    version = _git(repository, "show", f"{revision}:version.txt").split()[0]
    lines = [f"{json.dumps(key)}: {json.dumps(one, sort_keys=True)}" for key, one in sorted(table.entries().items())]
    body = ",\n".join(lines)
    out.write_text(f'{{"version": {json.dumps(version)},\n"types": {{\n{body}\n}}}}\n', "utf-8")
    print(f"{len(lines)} types of ParaView {version}, {out.stat().st_size} bytes")


def python_name(label: str) -> str:
    """Return what ParaView's Python calls what has that label."""
    plain = re.sub(r"[^\w]", "", label, flags=re.ASCII)
    return f"a{plain}" if plain[:1].isdigit() else plain


def _git(repository: str, *arguments: str) -> str:
    done = subprocess.run(["git", "--git-dir", repository, *arguments], check=True, capture_output=True)
    return done.stdout.decode("utf-8", "replace")


class Table:
    """All definitions of proxies of one revision, with what they take from one another."""

    def __init__(self, repository: str, revision: str) -> None:
        """Read them."""
        self._proxies: dict[tuple[str, str], Proxy] = {}
        for path in _git(repository, "ls-tree", "-r", "--name-only", revision).splitlines():
            if path.endswith(".xml") and not _LEFT_OUT.search(path):
                self._read(_git(repository, "show", f"{revision}:{path}"))

    def _read(self, text: str) -> None:
        try:
            root = ElementTree.fromstring(text)
        except ElementTree.ParseError:
            return  # a template
        for group in root.iter("ProxyGroup"):
            for proxy in group:
                if "name" in proxy.attrib and proxy.tag != "Extension":
                    self._proxies[group.get("name", ""), proxy.get("name", "")] = proxy
        for group in root.iter("ProxyGroup"):
            for proxy in group:
                if proxy.tag == "Extension" and (group.get("name", ""), proxy.get("name", "")) in self._proxies:
                    self._proxies[group.get("name", ""), proxy.get("name", "")].extend(list(proxy))

    def entries(self) -> dict[str, Any]:
        """Return for each type, by group/name, its Python name and its properties."""
        found: dict[str, Any] = {}
        for (group, name), proxy in self._proxies.items():
            if group in GROUPS:
                entry: dict[str, Any] = {"properties": self._properties(proxy)}
                if (python := python_name(proxy.get("label", name))) != name:
                    entry["python"] = python
                if kind := self._kind(proxy):
                    entry["class"] = kind
                found[f"{group}/{name}"] = entry
        return found

    def _kind(self, proxy: Proxy) -> str:
        kind = proxy.get("class", "")
        if not kind and (base := self._base(proxy)) is not None:
            return self._kind(base)
        return kind

    def _base(self, proxy: Proxy) -> Proxy | None:
        base = proxy.get("base_proxyname")
        return self._proxies.get((proxy.get("base_proxygroup", ""), base)) if base else None

    def _properties(self, proxy: Proxy) -> Properties:
        base = self._base(proxy)
        found: Properties = self._properties(base) if base is not None else {}
        for element in proxy:
            if element.tag == "SubProxy":
                found |= {name: one for name, one in self._exposed(element).items() if name not in found}
            elif element.tag not in _NO_VALUES and "name" in element.attrib and element.tag.endswith("Property"):
                if element.get("information_only") == "1" or element.get("is_internal") == "1":
                    continue
                found[element.get("name", "")] = _property(element)
        return found

    def _exposed(self, subproxy: Proxy) -> Properties:
        held = subproxy.find("Proxy")
        if held is None:
            return {}
        own = self._properties(held)
        if (known := self._proxies.get((held.get("proxygroup", ""), held.get("proxyname", "")))) is not None:
            own = {**self._properties(known), **own}
        found: Properties = {}
        for one in subproxy.findall("ExposedProperties//Property"):
            name = one.get("name", "")
            if name in own:
                entry = dict(own[name])
                if (default := one.get("default_values")) is not None:
                    entry["default"] = default.split()
                outer = one.get("exposed_name", name)  # the only name that it has: its label is not looked at
                entry.pop("python", None)
                if (python := python_name(outer)) != outer:
                    entry["python"] = python
                found[outer] = entry
        return found


def _property(element: Proxy) -> dict[str, Any]:
    name = element.get("name", "")
    entry: dict[str, Any] = {}
    if (python := python_name(element.get("label", name))) != name:
        entry["python"] = python
    command = element.get("command", "")
    if command.startswith("Set") and command[3:] not in (name, entry.get("python"), ""):
        entry["set"] = command[3:]
    if element.tag == "InputProperty":
        entry["kind"] = "input"
    elif element.tag == "ProxyProperty":
        entry["kind"] = "proxy"
    elif element.tag in ("StringVectorProperty", "IntVectorProperty", "DoubleVectorProperty", "IdTypeVectorProperty"):
        entry |= _values(element)
    else:
        entry["kind"] = "command"
    return entry


def _values(element: Proxy) -> dict[str, Any]:
    text = element.tag == "StringVectorProperty"
    entry: dict[str, Any] = {}
    default = element.get("default_values")
    if default not in (None, "none"):
        single = text and element.get("number_of_elements") == "1" and not element.get("repeat_command")
        entry["default"] = [default] if single else str(default).split()
    if element.find("FileListDomain") is not None or element.find(".//FileListDomain") is not None:
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
