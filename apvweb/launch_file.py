"""The file by which a browser is opened: the key in the link is not to stand in the arguments of a program."""

from __future__ import annotations

import contextlib
import html
import os
from pathlib import Path
from typing import Final

from async_paraview.credentials import runtime_directory
from async_paraview.credentials.private_files import write_private

_TEXT: Final = (
    '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={link}"><title>ParaView</title>'
)


class LaunchFile:
    """A page of this user alone, of mode 0600, that leads to a link. Raises ConfigurationError if it cannot be."""

    def __init__(self, link: str) -> None:
        self._path = Path(runtime_directory()) / f"apvweb-{os.getpid()}.html"
        write_private(self._path, _TEXT.format(link=html.escape(link)))

    @property
    def url(self) -> str:
        """Return what browsers open."""
        return self._path.as_uri()

    def remove(self) -> None:
        """Remove it."""
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()
