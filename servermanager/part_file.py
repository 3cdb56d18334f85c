"""Local files that appear when they are complete: until then, what was there before stays as it was."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path


class PartFile:
    """A place beside a file to write to: `keep` makes it the file, `discard` leaves what there was. All methods block.

    As a context manager it gives that place, and keeps what was written unless the block raises. Errors of the
    block that speak of that place, such as a full disk, speak of the file. What is no regular file, such as a
    terminal, is written to as it is.
    """

    def __init__(self, path: str | Path) -> None:
        """Look whether the file can be written.

        Raises FileNotFoundError if there is no such directory, PermissionError if the file is write-protected.
        """
        self.target = Path(path)
        if not self.target.parent.is_dir():
            raise FileNotFoundError(f"{self.target} cannot be written: there is no directory {self.target.parent}")
        real = Path(os.path.realpath(self.target))  # what a link leads to is replaced, and not the link
        self._is_whole = real.exists() and not real.is_file()
        self._real = real
        if real.exists() and not os.access(real, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self.target))
        hidden = f".{real.stem[:40]}-{secrets.token_hex(8)}{real.suffix}"
        self.path = real if self._is_whole else real.with_name(hidden)
        """Where to write, with the same suffix."""

    def keep(self) -> None:
        """Make what was written the file. Raises OSError."""
        if self._is_whole:
            return
        if self._real.exists():
            shutil.copymode(self._real, self.path)
        os.replace(self.path, self._real)

    def discard(self) -> None:
        """Leave nothing of what was written."""
        if not self._is_whole:
            self.path.unlink(missing_ok=True)

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, *trace: object) -> None:
        try:
            if kind is None:
                self.keep()
        except OSError as failed:
            self._tell_of_the_file(failed)
            raise
        finally:
            with suppress(OSError):  # what could not be written is told already
                self.discard()
            if isinstance(error, OSError):
                self._tell_of_the_file(error)

    def _tell_of_the_file(self, error: OSError) -> None:
        if error.errno is not None and error.filename in (None, str(self.path)):
            error.filename = str(self.target)
