"""Read the types of proxies of ParaView out of its XML definitions: names and numbers as plain values, no sentences.

Used by `tools/paraview_names.py` and `tools/paraview_definitions.py`. It needs a git directory of ParaView:
`git clone --bare --branch v6.2.0 https://github.com/Kitware/ParaView`.
"""

from __future__ import annotations

import re
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

_ROOTS: Final = ("Clients/ParaView/", "Remoting/", "VTKExtensions/")
_PROPERTIES: Final = {
    "IntVectorProperty": "int",
    "DoubleVectorProperty": "float",
    "StringVectorProperty": "str",
    "IdTypeVectorProperty": "int",
    "ProxyProperty": "proxy",
    "InputProperty": "input",
    "DataEnumerationProperty": "int",
    "Property": "button",
    "TimeStepsInformationHelper": "button",
    "ArraySelectionProperty": "str",
}
_HANDS_ON: Final = re.compile(r"Series(Reader|Writer)$|ParallelSerialWriter$")
"""Classes that hand file after file to another one."""


@dataclass
class XmlProperty:
    """One property: `name` is that of the XML, `label` that of the panel, `python` the attribute of a script."""

    name: str
    label: str
    kind: str
    attributes: dict[str, str]
    element: ElementTree.Element
    domains: list[ElementTree.Element] = field(default_factory=list)
    hints: list[ElementTree.Element] = field(default_factory=list)
    exposed: bool = False
    """Whether it is one of a part that the whole shows."""

    @property
    def python(self) -> str:
        """The name that a script uses: of the label, but of the name where a part is shown (vtkSMPropertyIterator)."""
        return python_name(self.name if self.exposed else self.label)

    @property
    def internal(self) -> bool:
        """Whether neither panels nor scripts are meant to set it."""
        return self.attributes.get("is_internal") == "1" or self.attributes.get("information_only") == "1"

    @property
    def entries(self) -> dict[str, int]:
        """The texts and numbers of an enumeration; empty if it is none."""
        for domain in self.domains:
            if domain.tag == "EnumerationDomain":
                return {one.get("text", ""): int(one.get("value", "0")) for one in domain.iter("Entry")}
            if domain.tag == "FieldDataDomain":
                has_field = domain.get("enable_field_data") == "1"
                return {text: value for text, value in _ASSOCIATIONS.items() if has_field or text != _OF_NO_ELEMENT}
        return {}

    def domain(self, *tags: str) -> ElementTree.Element | None:
        """Return the first of its domains with one of these tags."""
        return next((one for one in self.domains if one.tag in tags), None)


_OF_NO_ELEMENT: Final = "Field Data"
_ASSOCIATIONS: Final = {"Points": 0, "Cells": 1, _OF_NO_ELEMENT: 2, "Vertices": 4, "Edges": 5, "Rows": 6}
"""What a domain of associations offers, without entries of its own (vtkSMFieldDataDomain)."""


@dataclass
class XmlProxy:
    """One type of proxy with all that it inherits."""

    group: str
    name: str
    label: str
    vtk_class: str
    tag: str
    element: ElementTree.Element
    properties: dict[str, XmlProperty]
    inner_class: str = ""
    """The class that does the work, where another one hands it file after file."""

    @property
    def python(self) -> str:
        """The name that a script uses."""
        return python_name(self.label)


def python_name(label: str) -> str:
    """Return a label as an attribute of Python: other characters left out, and a letter in front of digits."""
    plain = re.sub(r"[^A-Za-z0-9_]", "", label)
    return plain if not plain or plain[0].isalpha() else f"a{plain}"


class Definitions:
    """All definitions of a git directory of ParaView, or of an installed copy of its XML files."""

    def __init__(self, repository: Path, revision: str = "HEAD") -> None:
        self._elements: dict[tuple[str, str], ElementTree.Element] = {}
        self._proxies: dict[tuple[str, str], XmlProxy] = {}
        extensions: list[tuple[tuple[str, str], ElementTree.Element]] = []
        for path in self._paths(repository, revision):
            text = _git(repository, "show", f"{revision}:{path}")
            if "<ServerManagerConfiguration" in text:
                extensions += self._add(ElementTree.fromstring(text))
        for key, extension in extensions:
            if key in self._elements:
                self._elements[key].extend(list(extension))

    @staticmethod
    def _paths(repository: Path, revision: str) -> list[str]:
        listed = _git(repository, "ls-tree", "-r", "--name-only", revision).splitlines()
        return [one for one in listed if one.endswith(".xml") and one.startswith(_ROOTS) and "/Testing/" not in one]

    def _add(self, root: ElementTree.Element) -> Iterator[tuple[tuple[str, str], ElementTree.Element]]:
        """Take what a file has; yields what is to be added to types of other files."""
        for group in root.iter("ProxyGroup"):
            for element in group:
                key = group.get("name", ""), element.get("name", "")
                if element.tag == "Extension":
                    yield key, element
                elif element.get("name"):
                    self._elements[key] = element

    @property
    def groups(self) -> set[str]:
        """The names of all groups."""
        return {group for group, _ in self._elements}

    def group(self, name: str) -> list[XmlProxy]:
        """Return the types of one group, sorted by name."""
        return [self.proxy(group, one) for group, one in sorted(self._elements) if group == name]

    def proxy(self, group: str, name: str) -> XmlProxy:
        """Return one type. Raises KeyError."""
        if (group, name) not in self._proxies:
            self._proxies[group, name] = self._made(group, name)
        return self._proxies[group, name]

    def _made(self, group: str, name: str) -> XmlProxy:
        element = self._elements[group, name]
        # What shows itself as a part, by the name of its base, gets what is known of it so far.
        self._proxies[group, name] = XmlProxy(group, name, name, "", element.tag, element, {})
        base_group, base_name = element.get("base_proxygroup"), element.get("base_proxyname")
        if element.get("group") and not element.get("class"):  # the type of that name of another group, as it is
            base_group, base_name = element.get("group"), name
        properties: dict[str, XmlProperty] = {}
        vtk_class = element.get("class", "")
        if base_name:
            base = self.proxy(self._group_of(base_group or group, base_name), base_name)
            properties |= base.properties
            vtk_class = vtk_class or base.vtk_class
        for child in element:
            if child.tag in _PROPERTIES and child.get("name"):
                properties[child.get("name", "")] = _property(child, properties.get(child.get("name", "")))
            elif child.tag == "SubProxy":
                properties |= self._exposed(child)
        label = element.get("label") or name
        inner = self._inner_class(element) if _HANDS_ON.search(vtk_class) else ""
        return XmlProxy(group, name, label, vtk_class, element.tag, element, properties, inner or vtk_class)

    def _group_of(self, group: str, name: str) -> str:
        """Return the group that a base is in, which some name after the one that it is used in."""
        wanted = (group, f"internal_{group}")
        return next((one for one in wanted if (one, name) in self._elements), group)

    def _inner_class(self, element: ElementTree.Element) -> str:
        for child in element.iter("SubProxy"):
            inner = child.find("Proxy")
            if inner is not None and inner.get("name") in ("Reader", "Writer"):
                if inner.get("class"):
                    return inner.get("class", "")
                return self.proxy(inner.get("proxygroup", ""), inner.get("proxyname", "")).vtk_class
        return ""

    def _exposed(self, element: ElementTree.Element) -> dict[str, XmlProperty]:
        """Return the properties of a part that the whole shows."""
        inner = element.find("Proxy")
        group, name = (inner.get("proxygroup"), inner.get("proxyname")) if inner is not None else (None, None)
        if inner is None:
            return {}
        known = dict(self.proxy(group, name).properties) if group and name and (group, name) in self._elements else {}
        for child in inner:
            if child.tag in _PROPERTIES and child.get("name"):
                known[child.get("name", "")] = _property(child, known.get(child.get("name", "")))
        shown: dict[str, XmlProperty] = {}
        for one in element.iter("ExposedProperties"):
            for child in one.iter("Property"):
                inside, outside = child.get("name", ""), child.get("exposed_name") or child.get("name", "")
                if inside in known:
                    own = known[inside].attributes | {"part": name or ""}
                    if "default_values" in child.attrib:
                        own["default_values"] = child.attrib["default_values"]
                    shown[outside] = replace(
                        known[inside],
                        name=outside,
                        label=child.get("label") or known[inside].label,
                        attributes=own,
                        exposed=True,
                    )
        return shown


def _property(element: ElementTree.Element, inherited: XmlProperty | None) -> XmlProperty:
    name = element.get("name", "")
    attributes = dict(element.attrib)
    domains = [one for one in element if one.tag.endswith("Domain")]
    if inherited is not None and not attributes.get("command"):
        attributes = {**inherited.attributes, **attributes}
    # A label is made of the name where none is given: "ThetaResolution" is shown as "Theta Resolution".
    label = element.get("label") or name
    hints = [one for hints in element.iter("Hints") for one in hints]
    return XmlProperty(name, label, _PROPERTIES[element.tag], attributes, element, domains, hints)


def defaults(one: XmlProperty) -> list[float] | list[int] | list[str]:
    """Return the default values of a property of numbers or texts; empty if there are none."""
    text = one.attributes.get("default_values", "")
    if text in ("", "none"):
        return []
    if one.kind == "int":
        return [int(part) for part in text.split()]
    if one.kind == "float":
        return [float(part) for part in text.split()]
    return [text]


def is_reader(proxy: XmlProxy) -> bool:
    """Return whether it is listed among what opens files."""
    return any(one.tag == "ReaderFactory" for one in proxy.element.iter()) or any(
        name in proxy.properties for name in ("FileName", "FileNames", "FileNameInfo")
    )


def listed(proxies: list[XmlProxy]) -> Iterator[XmlProxy]:
    """Yield the types that a script can make."""
    yield from filter(is_listed, proxies)


def is_listed(proxy: XmlProxy) -> bool:
    """Return whether a script can make it."""
    return bool(proxy.vtk_class) or proxy.tag.startswith("Compound")


def _git(repository: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(repository), *arguments], capture_output=True, check=True)
    return done.stdout.decode("utf-8")
