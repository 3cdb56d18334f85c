"""Files that were made for a browser, until it has taken them."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

MOST_FILES: Final = 4
"""So many wait; the oldest goes when another one comes."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file: `name` is what it is saved as, `content_type` what browsers call its format."""

    name: str
    content_type: str
    data: bytes


class Downloads:
    """The files of one page, by names that nobody can guess."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, Download] = OrderedDict()

    def add(self, download: Download) -> str:
        """Keep a file until it is taken, and return its path, as seen from the page."""
        token = secrets.token_urlsafe(12)
        self._files[token] = download
        while len(self._files) > MOST_FILES:
            self._files.popitem(last=False)
        return f"files/{token}"

    def take(self, token: str) -> Download | None:
        """Return a file, which is forgotten; None if it was taken, or has gone."""
        return self._files.pop(token, None)
