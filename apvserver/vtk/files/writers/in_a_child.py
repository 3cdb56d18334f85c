"""Writers whose libraries may end the process when the disk is full: they write in a process of their own.

That process gets the data over its standard input, as a client gets it, and answers with one line of JSON; then it may
get more, until its standard input ends: to begin one takes half a second. It is this module, run with -P: nothing of
the current directory is imported.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any, Final

from async_paraview.datasets import DataSetError, EncodedDataSet, decode, encode
from async_paraview.interpreter.module_path import python_path

from ...base.errors import FileError
from ...types.catalog import construct
from .written_as import give, written_as

WRITERS: Final = frozenset(
    {
        "vtkGLTFWriter",
        "vtkHDFWriter",
        "vtkIOSSWriter",
        "vtkIVWriter",
        "vtkMINCImageWriter",
        "vtkXMLPartitionedDataSetCollectionWriter",
        "vtkXMLPartitionedDataSetWriter",
    }
)
"""Classes that were seen to end the process on a full disk; that of HDF keeps the file open then, until the end.

That of glTF ends it where blocks are not nested as its buildings are.
"""


def writes_in_a_child(writer: Any) -> bool:
    """Return whether a writer may end the process; that of .stl does when it writes text."""
    class_name = type(writer).__name__
    return class_name in WRITERS or (class_name == "vtkSTLWriter" and writer.GetFileType() == _ASCII)


_ASCII: Final = 1
_TOLD_BYTES: Final = 2000
_HDF_ERROR: Final = b"HDF5-DIAG: Error"
"""What the library of HDF5 says of a file that it could not write; VTK's writer does not ask."""
_ANSWERED: Final = b"\0answered\n"
"""What it prints behind all that libraries print of a file."""
_AT_ONCE: Final = 65536


def write_in_a_child(class_name: str, names: Mapping[str, Path], data: Any, properties: Mapping[str, Any]) -> list[str]:
    """Write data by a writer of that class with these properties; returns what VTK says of it.

    `names` are the files, by the properties that name them.

    Raises `FileError` if the data cannot be handed over, or if the process has ended: with what it said.
    """
    child = _OF_THIS_BLOCK.get()
    if child is None:
        with one_child():
            return write_in_a_child(class_name, names, data, properties)
    first = next(iter(names.values()))
    wanted = {
        "writer": class_name,
        "names": {name: str(path) for name, path in names.items()},
        "properties": dict(properties),
    }
    try:
        encoded = _as_text(data) if data.IsA("vtkHyperTreeGrid") else encode(data)
    except DataSetError as error:
        raise FileError(f"{first} cannot be written by {class_name}: {error}") from error
    return child.write(first, wanted, encoded)


@contextmanager
def one_child() -> Iterator[None]:
    """Have all that is written in a child within the block written by the same. Raises `FileError` if it ends badly."""
    child = _Child()
    token = _OF_THIS_BLOCK.set(child)
    try:
        yield
        child.end()
    finally:
        _OF_THIS_BLOCK.reset(token)
        child.kill()


class _Child:
    """A process that writes; it begins with the first file. What it prints is read as it comes: it never waits."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._printed: SimpleQueue[bytes] = SimpleQueue()
        self._rest = b""
        self._last = Path(), ""

    def write(self, name: Path, wanted: Mapping[str, Any], encoded: EncodedDataSet) -> list[str]:
        """Have it write one file; returns what VTK says of it. Raises `FileError`."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, **python_path()},
            )
            Thread(target=_drain, args=(self._process.stderr, self._printed), daemon=True).start()
        process, self._last = self._process, (name, wanted["writer"])
        assert process.stdin is not None and process.stdout is not None
        _send(process.stdin, wanted, encoded)
        answer = process.stdout.readline()
        if not answer:
            self.end()
            raise FileError(f"{name} could not be written by {wanted['writer']}: the process that wrote it has ended")
        self._check(0)
        told: list[str] = json.loads(answer)
        return told

    def end(self) -> None:
        """Wait for its end. Raises `FileError` if that is not as it should be."""
        process, self._process = self._process, None
        if process is not None:
            _close(process.stdin)
            _close(process.stdout)
            self._check(process.wait())

    def kill(self) -> None:
        """Leave nothing of it."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            _close(process.stdin)
            _close(process.stdout)
            process.wait()

    def _check(self, code: int) -> None:
        """Raise `FileError` if it ended with a code, or printed of an error since the last file."""
        while _ANSWERED not in self._rest and (some := self._printed.get()):
            self._rest += some
        errors, _, self._rest = self._rest.partition(_ANSWERED)
        if code or _HDF_ERROR in errors:
            what = f"the process that wrote it {_ended(code)}" if code else "its library failed"
            name, writer = self._last
            raise FileError(f"{name} could not be written by {writer}: {what}: {_last_lines(errors)}")


_OF_THIS_BLOCK: Final[ContextVar[_Child | None]] = ContextVar("child", default=None)


def _drain(stream: IO[bytes], printed: SimpleQueue[bytes]) -> None:
    """Put all that comes into a queue; nothing at its end."""
    with stream:
        while some := os.read(stream.fileno(), _AT_ONCE):
            printed.put(some)
    printed.put(b"")


def _close(stream: IO[bytes] | None) -> None:
    with suppress(BrokenPipeError):  # it has ended already: its exit code tells how
        if stream is not None:
            stream.close()


def _as_text(data: Any) -> EncodedDataSet:
    """Encode trees of cells, which cannot travel, as VTK's XML writer does."""
    writer = construct("vtkXMLHyperTreeGridWriter")
    writer.SetInputData(written_as("vtkXMLHyperTreeGridWriter", data))
    writer.WriteToOutputStringOn()
    writer.Update()
    return EncodedDataSet({}, (memoryview(writer.GetOutputString().encode()),))


def _from_text(text: bytes) -> Any:
    reader = construct("vtkXMLHyperTreeGridReader")
    reader.SetInputString(text.decode())
    reader.ReadFromInputStringOn()
    reader.Update()
    return reader.GetOutputDataObject(0)


def _send(stream: IO[bytes], wanted: Mapping[str, Any], encoded: EncodedDataSet) -> None:
    sizes = [buffer.nbytes for buffer in encoded.buffers]
    try:
        stream.write(json.dumps({**wanted, "meta": encoded.meta, "sizes": sizes}).encode() + b"\n")
        for buffer in encoded.buffers:
            stream.write(buffer)
        stream.flush()
    except BrokenPipeError:
        return  # it has ended already: its exit code tells how


def _ended(code: int) -> str:
    if code >= 0:
        return f"ended with exit code {code}"
    names = {one.value: one.name for one in signal.Signals}
    return f"was ended by {names.get(-code, f'signal {-code}')}"


def _last_lines(errors: bytes) -> str:
    text = errors[-_TOLD_BYTES:].decode("utf-8", "replace")
    return " / ".join(line.strip() for line in text.splitlines() if line.strip()) or "it said nothing"


def main() -> int:
    """Write what standard input tells; what VTK says of it goes to standard output, as a list of texts in JSON."""
    _forbid_core_dump()
    answers = os.dup(1)
    os.dup2(2, 1)  # what libraries print is no answer
    while line := sys.stdin.buffer.readline():
        wanted = json.loads(line)
        buffers = [sys.stdin.buffer.read(size) for size in wanted["sizes"]]
        if [len(one) for one in buffers] != wanted["sizes"]:
            return 0  # who started this process has ended
        answer = json.dumps(_written(wanted, buffers)).encode()
        os.write(2, _ANSWERED)
        os.write(answers, answer + b"\n")
    return 0


def _written(wanted: Mapping[str, Any], buffers: list[bytes]) -> list[str]:
    from vtkmodules.vtkCommonMisc import vtkErrorCode

    from ...base.vtk_messages import capture
    from ...types.properties import set_properties
    from .verification import lost

    writer = construct(wanted["writer"])
    set_properties(writer, wanted["properties"])
    for name, path in wanted["names"].items():
        getattr(writer, f"Set{name}")(path)
    data = decode(wanted["meta"], buffers, validate=False) if wanted["meta"] else _from_text(buffers[0])
    give(writer, data)
    with capture() as captured:
        writer.Write()
    told = [one.text for one in captured.reports]
    if writer.GetErrorCode():
        told.append(vtkErrorCode.GetStringFromErrorCode(writer.GetErrorCode()))
    del writer  # which may close the file only now
    return told + lost(wanted["writer"], Path(next(iter(wanted["names"].values()))), data)


def _forbid_core_dump() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
