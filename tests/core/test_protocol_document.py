"""docs/protocol.md is exact: its examples in hex are what the codec makes and reads."""

import re
from pathlib import Path
from typing import Any

import msgpack
import pytest

from async_paraview.datasets import Assembler
from services_core import INLINE_BYTES, Kind
from services_core.errors import error_from_wire
from services_core.protocol import codec

DOCUMENT = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
EXAMPLES = [
    (name, bytes.fromhex(digits), int(rest or 0))
    for block in re.findall(r"```hex\n(.*?)```", DOCUMENT, re.DOTALL)
    for name, digits, rest in re.findall(r"^(\w+) +([0-9a-f]+)(?: \+ (\d+) bytes)?$", block, re.MULTILINE)
]


def test_every_kind_has_an_example() -> None:
    assert {name for name, _, _ in EXAMPLES} == {kind.name for kind in Kind}


@pytest.mark.parametrize(("name", "first", "zeros"), EXAMPLES, ids=[f"{n}-{len(f)}" for n, f, _ in EXAMPLES])
def test_example_is_what_the_codec_reads_and_writes(name: str, first: Any, zeros: Any) -> None:
    frames = [first, bytes(zeros)] if zeros else [first]
    message = codec.decode(frames)
    assert Kind(message.kind).name == name
    assert [bytes(frame) for frame in codec.encode(message)] == frames


def test_every_kind_of_the_table_has_its_number() -> None:
    rows = re.findall(r"^\| (\d+) \| ([A-Z]+) \| (?:C|S|both) \|", DOCUMENT, re.MULTILINE)
    assert {int(number): name for number, name in rows} == {int(kind): kind.name for kind in Kind}


def test_the_inline_threshold_is_the_documented_one() -> None:
    assert f"a bin shorter than {INLINE_BYTES} bytes" in DOCUMENT


@pytest.mark.parametrize("code", re.findall(r"^\| ([a-z-]+) \| (?:ERROR|GOODBYE)", DOCUMENT, re.MULTILINE))
def test_every_error_code_has_a_class_of_its_own(code: str) -> None:
    error = error_from_wire({"code": code, "message": "why", "type": "ValueError"})
    assert "why" in str(error)
    assert code == "remote" or type(error).__name__ != "RemoteError"


def test_the_example_of_a_data_set_is_one() -> None:
    header, meta = re.findall(r"```text\n((?:[0-9a-f]{2})[0-9a-f \n]+)\n=", DOCUMENT)
    values = re.search(r"^Raw buffer 1: `([0-9a-f ]+)`", DOCUMENT, re.MULTILINE)
    assert values is not None
    assembler = Assembler(1024)
    assembler.add(msgpack.unpackb(_bytes(header)), [_bytes(meta), _bytes(values.group(1))])
    table = assembler.finish()
    assert table.type_name == "vtkTable"
    assert table.row_data["T"].tolist() == [1.0, 2.5]


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace(" ", "").replace("\n", ""))
