"""Files of the server that appear when they are complete, with the pieces that they name."""

from __future__ import annotations

import errno
import os
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from async_paraview.atomic_files import Staging

from ...base.errors import FileError

_MOST_LISTING_BYTES: Final = 64 * 1024**2
_MOST_NAMES: Final = 10_000
_LONGEST_STEM: Final = 200


@contextmanager
def staged(target: Path, *, pieces: bool = False) -> Iterator[Path]:
    """Give a path to write to instead of `target`, which gets what was written when the block ends well, or nothing.

    With `pieces` the file names others in a directory beside it; that of the file that is replaced goes when nobody
    needs it any more. A link is followed. Whatever fails, also the disk that is full, the old file stays, and nothing
    else is left. Of several that write it at once the last replaces all that the others wrote. Raises `FileError`.
    """
    with staged_directory(target) as staging:
        written = staging.directory / (free_name(staging, staging.place) if pieces else staging.place.name)
        yield written
        if not written.is_file() or written.stat().st_size == 0:
            raise FileError(f"{target}: nothing was written")
        if written.name != staging.place.name:
            written = written.rename(staging.directory / staging.place.name)
        others = [name for name in staging.written() if name != written.name]
        if not pieces:
            staging.publish([*others, written.name])
            return
        with staging.alone():
            before = pieces_of(staging.place)
            staging.publish([*others, written.name])
            remove_pieces(before)


@contextmanager
def folder_made(folder: Path) -> Iterator[None]:
    """Have a folder be there, with those that it is in. What was made goes if the block fails. Raises `FileError`."""
    made = [one for one in (folder, *folder.parents) if not os.path.lexists(one)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{folder}: the folder cannot be made on the server: {error.strerror or error}") from error
    try:
        yield
    except BaseException:
        for one in made:
            with suppress(OSError):  # others have written there meanwhile
                one.rmdir()
        raise


@contextmanager
def staged_directory(target: Path, *, follow: bool = True) -> Iterator[Staging]:
    """Give a place to write files to that is gone at the end, and its errors as `FileError`.

    Without `follow` a link that is the target is replaced: files that belong together stay together.
    """
    try:
        if target.exists() and not target.is_file() and not target.is_dir():
            raise FileError(f"{target} is no regular file on the server")
        staging = Staging(target, follow=follow)
    except ValueError as error:  # a zero, or what the names of this system cannot say
        raise FileError(f"{str(target)!r:.200} cannot be the name of a file on the server: {error}") from error
    except FileError:
        raise
    except OSError as error:
        raise FileError(_said(target, error)) from error
    try:
        with staging:
            yield staging
    except FileError:
        raise
    except OSError as error:
        raise FileError(_said(target, error)) from error


@contextmanager
def speaking_of(place: Path, target: Path) -> Iterator[None]:
    """Have errors speak of what was to be written, and not of the place where it is until it is complete."""
    try:
        yield
    except FileError as error:
        raise FileError(f"{str(error).replace(str(place), str(target))}; nothing was changed") from error


def _said(target: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError) and error.errno is None:
        return f"{target}: the directory {Path(os.path.realpath(target)).parent} does not exist on the server"
    if isinstance(error, IsADirectoryError):
        return f"{error.filename} is a directory on the server, not a file"
    full = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
    reason = "the disk is full" if error.errno in full else error.strerror or str(error)
    return f"{target}: the server cannot write there: {reason}; nothing was changed"


def free_name(staging: Staging, place: Path) -> str:
    """Return the name of the file, or one with a number, whose directory of pieces nobody has, nor is about to make."""
    stem = _short(place.stem)
    free = staging.reserve(stem if number == 0 else f"{stem}_{number}" for number in range(_MOST_NAMES))
    if free is None:
        raise FileError(f"{place}: there are {_MOST_NAMES} directories called like it; remove some")
    return free + place.suffix


def _short(stem: str) -> str:
    """Return the beginning of a name that is long: names of pieces are longer than it, and systems end names at 255."""
    return os.fsencode(stem)[:_LONGEST_STEM].decode("utf-8", "ignore") or stem


def remove_pieces(files: list[Path]) -> None:
    """Remove what no file names any more, and the directories that are empty then."""
    for one in files:
        with suppress(OSError):  # what cannot be removed is not needed any more, and harms nobody
            one.unlink()
    for directory in {one.parent for one in files}:
        with suppress(OSError):
            directory.rmdir()


def pieces_of(place: Path) -> list[Path]:
    """Return the files that one about to be replaced names: those in a directory called like it, not behind a link."""
    if place.is_symlink():
        return []  # it is replaced, and what it leads to may be anybody's
    try:
        if place.stat().st_size > _MOST_LISTING_BYTES:
            return []
        root = ElementTree.fromstring(place.read_bytes())
    except (OSError, ElementTree.ParseError):
        return []
    named = (one.get("file") or one.get("Source") for one in root.iter())
    names = [Path(one) for one in named if one]
    own = [name for name in names if not name.is_absolute() and len(name.parts) == 2 and ".." not in name.parts]
    directories = {name.parts[0] for name in own if not (place.parent / name.parts[0]).is_symlink()}
    return [place.parent / name for name in own if name.parts[0] in directories and _is_own(name.parts[0], place.stem)]


def _is_own(directory: str, stem: str) -> bool:
    stem = _short(stem)
    number = directory.removeprefix(f"{stem}_")
    return directory == stem or (number != directory and number.isdecimal())
