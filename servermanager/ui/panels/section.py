"""The lines of one proxy, and of what its properties hold: read, checked and set; `Panel` is what users have."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from async_paraview.domains import FILLED, OF_DATA, OFFERED, Domain, evaluate, with_first_arrays
from async_paraview.information import DataInformation
from services_core import in_loop

from ...model.holding.set_properties import UNSET
from ...model.property_holder import PropertyHolder
from ...model.proxy import ObjectProxy, OutputPort, Proxy, SourceProxy
from ...views.render_view import RenderViewProxy
from ...views.representation import RepresentationProxy
from . import choosing
from .arrangement import Arrangement
from .editors import columns, editor_of, is_vector, label_of, length
from .entering import chosen, entered
from .limits import bounds, slider, step
from .panel_line import Choice, Editor, PanelLine

_COLORS: Final = "ColorBy"
_SEEN: Final = "Visibility"
"""Of what a property holds: whether it is seen."""
TEXTS: Final = ("text", "script", "file")
NUMERIC: Final = ("integer", "number", "vector", "numbers")


class Section:
    """The part of a panel that is about one proxy. Local.

    `tell()` is called when lines may be others; `above` is the section of what holds the proxy, as its `place`.
    """

    def __init__(
        self,
        proxy: PropertyHolder,
        definition: Mapping[str, Any],
        tell: Callable[[], None],
        above: Section | None = None,
        place: str = "",
    ) -> None:
        self.proxy = proxy
        self.definition = definition
        self.tell = tell
        self.above = above
        self.place = place
        self.pending: dict[str, Any] = {} if above is None else above.pending
        """What was entered and waits to be applied, by the names of lines in the whole panel."""
        entries = dict(_entries(definition, with_inputs=isinstance(proxy, Proxy)))
        self._arrangement = Arrangement.of(proxy.wire_type, entries, definition)
        self.entries: dict[str, Mapping[str, Any]] = {name: entries[name] for name in self._arrangement.order}
        self._errors: dict[str, str] = {}
        self._held: dict[str, Section] = {}
        self._end_watching = proxy.watch(self._was_changed)

    def lines(self, search: str, *, advanced: bool, idle: bool = False) -> tuple[PanelLine, ...]:
        """Return the lines as things are now: see `Panel.lines`; with `idle`, also those that do not matter now."""
        wanted = search.casefold().strip()
        found = []
        for name, entry in self.entries.items():
            if not (idle or self._is_visible(entry)):
                continue
            if not (advanced or wanted) and name in self._arrangement.advanced:
                continue
            line = self.line(entry)
            matches = wanted in line.name.casefold() or wanted in line.label.casefold()
            inner = self._inner_lines(name, "" if matches else search, advanced=advanced, idle=idle)
            if matches or inner:
                found.append(replace(line, lines=inner))
        return tuple(found)

    def find(self, name: str) -> tuple[Section, str]:
        """Return the section that has a line, and the name of its property. Raises AttributeError."""
        own, _, inner = name.partition(".")
        if not inner:
            self.entry(own)
            return self, own
        held = self._read_held(own)
        at, _, rest = inner.partition(".")
        if at.isdecimal() and rest:
            several = list(held or ())
            own, inner = f"{own}.{at}", rest
            held = several[int(at)] if int(at) < len(several) else None
        section = self._section_of(own, held)
        if section is None:
            raise AttributeError(f"{self.proxy.type_name} has no line {name!r}: {own} holds nothing that is known here")
        return section.find(inner)

    def entry(self, name: str) -> Mapping[str, Any]:
        """Return the definition of a property. Raises AttributeError, suggesting the nearest names."""
        if name not in self.entries:
            self.proxy.entry(name)  # raises, suggesting the nearest names
            raise AttributeError(f"{self.proxy.type_name}.{name} is information: no property to be set")
        return self.entries[name]

    def path(self, name: str) -> str:
        """Return the name of a line in the whole panel."""
        return name if self.above is None else self.above.path(f"{self.place}.{name}")

    def is_input(self, name: str) -> bool:
        """Return whether outputs are connected to that name."""
        return "kind" not in self.entries[name]

    async def prepare(self) -> None:
        """Wait for the definitions of what its properties hold. Raises RemoteError."""
        for name, entry in self.entries.items():
            if editor_of(entry) == "object" and isinstance(held := self._read_held(name), PropertyHolder):
                await held.definition()
                section = self._section_of(name, held)
                if section is not None:
                    await section.prepare()

    def close(self) -> None:
        """Watch the proxy no more."""
        self._end_watching()
        for held in self._held.values():
            held.close()
        self._held.clear()

    # --- lines

    def line(self, entry: Mapping[str, Any]) -> PanelLine:
        """Return the line of a property, without those of what it holds."""
        name, editor = entry["name"], editor_of(entry)
        domain = self._domain(entry)
        set_ = self.proxy.value_set(name)
        low, high = bounds(entry)
        vector = editor in ("vector", "color")
        count = length(entry) if vector else 1
        slides = slider(entry, domain, count) if editor in NUMERIC else ()
        whole = entry.get("type") == "int"
        pending = self.path(name) in self.pending
        value = self.pending[self.path(name)] if pending else self._shown_value(entry, editor, domain, set_)
        enabled, why = self._may_change(entry)
        return PanelLine(
            name=self.path(name),
            label=label_of(entry),
            doc=entry.get("doc", ""),
            editor=editor,
            value=value,
            default=choosing.plain(entry.get("default")),
            is_set=set_ is not UNSET,
            advanced=name in self._arrangement.advanced,
            heading=self._arrangement.headings.get(name, ""),
            optional=bool(entry.get("optional")),
            choices=self._choices(entry, editor, domain, value),
            minimum=low,
            maximum=high,
            step=step(whole, slides) if editor in NUMERIC else None,
            slider=slides,
            count=count,
            columns=columns(entry, editor),
            whole=whole,
            pending=pending,
            error=self._errors.get(name, ""),
            enabled=enabled,
            why_disabled=why,
        )

    def _shown_value(self, entry: Mapping[str, Any], editor: Editor, domain: Domain, set_: Any) -> Any:
        if editor == "input":
            return [[one.proxy.id, one.port] for one in self._ports(entry["name"])]
        if editor == "object":
            return _type_name(self._read_held(entry["name"]))
        if editor == "parts":
            return len(self._read_held(entry["name"]) or ())
        if editor == "arrays":
            return choosing.switches(self._offered(entry, domain), None if set_ is UNSET else set_)
        value = entry.get("default") if set_ is UNSET else set_
        if set_ is UNSET and domain.kind in FILLED and domain.default is not None and self.definition.get("curated"):
            value = domain.default
        return choosing.entry_named(entry, value) if editor == "choice" else _plain_value(entry, editor, value)

    def _choices(self, entry: Mapping[str, Any], editor: Editor, domain: Domain, value: Any) -> Any:
        if editor == "choice":
            return choosing.entries(entry)
        if editor == "array":
            return self._arrays(entry, domain, value)
        if editor == "object":
            return choosing.types(entry, value)
        if editor == "input" and isinstance(self.proxy, Proxy):
            manager = self.proxy.session.proxies
            sources = manager.sources()
            return choosing.outputs(self.proxy, sources, {one.id: manager.name(one) for one in sources})
        return ()

    def _arrays(self, entry: Mapping[str, Any], domain: Domain, value: Any) -> tuple[Choice, ...]:
        """Return the arrays that a property takes; of those that color also their components, as far as known."""
        found = choosing.arrays(entry, domain, value)
        if entry["name"] != _COLORS or not isinstance(self.proxy, RepresentationProxy):
            return found
        source = self.proxy.source
        held = source.proxy.information.get(source.port)
        return found if held is None else choosing.with_components(found, held.arrays)

    def _domain(self, entry: Mapping[str, Any]) -> Domain:
        kind = entry.get("domain", {}).get("kind", "")
        if "kind" not in entry or (kind not in OF_DATA and kind != OFFERED):
            return Domain(True, kind=kind)
        if isinstance(self.proxy, ObjectProxy | SourceProxy):
            held = self.information(entry["domain"].get("of", "Input"))
            offered = self.proxy.offered if isinstance(self.proxy, SourceProxy) else {}
            return evaluate(
                entry, held, with_first_arrays(self.definition["properties"], held, self._values()), offered
            )
        return self.proxy.domain(entry["name"])

    def information(self, of: str) -> DataInformation | None:
        """Return what is known of an input; an object has that of what holds it."""
        if isinstance(self.proxy, SourceProxy):
            port = next(iter(self._ports(of)), None)
            if port is not None:
                return port.proxy.information.get(port.port)
        return None if self.above is None else self.above.information(of)

    def _values(self) -> dict[str, Any]:
        return {name: value for name, value in self.proxy.set_values().items() if name in self.entries}

    def _offered(self, entry: Mapping[str, Any], domain: Domain) -> Any:
        if isinstance(self.proxy, SourceProxy) and entry["name"] in self.proxy.offered:
            return self.proxy.offered[entry["name"]]
        return [one if isinstance(one, str) else one[1] for one in domain.entries]

    def _may_change(self, entry: Mapping[str, Any]) -> tuple[bool, str]:
        if entry.get("only"):
            return False, str(entry["only"])
        if self.proxy.session.role == "viewer":
            return False, "this program looks on: its role in the session is viewer"
        return True, ""

    def _is_visible(self, entry: Mapping[str, Any]) -> bool:
        if entry["name"] in self._arrangement.absent or self._offers_nothing(entry):
            return False
        condition = entry.get("hidden_unless")
        if not condition or condition["property"] not in self.entries:
            return True
        value, wanted = self.line(self.entries[condition["property"]]).value, condition["equals"]
        return value in wanted if isinstance(wanted, list | tuple) else bool(value == wanted)

    def _offers_nothing(self, entry: Mapping[str, Any]) -> bool:
        """Return whether there is nothing to choose of: the files of a reader were looked into, and have none."""
        if entry.get("domain", {}).get("kind") != OFFERED or not isinstance(self.proxy, SourceProxy):
            return False
        known, name = self.proxy.offered, entry["name"]
        return bool(known) and not known.get(name) and self.proxy.value_set(name) is UNSET

    # --- what properties hold

    def _inner_lines(self, name: str, search: str, *, advanced: bool, idle: bool) -> tuple[PanelLine, ...]:
        editor = editor_of(self.entries[name])
        if editor == "parts":
            held = list(self._read_held(name) or ())
            sections = [self._section_of(f"{name}.{at}", one) for at, one in enumerate(held)]
        elif editor == "object":
            sections = [self._section_of(name, self._read_held(name))]
        else:
            return ()
        lines = tuple(
            line
            for section in sections
            if section is not None
            for line in section.lines(search, advanced=advanced, idle=idle)
        )
        if editor == "object" and not (search or advanced or idle):
            return _folded(lines)
        return lines

    def _read_held(self, name: str) -> Any:
        if isinstance(self.proxy, RenderViewProxy) and editor_of(self.entries[name]) == "parts":
            return list(self.proxy.listed(name))
        with suppress(AttributeError):  # its definition is on its way, or it holds nothing
            held = getattr(self.proxy, name)
            return held.proxy if isinstance(held, OutputPort) else held
        return None

    def _section_of(self, name: str, held: Any) -> Section | None:
        """Return the section of what a property holds; None until its definition has arrived, which is told."""
        known = self._held.get(name)
        if known is not None and known.proxy is held:
            return known
        if known is not None:
            known.close()
            del self._held[name]
        if not isinstance(held, PropertyHolder):
            return None
        definitions = held.session.definitions
        definition = definitions.look(held.wire_type)
        if definition is None:
            definitions.prefetch(held.wire_type)
            definitions.when_answered(held.wire_type, in_loop(asyncio.get_running_loop(), self.tell))
            return None
        made = self._held[name] = Section(held, definition, self.tell, self, name)
        return made

    # --- changes

    def keep(self, name: str, given: Any) -> None:
        """Have what an editor gave wait to be applied. Raises ValueError for what is no value of that kind."""
        line = self.line(self.entry(name))
        if not line.enabled:
            raise ValueError(line.why_disabled)
        self.pending[line.name] = choosing.plain(entered(line, given))
        self.tell()

    def take(self, name: str, given: Any) -> None:
        """Set a property to what an editor gave. Raises AttributeError, TypeError, ValueError, ServicesError."""
        entry = self.entry(name)
        line = self.line(entry)
        if not line.enabled:
            raise ValueError(line.why_disabled)
        value = entered(line, given)
        if _is_nothing(entry, line.editor, value):
            self.take_back(name)
            return
        if line.editor == "input":
            value = self._outputs(entry, line, value)
        elif line.editor == "arrays" and entry["type"] == "str":
            value = [one for one, wanted in value.items() if wanted]
        elif line.editor == "object" and value == line.value:
            return  # it is held already
        self._set(name, value)
        self._send()

    def _set(self, name: str, value: Any) -> None:
        """Set a property as its definition of today means it; what scripts meant by the name before is not asked."""
        if not isinstance(self.proxy, Proxy):
            setattr(self.proxy, name, value)
            return
        with self.proxy.session.undo.group(f"set {self.proxy.type_name}.{name}"):
            self.proxy.restore(name, value)

    def take_back(self, name: str) -> None:
        """Set a property back to what a new proxy has. Raises as `take`."""
        self.entry(name)
        if self.proxy.value_set(name) is not UNSET:
            delattr(self.proxy, name)
            self._send()

    def note(self, name: str, text: str) -> None:
        """Have a line say what is wrong with it; "": nothing."""
        if self._errors.get(name, "") == text:
            return
        if text:
            self._errors[name] = text
        else:
            del self._errors[name]
        self.tell()

    def blame(self, type_name: str, name: str, text: str) -> None:
        """Have the line of a type's property say what is wrong, here or in what is held."""
        if self.proxy.type_name == type_name and name in self.entries:
            self.note(name, text)
        for held in self._held.values():
            held.blame(type_name, name, text)

    def _was_changed(self, name: str, _: Any) -> None:
        self._errors.pop(name, None)
        self.tell()

    def _send(self) -> None:
        """Tell the server. What a view has tells it by itself."""
        root = self
        while root.above is not None:
            root = root.above
        if isinstance(root.proxy, Proxy):
            root.proxy.update_vtk_objects()

    def _outputs(self, entry: Mapping[str, Any], line: PanelLine, given: Any) -> Any:
        """Return the outputs that are meant by their numbers, or the names of their sources."""
        several = [] if given is None else given if isinstance(given, list | tuple) else [given]
        if len(several) == 2 and all(isinstance(one, int) for one in several):
            several = [several]
        if len(several) > 1 and not entry["repeatable"]:
            raise ValueError(f"expected one input, not {len(several)}")
        found = [chosen(line.choices, one) for one in several]
        return [self.proxy.session.scene.output(*one) for one in found] or None

    def _ports(self, name: str) -> list[OutputPort]:
        return self.proxy.inputs().get(name, []) if isinstance(self.proxy, Proxy) else []


def _entries(definition: Mapping[str, Any], *, with_inputs: bool) -> Iterator[tuple[str, Mapping[str, Any]]]:
    inputs = definition["inputs"] if with_inputs else ()
    for one in (*inputs, *definition["properties"]):
        if not one.get("information"):
            yield one["name"], one


def _plain_value(entry: Mapping[str, Any], editor: Editor, value: Any) -> Any:
    """Return a value as its editor shows it."""
    if editor == "array" and value == [] and (nothing := entry["domain"].get("nothing")) is not None:
        return ["POINTS", nothing]
    if not value and editor == "files":
        return []
    if value is None and not entry.get("optional"):
        return "" if editor in TEXTS else [0] * length(entry) if is_vector(entry) else None
    if editor == "flag":
        return bool(value)
    is_one = entry["size"] == 1 and isinstance(value, list | tuple) and len(value) == 1
    return choosing.plain(value[0] if is_one else value)


def _folded(lines: tuple[PanelLine, ...]) -> tuple[PanelLine, ...]:
    """Return the lines of what a property holds; of what is not seen, such as axes, that which would show it alone."""
    hidden = [one for one in lines if one.name.endswith(f".{_SEEN}") and one.value is False]
    return tuple(one for one in lines if one in hidden or one.error) if hidden else lines


def _is_nothing(entry: Mapping[str, Any], editor: Editor, value: Any) -> bool:
    """Return whether an empty entry stands for what a new proxy has."""
    if editor == "array":
        return value in ([], "", None) and not entry.get("optional")
    if editor == "files":
        return value == [] and not entry.get("default")
    return value == "" and editor in TEXTS and entry.get("default") is None


def _type_name(held: Any) -> str:
    return held.type_name if isinstance(held, PropertyHolder) else ""
