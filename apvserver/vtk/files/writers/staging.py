"""Files that appear when they are complete: written beside their place, looked at, made durable, then renamed."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from ...base.errors import FileError

PREFIX: Final = ".apv-"
SUFFIX: Final = ".part"
"""Directories of files that are being written are called like that; one stays if the process is killed."""

_PROBE_BYTES: Final = 64 * 1024
_MOST_LISTING_BYTES: Final = 64 * 1024**2
_MOST_NAMES: Final = 10_000


@contextmanager
def staged(target: Path, *, pieces: bool = False) -> Iterator[Path]:
    """Give a path to write to instead of `target`, which gets what was written when the block ends well, or nothing.

    With `pieces` the file names others in a directory beside it; that of the file that is replaced goes when nobody
    needs it any more. A link is followed. Whatever fails, also the disk that is full, the old file stays, and nothing
    else is left. Raises `FileError`.
    """
    place = Path(os.path.realpath(target))
    if place.is_dir():
        raise FileError(f"{target} is a directory on the server, not a file")
    with staged_directory(target) as directory:
        written = directory / (free_name(place) if pieces else place.name)
        yield written
        _publish(written, place, pieces)


@contextmanager
def staged_directory(target: Path) -> Iterator[Path]:
    """Give a directory beside `target`, or where a link leads, that is gone at the end. Raises `FileError`."""
    place = Path(os.path.realpath(target))
    if not place.parent.is_dir():
        raise FileError(f"{target}: the directory {place.parent} does not exist on the server")
    try:
        directory = Path(tempfile.mkdtemp(prefix=PREFIX, suffix=SUFFIX, dir=place.parent))
        try:
            yield directory
        finally:
            shutil.rmtree(directory, ignore_errors=True)
    except OSError as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"{target}: the server cannot write there: {_reason(error)}; nothing was changed") from error


def _reason(error: OSError) -> str:
    full = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
    return "the disk is full" if error.errno in full else error.strerror or str(error)


def free_name(place: Path) -> str:
    """Return the name of the file, or one with a number, whose directory of pieces does not exist yet."""
    stems = (place.stem if number == 0 else f"{place.stem}_{number}" for number in range(_MOST_NAMES))
    free = next((stem for stem in stems if not (place.parent / stem).exists()), None)
    if free is None:
        raise FileError(f"{place}: there are {_MOST_NAMES} directories called like it; remove some")
    return free + place.suffix


def _publish(written: Path, place: Path, pieces: bool) -> None:
    """Rename what was written. Other files first, so that the one that names them never names what is not there."""
    if not written.is_file() or written.stat().st_size == 0:
        raise FileError(f"{place}: nothing was written")
    for file in sorted(written.parent.rglob("*")):
        if file.is_file():
            make_durable(file)
    before = pieces_of(place) if pieces else []
    moved: list[Path] = []
    try:
        for other in sorted(one for one in written.parent.iterdir() if one != written):
            os.rename(other, place.parent / other.name)
            moved.append(place.parent / other.name)
        os.replace(written, place)
    except OSError:
        for one in moved:
            shutil.rmtree(one, ignore_errors=True)
        raise
    sync_directory(place.parent)
    remove_pieces(before)


def remove_pieces(files: list[Path]) -> None:
    """Remove what no file names any more, and the directories that are empty then."""
    for one in files:
        with suppress(OSError):  # what cannot be removed is not needed any more, and harms nobody
            one.unlink()
    for directory in {one.parent for one in files}:
        with suppress(OSError):
            directory.rmdir()


def make_durable(file: Path) -> None:
    """Have it on the disk. Raises OSError if there is no room for more: then VTK may have left the end away."""
    with file.open("r+b") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.write(bytes(_PROBE_BYTES))
        stream.flush()
        stream.truncate(size)
        os.fsync(stream.fileno())


def sync_directory(directory: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):
        return  # Windows: renaming is as durable as it gets
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def pieces_of(place: Path) -> list[Path]:
    """Return the files that one about to be replaced names: those in a directory called like it, not behind a link."""
    try:
        if place.stat().st_size > _MOST_LISTING_BYTES:
            return []
        root = ElementTree.fromstring(place.read_bytes())
    except (OSError, ElementTree.ParseError):
        return []
    names = [Path(one.get("file", "")) for one in root.iter() if one.get("file")]
    own = [name for name in names if not name.is_absolute() and len(name.parts) == 2 and ".." not in name.parts]
    directories = {name.parts[0] for name in own if not (place.parent / name.parts[0]).is_symlink()}
    return [place.parent / name for name in own if name.parts[0] in directories and _is_own(name.parts[0], place.stem)]


def _is_own(directory: str, stem: str) -> bool:
    number = directory.removeprefix(f"{stem}_")
    return directory == stem or (number != directory and number.isdecimal())
