"""Every curated type over every kind of data: no process ends, nothing is read that is not there, nothing is lost.

Cases run in processes of their own, through the pipeline as the data service does it, each with a bound of time and of
memory. What is made twice, with memory filled differently before it is given out, must be the same: what differs was
read from where nothing had been written.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from apvserver.vtk.types.toml_definitions import composition, curated_names, curated_table, hand_written_names

from ..harness.sweep_kinds import KINDS
from ..harness.sweep_pool import Outcome, Worker
from ..harness.time_limits import scaled

FILLS = (85, 170)
WITH_LIMITS = (
    *("image", "plane", "turned image", "hexahedra", "sphere", "lines", "mixed polygons", "one cell", "mixed cells"),
    *("empty grid", "NaN", "integers", "2, 4, 6 and 9 components", "texts", "blocks, some empty", "table with texts"),
)
"""Kinds of data over which each property is set to its limits."""

MAY_BE_EMPTY = {
    "ExtractSelection": "nothing is selected with the defaults",
    "Logo": "it has no file",
    "ProgrammableSource": "its script does nothing",
    "Text3D": "its text is empty",
    "ProgrammableFilter": "its script does nothing",
    **{
        name: "a selection has no points or cells"
        for name in hand_written_names()
        if re.search(r"Selection(Query)?Source$|^AppendSelections$", name)
    },
}
"""Types that make nothing of something, and why that is right."""
GAPS = {
    **dict.fromkeys(
        (
            "PlotOverLine",
            "PlotOverLinesFromCustomSource",
            "ProbeLocation",
            "ResampleToImage",
            "ResampleToLine",
            "ResampleWithDataset",
        ),
        "outside of the data",
    ),
    "AdaptiveResampleToImage": "arrays of other blocks, where a block does not have them",
    "ConnectedSurfaceProperties": "the middle of what encloses no volume",
    **dict.fromkeys(
        ("Gradient", "GradientOfUnstructuredDataSet"),
        "where no cell of the highest dimension counts (ReplacementValueOption), and where something is hidden",
    ),
}
"""Types that promise NaN, and where: their documentation says so."""
EXTREME = frozenset({"huge places", "a place without end", "a place that is NaN", "all in one place", "one point"})
"""Kinds of which numbers that are not finite may come out."""


def of_group(*groups: str) -> list[str]:
    return [name for name in hand_written_names() if composition(name).definition.group in groups]


GENERATED = sorted(
    name for name in set(curated_names()) - set(hand_written_names()) if "same_as" not in curated_table(name)
)
"""Types whose definitions are facts of ParaView's XML."""
READERS = [name for name in GENERATED if composition(name).definition.group == "readers"]
PARTS = 10


@pytest.fixture(scope="module")
def workers() -> Iterator[list[Worker]]:
    made = [Worker(fill) for fill in FILLS]
    yield made
    for worker in made:
        worker.close()


def swept(worker: Worker, types: list[str], kinds: list[str], *, limits: bool) -> dict[tuple[str, str, str], Outcome]:
    found = {}
    for type_name in types:
        for kind in kinds if composition(type_name).definition.inputs else [""]:
            found.update({one.key: one for one in worker.run(type_name, kind, limits=limits)})
    return found


def wrong(found: dict[tuple[str, str, str], Outcome]) -> dict[tuple[str, str, str], str]:
    """What ended a process, hung, or had a fault."""
    told = {}
    for key, one in found.items():
        faults = [
            fault
            for fault in one.faults
            if not (fault.startswith("not finite") and _may_have_gaps(one))
            and not (fault == "empty in silence" and one.type_name in MAY_BE_EMPTY)
        ]
        if one.outcome not in ("ok", "refused"):
            told[key] = f"{one.outcome}: {one.detail}"
        elif faults:
            told[key] = "; ".join(faults)
        elif one.outcome == "refused" and not one.detail:
            told[key] = "refused without a word"
    return told


def _may_have_gaps(one: Outcome) -> bool:
    return one.kind in EXTREME or one.type_name in GAPS


def test_the_worst_kinds_of_data_end_nothing(workers: list[Worker]) -> None:
    kinds = ["texts", "blocks with a table"]
    found = swept(workers[0], of_group("filters", "writers"), kinds, limits=False)
    assert not wrong(found) and len(found) > 160


def test_what_a_whole_sweep_had_found(workers: list[Worker]) -> None:
    """Strips that a filter left out, and composites without blocks where a selection is asked for."""
    kinds = ["mixed polygons", "strips", "no blocks", "empty levels", "blocks, some empty"]
    types = ["ConnectedSurfaceProperties", "PlotSelectionOverTime", "ExtractSelection", "AdaptiveResampleToImage"]
    found = swept(workers[0], types, kinds, limits=False)
    assert not wrong(found) and len(found) > 30
    assert "strips" in found["ConnectedSurfaceProperties", "mixed polygons", "defaults"].detail
    assert "vtkSelection" in found["PlotSelectionOverTime", "no blocks", "defaults"].detail


def test_what_ends_takes_too_long_or_is_wrong_is_noticed() -> None:
    """The sweep itself: outcomes that are none of those that are right are told."""
    ended = Outcome("Clip", "image", "defaults", "ended", "SIGSEGV")
    empty = Outcome("Clip", "plane", "defaults", "ok", faults=("input changed",))
    right = Outcome("Clip", "lines", "defaults", "refused", "it works on ...")
    assert wrong({one.key: one for one in (ended, empty, right)}) == {
        ended.key: "ended: SIGSEGV",
        empty.key: "input changed",
    }
    worker = Worker(1, {"PYTHONHOME": "/nonexistent"})
    assert [one.outcome for one in worker.run("Clip", "image", limits=False)] == ["ended"]


@pytest.mark.deep
@pytest.mark.timeout(scaled(1200))
def test_every_type_over_every_kind_of_data_makes_the_same_twice(workers: list[Worker]) -> None:
    types = of_group("sources", "filters", "writers")
    assert len(KINDS) >= 25
    first, second = (swept(worker, types, list(KINDS), limits=False) for worker in workers)
    assert not wrong(first) and not wrong(second)
    assert first.keys() == second.keys() and len(first) > 7000
    differ = {key for key, one in first.items() if one.digest != second[key].digest}
    assert not differ, "results depend on what stood in the memory"
    assert Counter(one.outcome for one in first.values())["ok"] > 4000


@pytest.mark.deep
@pytest.mark.timeout(scaled(900))
@pytest.mark.parametrize("part", range(PARTS))
def test_every_generated_type_over_every_kind_of_data_makes_the_same_twice(workers: list[Worker], part: int) -> None:
    """A tenth of them: about 1500 cases, twice."""
    types = [name for name in GENERATED if name not in READERS][part::PARTS]
    first, second = (swept(worker, types, list(KINDS), limits=False) for worker in workers)
    assert not wrong(first) and not wrong(second)
    assert first.keys() == second.keys() and len(first) > 1000
    assert not {key for key, one in first.items() if one.digest != second[key].digest}


@pytest.mark.deep
@pytest.mark.timeout(scaled(600))
@pytest.mark.parametrize("what", ["nothing", "words", "zeros", "HDF5", "XML"])
def test_every_generated_reader_refuses_what_is_no_file_of_its_kind(what: str, tmp_path: Path) -> None:
    """What is in the file is none of the format: nothing ends, hangs, or is made of it without a word."""
    file = tmp_path / "no file.dat"
    file.write_bytes(JUNK[what])
    code = [sys.executable, "-c", READ, str(file)]
    left, ended = list(READERS), dict[str, str]()
    while left:
        run = subprocess.run(
            [*code, *left], capture_output=True, encoding="utf-8", errors="replace", timeout=scaled(300)
        )
        told = dict(line.split("\t", 1) for line in run.stdout.splitlines() if "\t" in line)
        begun = [name for name in left if name in told]
        if run.returncode:
            ended[begun[-1]] = f"exit status {run.returncode}"
        assert begun, run.stderr[-500:]
        ended |= {name: why for name, why in told.items() if why.startswith("odd")}
        left = left[len(begun) :] if run.returncode else []
    assert not ended


JUNK = {
    "nothing": b"",
    "words": b"these are no data\nbut words 1 2 3\n" * 40,
    "zeros": bytes(4096),
    "HDF5": b"\x89HDF\r\n\x1a\n" + bytes(2048),
    "XML": b"<?xml version='1.0'?><nothing><Of type='this'/></nothing>",
}
READ = """
import sys
from apvserver.vtk.base.errors import ExecutionFailed, VtkError
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.toml_definitions import composition

file, *names = sys.argv[1:]
for name in names:
    print(name, end="\\t", flush=True)
    paths = [one.name for one in composition(name).definition.properties if one.path and "FileName" in one.name]
    made = Pipeline()
    try:
        made.create(1, name, {one: [file] if one.endswith("s") else file for one in paths[:1]})
        Executor().execute(made, 1)
        print("made", flush=True)
    except (ExecutionFailed, VtkError) as error:
        print("refused", str(error)[:100].replace("\\n", " "), flush=True)
    except Exception as error:
        print("odd", type(error).__name__, str(error)[:200], flush=True)
"""


@pytest.mark.deep
@pytest.mark.timeout(scaled(1800))
@pytest.mark.parametrize("part", range(4))
def test_every_property_at_its_limits_ends_nothing(workers: list[Worker], part: int) -> None:
    types = of_group("sources", "filters", "writers")[part::4]
    found = swept(workers[0], types, list(WITH_LIMITS), limits=True)
    assert not wrong(found)
    assert len(found) > 1000


@pytest.mark.deep
@pytest.mark.timeout(scaled(600))
def test_every_reader_reads_a_good_file_whatever_is_set(workers: list[Worker]) -> None:
    readers = of_group("readers")
    found = swept(workers[0], readers, [], limits=True)
    assert not wrong(found)
    assert [one.type_name for one in found.values() if one.label == "defaults" and one.outcome == "ok"] == readers
