"""One row of the table of formats: who writes a file of it, and what that file is known to hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .known_data import Known


@dataclass(frozen=True)
class WrittenBy:
    """A file of a format, made by a program or library that shares no code with the others of the format.

    "by hand" is plain Python after the published description of the format, which the function that writes names.
    """

    format: str
    writer: str
    name: str
    write: Callable[[Path], object]
    known: Known
    port: int = 0
    needs: str = ""
    """The program that must be installed."""
    refused: str = ""
    """The beginning of the reason, where the file is refused."""
