"""The XML of a state file as ParaView reads it: proxies with properties, and the names that they are registered by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from ..state_check import StateError
from .versions import type_as_it_was

VERSION: Final = "5.11.0"
"""The oldest ParaView that reads what is written, and the version of its rules."""
_FIRST_ID: Final = 1000
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CLIENT_AND_RENDER: Final = "21"
_DATA: Final = "1"
_CLIENT: Final = "16"
_SERVERS: Final = {
    "sources": _DATA,
    "filters": _DATA,
    "implicit_functions": _DATA,
    "animation": _CLIENT,
    "misc": _CLIENT,
}


@dataclass
class Element:
    """A proxy that is written: its properties have values as texts, or hold proxies with the number of an output."""

    id: int
    group: str
    type: str
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    held: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    chosen: set[str] = field(default_factory=set)
    """The properties that hold one of several proxies of their own: ParaView takes another one unless it is listed."""
    cells: list[tuple[int, float, int]] = field(default_factory=list)
    """Of a layout: direction, fraction and view of each cell that there could be, by its number."""

    def set(self, name: str, *values: Any) -> None:
        """Set a property to values."""
        self.values[name] = tuple(map(text_of, values))

    def hold(self, name: str, *ids: int | tuple[int, int]) -> None:
        """Have a property hold proxies."""
        self.held[name] = [one if isinstance(one, tuple) else (one, 0) for one in ids]

    def choose(self, name: str, id_: int) -> None:
        """Have a property hold a proxy that is its own, in the place of those that ParaView makes for it."""
        self.hold(name, id_)
        self.chosen.add(name)


class Document:
    """A state that is being written."""

    def __init__(self) -> None:
        self._elements: list[Element] = []
        self._collections: dict[str, list[tuple[int, str]]] = {}
        self.camera_links: dict[str, list[int]] = {}
        """The views that have one camera, by the name of their link."""
        self._following: list[tuple[str, int, str]] = []

    def add(self, group: str, type_name: str, name: str = "", collection: str = "") -> Element:
        """Return a new proxy; with a name it is registered in its group, or in another collection."""
        made = Element(_FIRST_ID + len(self._elements), group, type_name)
        self._elements.append(made)
        if name:
            self._collections.setdefault(collection or group, []).append((made.id, name))
        return made

    def follow_palette(self, element: Element, **colors: str) -> None:
        """Have colors of a proxy, by the name of each, be one of the palette's, unless they were set."""
        self._following += [(of, element.id, name) for name, of in colors.items() if name not in element.values]

    def registered(self, collection: str) -> list[str]:
        """Return the names that are taken in a collection."""
        return [name for _, name in self._collections.get(collection, ())]

    def text(self) -> str:
        """Return the file. Raises StateError for texts that XML cannot hold."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield "<ParaView>"
        yield f'  <ServerManagerState version="{VERSION}">'
        for one in self._elements:
            servers = _SERVERS.get(one.group, _CLIENT_AND_RENDER)
            group, type_name = _quoted(one.group), _quoted(type_as_it_was(one.group, one.type))
            yield f'    <Proxy group={group} type={type_name} id="{one.id}" servers="{servers}">'
            for name, values in one.values.items():
                yield from _property(one.id, name, [f"value={_quoted(value)}" for value in values], "Element")
            for name, held in one.held.items():
                ids = [f'value="{id_}" output_port="{port}"' for id_, port in held]
                yield from _property(one.id, name, ids, "Proxy", listed=name in one.chosen)
            yield from _cells(one.cells)
            yield "    </Proxy>"
        for collection, items in self._collections.items():
            yield f"    <ProxyCollection name={_quoted(collection)}>"
            yield from (f'      <Item id="{id_}" name={_quoted(name)}/>' for id_, name in items)
            yield "    </ProxyCollection>"
        yield from self._links()
        if self._following:
            yield '    <Settings><SettingsProxy group="settings" type="ColorPalette"><Links>'
            for of, id_, name in self._following:
                names = f'source_property={_quoted(of)} target_id="{id_}" target_property={_quoted(name)}'
                yield f'      <Property {names} unlink_if_modified="1"/>'
            yield "    </Links></SettingsProxy></Settings>"
        yield "  </ServerManagerState>"
        yield "</ParaView>"

    def _links(self) -> Iterator[str]:
        """Yield the links of cameras: each view of one with each other, both ways, as ParaView has them."""
        if self.camera_links:
            yield "    <Links>"
            for name, ids in self.camera_links.items():
                yield f"      <CameraLink name={_quoted(name)}>"
                for direction in ("input", "output"):
                    yield from (f'        <Proxy direction="{direction}" id="{id_}"/>' for id_ in ids)
                yield "      </CameraLink>"
            yield "    </Links>"


def _cells(cells: Sequence[tuple[int, float, int]]) -> Iterator[str]:
    if cells:
        yield f'      <Layout number_of_elements="{len(cells)}">'
        for direction, fraction, view in cells:
            yield f'        <Item direction="{direction}" fraction="{text_of(fraction)}" view="{view}"/>'
        yield "      </Layout>"


def _property(id_: int, name: str, items: Sequence[str], tag: str, *, listed: bool = False) -> Iterable[str]:
    yield f'      <Property name={_quoted(name)} id={_quoted(f"{id_}.{name}")} number_of_elements="{len(items)}">'
    for index, item in enumerate(items):
        place = f'index="{index}" ' if tag == "Element" else ""
        yield f"        <{tag} {place}{item}/>"
    if listed:
        yield f'        <Domain name="proxy_list" id={_quoted(f"{id_}.{name}.proxy_list")}>'
        yield from (f"          <Proxy {item}/>" for item in items)
        yield "        </Domain>"
    yield "      </Property>"


def _quoted(text: str) -> str:
    if found := _NOT_IN_XML.search(text):
        raise StateError(f"{text!r:.60} cannot be written: a file of ParaView cannot hold {found.group()!r}")
    return quoteattr(text, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def text_of(value: Any) -> str:
    """Return a value as states have it."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)
