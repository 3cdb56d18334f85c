"""Large files are put together in memory while other threads go on."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Final

import numpy as np
import pytest

from servermanager.exports.pieces import WrittenPieces, in_base64, joined
from servermanager.exports.scene import ExportedScene, Part
from servermanager.exports.texts import obj

from ..harness.lock_kept import longest_kept
from ..harness.time_limits import scaled

PIECE: Final = bytes(1 << 16)
MANY: Final = 1600
"""So many pieces are 100 MB."""


def test_what_is_written_is_one_behind_the_other() -> None:
    file = WrittenPieces()
    assert [file.write(one) for one in (b"ab", b"", memoryview(b"cde"))] == [2, 0, 3]
    assert file.tell() == 5 and bytes(file.content()) == b"abcde"
    assert bytes(WrittenPieces().content()) == b""


def test_a_piece_is_written_again() -> None:
    file = WrittenPieces()
    for one in (b"head", b"body", b"end"):
        file.write(one)
    assert file.seek(0) == 0
    file.write(b"HEAD")
    assert file.seek(0, io.SEEK_END) == 11
    file.write(b"!")
    assert bytes(file.content()) == b"HEADbodyend!"


@pytest.mark.parametrize(("place", "content"), [(1, b"body"), (4, b"longer"), (4, b"bo"), (12, b"x")])
def test_another_place_is_refused(place: int, content: bytes) -> None:
    file = WrittenPieces()
    for one in (b"head", b"body", b"end"):
        file.write(one)
    file.seek(place)
    with pytest.raises(io.UnsupportedOperation, match=f"{len(content)} bytes at {place} "):
        file.write(content)
    assert bytes(file.content()) == b"headbodyend"


def test_an_archive_is_written_as_into_memory() -> None:
    written: list[bytes] = []
    for file in (io.BytesIO(), WrittenPieces()):
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in ("a", "b/c"):
                with archive.open(zipfile.ZipInfo(name), "w") as member:
                    member.write(b"0123" * 10_000)
        written.append(file.getvalue() if isinstance(file, io.BytesIO) else bytes(file.content()))
    assert written[0] == written[1]


def grown() -> None:
    file = WrittenPieces()
    for _ in range(MANY):
        file.write(PIECE)
    file.content()


def shapes() -> ExportedScene:
    random = np.random.default_rng(1)
    places, colors = random.random((150_000, 3)), random.integers(0, 256, (150_000, 4), np.uint8)
    corners = random.integers(0, 150_000, (300_000, 3), np.uint32)
    part = Part("triangles", places, None, colors, corners, (1.0, 1.0, 1.0), 1.0, lit=True, size=1.0)
    return ExportedScene((part,), {}, (0.0, 0.0, 0.0), (4, 3), ())


CONTENT: Final = PIECE * MANY
SHAPES: Final = shapes()
WORKS: Final[dict[str, Callable[[], object]]] = {
    "a file": grown,
    "pieces": lambda: joined([PIECE] * MANY),
    "text": lambda: joined(in_base64(CONTENT)),
    "shapes": lambda: obj(SHAPES, "a.mtl"),
}


@pytest.mark.alone
@pytest.mark.parametrize("what", WORKS)
def test_other_threads_go_on(what: str) -> None:
    assert longest_kept(WORKS[what]) < scaled(0.02)
