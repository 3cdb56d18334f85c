"""Binary STL: the two bytes behind each triangle, by hand after the conventions of VisCAM and Magics."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest

from ..harness.opening import opened, values

TRIANGLES = [
    ((0, 0, 0), (1, 0, 0), (0, 1, 0)),
    ((1, 0, 0), (1, 0, 0), (0, 1, 0)),  # without an area: VTK leaves it out
    ((1, 0, 0), (1, 1, 0), (0, 1, 0)),
]


def colored(path: Path, header: bytes, attributes: list[int]) -> Any:
    """The data of the cells of the triangles with these attributes."""
    content = header.ljust(80, b"\0") + struct.pack("<I", len(attributes))
    for corners, attribute in zip(TRIANGLES, attributes, strict=True):
        content += struct.pack("<12fH", 0, 0, 1, *sum(corners, ()), attribute)
    path.write_bytes(content)
    return opened(path).GetCellData()


@pytest.mark.parametrize(
    ("header", "attributes", "colors"),
    [
        (b"VisCAM", [0x8000 | 31 << 10, 0x8000, 0x8000 | 16 << 5 | 31], [[255, 0, 0], [0, 132, 255]]),
        (b"COLOR=\x0a\x14\x1e\xff,MATERIAL=", [31, 0, 0x8000], [[255, 0, 0], [10, 20, 30]]),
        (b"numbers of parts", [7, 8, 9], None),
        (b"some have colors", [0x8000 | 31, 0, 0], None),
    ],
)
def test_attributes_and_colors(tmp_path: Path, header: bytes, attributes: list[int], colors: Any) -> None:
    data = colored(tmp_path / "a.stl", header, attributes)
    assert values(data, "Attribute").tolist() == [attributes[0], attributes[2]]
    assert (values(data, "RGB").tolist() if data.HasArray("RGB") else None) == colors


def test_without_attributes_there_is_no_array(tmp_path: Path) -> None:
    assert colored(tmp_path / "a.stl", b"plain", [0, 0, 0]).GetNumberOfArrays() == 0
