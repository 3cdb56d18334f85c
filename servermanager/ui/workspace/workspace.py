"""A workspace: all that an application around one session holds, for a window, a page or a notebook alike."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from async_paraview.information import DataInformation
from services_core import ConnectionState, ServicesError

from ...model.execution import was_stopped
from ...model.property_holder import PropertyHolder
from ...model.proxy import SourceProxy
from ...streams import Message, ProgressStep
from ...views.representation import RepresentationProxy
from ...views.view_proxy import ViewProxy
from ..owner import WorkSession
from ..panels.panel import Panel
from ..pipeline_builder import PipelineBuilder
from ..progress_observer import ProgressObserver
from ..watchers import Watcher, Watchers
from .actions import Action, Actions
from .active_panels import ActivePanels, look
from .active_widgets import ActiveWidgets
from .browser import EXECUTING, FAILED, PipelineBrowser
from .catalog import Catalog
from .file_browser import FileBrowser
from .loaded_views import LoadedViews
from .message_log import MessageLog

UPDATE: Final = "update"
FINISHED: Final = ("finished", "failed")


class Workspace:
    """Made for a session, in its loop; `await close()` ends it, and leaves the session open.

    What is called here never waits: it begins an action, which is a task, and returns it; what becomes of it is told by
    those who are watched. Errors stand in `log`, with the action and the proxy that they came from, and at the row and
    the line that they concern. Nothing is put in a line: a change interrupts what it makes useless.
    """

    def __init__(self, session: WorkSession) -> None:
        self.session = session
        self.log = MessageLog()
        """What went wrong, or is worth a word."""
        self.actions = Actions(self._failed)
        """What is under way."""
        self.progress = ProgressObserver(session)
        """What executes on the server."""
        self.browser = PipelineBrowser(session, self.progress)
        """The pipeline as rows."""
        self._blamed: dict[tuple[int, str], str] = {}
        """What the last execution of a proxy has said of its properties: its panel may be opened later."""
        self.panels = ActivePanels(self.browser, self.actions, self._active, opened=self._panel_opened)
        """The panels of what is active."""
        self.widgets = ActiveWidgets(self.browser, self.actions, session)
        """The handles of what is active, in the active view."""
        self.catalog = Catalog(session.definitions)
        """What can be made."""
        self.files = FileBrowser(session.files)
        """The dialog for files of the server."""
        self.views_came: Callable[[Sequence[ViewProxy]], object] = lambda _: None
        """Called with the views that a state has brought along, or what is plotted."""
        self._builder = PipelineBuilder(session)
        self._builder.view_came = lambda view: self.views_came([view])
        self._watchers = Watchers()
        self._following = self.actions.start("follow the session", self._follow())
        self.progress.watch(self._stepped)
        tell = self._watchers.tell
        self._endings = [
            session.on_connection(self._connection_changed),
            session.undo.watch(tell),
            self.actions.watch(tell),
            self.browser.watch(tell),
        ]

    # --- what is seen

    @property
    def connection(self) -> str:
        """Return how the connection is, in words: "connected", "reconnecting: ...", "lost: ..."."""
        return _in_words(self.session.connection)

    @property
    def is_connected(self) -> bool:
        """Return whether the connection stands."""
        return self.session.connection.kind == "connected"

    @property
    def busy(self) -> tuple[str, ...]:
        """Return what is being done for the user at this moment: actions, and what executes."""
        under_way = [one.what for one in self.actions.under_way if one is not self._following]
        return (*under_way, *(f"execute {self._name(one.proxy) or one.name}" for one in self.progress.executing))

    @property
    def undo_label(self) -> str:
        """Return what `undo` would take back, "": nothing."""
        return next(reversed(self.session.undo.labels), "")

    @property
    def redo_label(self) -> str:
        """Return what `redo` would do again, "": nothing."""
        return next(reversed(self.session.undo.undone_labels), "")

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Have `watcher()` called after changes of rows, undo, actions or the connection; what is returned ends it."""
        return self._watchers.add(watcher)

    # --- what is done: each begins a task, and returns it

    def do(self, what: str, doing: Coroutine[Any, Any, Any], proxy: int = 0) -> Action:
        """Begin an action of the application's own, whose errors are told as those of all others."""
        return self._begin(what, doing, proxy)

    def add(self, type_name: str, source: int | None = None, **properties: Any) -> Action:
        """Make a source or filter, connected to the active source or the one of that number, and show it.

        What is plotted is shown in a chart, which is made if there is none of its kind; the active view stays so.
        """
        label = self.catalog.label(type_name)
        return self._begin(f"add {label}", self._add(type_name, source, properties), source or 0)

    def open(self, *paths: str, series: bool = False) -> Action:
        """Open a file of the server, or several as times of one data set, with the reader that fits, and show it."""
        wanted = list(paths) if len(paths) > 1 else paths[0]
        return self._begin(f"open {_names(paths)}", self._open(wanted, series=series))

    def change(self, panel: Panel, name: str, given: Any) -> bool:
        """Set a property to what an editor gives; returns whether it was taken. What is wrong stands at the line.

        What is to be a volume is colored by an array, the first if nothing is said: a volume is made of its numbers.
        """
        needed = _array_needed(panel, name, given)
        if needed is None:
            taken = panel.change(name, given)
        else:
            with self.session.undo.group(panel.step(name)):
                taken = panel.change("ColorBy", needed) and panel.change(name, given)
        if taken and panel.apply_at_once:
            self._begin(panel.step(name), panel.confirm(), panel.proxy.id)
        return taken

    def apply(self, panel: Panel) -> bool:
        """Set all that waits in a panel, as one step of undo; returns whether all was taken."""
        taken = panel.apply()
        self._begin(f"apply {panel.name}", panel.confirm(), panel.proxy.id)
        return taken

    def set_visible(self, proxy: int, visible: bool) -> Action:
        """Show or hide a source in the active view."""
        return self._at_once("show" if visible else "hide", proxy, partial(self.browser.set_visible, proxy, visible))

    def rename(self, proxy: int, name: str) -> Action:
        """Give a source another name."""
        return self._at_once(f"rename to {name!r}:", proxy, partial(self.browser.rename, proxy, name))

    def delete(self, *proxies: int, dependents: bool = False) -> Action:
        """Delete sources, with what depends on them if `dependents`; else an error names that."""
        first = proxies[0] if proxies else 0
        return self._at_once("delete", first, partial(self.browser.delete, *proxies, dependents=dependents))

    def copy(self, proxy: int) -> Action:
        """Make another source with the same properties and inputs, and show it."""
        return self._at_once("copy", proxy, partial(self.browser.copy, proxy))

    def stop(self, proxy: int = 0) -> Action:
        """Interrupt the execution of a source, 0: of all that executes; it begins again when something is changed.

        Or by `update`. What cannot be interrupted comes to its end, unless `restart` ends it.
        """
        return self._at_once("stop", proxy, partial(self._stop, proxy))

    def update(self, proxy: int) -> Action:
        """Execute a source as far as it is out of date, shown or not, and stopped or not."""
        return self._begin(f"{UPDATE} {self._name(proxy)}", self._update(proxy), proxy)

    def undo(self) -> Action:
        """Take the last step back."""
        return self._at_once(f"undo {self.undo_label}", 0, self.session.undo.undo)

    def redo(self) -> Action:
        """Do again what was undone last."""
        return self._at_once(f"redo {self.redo_label}", 0, self.session.undo.redo)

    def save_state(self, path: str | Path) -> Action:
        """Write all there is to a file of this machine; of ParaView, if it is called .pvsm."""
        return self._begin(f"save the state as {Path(path).name}", self.session.save_state(path))

    def load_state(self, path: str | Path) -> Action:
        """Make what a state file describes, beside what there is; what of a .pvsm file is not understood is told."""
        return self._begin(f"load the state {Path(path).name}", self.take_state(path))

    def save_data(self, path: str, proxy: int) -> Action:
        """Write the output of a source to a file of the server."""
        return self._begin(f"save {path}", self._save_data(path, proxy), proxy)

    def restart(self) -> Action:
        """Go on in a new worker process: for what cannot be interrupted."""
        return self._begin("restart the server's process", self.session.restart())

    async def take_state(self, path: str | Path) -> None:
        """Do what `load_state` begins: for actions of the application's own. Raises as `Session.load_state`.

        A view that shows nothing, in a session without sources, gives way to the views of the state.
        """
        views = LoadedViews(self.session.scene)
        loaded = await self.session.load_state(path)
        for one in loaded.not_understood:
            self.log.add("warning", str(one), action=f"load the state {Path(path).name}")
        new = views.take()
        if new:
            self.views_came(new)

    async def close(self) -> None:
        """Cancel all that is under way, and watch the session no more. It stays open."""
        for end in self._endings:
            end()
        self.panels.close()
        self.widgets.close()
        self.browser.close()
        await self.actions.close()
        self.log.close()
        self._watchers.clear()

    async def __aenter__(self) -> Workspace:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    # --- how it is done

    def _begin(self, what: str, doing: Coroutine[Any, Any, Any], proxy: int = 0) -> Action:
        if proxy and self._name(proxy) and self.session.proxies.state(self.browser.find(proxy)) != FAILED:
            self.browser.note(proxy, "")  # what another action of before said
        return self.actions.start(what, doing, proxy)

    async def _add(self, type_name: str, source: int | None, properties: dict[str, Any]) -> SourceProxy:
        port = None if source is None else self.browser.find(source)
        return await self._builder.add(type_name, port, show=True, **properties)

    async def _open(self, paths: str | Sequence[str], *, series: bool) -> SourceProxy:
        return await self._builder.open(paths, series=series, show=True)

    async def _update(self, proxy: int) -> DataInformation:
        source = self.browser.find(proxy)
        source.resume()
        return await source.update_pipeline()

    def _stop(self, proxy: int) -> None:
        executing = {one.proxy for one in self.progress.executing}
        executing = executing or {row.id for row in self.browser.rows if row.state == EXECUTING}
        for one in (proxy,) if proxy else executing:
            self.browser.find(one).stop()
        for action in self.actions.under_way:
            if action.proxy and action.proxy in ({proxy} if proxy else executing) and action.what.startswith(UPDATE):
                action.cancel()

    async def _save_data(self, path: str, proxy: int) -> None:
        size = await self.session.save_data(path, self.browser.find(proxy))
        self.log.add("information", f"{path} has {size} bytes", action="save data", proxy=proxy, name=self._name(proxy))

    def _at_once(self, what: str, proxy: int, do: Callable[[], Any]) -> Action:
        async def doing() -> None:
            do()

        name = self._name(proxy)
        return self._begin(f"{what} {name}" if name else what, doing(), proxy)

    # --- what is heard of the session

    async def _follow(self) -> None:
        """Follow progress and messages, also after the services have begun anew; ends with the session."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._again(self._follow_progress))
            group.create_task(self._again(self._follow_messages))

    async def _again(self, follow: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while self.session.connection.kind != "lost":
            try:
                await follow()
                return  # the session was closed
            except ServicesError as error:
                self.log.add("warning", f"what the server tells was interrupted: {error}", action="follow the session")
                await asyncio.sleep(AGAIN_S)

    async def _follow_progress(self) -> None:
        stream = self.session.progress(standing=True)
        try:
            async for step in stream:
                self.progress.observe(step)
        finally:
            stream.close()
            self.progress.forget()

    async def _follow_messages(self) -> None:
        stream = self.session.messages(standing=True)
        try:
            async for message in stream:
                self._told(message)
        finally:
            stream.close()

    def _told(self, message: Message) -> None:
        before = self.log.last
        if before is None or before.proxy != message.proxy or not message.text.endswith(before.text):
            where = {"proxy": message.proxy, "name": message.registered, "property": message.property}
            self.log.add(message.severity, message.text, **where)  # type: ignore[arg-type]  # numbers and texts
        if message.registered:
            self.browser.note(message.proxy, message.text)
        if message.property:
            self._blamed[message.proxy, message.property] = message.text
            panel = self.panels.find(message.proxy)
            if panel is not None:
                panel.blame(message.property, message.text)

    def _panel_opened(self, panel: Panel) -> None:
        for (proxy, name), text in self._blamed.items():
            if proxy == panel.proxy.id:
                panel.blame(name, text)

    def _forget_blame(self, proxy: int) -> None:
        there = {one.id for one in self.session.proxies} if self._blamed else set()
        panel = self.panels.find(proxy)
        for key in [key for key in self._blamed if key[0] == proxy or key[0] not in there]:
            text = self._blamed.pop(key)
            if panel is not None and key[0] == proxy:
                panel.acquit(key[1], text)

    def _stepped(self, step: ProgressStep) -> None:
        if step.state == "started":
            self.browser.note(step.proxy, "")
        if step.state in ("started", "finished"):
            self._forget_blame(step.proxy)
        if step.state in FINISHED:
            self._refresh_after(step.proxy)
        self.browser.tell()

    def _refresh_after(self, proxy: int) -> None:
        """Have choices and sliders made of what the inputs of the active source, and it itself, hold now."""
        source, shown = self.panels.source, self.panels.representation
        if source is not None and isinstance(source.proxy, SourceProxy):
            inputs = [port.proxy.id for ports in source.proxy.inputs().values() for port in ports]
            if proxy in inputs:
                self.actions.start(
                    f"look into the input of {self._name(source.proxy.id)}", self._look_into(source), proxy
                )
            if shown is not None and source.proxy.id == proxy:
                self.actions.start(f"look into {self._name(proxy)}", look(shown), proxy)

    async def _look_into(self, panel: Panel) -> None:
        await look(panel)
        self.widgets.refresh()

    def _failed(self, action: Action, error: BaseException) -> None:
        name, text = self._name(action.proxy), str(error) or type(error).__name__
        told = self.log.last
        severity = "information" if was_stopped(error) else "error"
        if told is None or told.proxy != action.proxy or not told.proxy or not text.endswith(told.text):
            self.log.add(severity, text, action=action.what, proxy=action.proxy, name=name)
        if name:
            self.browser.note(action.proxy, str(error))

    def _connection_changed(self, state: ConnectionState) -> None:
        severity = {"lost": "error", "reconnecting": "warning"}.get(state.kind, "information")
        self.log.add(severity, _in_words(state), action="connection")
        self._watchers.tell()

    # --- inside

    def _active(self, place: str) -> PropertyHolder | None:
        active = self.session.proxies.active
        if place == "view":
            return self.browser.view
        if place == "source":
            return active.source
        return None if active.source is None else next(iter(self.browser.representations(active.source)), None)

    def _name(self, proxy: int) -> str:
        return self.session.proxies.name_of(proxy)


AGAIN_S: Final = 0.5
"""How long after a stream has ended it is asked for again."""


def _array_needed(panel: Panel, name: str, given: Any) -> Any:
    """Return the array of which a volume is to be made that nobody has chosen one for; None: there is no need."""
    if name != "Representation" or given != "Volume" or not isinstance(panel.proxy, RepresentationProxy):
        return None
    line = panel.line("ColorBy")
    return None if line.value else next((one.value for one in line.choices if one.value), None)


def _in_words(state: ConnectionState) -> str:
    return f"{state.kind}: {state.reason}" if state.reason and state.kind != "connected" else state.kind


def _names(paths: Sequence[str]) -> str:
    names = [path.rsplit("/", 1)[-1] for path in paths]
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
