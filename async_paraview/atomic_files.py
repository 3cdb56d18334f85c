"""Files that are replaced whole or not at all: written beside their place, made durable, then renamed.

Whatever fails, also a disk that is full or a process that is killed, the old file stays as it was. Everything that
client and server write for users goes this way (ADR 23).
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Final

from .turns import turn

if sys.platform != "win32":
    import fcntl

PREFIX: Final = ".apv-"
SUFFIX: Final = ".part"
"""Directories of files that are being written are called like that. One stays if the process is killed, until this user
writes there again."""

_KEPT: Final = ".kept"
"""In such a directory: the old files, while new ones take their places."""
_RESERVED: Final = ".reserved"
"""In such a directory: names that nobody else is to give."""
_ABANDONED_S: Final = 60.0
OPEN_ELSEWHERE_S: Final = 1.0 if sys.platform == "win32" else 0.0
"""How long a file is tried to be replaced that another program has open. On Windows such a file stays where it is, and
programs that look for viruses, or make an index, open each new one for a moment. Elsewhere nobody is in the way."""
_OPEN_LOOK_S: Final = 0.02
_NO_SUCH_CALL: Final = (errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES)
"""What file systems say that do not sync."""
_NO_LINKS: Final = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EXDEV)
"""What file systems say where a file has one name: FAT, some of other machines."""


class Staging:
    """A directory beside a target, where a link leads if it is one, to write to; it is gone after `close`.

    All methods block. What goes wrong is an OSError that speaks of the target.
    """

    def __init__(self, target: str | Path, *, follow: bool = True) -> None:
        """Make the directory, private to this user. Without `follow` a link that is the target itself is replaced.

        Raises FileNotFoundError if there is no directory for the target, PermissionError if it is write-protected,
        IsADirectoryError if it is a directory.
        """
        self.target = Path(target)
        whole = Path(os.path.realpath(self.target))
        self.place = whole if follow else Path(os.path.realpath(self.target.parent)) / self.target.name
        """The target without links."""
        require_writable(self.target, self.place)
        with _told_of(self.target):
            _remove_abandoned(self.place.parent)
            self.directory = Path(tempfile.mkdtemp(prefix=PREFIX, suffix=SUFFIX, dir=self.place.parent))
        """Where to write, under the names that the files are to have."""
        self._lock = _lock(self.directory)
        self._alone = False

    def written(self) -> list[str]:
        """Return the names of what was written, in their order."""
        return sorted(set(os.listdir(self.directory)) - {_KEPT, _RESERVED})

    def reserve(self, names: Iterable[str]) -> str | None:
        """Return the first of the names that nothing beside the target has, nor gets from others until `close`."""
        with self._told(), self._turn():
            others = [self.directory, *_stagings(self.place.parent)]
            for name in names:
                if not any(map(os.path.lexists, [self._at(name), *(one / _RESERVED / name for one in others)])):
                    (self.directory / _RESERVED / name).mkdir(parents=True)
                    return name
        return None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Have nobody else publish several files there: what is found there holds until all have their places.

        What was written is made durable before, so that others do not wait for the disk. Raises OSError.
        """
        if self._alone:
            yield
            return
        with self._told():
            for name in self.written():
                _make_durable(self.directory / name)
            held = ExitStack()
            held.enter_context(self._turn())
        with held:
            self._alone = True
            try:
                yield
            finally:
                self._alone = False

    def publish(
        self, names: Sequence[str], *, removed: Collection[str] = (), mode: int | None = None, replace: bool = True
    ) -> None:
        """Move what was written to its places, in this order, then remove what is not needed any more; all or nothing.

        Files get the mode that the old ones had, or `mode`. Directories have to be new. A file that names others comes
        last, so that it never names what is not there. Raises OSError, with everything as it was; of a single file,
        without `replace`, FileExistsError if there is one already.
        """
        single = len(names) == 1 and not removed
        with self._told(), nullcontext() if single else self.alone():
            for name in names:
                self._prepare(name, mode)
            if not replace:
                _appear(self.directory / names[0], self._at(names[0]))
            elif single:
                replace_file(self.directory / names[0], self._at(names[0]))
            else:
                self._move(names, removed)
            sync_directory(self.place.parent)

    def close(self) -> None:
        """Leave nothing of what was not published."""
        shutil.rmtree(self.directory, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Staging:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, *trace: object) -> None:
        self.close()
        if isinstance(error, OSError):
            self.tell_of_the_target(error)

    def tell_of_the_target(self, error: OSError) -> None:
        """Have an error that speaks of the directory, or of nothing, speak of the target."""
        named = error.filename
        inside = isinstance(named, str) and Path(named).is_relative_to(self.directory)
        if error.errno is not None and (named is None or inside):
            _speak_of(self.target, error)

    def _turn(self) -> AbstractContextManager[None]:
        """Return what keeps others out; into a directory that is itself one to write to nobody else writes."""
        parent = self.place.parent
        return nullcontext() if is_staging(parent.name) else turn(parent)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.tell_of_the_target(error)
            if os.name == "nt" and isinstance(error, PermissionError):
                raise PermissionError(
                    error.errno, "the old file is open in a program, or write-protected", str(self.target)
                ) from error
            raise

    def _at(self, name: str) -> Path:
        return self.place.parent / name

    def _prepare(self, name: str, mode: int | None) -> None:
        """Make it durable, and like the old one. Raises OSError if it cannot take its place."""
        new, old = self.directory / name, self._at(name)
        if new.is_dir():
            if os.path.lexists(old):
                raise FileExistsError(errno.EEXIST, "a directory that has to be new is there already", str(old))
            _make_durable(new)
            return
        if old.is_dir():
            raise IsADirectoryError(errno.EISDIR, "a directory cannot be replaced by a file", str(old))
        if mode is not None:
            new.chmod(mode)
        elif old.exists():
            _make_like(new, old.stat())
        _make_durable(new)

    def _move(self, names: Sequence[str], removed: Collection[str]) -> None:
        kept = self.directory / _KEPT
        kept.mkdir()
        before: list[str] = []
        new: list[str] = []
        try:
            for name in names:
                if os.path.lexists(self._at(name)):
                    before.append(name)
                    _keep(self._at(name), kept / name)
                else:
                    new.append(name)
                replace_file(self.directory / name, self._at(name))
            for name in removed:
                before.append(name)
                replace_file(self._at(name), kept / name)
        except BaseException:
            for name in before:
                if os.path.lexists(kept / name):
                    replace_file(kept / name, self._at(name))
            for name in new:
                _remove(self._at(name))
            raise


class AtomicFile:
    """A place to write to that becomes the file by `commit`, and nothing by `discard`. All methods block.

    As a context manager it gives that place, and commits what was written unless the block raises. Errors of the
    block that speak of that place, such as a full disk, speak of the file. What is no regular file, such as a
    terminal, is written to as it is.
    """

    def __init__(self, target: str | Path, *, mode: int | None = None, replace: bool = True) -> None:
        """Look whether the file can be written; see `Staging`. `mode` are its permissions (the old file's, or usual).

        Until then nobody but this user can read it. Without `replace` it is written only if there is none.
        """
        self._staging: Staging | None = None
        self._mode, self._replace = mode, replace
        real = Path(os.path.realpath(target))
        if real.exists() and not real.is_file() and not real.is_dir():
            require_writable(Path(target), real)
            self.path = real
        else:
            self._staging = Staging(target)
            self.path = self._staging.directory / real.name
        """Where to write, with the same name."""

    def commit(self) -> None:
        """Make what was written the file. Raises OSError, with the old file as it was."""
        if self._staging is not None:
            try:
                self._staging.publish([self.path.name], mode=self._mode, replace=self._replace)
            finally:
                self._staging.close()

    def discard(self) -> None:
        """Leave nothing of what was written."""
        if self._staging is not None:
            self._staging.close()

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, *trace: object) -> None:
        if kind is None:
            self.commit()
            return
        self.discard()
        if self._staging is not None and isinstance(error, OSError):
            self._staging.tell_of_the_target(error)


def write_file(
    target: str | Path, content: bytes | memoryview | str, *, mode: int | None = None, replace: bool = True
) -> None:
    """Write a whole file, text as UTF-8; see `AtomicFile`. Blocks. Raises OSError, with the old file as it was."""
    data = memoryview(content.encode() if isinstance(content, str) else content).cast("B")
    with AtomicFile(target, mode=mode, replace=replace) as path:
        path.write_bytes(data)
        if path.is_file() and path.stat().st_size != data.nbytes:
            raise OSError(errno.EIO, f"{path.stat().st_size} of {data.nbytes} bytes were written", str(path))


def replace_file(new: Path, place: Path) -> None:
    """Move a file to a place, over what is there. Blocks for OPEN_ELSEWHERE_S where that is open. Raises OSError."""
    until = time.monotonic() + OPEN_ELSEWHERE_S
    while True:
        try:
            return os.replace(new, place)
        except PermissionError:
            if time.monotonic() >= until:
                raise
        time.sleep(_OPEN_LOOK_S)  # nothing tells when it is closed


def require_writable(target: Path, place: Path) -> None:
    """Raise OSError if a file cannot be written at `place`, which is where the links of `target` lead."""
    if not place.parent.is_dir():
        raise FileNotFoundError(f"{target} cannot be written: there is no directory {place.parent}")
    if place.is_dir():
        raise IsADirectoryError(errno.EISDIR, "a directory cannot be replaced by a file", str(target))
    if place.exists() and not os.access(place, os.W_OK):
        number = errno.EROFS if _is_read_only(place) else errno.EACCES
        raise OSError(number, os.strerror(number), str(target))


def sync_file(file: Path) -> None:
    """Have it on the disk. Raises OSError, also for what could not be written before."""
    with file.open("r+b") as stream:
        os.fsync(stream.fileno())


def sync_directory(directory: Path) -> None:
    """Have the names in it on the disk, where the system can. Raises OSError."""
    if not hasattr(os, "O_DIRECTORY"):
        return  # Windows: renaming is as durable as it gets
    try:
        handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    except PermissionError:
        return  # who may not look into it may write there all the same
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_SUCH_CALL:
            raise
    finally:
        os.close(handle)


def _is_read_only(place: Path) -> bool:
    return hasattr(os, "statvfs") and bool(os.statvfs(place).f_flag & os.ST_RDONLY)


def _make_durable(new: Path) -> None:
    """Have a file, or a directory with all that is in it, on the disk."""
    if not new.is_dir():
        sync_file(new)
        return
    for one in sorted(new.rglob("*")):
        sync_directory(one) if one.is_dir() else sync_file(one)
    sync_directory(new)


@contextmanager
def _told_of(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        _speak_of(target, error)
        raise


def _speak_of(target: Path, error: OSError) -> None:
    error.filename = str(target)
    if error.filename2 is not None:  # None would be told as well
        del error.filename2


def _make_like(new: Path, old: os.stat_result) -> None:
    """Give a file the owner, as far as this user may, and the mode of the old one; the right to act as that, none."""
    if hasattr(os, "chown") and (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()):
        with suppress(PermissionError):
            os.chown(new, old.st_uid, old.st_gid)
    new.chmod(stat.S_IMODE(old.st_mode) & 0o777)


def _keep(old: Path, kept: Path) -> None:
    """Have the old file in a second place: so its first is never empty. Where there are no links it moves there."""
    try:
        os.link(old, kept, follow_symlinks=False)
    except (OSError, NotImplementedError):
        replace_file(old, kept)


def _appear(new: Path, place: Path) -> None:
    """Give a file its name, unless there is one: of two programs that make it at once, one is told so."""
    if sys.platform == "win32":
        os.rename(new, place)  # there it fails if the name is taken
        return
    try:
        os.link(new, place)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _take_name(new, place)


def _take_name(new: Path, place: Path) -> None:
    """Give a file its name where there are no links: the name is taken first, by an empty file."""
    os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        replace_file(new, place)
    except BaseException:
        place.unlink()
        raise


def _remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def _lock(directory: Path) -> int | None:
    """Show others that the directory is in use: the lock goes with the process, however that ends."""
    if sys.platform == "win32":
        return None
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _remove_abandoned(parent: Path) -> None:
    """Remove what killed processes of this user have left; not where old files may be in it, and none that is new."""
    if sys.platform == "win32":
        return
    for one in _stagings(parent):
        try:
            found = one.lstat()
            old = time.time() - found.st_mtime > _ABANDONED_S
            if not (stat.S_ISDIR(found.st_mode) and old and found.st_uid == os.geteuid()) or (one / _KEPT).exists():
                continue
        except OSError:
            continue  # it is gone, or somebody else's
        handle = _lock(one)
        if handle is not None:
            shutil.rmtree(one, ignore_errors=True)
            os.close(handle)


def is_staging(name: str) -> bool:
    """Return whether a directory called so is one to write to."""
    return name.startswith(PREFIX) and name.endswith(SUFFIX)


def _stagings(parent: Path) -> list[Path]:
    try:
        return [parent / name for name in os.listdir(parent) if is_staging(name)]
    except PermissionError:  # who may not look into it may write there all the same
        return []
