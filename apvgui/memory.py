"""What is remembered from one time to the next: the arrangement of the window, recent files and servers, the theme."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from PySide6.QtCore import QByteArray, QSettings

from async_paraview.credentials import config_directory

FILE: Final = "apvgui.ini"
MOST_RECENT: Final = 10
SYSTEM: Final = "system"
THEMES: Final = (SYSTEM, "light", "dark")
_ARRANGEMENT: Final = 4
"""Grows when docks come or go: arrangements of before do not fit any more."""


class Memory:
    """A file in the user's directory of settings. What is damaged there reads as if nothing had been remembered."""

    def __init__(self) -> None:
        directory = config_directory()
        with suppress(OSError):  # then nothing is remembered
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)  # keys lie there, too
        self._settings = QSettings(str(directory / FILE), QSettings.Format.IniFormat)

    @property
    def recent_files(self) -> tuple[str, ...]:
        """Return what was opened last, the newest first."""
        return self._list("recent/files")

    @property
    def recent_servers(self) -> tuple[str, ...]:
        """Return the URLs that were connected to last, the newest first."""
        return self._list("recent/servers")

    def add_file(self, path: str) -> None:
        """Note that a file was opened."""
        self._add("recent/files", path)

    def add_server(self, url: str) -> None:
        """Note that a server was connected to."""
        self._add("recent/servers", url)

    @property
    def theme(self) -> str:
        """Return "system", "light" or "dark"."""
        found = str(self._settings.value("window/theme", THEMES[0]))
        return found if found in THEMES else THEMES[0]

    @theme.setter
    def theme(self, theme: str) -> None:
        self._settings.setValue("window/theme", theme)

    @property
    def auto_apply(self) -> bool:
        """Return whether changes in panels take effect at once."""
        return str(self._settings.value("panels/auto_apply", "true")) == "true"

    @auto_apply.setter
    def auto_apply(self, on: bool) -> None:
        self._settings.setValue("panels/auto_apply", "true" if on else "false")

    def keep_arrangement(self, geometry: QByteArray, state: QByteArray) -> None:
        """Keep where the window was, and its docks."""
        self._settings.setValue("window/version", _ARRANGEMENT)
        self._settings.setValue("window/geometry", geometry)
        self._settings.setValue("window/state", state)
        self._settings.sync()

    def arrangement(self) -> tuple[QByteArray, QByteArray] | None:
        """Return where the window was, and its docks; None if that is not known, or does not fit."""
        found = [self._settings.value(f"window/{name}") for name in ("geometry", "state")]
        if str(self._settings.value("window/version", "")) != str(_ARRANGEMENT):
            return None
        geometry, state = found
        return (geometry, state) if isinstance(geometry, QByteArray) and isinstance(state, QByteArray) else None

    def forget_arrangement(self) -> None:
        """Forget where the window was."""
        for name in ("version", "geometry", "state"):
            self._settings.remove(f"window/{name}")

    def _list(self, key: str) -> tuple[str, ...]:
        found = self._settings.value(key, [])
        texts = [found] if isinstance(found, str) else found if isinstance(found, list) else []
        return tuple(str(one) for one in texts)[:MOST_RECENT]

    def _add(self, key: str, text: str) -> None:
        kept: Sequence[str] = [one for one in self._list(key) if one != text]
        self._settings.setValue(key, [text, *kept][:MOST_RECENT])
