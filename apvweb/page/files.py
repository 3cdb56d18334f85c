"""Files: those of the server in a dialog, states and pictures as files of the browser."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from trame.widgets import html
from trame.widgets import vuetify3 as v3

from servermanager import Panel

from ..downloads import Download
from ..parts.widgets import DownloadElement, FilesElement, UploadElement, all_told
from .section import Section

if TYPE_CHECKING:
    from .content import PageContent

STATES: Final = {".json": "application/json", ".pvsm": "application/xml"}
LONGEST_NAME: Final = 200


class Files(Section):
    """The dialog for files of the server; states and pictures, to and from the browser."""

    def __init__(self, content: PageContent) -> None:
        super().__init__(content)
        self._open = self.own_name("files_open", False)
        self._title = self.own_name("files_title", "")
        self._listing = self.own_name("files", _nothing())
        self._saving = self.own_name("saving", False)
        self._save_name = self.own_name("save_name", "")
        self._file = self.own_name("download", None)
        self._asked = self.own_name("upload", 0)
        self._first = ""
        self._numbers = itertools.count(1)
        self._chosen: Callable[[str, bool], Any] = self._open_file
        self.ends.append(self.work.files.watch(self._tell))

    def begin_at(self, directory: str) -> None:
        """Show this directory of the server when the dialog is opened first; "" is the usual one."""
        self._first = "" if directory == "." else directory

    def open(self) -> None:
        """Show the dialog for a file to be opened."""
        self._ask("Open a file of the server", self._open_file, save=False)

    def save_data(self) -> None:
        """Show the dialog for a file to write the active output to."""
        self._ask("Save the active output as a file of the server", self._save_file, save=True)

    def browse(self, panel: Panel, name: str) -> None:
        """Show the dialog for a file that a property of a panel is to name."""

        def choose(path: str, _: bool) -> None:
            line = panel.line(name)
            self.work.change(panel, name, [path] if line.editor == "files" else path)

        self._ask(f"A file for {panel.line(name).label}", choose, save=False)

    def save_state(self, suffix: str) -> None:
        """Have the browser save all that there is: ".json", or ".pvsm" for ParaView. Raises ValueError for another."""
        if suffix not in STATES:
            raise ValueError(f"states are {', '.join(STATES)}, not {suffix!r}")
        self.work.do(f"save the state as {suffix}", self._save_state(suffix))

    def load_state(self, name: str, text: str) -> None:
        """Make what a state file of the browser describes. Raises ValueError for a name that is no state's."""
        suffix = Path(name[-LONGEST_NAME:]).suffix.lower()
        if suffix not in STATES:
            raise ValueError(f"states are files with the suffixes {', '.join(STATES)}, not {name[-LONGEST_NAME:]!r}")
        self.work.do(f"load the state {Path(name[-LONGEST_NAME:]).name}", self._load_state(suffix, text))

    def save_picture(self) -> None:
        """Have the browser save the active view as it is, in full detail."""
        self.work.do("save a picture", self._save_picture())

    def lay_out(self) -> None:
        """Place the dialog, and what reads and saves files of the browser."""
        is_open = self._open
        told = {
            "go": self.calls("show a directory", self._go, str),
            "choose": self.calls("choose a file", self._choose, str, bool),
            "more": self.calls("show more files", self._more),
            "search": self.calls("search files", self._search, str),
            "all": self.calls("show all files", self._all, bool),
        }
        with v3.VDialog(v_model=(is_open,), max_width=760, aria_label="Files of the server"), v3.VCard():
            v3.VCardTitle("{{ " + self._title + " }}")
            with v3.VCardText():
                FilesElement(
                    state=(self._listing,), **{event: all_told(self.trame, one) for event, one in told.items()}
                )
                with html.Label(v_if=self._saving, classes="apv-path"):
                    html.Span("Name")
                    html.Input(
                        classes="apv-field",
                        aria_label="Name of the file",
                        raw_attrs=[f':value="{self._save_name}"', f'@input="{self._save_name} = $event.target.value"'],
                    )
            with v3.VCardActions():
                v3.VSpacer()
                v3.VBtn("Cancel", click=f"{is_open} = false")
                v3.VBtn(
                    "Save",
                    v_if=self._saving,
                    color="primary",
                    click=(self.calls("save", self._save, str), f"[{self._save_name}]"),
                )
        DownloadElement(file=(self._file,))
        UploadElement(
            asked=(self._asked,),
            accept=",".join(STATES),
            read=all_told(self.trame, self.calls("load a state", self.load_state, str, str)),
            toolarge=all_told(self.trame, self.calls("load a state", _too_large, str, (int, float))),
        )

    @property
    def asks_for_state(self) -> str:
        """Return the expression that has the browser ask for a state file."""
        return f"{self._asked} += 1"

    # --- the dialog

    def _ask(self, title: str, chosen: Callable[[str, bool], Any], *, save: bool) -> None:
        self._chosen = chosen
        self.publisher.put(self._title, title)
        self.publisher.put(self._saving, save)
        self.publisher.put(self._open, True)
        if not self.work.files.path:
            self._go(self._first)

    def _go(self, path: str) -> None:
        self.work.do(f"show the directory {path}", self.work.files.go(path))

    def _more(self) -> None:
        self.work.do("show more files", self.work.files.more())

    def _search(self, text: str) -> None:
        self.work.files.search = text[:LONGEST_NAME]
        self._tell()

    def _all(self, all_files: bool) -> None:
        self.work.files.readable_only = not all_files
        self._tell()

    def _choose(self, path: str, series: bool) -> None:
        if self.trame.state[self._saving]:
            self.publisher.put(self._save_name, Path(path).name)
            return
        self.publisher.put(self._open, False)
        self._chosen(path, series)

    def _save(self, name: str) -> None:
        if not name.strip() or "/" in name:
            raise ValueError("a file needs a name, such as contour.vtp, without a directory")
        self.publisher.put(self._open, False)
        self._chosen(f"{self.work.files.path.rstrip('/')}/{name.strip()}", False)

    def _open_file(self, path: str, series: bool) -> None:
        self.work.open(path, series=series)

    def _save_file(self, path: str, _: bool) -> None:
        source = self.session.proxies.active.source
        if source is None:
            raise ValueError("no source is active: choose one in the pipeline browser")
        self.work.save_data(path, source.id)

    def _tell(self) -> None:
        files = self.work.files
        told = {
            "path": files.path,
            "parent": files.parent,
            "entries": files.entries,
            "total": files.total,
            "is_complete": files.is_complete,
            "search": files.search,
            "readable_only": files.readable_only,
        }
        self.publisher.put(self._listing, told)

    # --- files of the browser

    async def _save_state(self, suffix: str) -> None:
        with tempfile.TemporaryDirectory(prefix="apvweb-") as directory:
            path = Path(directory) / f"state{suffix}"
            await self.session.save_state(path)
            self._offer(f"state{suffix}", STATES[suffix], path.read_bytes())

    async def _load_state(self, suffix: str, text: str) -> None:
        with tempfile.TemporaryDirectory(prefix="apvweb-") as directory:
            path = Path(directory) / f"state{suffix}"
            path.write_text(text, encoding="utf-8")
            await self.work.take_state(path)

    async def _save_picture(self) -> None:
        view = self.session.proxies.active.view
        if view is None:
            raise ValueError("no view is active")
        image = await view.screenshot()
        self._offer("picture.png", "image/png", bytes(image.data))

    def _offer(self, name: str, content_type: str, data: bytes) -> None:
        path = self.content.page.downloads.add(Download(name, content_type, data))
        self.publisher.put(self._file, {"number": next(self._numbers), "path": path, "name": name})


def _nothing() -> dict[str, Any]:
    return {
        "path": "",
        "parent": None,
        "entries": [],
        "total": 0,
        "is_complete": True,
        "search": "",
        "readable_only": True,
    }


def _too_large(name: str, size_bytes: float) -> None:
    raise ValueError(f"{name[-LONGEST_NAME:]} has {size_bytes:.0f} bytes, which is too large for a state file")
