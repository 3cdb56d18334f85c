"""The lists in docs/formats.md of what is written, and of what is only read, are those of the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from apvserver.vtk.files.reader_choice import READERS, SERIES_EXTENSIONS
from apvserver.vtk.files.writers.saved_series import COLLECTION
from apvserver.vtk.files.writers.writing import ROWS_WRITER, WRITERS

PAGE = Path(__file__).parents[2] / "docs" / "formats.md"


def written() -> list[str]:
    """A row for each kind of data, with the extensions of files that it can be written to."""
    rows = ["| data | extensions |", "|---|---|"]
    kinds = dict.fromkeys(kind for _, taken, _ in WRITERS.values() for kind in taken if kind != "vtkDataSet")
    for kind in kinds:
        suited = [end for end, (_, taken, _) in WRITERS.items() if kind in taken]
        every = [end for end, (_, taken, _) in WRITERS.items() if "vtkDataSet" in taken]
        grid = kind.removeprefix("vtk") in (
            "ImageData",
            "PolyData",
            "UnstructuredGrid",
            "StructuredGrid",
            "RectilinearGrid",
        )
        rows.append(f"| {kind} | {' '.join(sorted({*suited, *(every if grid else ())}))} |")
    return rows


def only_read() -> list[str]:
    return [" ".join(sorted(end for end in READERS if end not in WRITERS))]


@pytest.mark.parametrize(("part", "made"), [("written", written), ("only read", only_read)])
def test_the_page_has_what_the_program_does(part: str, made: object) -> None:
    assert callable(made)
    lines = made()
    table = PAGE.read_text(encoding="utf-8").partition(f"<!-- begin: {part} -->\n")[2].partition("<!-- end")[0]
    assert table == "\n".join(lines) + "\n", "it is to be:\n" + "\n".join(lines)


def test_nothing_is_written_that_is_not_read() -> None:
    assert {end for end in WRITERS if end not in READERS} == set()
    assert {end for end, (writer, _, _) in WRITERS.items() if writer == ROWS_WRITER} == {".csv", ".tsv", ".txt"}
    assert COLLECTION in SERIES_EXTENSIONS
