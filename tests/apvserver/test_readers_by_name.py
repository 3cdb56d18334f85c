"""Readers that are asked for by ParaView's names: what was written is read; what is no file of theirs is one error."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any, Final

import pytest

from apvserver.vtk.types.toml_definitions import composition, curated_names, curated_table, hand_written_names
from servermanager import connect

from ..harness.apvtest import in_loop
from ..harness.files_for_readers import MADE
from .reading_in_children import Job, outcomes

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="readers are tried in children, which need fork")

GENERATED: Final = sorted(set(curated_names()) - set(hand_written_names()))
READERS: Final = [name for name in GENERATED if curated_table(name)["group"] == "readers"]
FILE: Final = ("FileName", "FileNames", "Filename", "MeshFileName")
CHUNKS: Final = 4


def file_property(reader: str) -> str:
    names = {one.name for one in composition(reader).definition.properties}
    return next(one for one in FILE if one in names)


@pytest.fixture
def wrong_files(tmp_path: Path) -> list[str]:
    """What is no file of anybody's: nothing, text, bytes at random, zeros, numbers, a folder, and a name of nothing."""
    chance = random.Random(1)
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "text").write_text("this is no data\nof any kind 1 2 3\n" * 20)
    (tmp_path / "bytes").write_bytes(bytes(chance.randrange(256) for _ in range(3000)))
    (tmp_path / "zeros").write_bytes(bytes(4000))
    (tmp_path / "folder").mkdir()
    return [str(tmp_path / name) for name in ("empty", "text", "bytes", "zeros", "folder", "missing")]


TAKEN: Final = {
    ("ParticlesReader", "bytes"), ("ParticlesReader", "text"), ("ParticlesReader", "zeros"),
    ("TecplotTableReader", "text"),
}  # fmt: skip
"""Formats without a mark of their own: numbers are particles, rows of words a table."""


@pytest.mark.parametrize("chunk", [0, *(pytest.param(one, marks=pytest.mark.deep) for one in range(1, CHUNKS))])
def test_what_is_no_file_of_theirs_is_one_error_and_ends_no_process(chunk: int, wrong_files: list[str]) -> None:
    """Eleven readers ended the process, or waited for ever, and five said nothing."""
    jobs: list[Job] = []
    for reader in READERS[chunk::CHUNKS]:
        name = file_property(reader)
        size = next(one.size for one in composition(reader).definition.properties if one.name == name)
        jobs += [(reader, {name: path if size == 1 else [path]}) for path in wrong_files]
    wrong = {}
    for (reader, properties), found in zip(jobs, outcomes(jobs), strict=True):
        path = next(iter(properties.values()))
        what = Path(path if isinstance(path, str) else path[0]).name
        if "error" in found:
            assert len(found["error"]) > 20 and "Traceback" not in found["error"], (reader, what, found)
        elif (reader, what) not in TAKEN:
            wrong[reader, what] = found
    assert wrong == {}


def all_ranges(made: dict[str, Any]) -> list[list[float]]:
    return [span for spans in made["arrays"].values() for span in spans if span]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    jobs: list[Job] = []
    expected = []
    for reader, make in MADE.items():
        folder = tmp_path_factory.mktemp(reader)
        properties, values = make(folder)
        jobs.append((reader, properties))
        expected.append(values)
    found = outcomes(jobs)
    return {job[0]: (values, one) for job, values, one in zip(jobs, expected, found, strict=True)}


@pytest.mark.parametrize("reader", MADE)
def test_what_was_written_is_read(reader: str, written: dict[str, Any]) -> None:
    expected, found = written[reader]
    assert "made" in found, found
    made = found["made"]
    for name in ("points", "cells", "rows"):
        assert made[name] == expected.get(name, made[name]), made
    if "bounds" in expected:
        assert made["bounds"] == pytest.approx(expected["bounds"], abs=1e-6)
    for name, span in expected.get("ranges", {}).items():
        assert made["arrays"][name][0] == pytest.approx(span), made["arrays"]
    if "any range" in expected:
        assert expected["any range"] in all_ranges(made), made["arrays"]
    for name, values in expected.get("values", {}).items():
        assert made["values"][name] == values


QUIET: Final = {("ParticlesReader", 0.5), ("PDBReader", 0.5), ("TecplotTableReader", 0.5), ("TecplotTableReader", 0.9)}
"""Formats that do not say how much there is, cut where a row ends: what is there is read."""


def test_what_is_cut_off_is_one_error(tmp_path: Path) -> None:
    """Values were made up from what had been in memory, or the process ended."""
    jobs: list[Job] = []
    cases: list[tuple[str, float]] = []
    for part in (0.5, 0.9):
        for reader, make in MADE.items():
            folder = tmp_path / f"{reader} {part}"
            folder.mkdir()
            properties, _ = make(folder)
            first = properties.get("FileName") or properties["FileNames"][0]
            content = Path(first).read_bytes()
            Path(first).write_bytes(content[: int(len(content) * part)])
            jobs.append((reader, properties))
            cases.append((reader, part))
    quiet = {case: one for case, one in zip(cases, outcomes(jobs), strict=True) if "error" not in one}
    assert quiet.keys() <= QUIET, quiet


OF_PIECES: Final = [name for name in MADE if name.startswith(("XMLPartitioned", "PartitionedLegacy"))]


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, Any]]]:
    """By reader: the name of the piece that is cut off, then that of the one that is missing, and what comes of it."""
    jobs: list[Job] = []
    pieces: list[str] = []
    for reader in OF_PIECES:
        for change in ("cut", "missing"):
            properties, piece = damage(reader, change, tmp_path_factory.mktemp(f"{reader}_{change}"))
            jobs.append((reader, properties))
            pieces.append(piece)
    found: dict[str, list[tuple[str, Any]]] = {reader: [] for reader in OF_PIECES}
    for (reader, _), piece, one in zip(jobs, pieces, outcomes(jobs), strict=True):
        found[reader].append((piece, one))
    return found


def damage(reader: str, change: str, folder: Path) -> tuple[dict[str, Any], str]:
    """Write files of pieces, one of which is cut off or missing; return what to read, and the name of that piece."""
    properties, _ = MADE[reader](folder)
    pieces = [one for one in folder.rglob("*") if one.is_file() and str(one) != properties["FileName"]]
    if not pieces:  # one piece of the legacy format is a file of its own: list it
        whole = Path(properties["FileName"])
        (folder / "piece.vtk").write_bytes(whole.read_bytes())
        whole.write_text(
            '<File version="pvtk-1.0" dataType="vtkStructuredGrid" numberOfPieces="1" wholeExtent="0 3 0 2 0 1">'
            '<Piece fileName="piece.vtk" extent="0 3 0 2 0 1"/></File>\n'
        )
        pieces = [folder / "piece.vtk"]
    content = pieces[0].read_bytes()
    if change == "cut":
        pieces[0].write_bytes(content[: len(content) // 2])
    else:
        pieces[0].unlink()
    return properties, pieces[0].name


@pytest.mark.parametrize("reader", OF_PIECES)
def test_a_piece_that_is_cut_off_or_missing_is_one_error(
    reader: str, damaged: dict[str, list[tuple[str, Any]]]
) -> None:
    """A cut-off piece of curved grids ended the process."""
    assert len(damaged[reader]) == 2
    for piece, found in damaged[reader]:
        assert piece in found.get("error", "") or found.get("told"), found


@in_loop
async def test_readers_whose_names_begin_with_a_small_letter_are_found(tmp_path: Path) -> None:
    properties, expected = MADE["proSTARSTARCDReader"](tmp_path)
    async with connect() as session:
        read = await session.readers.proSTARSTARCDReader(**properties).update_pipeline()
        assert (read.number_of_points, read.number_of_cells) == (expected["points"], expected["cells"])
        with pytest.raises(AttributeError, match="'sphere' names no type"):
            session.sources.sphere()


def test_a_small_dem_is_refused_before_vtk_divides_by_zero(tmp_path: Path) -> None:
    properties, _ = MADE["DEMReader"](tmp_path)
    path = Path(properties["FileName"])
    content = path.read_text()
    path.write_text(content[:858] + f"{99:6d}" + content[864:])
    (found,) = outcomes([("DEMReader", properties)])
    assert "fewer than 100 profiles; here are 99" in found["error"]
