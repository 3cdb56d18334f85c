"""Files with the states of pages: they have theirs again when the program is started anew."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from async_paraview.credentials.private_files import write_private

_PAGE: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")


class Shelf:
    """States of pages as files of this user alone: pages have theirs again when the program is started anew."""

    def __init__(self, directory: Path) -> None:
        """Keep them in a directory, which is made when there is something to keep."""
        self._directory = directory

    def put(self, page: str, state: bytes) -> None:
        """Keep the state of a page, in the place of the one before. Raises ConfigurationError if that cannot be."""
        write_private(self._path(page), state.decode())

    def take(self, page: str) -> bytes | None:
        """Return the state that is kept of a page; None if there is none, or that is no page's number."""
        if not _PAGE.fullmatch(page):
            return None
        try:
            return self._path(page).read_bytes()
        except OSError:
            return None

    def remove(self, page: str) -> None:
        """Keep nothing of a page any more."""
        self._path(page).unlink(missing_ok=True)

    def _path(self, page: str) -> Path:
        return self._directory / f"{page}.json"
