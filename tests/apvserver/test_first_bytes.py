"""Whatever a file begins with, it is told at once which reader it needs, or that none is known."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from apvserver.vtk.base.errors import FileError
from apvserver.vtk.files.mesh_formats import HEAD_BYTES
from apvserver.vtk.files.reader_choice import choose_reader
from apvserver.vtk.files.sniffing import sniff

ENOUGH_SECONDS = 5.0
BEGINNINGS = {
    "comments of XML": b"<?xml version='1.0'?>" + b"<!-- a -->\n" * 40 + b"<other/>",
    "empty lines": b"\n" * HEAD_BYTES,
    "blanks": b" " * HEAD_BYTES,
    "a title of Tecplot and empty lines": b'TITLE = "x"\n' + b"\n" * HEAD_BYTES,
    "a bracket of FLUENT and blanks": b"(0 " + b" " * HEAD_BYTES,
    "signs of comments": b"# " * (HEAD_BYTES // 2),
    "stars": b"* " + b"\n* x" * (HEAD_BYTES // 4),
    "a star and blanks": b"* " + b" " * HEAD_BYTES,
    "ones": b"1 " * (HEAD_BYTES // 2),
    "brackets": b"(" * HEAD_BYTES,
}


@pytest.mark.parametrize("what", BEGINNINGS)
@pytest.mark.parametrize("name", ["a.other", "a.xyz", "a.inp", "a.cas", "a"])
def test_no_beginning_of_a_file_takes_long(what: str, name: str) -> None:
    begun = time.monotonic()
    sniff(BEGINNINGS[what][:HEAD_BYTES], Path(name))
    assert time.monotonic() - begun < ENOUGH_SECONDS


@pytest.mark.parametrize(
    ("text", "reader"),
    [
        (b"# made by hand\n\n#  # again\nMeshVersionFormatted 2\n", "MeshioReader"),
        (b"<?xml version='1.0'?>\n<!-- a -->\n<!-- b -->\n<dolfin>", "MeshioReader"),
        (b"% a\nNDIME= 2\n", "MeshioReader"),
        (b'(0 "made by hand")\n', "FluentReader"),
        (b"(2 3)\n", "FluentReader"),
        (b"(10 (0 1 8 0))\n", "FluentReader"),
    ],
)
def test_comments_before_the_signs_of_a_format_do_not_hide_them(text: bytes, reader: str) -> None:
    assert sniff(text, Path("a.msh")) == reader


def test_what_has_no_end_is_not_begun(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", Path("/dev/zero")):
        with pytest.raises(FileError, match="a pipe or a device"):
            choose_reader(path)
