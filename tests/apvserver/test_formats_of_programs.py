"""Files that programs write: values, places and times. Skips, by name, those of programs that are not installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..harness.formats_of_programs import program, programs
from ..harness.known_data import assert_holds
from ..harness.written_by import WrittenBy


@pytest.mark.deep
@pytest.mark.parametrize("file", programs(), ids=lambda one: f"{one.format}, {one.writer}, {one.name}")
def test_what_programs_write(tmp_path: Path, file: WrittenBy) -> None:
    if program(file.needs) is None:
        pytest.skip(f"{file.needs} of {file.writer} is not installed")
    file.write(tmp_path / file.name)
    assert_holds(tmp_path / file.name, file.known, file.port)
