"""What a type of views, representations or texts is: its properties, and the definition that is made of them."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Any, Final, Literal

from ..names import words
from ..records import dataclass
from .checks import ANY_LENGTH, Check, is_list

Half = Literal["render", "both", "client"]
Group = Literal[
    "views",
    "representations",
    "annotations",
    "color_maps",
    "layouts",
    "animation",
    "extractors",
    "extract_triggers",
    "extract_writers",
    "settings",
]

VIEWS: Final = "views"
REPRESENTATIONS: Final = "representations"
ANNOTATIONS: Final = "annotations"
COLOR_MAPS: Final = "color_maps"
EXTRACTORS: Final = "extractors"
EXTRACT_TRIGGERS: Final = "extract_triggers"
EXTRACT_WRITERS: Final = "extract_writers"
LAYOUTS: Final = "layouts"
ANIMATION: Final = "animation"
SETTINGS: Final = "settings"


@dataclass(frozen=True)
class SceneProperty:
    """One property: what it is for, what it takes, what it is at first, and which half it goes to.

    `half` "render" is the render service alone; "both" says that the data service is told as well, because what is
    extracted there depends on it; "client" that neither is. `domain` and `hidden_unless` are
    as in every other definition (docs/definitions.md).
    """

    name: str
    doc: str
    default: Any
    check: Check
    half: Half = "render"
    panel: str = "default"
    domain: Mapping[str, Any] = field(default_factory=dict)
    hidden_unless: Mapping[str, Any] = field(default_factory=dict)

    @functools.cached_property
    def initial(self) -> Any:
        """Return the default as a server stores it."""
        return self.check(self.default)

    def to_dict(self) -> dict[str, Any]:
        """Return the property as an entry of a definition."""
        facts: dict[str, Any] = {"kind": "simple", "range": None, "enumeration": [], **self.check.facts}
        more = {"domain": dict(self.domain), "hidden_unless": dict(self.hidden_unless)}
        return {
            "name": self.name,
            **facts,
            "default": _plain(self.default),
            "doc": self.doc,
            "path": False,
            "panel": self.panel,
            "half": self.half,
            **{key: value for key, value in more.items() if value},
        }


@dataclass(frozen=True)
class SceneType:
    """One type of views, representations or texts. `owner` is what messages call it."""

    name: str
    group: Group
    owner: str
    doc: str
    properties: tuple[SceneProperty, ...]
    takes_input: bool = False
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Further names of properties, which clients understand: those of ParaView where ours were others first."""
    title: str = ""
    """What people know it by, where that is not its name in words."""

    @property
    def label(self) -> str:
        """Return what people know it by, as ParaView calls it: "Line Chart View"."""
        return self.title or words(self.name)

    @property
    def wire_type(self) -> str:
        """Return the name that a server is asked for its definition by."""
        return f"{self.group}/{self.name}"

    @functools.cached_property
    def by_name(self) -> Mapping[str, SceneProperty]:
        """Return the properties by name."""
        return MappingProxyType({one.name: one for one in self.properties})

    @functools.cached_property
    def of_both_halves(self) -> frozenset[str]:
        """Return the names of those that the data service is told, too."""
        return frozenset(one.name for one in self.properties if one.half == "both")

    @functools.cached_property
    def initial(self) -> Mapping[str, Any]:
        """Return the values of all as they are at first, by name."""
        return MappingProxyType({one.name: one.initial for one in self.properties})

    def __iter__(self) -> Iterator[SceneProperty]:
        return iter(self.properties)

    def definition(self) -> dict[str, Any]:
        """Return the definition as servers send it: plain, a copy."""
        taken = [{"name": "Input", "data_types": [], "repeatable": False, "optional": False, "doc": "what is shown"}]
        return {
            "type_name": self.name,
            "group": self.group,
            "label": self.label,
            "doc": self.doc,
            "inputs": taken if self.takes_input else [],
            "outputs": 0,
            "properties": [one.to_dict() for one in self.properties],
            "curated": True,
        }

    def summary(self) -> dict[str, Any]:
        """Return the line of it in a list of all types."""
        return {"name": self.name, "label": self.label, "category": "", "summary": self.doc, "curated": True}


@dataclass(frozen=True, eq=False)
class ListOf:
    """A list of at most `most` of a kind: maps with some of its properties."""

    kind: SceneType
    most: int

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "annotation", "size": ANY_LENGTH, "kind": "indexed"}

    def __call__(self, value: object) -> tuple[Mapping[str, Any], ...]:
        """See Check."""
        if not is_list(value) or len(value) > self.most:
            raise ValueError(f"expected a list of at most {self.most} {self.kind.name.lower()}s")
        return tuple(map(self._one, value))

    def _one(self, value: object) -> Mapping[str, Any]:
        if not isinstance(value, Mapping) or not set(value) <= set(self.kind.by_name):
            named = self.kind.name.lower()
            raise ValueError(f"expected for each {named} a map with {', '.join(self.kind.by_name)}")
        found = {}
        for one in self.kind:
            try:
                found[one.name] = one.check(value.get(one.name, one.default))
            except ValueError as error:
                raise ValueError(f"{one.name} = {value[one.name]!r:.80}: {error}") from None
        return found


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
