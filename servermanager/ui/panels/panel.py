"""A panel of any proxy: lines with editors, what is entered there, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Final

from services_core import RemoteError, ServicesError

from ...model.property_holder import PropertyHolder
from ...model.proxy import SourceProxy
from ...views.representation import RepresentationProxy
from ...views.view_proxy import ViewProxy
from ..naming import own_name
from ..watchers import Watcher, Watchers
from .editors import label_of
from .panel_line import PanelLine
from .section import Section

REFUSED: Final = (AttributeError, TypeError, ValueError, ServicesError)
"""What setting a property raises."""
NOT_COPIED: Final = ("input", "parts", "shown", "file", "files")
"""Editors whose values belong to one proxy alone."""
_PROPERTY: Final = re.compile(r"(?P<type>\w+)\.(?P<name>\w+) ")
"""How errors of the server begin that are about a property."""


class Panel:
    """The lines of one proxy: a source, a filter, a representation, a view, or a part; `await Panel.of(proxy)`.

    Every method that is no coroutine is local, and returns at once. What a property holds, such as the plane of a clip,
    has lines of its own, whose names are "ClipType.Origin".
    """

    def __init__(self, proxy: PropertyHolder, definition: Mapping[str, Any]) -> None:
        """Begin with the proxy as it is, in the loop that runs."""
        self.proxy = proxy
        self.title = str(definition["label"] or definition["type_name"])
        """What its type is called: "Plot Over Line"."""
        self.doc = str(definition["doc"])
        self.apply_at_once = True
        """Whether changes are set at once; else they wait for `apply`, and lines show them as pending."""
        self._watchers = Watchers()
        self._refused: dict[str, str] = {}
        """What the service that draws it has refused, and why, as far as that was asked for."""
        self._section = Section(proxy, definition, self._watchers.tell)
        self._dragged: tuple[str, Section, str, Any] | None = None
        """The line that is being dragged, whose property that is, and what was set before."""

    @classmethod
    async def of(cls, proxy: PropertyHolder) -> Panel:
        """Return a panel, once the definitions of the type and of what it holds have arrived.

        Raises RemoteError (UnknownType).
        """
        panel = cls(proxy, await proxy.definition())
        await panel._section.prepare()
        return panel

    # --- what is seen

    @property
    def name(self) -> str:
        """Return what the proxy is called: a source, and what shows one, by the name in the pipeline."""
        return own_name(self.proxy)

    def lines(self, search: str = "", *, advanced: bool = False) -> tuple[PanelLine, ...]:
        """Return the lines as things are now: those of the properties that matter with the present values.

        With `advanced` the lines for experts are among them; `search` leaves those whose name or label has that text,
        experts' or not.
        """
        return self._section.lines(search, advanced=advanced)

    def line(self, name: str) -> PanelLine:
        """Return the line of one property, without those of what it holds, whether it matters now or not.

        Raises AttributeError, suggesting the nearest names.
        """
        section, own = self._section.find(name)
        return section.line(section.entry(own))

    # --- what is entered

    def change(self, name: str, given: Any) -> bool:
        """Set a property to what an editor gives, text included; returns whether it was taken. One step of undo.

        What is wrong with it stands at its line, and the value stays. What was set is told to the server at once.
        Raises AttributeError, suggesting the nearest names, if there is no such line.
        """
        section, own = self._section.find(name)
        if not self.apply_at_once:
            return _tried(section, own, lambda: section.keep(own, given))
        undo: Any = self.proxy.session.undo
        is_dragged = self._dragged is not None and self._dragged[0] == name
        with undo.paused() if is_dragged else undo.group(self.step(name)):
            return _tried(section, own, lambda: section.take(own, given))

    def step(self, name: str) -> str:
        """Return what changing a line is called, as a step of undo: "set Radius of Sphere1". Raises as `line`."""
        section, own = self._section.find(name)
        return f"set {label_of(section.entry(own))} of {self.name}"

    def begin_drag(self, name: str) -> None:
        """Have all changes of a property be one step of undo, until `end_drag`. Raises AttributeError for no line."""
        self.end_drag()
        section, own = self._section.find(name)
        self._dragged = name, section, own, section.proxy.value_set(own)

    def end_drag(self) -> None:
        """Make a step of undo of what was dragged; without effect if nothing was."""
        dragged, self._dragged = self._dragged, None
        if dragged is None:
            return
        name, section, own, before = dragged
        after = section.proxy.value_set(own)
        if after is not before and after != before:
            undo: Any = self.proxy.session.undo
            with undo.group(self.step(name)):
                undo.property_changed(section.proxy, own, before, after)

    # --- changes that wait

    @property
    def has_pending(self) -> bool:
        """Return whether anything waits to be applied."""
        return bool(self._section.pending)

    def apply(self) -> bool:
        """Set all that waits, as one step of undo; returns whether all was taken. What was not stands at its line."""
        waiting = dict(self._section.pending)
        self._section.pending.clear()
        with self.proxy.session.undo.group(f"apply {self.name}"):
            taken = self._set_all(waiting)
        self._watchers.tell()
        return taken == list(waiting)

    def discard(self) -> None:
        """Forget all that waits."""
        self._section.pending.clear()
        self._watchers.tell()

    # --- copies

    def copied(self) -> dict[str, Any]:
        """Return what was set, by the names of lines, as plain values: for `paste`. Inputs are not among it.

        What does not matter with the present values is among it: it may matter again.
        """
        lines = _flat(self._section.lines("", advanced=True, idle=True))
        return {one.name: one.value for one in lines if one.is_set and one.enabled and one.editor not in NOT_COPIED}

    def paste(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """Set what another panel has, as far as there are such lines; one step of undo.

        Returns the names of what was not taken.
        """
        with self.proxy.session.undo.group(f"paste into {self.name}"):
            taken = self._set_all(values)
        return tuple(name for name in values if name not in taken)

    def _set_all(self, values: Mapping[str, Any]) -> list[str]:
        """Set values by the names of lines; returns the names of those that were taken."""
        taken = []
        for name, value in values.items():
            try:
                section, own = self._section.find(name)
            except AttributeError:
                continue  # there is no such line: whoever asked is told
            if _tried(section, own, partial(section.take, own, value)):
                taken.append(name)
        return taken

    def reset(self, *names: str) -> bool:
        """Set properties, or all that were set, back to what a new proxy has; returns whether they could be.

        One step of undo. Inputs are set back by their names only. Raises AttributeError for names that no line has.
        """
        section = self._section
        wanted = names or tuple(one for one in self.proxy.set_values() if self._can_be_reset(one))
        if not wanted:
            return True
        found = [section.find(name) for name in wanted]
        with self.proxy.session.undo.group(f"reset {', '.join(wanted)} of {self.name}"):
            return all([_tried(one, own, partial(one.take_back, own)) for one, own in found])

    def blame(self, name: str, text: str) -> None:
        """Have a line say what the server has found wrong with its value; "" takes that back.

        So does a change of the property. Without effect if there is no such line.
        """
        with suppress(AttributeError):
            section, own = self._section.find(name)
            section.note(own, text)

    def acquit(self, name: str, text: str) -> None:
        """Have a line say no more what `blame` has told it; what it says else stays."""
        with suppress(AttributeError):
            if self.line(name).error == text:
                self.blame(name, "")

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Have `watcher()` called when lines may be others, once for all that happens in a turn of the loop.

        Calling what is returned ends it.
        """
        return self._watchers.add(watcher)

    # --- the server

    async def refresh(self) -> None:
        """Bring what the inputs hold up to date, of which choices and sliders are made; of a representation its source.

        What is hidden is not executed for that. Raises RemoteError as awaiting update_pipeline of those does.
        """
        if isinstance(self.proxy, SourceProxy):
            await self.proxy.update_domains()
        elif isinstance(self.proxy, RepresentationProxy) and self.proxy.Visibility:
            await self.proxy.source.proxy.update_pipeline(port=self.proxy.source.port)
        self._watchers.tell()

    async def confirm(self) -> None:
        """Wait until the server has taken what was set; what it refuses stands at the line that it names.

        Nothing is executed for that. Raises RemoteError for what is refused.
        """
        if isinstance(self.proxy, ViewProxy | RepresentationProxy):
            await self._confirm_shown(self.proxy)
        if not isinstance(self.proxy, SourceProxy):
            return
        try:
            await self.proxy.taken()
        except RemoteError as error:
            if (found := _PROPERTY.match(error.message)) is not None:
                self._section.blame(found["type"], found["name"], error.message)
            raise

    async def _confirm_shown(self, proxy: ViewProxy | RepresentationProxy) -> None:
        """See `confirm`: of a view, or of what is shown in one, by the service that draws it."""
        view, id_ = (proxy, 0) if isinstance(proxy, ViewProxy) else (proxy.view, proxy.id)
        before, self._refused = self._refused, (await view.refusals()).get(id_, {})
        for name, text in self._refused.items():
            self.blame(name, text)
        new = [text for name, text in self._refused.items() if before.get(name) != text]
        if new:
            raise RemoteError("InvalidProperty", "; ".join(new))

    def close(self) -> None:
        """Watch the proxy no more."""
        self.end_drag()
        self._section.close()
        self._watchers.clear()

    def _can_be_reset(self, name: str) -> bool:
        return name in self._section.entries and not self._section.is_input(name)


def _flat(lines: tuple[PanelLine, ...]) -> Iterator[PanelLine]:
    for line in lines:
        yield line
        yield from _flat(line.lines)


def _tried(section: Section, name: str, do: Callable[[], None]) -> bool:
    """Do something to a property; what is wrong with it stands at its line. Returns whether it was done."""
    try:
        do()
    except REFUSED as error:
        section.note(name, str(error))
        return False
    section.note(name, "")
    return True
