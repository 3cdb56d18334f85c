"""The XML of ParaView's state files as plain values: proxies, their properties, and the names that they have."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import Final
from xml.parsers import expat

from async_paraview.records import dataclass

from ..state_check import StateError

MOST_BYTES: Final = 256 * 2**20
MOST_ELEMENTS: Final = 5_000_000
DEEPEST: Final = 64
_SELECTION: Final = "Selection"
"""The input of filters that holds what is selected."""
_OTHERS: Final = ("Links", "CustomProxyDefinitions")
KEY_FRAMES: Final = "KeyFrames"
"""A property of tracks: pvpython leaves out what it holds, unless a script has registered it."""
_OF_PALETTE: Final = frozenset({"ForegroundColor", "TextAnnotationColor", "SurfaceColor"})
"""The colors of a palette that other properties follow: these are not read, and follow ours."""
_KEPT_ROOTS: Final = ("GenericParaViewApplication", "ParaView", "ServerManagerState")
_START: Final = re.compile(rb"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(\w+)", re.S)


@dataclass(frozen=True)
class PvProperty:
    """What a state says of one property: values as texts, or proxies by id, each with the number of an output."""

    values: tuple[str, ...] = ()
    proxies: tuple[tuple[str, int], ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    """Of an enumeration whose entries the file tells: value -> text."""


@dataclass(frozen=True)
class PvProxy:
    """A proxy of a state; `name` is what it is registered as in its own group, "" if it is not."""

    id: str
    group: str
    type: str
    properties: Mapping[str, PvProperty]
    name: str = ""
    cells: tuple[tuple[str, str, str], ...] = ()
    """Of a layout: direction, fraction and view of each cell that there could be, by its number."""

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values of a property, none if the state does not have it."""
        found = self.properties.get(name)
        return () if found is None else found.values

    def numbers(self, name: str, tell: Callable[[str, str, str], None]) -> tuple[float, ...]:
        """Return the values of a property as finite numbers; none, which `tell` is told, if one of them is no such."""
        values = self.values(name)
        try:
            found = tuple(map(float, values))
            if all(map(math.isfinite, found)):
                return found
        except ValueError:
            pass  # told below, as what is not finite
        tell(self.name or self.type, name, f"{', '.join(values):.60} was not taken: numbers were expected")
        return ()

    def held(self, name: str) -> tuple[tuple[str, int], ...]:
        """Return the proxies that a property holds."""
        found = self.properties.get(name)
        return () if found is None else found.proxies


@dataclass(frozen=True)
class PvState:
    """A whole state: its proxies by id, and in which groups they are registered under which names."""

    version: tuple[int, int, int]
    proxies: Mapping[str, PvProxy]
    collections: Mapping[str, tuple[tuple[str, str], ...]]
    """The name of a group -> (id, registered name) of each member."""
    camera_links: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The name of a link -> the ids of the views that have one camera by it."""
    others: tuple[str, ...] = ()
    """What else stands in the file, by its tags, and is not read: links, definitions of compound proxies, ..."""

    def registered(self, group: str) -> list[PvProxy]:
        """Return the proxies that are registered in a group, each once, in the order of the file."""
        ids = dict.fromkeys(id_ for id_, _ in self.collections.get(group, ()))
        return [self.proxies[id_] for id_ in ids if id_ in self.proxies]


def is_paraview(text: bytes) -> bool:
    """Return whether the bytes of a file begin as a state of ParaView does."""
    found = _START.match(text[:65536])
    return found is not None and found.group(1).decode("ascii", "replace") in _KEPT_ROOTS


def parse(text: bytes, where: str) -> PvState:
    """Return the state in the bytes of a .pvsm file.

    Entities and document types are refused, as is what is deeper, longer or of more elements than any state is. Raises
    StateError; `where` is what it calls the file.
    """
    if len(text) > MOST_BYTES:
        raise StateError(f"{where} has {len(text)} bytes; a state of ParaView of more than {MOST_BYTES} is not read")
    reader = _Reader(where)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.StartDoctypeDeclHandler = reader.refuse_doctype
    parser.EntityDeclHandler = reader.refuse_doctype
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise StateError(f"{where} is damaged: it is not well-formed XML ({error})") from error
    return reader.state()


class _Reader:
    """Takes the elements of a file one by one; what is not as it must be raises StateError."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._path: list[str] = []
        self._elements = 0
        self._version: tuple[int, int, int] | None = None
        self._proxies: dict[str, PvProxy] = {}
        self._collections: dict[str, list[tuple[str, str]]] = {}
        self._others: dict[str, None] = {}
        self._proxy: tuple[str, str, str] | None = None
        self._properties: dict[str, PvProperty] = {}
        self._property = ""
        self._values: list[tuple[int, str]] = []
        self._held: list[tuple[str, int]] = []
        self._texts: dict[str, str] = {}
        self._cells: list[tuple[str, str, str]] = []
        self._links: dict[str, dict[str, None]] = {}
        self._link = ""
        self._collection = ""
        self._settings = ""
        self._following: set[tuple[str, str]] = set()
        """The id and the property of what follows the palette."""

    def refuse_doctype(self, *_: object) -> None:
        raise StateError(f"{self._where} is not read: states of ParaView have no document type and no entities")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._path.append(tag)
        if self._elements > MOST_ELEMENTS or len(self._path) > DEEPEST:
            raise StateError(
                f"{self._where} is not read: it has more than {MOST_ELEMENTS} elements, or is deeper than {DEEPEST}"
            )
        if tag == "ServerManagerState" and self._version is None:
            self._version = _version(attributes.get("version", ""), self._where)
            self._base = len(self._path)
            return
        if self._version is not None and len(self._path) > self._base:
            self._inside(tag, attributes, len(self._path) - self._base)

    def _inside(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        parent = self._path[-2]
        if depth == 1:
            self._top(tag, attributes)
        elif self._proxy is not None and depth == 2 and tag == "Property":
            self._property = self._needed(attributes, "name", tag)
            self._values, self._held, self._texts = [], [], {}
        elif self._proxy is not None and depth == 3 and parent == "Property":
            if tag == "Element":
                self._values.append((self._number(attributes, "index", tag), attributes.get("value", "")))
            elif tag == "Proxy":
                self._held.append(
                    (self._needed(attributes, "value", tag), self._number(attributes, "output_port", tag))
                )
        elif self._proxy is not None and depth == 4 and parent == "Domain" and tag == "Entry":
            self._texts[attributes.get("value", "")] = attributes.get("text", "")
        elif depth == 2 and parent in _OTHERS and tag != "CameraLink":
            name = attributes.get("name", "")
            self._others[f"{parent}/{tag}" + (f"/{name}" if name else "")] = None
        elif parent in ("Layout", "CameraLink") or tag in ("CameraLink", "SettingsProxy") or depth == 4:
            self._of_views(tag, attributes, depth)
        elif self._collection and depth == 2 and tag == "Item":
            item = (self._needed(attributes, "id", tag), attributes.get("name", ""))
            self._collections[self._collection].append(item)

    def _of_views(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        """Take a cell of a layout, a link of cameras, a view of one, or what follows the palette."""
        if depth == 2 and tag == "SettingsProxy":
            self._settings = attributes.get("type", "")
        elif depth == 4 and self._path[-2] == "Links" and self._settings == "ColorPalette":
            if attributes.get("source_property") in _OF_PALETTE:
                self._following.add((attributes.get("target_id", ""), attributes.get("target_property", "")))
        elif self._proxy is not None and depth == 3 and tag == "Item":
            told = [attributes.get(name, "0") for name in ("direction", "fraction", "view")]
            self._cells.append((told[0], told[1], told[2]))
        elif depth == 2 and tag == "CameraLink":
            self._link = self._needed(attributes, "name", tag)
            self._links.setdefault(self._link, {})
        elif depth == 3 and tag == "Proxy" and self._link:
            self._links[self._link][self._needed(attributes, "id", tag)] = None

    def _top(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Proxy":
            id_ = self._needed(attributes, "id", tag)
            if id_ in self._proxies:
                raise StateError(f"{self._where} is damaged: two proxies have the id {id_:.20}")
            self._proxy = (id_, attributes.get("group", ""), self._needed(attributes, "type", tag))
            self._properties, self._cells = {}, []
        elif tag == "ProxyCollection":
            self._collection = self._needed(attributes, "name", tag)
            self._collections.setdefault(self._collection, [])

    def end(self, tag: str) -> None:
        depth = len(self._path) - (self._base if self._version is not None else 0)
        if self._proxy is not None and depth == 2 and tag == "Property":
            values = tuple(value for _, value in sorted(self._values, key=lambda one: one[0]))
            self._properties[self._property] = PvProperty(values, tuple(self._held), self._texts)
        elif self._version is not None and depth == 1:
            if tag == "Proxy" and self._proxy is not None:
                id_, group, type_name = self._proxy
                self._proxies[id_] = PvProxy(id_, group, type_name, self._properties, cells=tuple(self._cells))
            self._proxy, self._collection = None, ""
        self._path.pop()

    _base = 0

    def state(self) -> PvState:
        if self._version is None:
            raise StateError(f"{self._where} is no state of ParaView: it has no element ServerManagerState")
        names = {id_: (group, name) for group, items in self._collections.items() for id_, name in items}
        proxies = {id_: replace(one, name=names.get(id_, ("", ""))[1]) for id_, one in self._proxies.items()}
        proxies = {id_: self._without_unkept(one, proxies) for id_, one in proxies.items()}
        proxies = {id_: self._without_following(one) for id_, one in proxies.items()}
        for one in proxies.values():
            for name, held in one.properties.items():
                for id_, _ in held.proxies:
                    if id_ not in proxies and id_ != "0" and name != KEY_FRAMES:
                        raise StateError(
                            f"{self._where} is damaged: {one.type:.60} {one.id}.{name:.60} holds proxy {id_:.20}, "
                            "which is not in the file"
                        )
        collections = {name: tuple(items) for name, items in self._collections.items()}
        links = {name: tuple(ids) for name, ids in self._links.items()}
        return PvState(self._version, proxies, collections, links, tuple(self._others))

    def _without_unkept(self, one: PvProxy, proxies: Mapping[str, PvProxy]) -> PvProxy:
        """Return a proxy without a selection that is not in the file: ParaView writes none that is not registered."""
        held = one.properties.get(_SELECTION)
        if held is None or all(id_ in proxies or id_ == "0" for id_, _ in held.proxies):
            return one
        self._others[f"Selections/{one.name or one.type}"] = None
        left = tuple(pair for pair in held.proxies if pair[0] in proxies)
        return replace(one, properties={**one.properties, _SELECTION: replace(held, proxies=left)})

    def _without_following(self, one: PvProxy) -> PvProxy:
        """Return a proxy without the colors that are the palette's."""
        kept = {name: of for name, of in one.properties.items() if (one.id, name) not in self._following}
        return replace(one, properties=kept)

    def _needed(self, attributes: dict[str, str], name: str, tag: str) -> str:
        found = attributes.get(name, "")
        if not found:
            raise StateError(f"{self._where} is damaged: an element {tag:.40} has no {name}")
        return found

    def _number(self, attributes: dict[str, str], name: str, tag: str) -> int:
        text = attributes.get(name, "0")
        if not text.isdecimal() or len(text) > 9:
            raise StateError(f"{self._where} is damaged: {name} of an element {tag:.40} is {text!r:.40}")
        return int(text)


def _version(text: str, where: str) -> tuple[int, int, int]:
    parts = re.match(r"(\d{1,4})\.(\d{1,4})(?:\.(\d{1,9}))?", text)
    if parts is None:
        raise StateError(f"{where} is damaged: {text!r:.40} is no version of ParaView")
    return int(parts[1]), int(parts[2]), int(parts[3] or 0)
