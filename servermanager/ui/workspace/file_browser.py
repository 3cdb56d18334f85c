"""The dialog for files of the server: a directory in pages, the way up, what can be read, series as one entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ..file_system import FileEntry, FilePage, FileSystem
from ..watchers import Watcher, Watchers

PAGE: Final = 200
"""So many entries are asked for at a time."""
DIRECTORY: Final = "directory"


class FileBrowser:
    """Where in the server's files a user is. Coroutines ask the server; everything else is local."""

    def __init__(self, files: FileSystem, *, page_size: int = PAGE) -> None:
        """Begin nowhere, in the loop that runs: `go` leads to the first data root, or the user's home directory."""
        self._files = files
        self._page_size = page_size
        self._entries: tuple[FileEntry, ...] = ()
        self._page: FilePage | None = None
        self._turn = 0
        self._watchers = Watchers()
        self.readable_only = True
        """Whether files that no reader takes, by their names, are left out of `entries`."""
        self.search = ""
        """What names of entries have to have in them, upper case or not."""

    @property
    def path(self) -> str:
        """Return the directory that is shown; "" before the first."""
        return self._page.path if self._page is not None else ""

    @property
    def parent(self) -> str | None:
        """Return the directory above, None where that may not be listed."""
        return self._page.parent if self._page is not None else None

    @property
    def roots(self) -> tuple[str, ...]:
        """Return the directories that the server confines its clients to; none: it does not."""
        return self._page.roots if self._page is not None else ()

    @property
    def total(self) -> int:
        """Return how many entries the directory has, shown or not."""
        return self._page.total if self._page is not None else 0

    @property
    def is_complete(self) -> bool:
        """Return whether all entries of the directory have been asked for: else `more` gets the next page."""
        return len(self._entries) >= self.total

    @property
    def entries(self) -> tuple[FileEntry, ...]:
        """Return what is shown of the pages that have been asked for: directories, and files that can be read."""
        wanted = self.search.casefold()
        return tuple(
            one
            for one in self._entries
            if (one.kind == DIRECTORY or one.readable or not self.readable_only) and wanted in one.name.casefold()
        )

    async def go(self, path: str = "") -> None:
        """Show a directory, from its first page on.

        Raises RemoteError (FileError), with what was shown as it was, if there is none, or it may not be listed. Who
        asks for another one meanwhile wins.
        """
        self._turn += 1
        turn = self._turn
        page = await self._files.list(path, limit=self._page_size)
        if turn == self._turn:
            self._page, self._entries = page, page.entries
            self._watchers.tell()

    async def up(self) -> None:
        """Show the directory above; where that may not be listed, nothing happens. Raises as `go`."""
        if self.parent is not None:
            await self.go(self.parent)

    async def more(self) -> bool:
        """Ask for the next page; returns whether there was one. Raises as `go`."""
        if self._page is None or self.is_complete:
            return False
        turn, first = self._turn, len(self._entries)
        page = await self._files.list(self.path, offset=first, limit=self._page_size)
        if turn != self._turn or first != len(self._entries):
            return False
        self._page = page
        self._entries += page.entries
        self._watchers.tell()
        return bool(page.entries)

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Have `watcher()` called when another directory, or more of it, is shown; calling what is returned ends it."""
        return self._watchers.add(watcher)
