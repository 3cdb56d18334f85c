"""Files of each format from programs that share no code: values, places and times, or a refusal with its reason."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from apvserver.vtk.base.errors import VtkError
from apvserver.vtk.files.reader_choice import READERS

from ..harness.formats_of_others import FILES
from ..harness.formats_page import PAGE, written
from ..harness.known_data import assert_holds
from ..harness.written_by import WrittenBy


@pytest.mark.parametrize("file", FILES, ids=lambda one: f"{one.format}, {one.writer}, {one.name}")
def test_what_others_write(tmp_path: Path, file: WrittenBy) -> None:
    path = tmp_path / file.name
    file.write(path)
    if file.refused:
        with pytest.raises(VtkError, match=file.refused):
            assert_holds(path, file.known, file.port)
    else:
        assert_holds(path, file.known, file.port)


WRONG = {
    "values": lambda known: replace(known, values={name: np.asarray(v) + 1 for name, v in known.values.items()}),
    "places": lambda known: replace(known, places=known.places + 1),
    "cells": lambda known: replace(known, cells=tuple((kind, points[::-1]) for kind, points in known.cells)),
    "values of cells": lambda known: replace(known, cell_values={name: v + 1 for name, v in known.cell_values.items()}),
    "times": lambda known: replace(known, times=(1.0, 2.0)),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_what_differs_is_found(tmp_path: Path, wrong: str) -> None:
    file = next(one for one in FILES if one.format == "VTK XML grid")
    file.write(tmp_path / file.name)
    with pytest.raises(AssertionError):
        assert_holds(tmp_path / file.name, WRONG[wrong](file.known))


def test_as_many_formats_as_promised() -> None:
    """At least 25 with two writers or more that share no code, and whose files are read."""
    writers: dict[str, set[str]] = {}
    for file in FILES:
        writers.setdefault(file.format, set()).update([] if file.refused else [file.writer])
    assert sum(len(one) > 1 for one in writers.values()) >= 25


def test_the_page_says_what_is_tested() -> None:
    """docs/formats.md has the tables as they are; every extension that is known is on it."""
    page = PAGE.read_text(encoding="utf-8")
    assert page == written(page), "docs/formats.md is old: run python -m tests.harness.formats_page"
    assert not {end for end in READERS if f"{end} " not in page}
